"""Doors by who opens them: the company itself in each market, and each ally."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.play import outcome
from game.play.explain.causes import Cause, Fact, Key, Part
from game.play.explain.eyes import believed
from game.play.explain.watch import Watched

LEAST = 1e-12


def door_parts(
    before: Watched, after: Watched, company: int, lane: int, seat: int | None
) -> list[Part]:
    """What moved a company's doors.

    Args:
        seat: through whose eyes. Of its own allies it knows stakes and what it was told of their
            effort; of others' it sees the sum.
    """
    quarters = before, after
    own = [_own(seen, company, lane) for seen in quarters]
    parts = [
        Part(
            Key(Cause.USERS),
            float(own[1][market] - own[0][market]),
            int(market),
            fact=Fact(people=(float(own[0][market]), float(own[1][market]))),
        )
        for market in np.flatnonzero(own[0] != own[1])
    ]
    lent = [_lent(seen, company, lane, None) for seen in quarters]
    if seat is None:
        return parts + _allies(lent)
    all_ = sum(lent[1].values()) - sum(lent[0].values())
    if seat != company:
        return parts + [Part(Key(Cause.ALLIES), all_)] * (abs(all_) > LEAST)
    told = _allies([_lent(seen, company, lane, seat) for seen in quarters])
    missed = all_ - sum(part.amount for part in told)
    return parts + told + [Part(Key(Cause.UNSEEN), missed)] * (abs(missed) > LEAST)


def _allies(lent: list[dict[int, float]]) -> list[Part]:
    old, new = lent
    return [
        Part(
            Key(Cause.ALLY, ally),
            new.get(ally, 0.0) - old.get(ally, 0.0),
            fact=Fact(people=(old.get(ally, 0.0), new.get(ally, 0.0))),
        )
        for ally in sorted(old.keys() | new.keys())
        if old.get(ally, 0.0) != new.get(ally, 0.0)
    ]


def _own(seen: Watched, company: int, lane: int) -> Array:
    """By market: [M] m users."""
    return np.asarray(seen.ruleset.door_weight * seen.after.base[company, :, lane])


def _lent(seen: Watched, company: int, lane: int, seat: int | None) -> dict[int, float]:
    """By ally: its doors, times the stake in it, times the strongest pledge from it. m users."""
    state, listed = seen.after, seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.receiver == company))
    if not rows.size:
        return {}
    pledges = listed.cut(rows) if seat is None else believed(seen, seat, rows)
    own = outcome.own_doors(state, seen.ruleset)[:, lane]
    total = np.maximum(outcome.shares_total(state)[:, lane], 1)
    stake = state.shares[company, :, lane] / total
    found = {}
    for ally in np.unique(pledges.giver).tolist():
        strength = float(pledges.strength[pledges.giver == ally].max(initial=0.0))
        part = float(min(stake[ally] * min(strength, 1.0), 1.0) * own[ally])
        if part > 0.0:
            found[ally] = part
    return found
