"""What competition authorities may do to a deal, in words, before it is signed and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Array
from game.core.state import State
from game.economy.merger import OUTCOMES
from game.play import remedies
from game.play.cells import cells_of
from game.play.deal_facts import facts_of_view, viewer_rows
from game.play.packages import Extra
from game.play.regulator import Decision, Reviews, reviews_of
from game.play.report import Report
from game.session.deals import Deal
from game.session.news import News, news
from game.session.sight import Sight

if TYPE_CHECKING:
    from game.session.game import Game

MOST_MARKETS = 3
WEIGHT, OWN = 7.5, 3.0
ENDED = {
    remedies.COMPLETED: "completed", remedies.LAPSED: "lapsed", remedies.BROKEN_OFF: "broken_off"
}  # fmt: skip


def review_of_deal(game: Game, deal: Deal) -> Reviews | None:
    """The reviews that a package would bring, by what the seat knows; None without any."""
    packages = deal.package(game.ruleset, game.state.cash.shape[-1])
    view = game.observation
    cells = cells_of(packages, viewer_rows(view, packages.proposer))
    if cells is None:
        return None
    found = reviews_of(cells, facts_of_view(view, game.ruleset), game.ruleset, every=True)
    here = None if found is None else np.flatnonzero((found.cell == 0) & (found.lane == 0))
    return None if found is None or here is None or not here.size else found.picked(here)


def all_odds(reviews: Reviews) -> Array:
    """Odds of each decision on a deal with all its reviews: [4]."""
    at_most = np.cumsum(reviews.odds, axis=0).prod(axis=1)
    return np.diff(at_most, prepend=0.0)


def review_lines(sight: Sight, game: Game, deal: Deal) -> tuple[str, ...]:
    """Who would win control, what rises where, and the odds; nothing where nobody reviews."""
    found = review_of_deal(game, deal)
    if found is None:
        return ()
    lines = []
    for at in range(found.cell.size):
        names = {
            "buyer": sight.name(int(found.buyer[at])), "target": sight.name(int(found.target[at])),
        }  # fmt: skip
        feared = found.concern[:, at] > 0.0
        lines.append(sight.say("review.control" if feared.any() else "review.nobody", **names))
        lines += [_market_line(sight, found, at, market) for market in _worst(found, at)]
    odds = all_odds(found)
    if odds[Decision.CLEARED] < 1.0:
        told = {one.name.lower(): sight.percent(float(odds[one]), digits=0) for one in Decision}
        quarters = sight.quarters(int(found.quarters.max()))
        lines.append(sight.say("review.odds", quarters=quarters, **told))
    return tuple(lines)


def _worst(found: Reviews, at: int) -> list[int]:
    """Markets that an authority fears for most, or else where concentration rises most."""
    order = np.lexsort((-found.change[:, at], -found.concern[:, at]))
    feared = found.concern[:, at] > 0.0
    told = feared if feared.any() else found.change[:, at] >= 1.0
    return [int(market) for market in order if told[market]][:MOST_MARKETS]


def _market_line(sight: Sight, found: Reviews, at: int, market: int) -> str:
    authority = sight.ruleset.authorities[int(sight.ruleset.market_region[market])]
    index = float(found.index[market, at])
    level = "nobody"
    if authority is not None:
        level = "low" if index <= authority.moderate else "moderate"
        level = "high" if index > authority.high else level
    return sight.say(
        "review.market",
        market=sight.market(market),
        index=f"{index:,.0f}",
        change=f"{float(found.change[market, at]):,.0f}",
        level=sight.say(f"review.level.{level}"),
    )


# ------------------------------------------------------------------------------ headlines


def review_news(before: State, report: Report, seat: int) -> Iterator[News]:
    """What authorities have decided, and what became of deals that waited."""
    settlement = report.settlement
    found = settlement.reviewed if settlement is not None else None
    if found is not None:
        reviews = found.reviews
        told = (reviews.lane == 0) & (found.decision != Decision.CLEARED)
        for at in np.flatnonzero(told).tolist():
            yield _decided(reviews, at, Decision(int(found.decision[at])), report, seat)
    for slot in np.flatnonzero(report.review_ended[:, 0]).tolist():
        one, other = _pair(before, slot)
        yield news(
            f"review.{ENDED[int(report.review_ended[slot, 0])]}", ("company", other),
            WEIGHT + (OWN if seat in (one, other) else 0.0), "",
            buyer=("company", one), target=("company", other),
        )  # fmt: skip


def _pair(state: State, slot: int) -> tuple[int, int]:
    """(buyer, company bought) of a deal that waits in the first world."""
    pair = (int(state.waiting_proposer[slot, 0]), int(state.waiting_counterparty[slot, 0]))
    sold = state.waiting_new_shares[:, slot, 0] + state.waiting_old_shares[:, slot, 0]
    whole = state.waiting_extra[:, Extra.WHOLE, slot, 0] > 0.0
    side = int(np.argmax(whole)) if whole.any() else int(np.argmax(sold))
    return pair[1 - side], pair[side]


def _decided(reviews: Reviews, at: int, decision: Decision, report: Report, seat: int) -> News:
    buyer, target = int(reviews.buyer[at]), int(reviews.target[at])
    market = int(reviews.market[at])
    own = seat in (buyer, target)
    item = news(
        f"review.{decision.name.lower()}", ("company", target), WEIGHT + (OWN if own else 0.0),
        "bad" if own and decision != Decision.REMEDIES else "",
        buyer=("company", buyer), target=("company", target), market=("market", market),
        index=("text", f"{float(reviews.index[market, at]):,.0f}"),
        change=("text", f"{float(reviews.change[market, at]):,.0f}"),
        quarters=("text", str(int(reviews.quarters[at]))),
    )  # fmt: skip
    if decision != Decision.REMEDIES:
        return item
    lines = []
    for number in np.flatnonzero(reviews.concern[:, at] > 0.0).tolist():
        seller = int(reviews.seller[number, at])
        winner = int(report.divested[seller, number, 0])
        args = [("company", "company", seller), ("market", "market", number)]
        if winner >= 0:
            args.append(("winner", "company", winner))
        key = "review.divested" if winner >= 0 else "review.undertaking"
        lines.append((key, tuple(args)))
    return News(item.key, item.args, item.link, item.weight, item.tone, tuple(lines))


__all__ = ["OUTCOMES", "all_odds", "review_lines", "review_news", "review_of_deal"]
