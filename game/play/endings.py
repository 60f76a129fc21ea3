"""How a game ends: the public paths, the last quarter, and who has won."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over, entries_of
from game.core.once import once
from game.core.ruleset import EndCause, PledgeEffect, Ruleset, Status
from game.core.state import State, replace
from game.play.mandates import mandate_progress
from game.play.outcome import (
    Score,
    doors,
    doors_in,
    score,
    shares_of_market,
    shares_total,
    stakes,
    surprise,
    value_per_share,
)
from game.play.pledges import PledgeList, promised
from game.play.rights import founders_votes


def paths(state: State, ruleset: Ruleset, stake: Array | None = None) -> Bools:
    """Which public paths each company holds after this quarter: [N, D, W].

    Args:
        stake: [N, N, W], where the caller has it in hand.
    """
    held = np.zeros(state.path_run.shape, bool)
    held[:, 0] = _gatekeeper(state, ruleset)
    held[:, 1] = _standard(state, ruleset)
    held[:, 2] = _house_of_stakes(state, ruleset, stakes(state) if stake is None else stake)
    held[:, 3] = _independent(state, ruleset)
    return held


def _gatekeeper(state: State, ruleset: Ruleset) -> Bools:
    """40 % of the doors in three regions."""
    regions = np.zeros(state.cash.shape, np.int64)
    for region in range(len(ruleset.regions)):
        here = doors_in(state, ruleset, region)
        regions += here >= ruleset.rules.path_doors * np.maximum(here.sum(axis=0), 1e-9)
    return np.asarray(regions >= 3)


def _standard(state: State, ruleset: Ruleset) -> Bools:
    """Its system on half the devices of two sectors, through allies."""
    shape = state.cash.shape
    held, allies = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect != PledgeEffect.PRELOAD:
            continue
        giver, receiver, lane, strength = promised(state, index)
        who = receiver * shape[1] + lane
        allies += np.bincount(who[strength > 0.0], minlength=held.size).reshape(shape)
        for here in _device_sectors(ruleset):
            base = np.take(state.base, here, axis=1).sum(axis=1)
            carried = np.bincount(who, strength * base[giver, lane], held.size)
            held += base + carried.reshape(shape) >= ruleset.rules.path_standard * np.maximum(
                state.adopters[here].sum(axis=0), 1e-9
            )
    return np.asarray((held >= 2) & (allies >= ruleset.rules.path_allies))


@once
def _device_sectors(ruleset: Ruleset) -> tuple[AnyArray, ...]:
    """Markets of each sector whose goods are durable."""
    sectors = range(len(ruleset.sectors))
    found = [
        np.flatnonzero((ruleset.market_sector == sector) & ruleset.durable) for sector in sectors
    ]
    return tuple(here for here in found if here.size)


def _house_of_stakes(state: State, ruleset: Ruleset, held: Array) -> Bools:
    """Enough profitable minority holdings that make a third of group value."""
    rules, shape = ruleset.rules, state.cash.shape
    worth = value_per_share(state) * shares_total(state)
    place, stake = entries_of(held)
    row, lane = np.divmod(place, shape[1])
    holder, issuer = np.divmod(row, shape[0])
    some = np.flatnonzero((stake < rules.control) & (state.profit[issuer, lane] > 0.0))
    who = holder[some] * shape[1] + lane[some]
    part = np.bincount(who, stake[some] * worth[issuer[some], lane[some]], worth.size)
    enough = np.bincount(who, minlength=worth.size) >= rules.path_stakes
    great = part.reshape(shape) >= rules.path_stake_value * np.maximum(worth, 1e-9)
    return np.asarray(enough.reshape(shape) & great)


def _independent(state: State, ruleset: Ruleset) -> Bools:
    """Founders hold the votes, no outsider on the board, three top places, and a great gain.

    The gain must lie above what is usual from the seat and be among the best quarter's, both
    measured against par: no seat is there by its start.
    """
    led = founders_votes(state, ruleset) > ruleset.rules.control
    candidates = led & ~any_over(state.board, 0)
    gain = surprise(state, ruleset)
    candidates &= gain >= ruleset.rules.path_return
    most = max(1, gain.shape[0] // 4)
    held = np.zeros(state.cash.shape, bool)
    company, lane = np.nonzero(candidates)
    own_gain = gain[company, lane]
    top = (np.take(gain, lane, axis=1) > own_gain).sum(axis=0) < most
    company, lane = company[top], lane[top]
    if not lane.size:
        return held
    share = shares_of_market(state)
    own = share[company, :, lane]
    places = (own >= _third(share)[:, lane].T) & (own > 0.0)
    held[company, lane] = places.sum(axis=1) >= 3
    return held


def _third(share: Array) -> Array:
    """The third best share of every market: [M, W], from [N, M, W]; 0 where fewer sell."""
    first, second, third = np.zeros((3, *share.shape[1:]))
    for one in share:
        lower = np.minimum(first, one)
        np.maximum(first, one, out=first)
        np.maximum(third, np.minimum(second, lower), out=third)
        np.maximum(second, lower, out=second)
    return np.asarray(third)


def settle_outcome(
    state: State,
    ruleset: Ruleset,
    listed: PledgeList | None = None,
    stake: Array | None = None,
    running: Ints | None = None,
) -> tuple[State, Score]:
    """Progress of goals after the quarter ``state.turn``, and the end of games that are over.

    Args:
        listed: what arrives of the pledges. stake: [N, N, W]. running: places of the pledges in
            force. All where the caller has them in hand.
    """
    rules = ruleset.rules
    state = mandate_progress(state, ruleset, running)
    state = replace(state, doors=doors(state, ruleset, listed))
    terms = score(state, ruleset)
    held = paths(state, ruleset, stake)
    run = np.where(held, state.path_run + 1, 0).astype(state.path_run.dtype)
    won = run >= rules.path_quarters
    by_path = any_over(won, (0, 1))
    last = state.turn >= rules.quarters - 1
    over = state.active & (by_path | last)
    failed = state.status == Status.FAILED
    winner, cause = _winner(terms.total, won, by_path, failed, ruleset)
    total = terms.total
    return replace(
        state,
        path_run=run,
        score=total,
        end_turn=np.where(over, state.turn, state.end_turn).astype("i2"),
        end_cause=np.where(over, cause, state.end_cause).astype("i1"),
        winner=np.where(over, winner, state.winner).astype("i2"),
        active=state.active & ~over,
    ), terms


def _winner(
    total: Array, won: Bools, by_path: Bools, failed: Bools, ruleset: Ruleset
) -> tuple[AnyArray, AnyArray]:
    """Winner and cause: a path's holder with the best score, else the best score; ties by uid."""
    order = np.argsort(ruleset.company_uid, kind="stable")
    candidates = np.where(by_path, won.any(axis=1), True)
    points = np.where(candidates & ~failed, total, -1.0)[order]
    winner = order[np.argmax(points, axis=0)]
    lanes = np.arange(total.shape[1])
    path = np.argmax(won[winner, :, lanes], axis=1)
    cause = np.where(by_path, int(EndCause.GATEKEEPER) + path, int(EndCause.LAST_QUARTER))
    return winner, cause
