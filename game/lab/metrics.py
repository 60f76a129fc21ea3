"""What the laboratory records of a game."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import outcome
from game.play.report import Line, Report

TURN_METRICS = ("score", "value", "return", "cash", "debt", "revenue", "profit", "doors", "share")
GAME_COLUMNS = (
    "score",
    "value_term",
    "mandate_term",
    "door_term",
    "mandate_credit",
    "return",
    "value",
    "cash",
    "debt",
    "revenue",
    "profit",
    "doors",
    "deals",
    "stakes",
    "pledges",
    "entries",
    "defaults",
)


def turn_row(state: State, report: Report, ruleset: Ruleset) -> Array:
    """Figures of one quarter: [len(TURN_METRICS), N, W]."""
    share = report.share.max(axis=1)
    rows = (
        state.score,
        state.value,
        outcome.return_to_holders(state),
        state.cash,
        state.debt,
        report.lines[Line.REVENUE],
        state.profit,
        state.doors,
        share,
    )
    return np.stack(rows)


class Tally:
    """Counts over a game: deals signed and markets entered, by company and world."""

    def __init__(self, companies: int, worlds: int) -> None:
        self.deals = np.zeros((companies, worlds))
        self.entries = np.zeros((companies, worlds))

    def add(self, report: Report, live: Array) -> None:
        """Count a quarter's deals and entries in worlds still played."""
        self.entries += report.entered.sum(axis=1) * live
        if report.settlement is not None:
            self.deals += report.settlement.signed_by_company() * live

    def take(self, lanes: Array) -> Tally:
        """The counts of some worlds."""
        kept = Tally(self.deals.shape[0], 0)
        kept.deals = np.ascontiguousarray(self.deals[:, lanes])
        kept.entries = np.ascontiguousarray(self.entries[:, lanes])
        return kept


def game_columns(
    state: State, report: Report, tally: Tally, ruleset: Ruleset
) -> Mapping[str, Array]:
    """Final figures of each company: name to [N, W]."""
    live = (state.pledge_announced > 0.0) & (state.pledge_until > state.turn)
    return {
        "score": state.score,
        "value_term": report.value_term,
        "mandate_term": report.mandate_term,
        "door_term": report.door_term,
        "mandate_credit": outcome.mandate_credit(state, ruleset),
        "return": outcome.return_to_holders(state),
        "value": state.value,
        "cash": state.cash,
        "debt": state.debt,
        "revenue": report.lines[Line.REVENUE],
        "profit": state.profit,
        "doors": state.doors,
        "deals": tally.deals,
        "stakes": (state.shares > 0).sum(axis=1).astype(float),
        "pledges": (live.any(axis=0).sum(axis=0) + live.any(axis=0).sum(axis=1)).astype(float),
        "entries": tally.entries,
        "defaults": state.defaults.astype(float),
    }
