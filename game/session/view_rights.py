"""Clauses that come to their ends, in headlines: options, conversions, instalments, promises."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import outcome
from game.play.orders import Exercise
from game.play.report import Report
from game.session.news import News, news

WEIGHT, OWN = 5.5, 3.0


def rights_news(
    before: State, after: State, report: Report, ruleset: Ruleset, seat: int
) -> Iterator[News]:
    """Rights used, payments that hung on a milestone, and promises that ran out.

    Others read of shares that change the holder's stake to one that must be disclosed; the rest
    is between the sides.
    """
    yield from _used(before, after, report, ruleset, seat)
    yield from _lapsed(before, after, report, seat)
    yield from _instalments(before, after, report, seat)
    yield from _freed(before, after, seat)


def _used(
    before: State, after: State, report: Report, ruleset: Ruleset, seat: int
) -> Iterator[News]:
    held = outcome.stakes(after)[..., 0]
    for holder, issuer in np.argwhere(report.exercised[..., 0] > 0).tolist():
        rights, inside = int(report.exercised[holder, issuer, 0]), seat in (holder, issuer)
        if not inside and held[holder, issuer] < ruleset.rules.disclosure:
            continue
        paid = float(before.call_shares[holder, issuer, 0] * before.call_price[holder, issuer, 0])
        owed = float(before.loan_owed[issuer, holder, 0])
        for right, key, money in (
            (Exercise.CALL, "called", paid), (Exercise.CONVERT, "converted", owed),
        ):  # fmt: skip
            if rights & right:
                yield news(
                    key, ("company", issuer), WEIGHT + OWN * inside, "",
                    holder=("company", holder), issuer=("company", issuer),
                    money=("money", money), part=("percent", float(held[holder, issuer])),
                )  # fmt: skip


def _lapsed(before: State, after: State, report: Report, seat: int) -> Iterator[News]:
    """Options of or upon the seat that ran out unused."""
    open_, still = before.call_until[..., 0] > 0, after.call_until[..., 0] > 0
    used = (report.exercised[..., 0] & int(Exercise.CALL)) > 0
    over = before.call_until[..., 0] <= after.turn
    for holder, issuer in np.argwhere(open_ & ~still & ~used & over).tolist():
        if seat in (holder, issuer):
            yield news(
                "lapsed", ("company", issuer), WEIGHT, "bad" if seat == holder else "",
                holder=("company", holder), issuer=("company", issuer),
            )  # fmt: skip


def _instalments(before: State, after: State, report: Report, seat: int) -> Iterator[News]:
    """Instalments that the seat pays or gets, and those whose milestone was missed in time."""
    for payer in np.flatnonzero(before.instalment_until[:, 0] > 0).tolist():
        payee = int(before.instalment_to[payer, 0])
        if seat not in (payer, payee):
            continue
        paid = float(report.instalments[payer, 0])
        gone = int(before.instalment_until[payer, 0]) <= after.turn
        key = "instalment" if paid > 0.0 else "instalment_missed"
        if paid > 0.0 or (gone and after.instalment_until[payer, 0] == 0):
            tone = "" if seat == payer else "good" if paid > 0.0 else "bad"
            yield news(
                key, ("company", payee if seat == payer else payer), WEIGHT + OWN, tone,
                payer=("company", payer), payee=("company", payee),
                money=("money", paid or float(before.instalment[payer, 0])),
            )  # fmt: skip


def _freed(before: State, after: State, seat: int) -> Iterator[News]:
    """Markets into which the seat may go again, its promise to keep out of them having ended."""
    until = before.noncompete_until[seat, :, 0]
    for market in np.flatnonzero((until > before.turn) & (until <= after.turn)).tolist():
        yield news(
            "freed", ("market", market), WEIGHT, "good",
            company=("company", seat), market=("market", market),
        )  # fmt: skip
