"""Building an observation: the state with everything hidden taken out or blurred."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.once import once
from game.core.rng import Purpose, normals, normals_at
from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State
from game.play import outcome
from game.play.contracts import visible_stakes
from game.play.macro import may_enter
from game.play.market import reach
from game.play.observation import Observation
from game.play.pledges import fit_guess, in_force

PUBLISHED_NOISE = 0.1
REPORT_NOISE = 0.12
"""Standard error of what a partner hears of the effort that it is given."""
BOARD_HEARS = 0.75
"""Part of that noise which a seat on the giver's board takes away."""
OWN_SEED = np.uint64(0x5EED)


def observe(state: State, ruleset: Ruleset, seats: AnyArray) -> Observation:
    """What these seats may know at the start of a quarter.

    Args:
        state: the truth.
        seats: [A] company indices.

    Returns:
        Observation whose public part is the same for all seats.
    """
    seats = np.asarray(seats, np.int64)

    def own(field: AnyArray, axis: int = 0) -> AnyArray:
        return _rows(field, seats, axis)

    exact = outcome.stakes(state)
    total = outcome.shares_total(state)
    stake = visible_stakes(state, ruleset, exact)
    guess = _guesses(state, ruleset, seats, exact.sum(axis=0))
    return Observation(
        turn=state.turn,
        seats=seats,
        seed=state.seed ^ OWN_SEED,
        world=state.world,
        active=state.active,
        on_sale=state.on_sale,
        entering=state.entry_due >= 0,
        may_enter=own(may_enter(state, ruleset)) & np.ones(state.active.shape, bool),
        price=state.price,
        units=state.units,
        base=state.base,
        quality=state.quality,
        frontier=state.frontier,
        market_size=state.market_size,
        fringe_units=state.fringe_units,
        adopters=state.adopters,
        coverage_seen=state.coverage,
        sensitivity=state.sensitivity,
        reach=reach(state, ruleset),
        margin=np.divide(
            state.units, state.slope, out=np.zeros_like(state.units), where=state.slope > 1e-9
        ),
        status=state.status,
        quote=state.quote,
        shares_total=total,
        founders=state.founders,
        stake=stake,
        board=state.board,
        pledge_announced=state.pledge_announced,
        pledge_until=state.pledge_until,
        pledge_exclusive=state.pledge_exclusive,
        pledge_regions=state.pledge_regions,
        fit_guess=fit_guess(state, ruleset),
        event_open=state.event_turn == state.turn,
        trust=state.trust,
        locked_until=state.locked_until,
        last_issue=state.last_issue,
        mandate_best=state.mandate_best,
        path_run=state.path_run,
        score=state.score,
        held=own(exact),
        held_shares=own(state.shares),
        attention=own(state.attention),
        authorisation=own(state.authorisation),
        cost=own(state.unit_cost),
        goodwill=own(state.goodwill),
        coverage=own(state.coverage),
        contribution=own(state.contribution),
        effort=own(state.pledge_effort, 1),
        report=reports(state, ruleset, seats),
        notch=own(state.notch),
        mix=own(state.mix),
        stance=own(state.stance),
        focus=own(state.focus),
        project_now=own(state.project_now),
        projects_done=own(state.projects_done),
        patience=np.ascontiguousarray(np.swapaxes(own(state.patience, 1), 0, 1)),
        **guess,
    )


def _rows(field: AnyArray, seats: AnyArray, axis: int) -> AnyArray:
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
    rest; one's own books are exact.
    """
    level = np.where(_listed(ruleset), PUBLISHED_NOISE, ruleset.rules.estimate_noise)
    noise = np.maximum(_rows(state.insight, seats, 0), _data_help(state, ruleset, seats))
    np.subtract(1.0, noise, out=noise)
    noise *= level[None, :, None]
    np.copyto(noise, 0.0, where=_rows(state.board, seats, 0))
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
    return 0.6 * _rows(best.reshape(count, worlds), seats, 0)[:, None]


def _guesses(state: State, ruleset: Ruleset, seats: AnyArray, held: Array) -> dict[str, Array]:
    """Estimates of books. Outsiders read the same papers: they err alike, some more than others.

    Args:
        held: [N, W] part of each company that companies hold.
    """
    uids = ruleset.company_uid
    draws = normals(state.seed, state.world, state.turn, Purpose.ESTIMATE, uids)[:, 0]
    factor = estimate_noise(state, ruleset, seats)
    factor *= draws[None]
    np.exp(factor, out=factor)
    value = state.value / np.maximum(1.0 - held, 1e-9)
    return {
        "cash_guess": np.asarray(state.cash[None] * factor),
        "debt_guess": np.asarray(state.debt[None] * factor),
        "profit_guess": np.asarray(state.profit_trend[None] * factor),
        "value_guess": np.asarray(value[None] * factor),
    }


def reports(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """Noisy word of how much of each pledge arrives: [K, N, A, W]; 0 where there is none.

    Audits, data analysis and a seat on the giver's board narrow the noise.

    Pledges are few: their draws alone are made.
    """
    count, worlds = state.fit.shape[1:]
    announced = _rows(state.pledge_announced, seats, 2)
    if announced is state.pledge_announced:
        place = in_force(state)
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
    np.copyto(known, np.maximum(known, BOARD_HEARS), where=sits)
    noise = REPORT_NOISE * (1.0 - known)
    heard = np.take(state.pledge_effort.reshape(-1), told) + noise * draws
    reports = np.zeros(announced.shape)
    reports.reshape(-1)[place] = np.clip(heard, 0.0, 1.0)
    return reports
