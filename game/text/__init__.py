"""Beside the floors: what the game says, in English and Chinese."""
