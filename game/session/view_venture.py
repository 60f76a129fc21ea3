"""Joint ventures in headlines: who puts money where, and how they end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from game.core.state import State
from game.play.packages import Extra
from game.play.report import Report
from game.session.deals import read_deal
from game.session.news import News, news

WEIGHT, OWN = 6.0, 3.0


def venture_news(before: State, report: Report, seat: int) -> Iterator[News]:
    """Ventures that begin and end in the first world."""
    settlement = report.settlement
    if settlement is not None:
        board = settlement.news
        for row in np.flatnonzero(board.settled[:, 0]).tolist():
            deal = read_deal(board.packages, row)
            for side in (0, 1) if deal is not None else ():
                clauses = deal.gives[side]  # type: ignore[union-attr]
                if clauses.further(Extra.VENTURE):
                    pair = (deal.proposer, deal.counterparty)  # type: ignore[union-attr]
                    yield _told(
                        "venture", pair[1 - side], pair[side],
                        int(clauses.further(Extra.VENTURE_MARKET)) - 1, seat,
                        money=("money", clauses.further(Extra.VENTURE)),
                        part=("percent", clauses.further(Extra.VENTURE_SHARE)),
                    )  # fmt: skip
    for host in np.flatnonzero(report.venture_ended[:, 0]).tolist():
        partner = int(before.venture_partner[host, 0])
        market = int(before.venture_market[host, 0])
        key = f"venture.{int(report.venture_ended[host, 0])}"
        if partner >= 0:
            yield _told(key, host, partner, market, seat)


def _told(key: str, host: int, partner: int, market: int, seat: int, **more: object) -> News:
    weight = WEIGHT + (OWN if seat in (host, partner) else 0.0)
    return news(
        key, ("market", market), weight, "",
        host=("company", host), partner=("company", partner), market=("market", market),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
