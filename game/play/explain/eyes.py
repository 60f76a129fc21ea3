"""What a seat knows of pledges: efforts as it was told of them, and whose books are open to it."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Ints, take_worlds
from game.play.beliefs import EXPECTED_EFFORT
from game.play.estimates import estimate_noise, reports
from game.play.explain.causes import Cause
from game.play.explain.watch import Watched
from game.play.pledges import PledgeList, arriving

OPEN = 0.005
"""A standard error (log) under which books count as open."""
OF_OTHERS = frozenset({Cause.STANCE, Cause.COST_SHOCK, Cause.STAKES})
"""Causes that only the company itself knows."""
OF_BOOKS = frozenset({Cause.BRAND})
"""Causes that stand in its books; capacity does too, but where it binds it is what was sold."""


def veiled(seen: Watched, company: int, lane: int, seat: int | None) -> frozenset[Cause]:
    """Causes of a company's figures that a seat cannot see; ``seat`` None sees everything."""
    if seat is None or company == seat:
        return frozenset()
    noise = estimate_noise(seen.after, seen.ruleset, np.array([seat]))[0, company, lane]
    return OF_OTHERS if noise < OPEN else OF_OTHERS | OF_BOOKS


def closed_to(seen: Watched, companies: Ints, lane: int, seat: int | None) -> frozenset[int]:
    """Of these companies, those whose books a seat cannot see; ``seat`` None sees everything."""
    if seat is None:
        return frozenset()
    noise = estimate_noise(seen.after, seen.ruleset, np.array([seat]))[0, :, lane]
    return frozenset(int(one) for one in companies if one != seat and noise[one] >= OPEN)


def heard_effort(seen: Watched, seat: int, rows: PledgeList) -> Array:
    """Effort that a seat thinks each pledge gets: its own exactly, what it receives as it was last
    told, others' as outsiders expect. [P] 0..1."""
    place = (rows.kind, rows.giver, rows.receiver, rows.lane)
    told = np.full(len(rows.kind), EXPECTED_EFFORT)
    mine, given = rows.receiver == seat, rows.giver == seat
    if mine.any():
        for state in (seen.start, seen.after):  # the newest word of those still in force
            heard = reports(state, seen.ruleset, np.array([seat]))
            there = mine & (state.pledge_announced[place] > 0.0)
            told[there] = heard[rows.kind, rows.giver, 0, rows.lane][there]
    told[given] = seen.early.pledge_effort[place][given]
    return told


def believed(seen: Watched, seat: int, rows: Ints) -> PledgeList:
    """Pledges of the quarter's list, by how strong a seat thinks that they arrive."""
    listed = seen.quarter.listed.cut(rows)
    lanes = np.unique(listed.lane)
    early = take_worlds(seen.early, np.repeat(lanes, 2))  # two worlds at least
    full = arriving(
        dataclasses.replace(early, pledge_effort=np.ones_like(early.pledge_effort)), seen.ruleset
    )
    whole = np.zeros((*early.pledge_effort.shape[:3], len(lanes)))
    first = full.lane % 2 == 0
    at = (full.kind[first], full.giver[first], full.receiver[first], full.lane[first] // 2)
    whole[at] = full.strength[first]
    here = np.searchsorted(lanes, listed.lane)
    strength = whole[listed.kind, listed.giver, listed.receiver, here]
    return dataclasses.replace(listed, strength=strength * heard_effort(seen, seat, listed))
