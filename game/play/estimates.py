"""How well a seat knows what others keep to themselves: books and effort, with their noise."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.once import once
from game.core.rng import Purpose, normals_at
from game.core.ruleset import PledgeEffect, Ruleset, Status
from game.core.state import State
from game.play.in_force import running_seen
from game.play.rights import parents


def rows_of(field: AnyArray, seats: AnyArray, axis: int) -> AnyArray:
    """A field at these companies; the field itself when they are all, in their order."""
    count = field.shape[axis]
    if len(seats) == count and (seats == np.arange(count)).all():
        return field
    return np.take(field, seats, axis=axis)


@once
def _listed(ruleset: Ruleset) -> AnyArray:
    return np.array([company.listed for company in ruleset.companies])


def estimate_noise(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """Standard error (log) of each seat's guess of each company's books: [A, N, W].

    Listed companies publish; a board seat opens the books; audits and data analysis narrow the
    rest; one's own books are exact, and those of companies under one's control.
    """
    rules = ruleset.rules
    level = np.where(_listed(ruleset), rules.published_noise, rules.estimate_noise)
    noise = np.maximum(rows_of(state.insight, seats, 0), _data_help(state, ruleset, seats))
    np.subtract(1.0, noise, out=noise)
    noise *= level[None, :, None]
    np.copyto(noise, 0.0, where=rows_of(state.board, seats, 0))
    if (state.status == Status.CONTROLLED).any():
        np.copyto(noise, 0.0, where=parents(state, ruleset) == np.asarray(seats)[:, None, None])
    noise[np.arange(len(seats)), seats] = 0.0
    return np.asarray(noise)


def _data_help(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """What data analysis lent by allies narrows, 0..0.6: [A, 1, W]."""
    count, worlds = state.cash.shape
    best = np.zeros(count * worlds)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.RESEARCH:
            place = np.flatnonzero(state.pledge_until[index] > state.turn)
            strength = np.take(state.pledge_announced[index].reshape(-1), place)
            np.maximum.at(best, place % (count * worlds), strength)
    return 0.6 * rows_of(best.reshape(count, worlds), seats, 0)[:, None]


def reports(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """Noisy word of how much of each pledge arrives: [K, N, A, W]; 0 where there is none.

    Audits, data analysis and a seat on the giver's board narrow the noise.

    Pledges are few: their draws alone are made.
    """
    count, worlds = state.fit.shape[1:]
    announced = rows_of(state.pledge_announced, seats, 2)
    if announced is state.pledge_announced:
        running = running_seen(state)
        place, lane, giver, hears = running.place, running.lane, running.giver, running.receiver
        hand = running.kind * count + giver
    else:
        announced = np.ascontiguousarray(announced)
        place = np.flatnonzero(announced > 0.0)
        row, lane = np.divmod(place, worlds)
        hand, viewer = np.divmod(row, len(seats))
        giver, hears = hand % count, seats[viewer]
    uids = ruleset.company_uid
    draws = normals_at(
        np.take(state.seed, lane),
        np.take(state.world, lane),
        state.turn,
        Purpose.REPORT,
        uids[giver],
        uids[hears],
        int(uids.max()) + 1,
    )
    told = (hand * count + hears) * worlds + lane
    pair = (hears * count + giver) * worlds + lane
    known = np.take(state.insight.reshape(-1), pair)
    helped = _data_help(state, ruleset, np.arange(count))[:, 0]
    np.maximum(known, np.take(helped.reshape(-1), hears * worlds + lane), out=known)
    sits = np.take(state.board.reshape(-1), pair)
    np.copyto(known, np.maximum(known, ruleset.rules.board_hears), where=sits)
    noise = ruleset.rules.report_noise * (1.0 - known)
    heard = np.take(state.pledge_effort.reshape(-1), told) + noise * draws
    reports = np.zeros(announced.shape)
    reports.reshape(-1)[place] = np.clip(heard, 0.0, 1.0)
    return reports
