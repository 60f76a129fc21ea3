"""Headlines of a quarter, from its report and the states before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import outcome
from game.play.packages import DealFlag
from game.play.report import Report
from game.play.rivals import named_rivals
from game.play.threat import raiders
from game.session.deals import Deal, read_deal
from game.session.news import News, news
from game.session.view_review import review_news
from game.session.view_rights import rights_news
from game.session.view_venture import venture_news

DEAL, BROKEN, DEFAULT, EVENT, ATTACK, ENTRY, LEAD, WAR, MANDATE = (
    6.0,
    8.0,
    9.0,
    7.0,
    6.5,
    3.0,
    4.0,
    4.5,
    5.0,
)
FALLEN = 12.0
CONTEST = 6.8
PATH = 8.5
RIVAL = 3.5
OWN = 3.0
"""News about the seat weigh this much more."""
WAR_DROP = 0.06
BIG_MARKET = 2000.0
"""USD m a quarter at which a market's news weighs one point more."""
MOST_OF_A_KIND = 4


class _Quarter:
    """A quarter at one world, for those who write about it."""

    def __init__(
        self, before: State, after: State, report: Report, ruleset: Ruleset, seat: int
    ) -> None:
        self.before, self.after, self.report = before, after, report
        self.ruleset, self.seat = ruleset, seat

    def own(self, *companies: int) -> float:
        return OWN if self.seat in companies else 0.0

    def size(self, market: int) -> float:
        """Weight of a market's news by its revenue."""
        units, price = self.after.units[:, market, 0], self.after.price[:, market, 0]
        return min(float((units * price).sum()) / BIG_MARKET, 3.0)


def headlines(
    before: State,
    after: State,
    report: Report,
    ruleset: Ruleset,
    seat: int,
    signed: tuple[Deal, ...] = (),
) -> tuple[News, ...]:
    """All news of a quarter that the seat may read, the heaviest first.

    Args:
        before, after: states around the quarter.
        signed: deals that the seat agreed to; those that fell through are told.
    """
    quarter = _Quarter(before, after, report, ruleset, seat)
    found = [
        *_deals(quarter), *_contests(quarter), *review_news(before, report, seat),
        *venture_news(before, report, seat),
        *rights_news(before, after, report, ruleset, seat),
        *_knights(quarter), *_fallen(quarter, signed),
        *_broken(quarter), *_defaults(quarter),
        *_events(quarter), *_quarrels(quarter), *_entries(quarter), *_leads(quarter),
        *_wars(quarter), *_mandates(quarter), *_paths(quarter), *_rivals(quarter),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda item: -item.weight))


# ------------------------------------------------------------------------------ deals


def settled_deals(report: Report) -> list[Deal]:
    """Deals that were settled in the first world, as settled."""
    if report.settlement is None:
        return []
    board = report.settlement.news
    rows = [int(row) for row in np.flatnonzero(board.settled[:, 0])]
    return [deal for row in rows if (deal := read_deal(board.packages, row)) is not None]


def _deals(quarter: _Quarter) -> Iterator[News]:
    for deal in settled_deals(quarter.report):
        item = _deal(quarter, deal)
        if item is not None:
            yield item


def _contests(quarter: _Quarter) -> Iterator[News]:
    """Stakes for which two have bid."""
    settlement = quarter.report.settlement
    contests = settlement.contests if settlement is not None else None
    if contests is None:
        return
    for at in np.flatnonzero(contests.lane == 0).tolist():
        target, first, topper = (
            int(who[at]) for who in (contests.target, contests.first, contests.topper)
        )
        item = news(
            "matched" if contests.matched[at] else "topped", ("company", target),
            CONTEST + quarter.own(target, first, topper), "bad" if quarter.seat == first else "",
            topper=("company", topper), first=("company", first), target=("company", target),
            bid=("money", float(contests.bid[at])), paid=("money", float(contests.paid[at])),
        )  # fmt: skip
        yield item


def _knights(quarter: _Quarter) -> Iterator[News]:
    """Companies under threat that sell a stake to a friend."""
    state = quarter.before
    threat = raiders(outcome.stakes(state), state.trust, state.status)[:, 0]
    for deal in settled_deals(quarter.report):
        side = investor(deal)
        if side is None:
            continue
        pair = (deal.proposer, deal.counterparty)
        knight, target = pair[side], pair[1 - side]
        if threat[target] >= 0 and threat[target] != knight:
            yield news(
                "knight", ("company", target), CONTEST + quarter.own(target, knight),
                target=("company", target), knight=("company", knight),
                raider=("company", int(threat[target])),
            )  # fmt: skip


def investor(deal: Deal) -> int | None:
    """Side (0 or 1) that receives shares of the other; None when nobody does."""
    for side in (0, 1):
        giver = deal.gives[1 - side]
        partner = (deal.proposer, deal.counterparty)[1 - side]
        if giver.new_shares > 0 or (giver.old_shares > 0 and giver.old_issuer == partner):
            return side
    return None


def _deal(quarter: _Quarter, deal: Deal) -> News | None:
    pair = (deal.proposer, deal.counterparty)
    inside = quarter.seat in pair
    side = investor(deal)
    weight = DEAL + quarter.own(*pair)
    if side is None:
        return _alliance(deal, pair, weight)
    buyer, target = pair[side], pair[1 - side]
    stake = float(outcome.stakes(quarter.after)[buyer, target, 0])
    cash = max(deal.gives[side].cash - deal.gives[1 - side].cash, 0.0)
    secret = stake < quarter.ruleset.rules.disclosure and not deal.disclosed
    if secret and not inside:
        return _alliance(deal, pair, weight)
    key = "stake" if deal.disclosed or inside else "undisclosed"
    if cash <= 0.0:
        key = f"{key}_swap"
    weight += min(cash / 300.0, 2.0)
    args: dict[str, tuple[str, Any]] = {
        "buyer": ("company", buyer),
        "target": ("company", target),
        "cash": ("money", cash),
    }
    if key.startswith("stake"):
        args["part"] = ("percent", stake)
        args["how"] = ("key", "news.how.open" if deal.disclosed else "news.how.secret")
    item = news(key, ("company", target), weight, "good" if inside else "", **args)
    return _with_pledges(item, deal)


def _alliance(deal: Deal, pair: tuple[int, int], weight: float) -> News | None:
    for side, clauses in enumerate(deal.gives):
        if clauses.loan > 0.0:
            item = news(
                "loan", ("company", pair[1 - side]), weight - 1.0,
                lender=("company", pair[side]), debtor=("company", pair[1 - side]),
                money=("money", clauses.loan),
            )  # fmt: skip
            return _with_pledges(item, deal)
    if not any(side.pledges for side in deal.gives):
        return None
    item = news(
        "alliance",
        ("company", pair[1]),
        weight - 1.0,
        one=("company", pair[0]),
        other=("company", pair[1]),
    )
    return _with_pledges(item, deal)


def _with_pledges(item: News, deal: Deal) -> News:
    lines = []
    for side, giver in enumerate((deal.proposer, deal.counterparty)):
        for kind, strength in deal.gives[side].pledges:
            args = (
                ("company", "company", giver),
                ("pledge", "pledge", kind),
                ("part", "part", strength),
            )
            lines.append(("pledges", args))
    return News(item.key, item.args, item.link, item.weight, item.tone, tuple(lines))


def _fallen(quarter: _Quarter, signed: tuple[Deal, ...]) -> Iterator[News]:
    """Deals of the seat that the other side, or the law, stopped in the turn."""
    settlement = quarter.report.settlement
    if settlement is None:
        return
    for place, deal in enumerate(signed):
        row = 2 * quarter.seat + place
        if settlement.accepted_signed[row, 0]:
            continue
        other = deal.counterparty if deal.proposer == quarter.seat else deal.proposer
        flags = DealFlag(int(settlement.answers_signed.reasons[row, 0]))
        if flags & (DealFlag.REVIEW | DealFlag.FORBIDDEN):  # authorities have news of their own
            continue
        lines = tuple(("because", (("why", "key", _why_fallen(flag)),)) for flag in flags)
        args = (("company", "company", other),)
        yield News("fallen", args, ("deal", other), FALLEN, "bad", lines)


def _why_fallen(flag: DealFlag) -> str:
    """A full place can have been free when the deal was signed: the sentence says so."""
    full = flag in (DealFlag.RECEIVER_FULL, DealFlag.GIVER_FULL)
    return f"news.fallen.{flag.name}" if full else f"dealflag.{flag.name}"


# --------------------------------------------------------------------- what went wrong


def _broken(quarter: _Quarter) -> Iterator[News]:
    for kind, giver, receiver in np.argwhere(quarter.report.broken[..., 0]):
        weight = BROKEN + quarter.own(int(giver), int(receiver))
        tone = "bad" if quarter.seat == receiver else ""
        yield news(
            "broken", ("company", int(giver)), weight, tone, giver=("company", int(giver)),
            receiver=("company", int(receiver)), pledge=("pledge", int(kind)),
        )  # fmt: skip
    for finder, giver in np.argwhere(quarter.report.exposed[..., 0]):
        if quarter.seat in (finder, giver):
            yield news(
                "exposed", ("company", int(giver)), BROKEN, "bad",
                finder=("company", int(finder)), giver=("company", int(giver)),
            )  # fmt: skip


def _defaults(quarter: _Quarter) -> Iterator[News]:
    """Who could not pay, who was wound up, and who bought what."""
    report, after = quarter.report, quarter.after
    for number in np.flatnonzero(report.defaulted[:, 0]):
        company = int(number)
        weight = DEFAULT + quarter.own(company)
        tone = "bad" if company == quarter.seat else ""
        key = "failed" if report.failed[company, 0] else "default"
        yield news(key, ("company", company), weight, tone, company=("company", company))
        control = quarter.ruleset.rules.control
        now = outcome.stakes(after)[:, company, 0] > control
        was = outcome.stakes(quarter.before)[:, company, 0] > control
        for buyer in np.flatnonzero(now & ~was):
            yield news(
                "takeover", ("company", company), weight, tone,
                buyer=("company", int(buyer)), company=("company", company),
            )  # fmt: skip
        if report.failed[company, 0]:
            yield from _sold(quarter, company)


def _sold(quarter: _Quarter, company: int) -> Iterator[News]:
    """What became of the businesses of a failed company."""
    for number in np.flatnonzero(quarter.before.on_sale[company, :, 0]):
        market, buyer = int(number), int(quarter.report.sold_to[company, number, 0])
        place = ("market", market)
        weight = ENTRY + quarter.size(market) + quarter.own(company, buyer)
        if buyer < 0:
            yield news("closed", place, weight, company=("company", company), market=place)
            continue
        tone = "good" if buyer == quarter.seat else ""
        yield news(
            "auction", place, weight, tone,
            buyer=("company", buyer), company=("company", company), market=place,
        )  # fmt: skip


def _quarrels(quarter: _Quarter) -> Iterator[News]:
    for one, other in np.argwhere(quarter.report.attacked[..., 0]):
        weight = ATTACK + quarter.own(int(one), int(other))
        tone = "bad" if quarter.seat == other else ""
        yield news(
            "attack", ("company", int(one)), weight, tone,
            one=("company", int(one)), other=("company", int(other)),
        )  # fmt: skip


def _events(quarter: _Quarter) -> Iterator[News]:
    for event in np.flatnonzero(quarter.report.fired[:, 0]):
        entry = quarter.ruleset.events[int(event)]
        weight = EVENT + (OWN if quarter.seat in entry.deciders else 0.0)
        lines = []
        for company in entry.deciders if entry.options else ():
            taken = int(quarter.after.event_choice[event, company, 0])
            if 0 <= taken < len(entry.options):
                args = (("company", "company", company), ("option", "option", (int(event), taken)))
                lines.append(("chose", args))
        yield News(
            "event",
            (("event", "event", int(event)),),
            ("event", int(event)),
            weight,
            "",
            tuple(lines),
        )


# ----------------------------------------------------------------------------- markets


def _entries(quarter: _Quarter) -> Iterator[News]:
    report, before, after = quarter.report, quarter.before, quarter.after
    announced = (after.entry_due >= 0) & (before.entry_due < 0)
    for key, marks in (("entered", report.entered), ("left", report.left), ("entering", announced)):
        found = []
        for company, market in np.argwhere(marks[..., 0]):
            weight = ENTRY + quarter.size(int(market)) + quarter.own(int(company))
            found.append(
                news(
                    key, ("market", int(market)), weight,
                    company=("company", int(company)), market=("market", int(market)),
                )
            )  # fmt: skip
        yield from sorted(found, key=lambda item: -item.weight)[:MOST_OF_A_KIND]


def _leads(quarter: _Quarter) -> Iterator[News]:
    found = []
    for market in range(len(quarter.ruleset.markets)):
        old, new = quarter.before.units[:, market, 0], quarter.after.units[:, market, 0]
        was, now = int(np.argmax(old)), int(np.argmax(new))
        if was != now and old[was] > 0.0 and new[now] > 0.0:
            weight = LEAD + quarter.size(market) + quarter.own(was, now)
            found.append(
                news(
                    "lead", ("market", market), weight,
                    company=("company", now), before=("company", was), market=("market", market),
                )
            )  # fmt: skip
    yield from sorted(found, key=lambda item: -item.weight)[:MOST_OF_A_KIND]


def _wars(quarter: _Quarter) -> Iterator[News]:
    """Markets whose prices fell together, at the quantities just sold."""
    found = []
    for market in range(len(quarter.ruleset.markets)):
        units = quarter.after.units[:, market, 0] * quarter.before.on_sale[:, market, 0]
        was = float((units * quarter.before.price[:, market, 0]).sum())
        now = float((units * quarter.after.price[:, market, 0]).sum())
        if was > 0.0 and now < (1.0 - WAR_DROP) * was and int((units > 0.0).sum()) > 1:
            weight = WAR + quarter.size(market)
            found.append(
                news(
                    "war", ("market", market), weight,
                    market=("market", market), drop=("percent", 1.0 - now / was),
                )
            )  # fmt: skip
    yield from sorted(found, key=lambda item: -item.weight)[:2]


# ------------------------------------------------------------------------------- goals


def _mandates(quarter: _Quarter) -> Iterator[News]:
    done = quarter.after.mandate_best[..., 0] >= 1.0 - 1e-9
    was = quarter.before.mandate_best[..., 0] >= 1.0 - 1e-9
    for company, place in np.argwhere(done & ~was):
        if place < len(quarter.ruleset.mandates[company]):
            weight = MANDATE + quarter.own(int(company))
            yield news(
                "mandate", ("company", int(company)), weight, company=("company", int(company)),
                mandate=("mandate", (int(company), int(place))),
            )  # fmt: skip


def _paths(quarter: _Quarter) -> Iterator[News]:
    from game.session.view_score import PATHS

    begun = (quarter.after.path_run[..., 0] > 0) & (quarter.before.path_run[..., 0] == 0)
    for company, path in np.argwhere(begun):
        weight = PATH + quarter.own(int(company))
        yield news(
            "path", ("company", int(company)), weight, company=("company", int(company)),
            path=("key", f"path.{PATHS[path]}"),
        )  # fmt: skip


def _rivals(quarter: _Quarter) -> Iterator[News]:
    """Who names another rival than a quarter ago; the person's own first."""
    was, now = (
        named_rivals(state, quarter.ruleset)[:, 0] for state in (quarter.before, quarter.after)
    )
    found = []
    for number in np.flatnonzero((now >= 0) & (now != was)):
        company, rival = int(number), int(now[number])
        if company != quarter.seat:
            weight = RIVAL + quarter.own(rival)
            found.append(
                news(
                    "rival", ("company", company), weight,
                    "bad" if rival == quarter.seat else "",
                    company=("company", company), rival=("company", rival),
                )
            )  # fmt: skip
    yield from sorted(found, key=lambda item: -item.weight)[:MOST_OF_A_KIND]
