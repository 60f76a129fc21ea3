"""Minority Stake: a strategy game of investments and alliances. Imports nothing."""
