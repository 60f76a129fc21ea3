"""Building an observation: the state with everything hidden taken out or blurred."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.rng import Purpose, normals
from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State
from game.play import outcome
from game.play.contracts import visible_stakes
from game.play.market import reach
from game.play.observation import Observation
from game.play.pledges import fit_guess

PUBLISHED_NOISE = 0.1
REPORT_NOISE = 0.12
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
    total = outcome.shares_total(state)
    stake = visible_stakes(state, ruleset)
    guess = _guesses(state, ruleset, seats)
    return Observation(
        turn=state.turn,
        seats=seats,
        seed=state.seed ^ OWN_SEED,
        world=state.world,
        active=state.active,
        on_sale=state.on_sale,
        entering=state.entry_due >= 0,
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
        held=np.take(outcome.stakes(state), seats, axis=0),
        held_shares=np.take(state.shares, seats, axis=0),
        attention=np.take(state.attention, seats, axis=0),
        authorisation=np.take(state.authorisation, seats, axis=0),
        cost=np.take(state.unit_cost, seats, axis=0),
        goodwill=np.take(state.goodwill, seats, axis=0),
        coverage=np.take(state.coverage, seats, axis=0),
        contribution=np.take(state.contribution, seats, axis=0),
        effort=np.take(state.pledge_effort, seats, axis=1),
        report=_reports(state, ruleset, seats),
        notch=np.take(state.notch, seats, axis=0),
        mix=np.take(state.mix, seats, axis=0),
        stance=np.take(state.stance, seats, axis=0),
        focus=np.take(state.focus, seats, axis=0),
        project_now=np.take(state.project_now, seats, axis=0),
        projects_done=np.take(state.projects_done, seats, axis=0),
        patience=np.ascontiguousarray(np.swapaxes(np.take(state.patience, seats, axis=1), 0, 1)),
        **guess,
    )


def estimate_noise(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """Standard error (log) of each seat's guess of each company's books: [A, N, W].

    Listed companies publish; a board seat opens the books; audits and data analysis narrow the
    rest; one's own books are exact.
    """
    rules = ruleset.rules
    listed = np.array([company.listed for company in ruleset.companies])
    level = np.where(listed, PUBLISHED_NOISE, rules.estimate_noise)[None, :, None]
    insight = np.maximum(np.take(state.insight, seats, axis=0), _data_help(state, ruleset, seats))
    open_books = np.take(state.board, seats, axis=0)
    noise = level * (1.0 - insight) * ~open_books
    noise[np.arange(len(seats)), seats] = 0.0
    return np.asarray(noise)


def _data_help(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """What data analysis lent by allies narrows, 0..0.6: [A, 1, W]."""
    help_ = np.zeros((len(seats), state.cash.shape[-1]))
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.RESEARCH:
            live = state.pledge_announced[index] * (state.pledge_until[index] > state.turn)
            help_ = np.maximum(help_, np.take(live.max(axis=0), seats, axis=0))
    return 0.6 * help_[:, None]


def _guesses(state: State, ruleset: Ruleset, seats: AnyArray) -> dict[str, Array]:
    noise = estimate_noise(state, ruleset, seats)
    uids = ruleset.company_uid
    count = int(uids.max()) + 1
    draws = normals(state.seed, state.world, state.turn, Purpose.ESTIMATE, uids[seats], count)[
        :, uids
    ]
    factor = np.exp(noise * draws)
    value = state.value / np.maximum(1.0 - _held_fraction(state), 1e-9)
    return {
        "cash_guess": np.asarray(state.cash[None] * factor),
        "debt_guess": np.asarray(state.debt[None] * factor),
        "profit_guess": np.asarray(state.profit_trend[None] * factor),
        "value_guess": np.asarray(value[None] * factor),
    }


def _held_fraction(state: State) -> Array:
    total = outcome.shares_total(state)
    return np.asarray(state.shares.sum(axis=0) / np.maximum(total, 1))


def _reports(state: State, ruleset: Ruleset, seats: AnyArray) -> Array:
    """Noisy word of how much of each pledge arrives: [K, N, A, W]; 0 where there is none."""
    given = np.take(state.pledge_effort, seats, axis=2)
    live = np.take(state.pledge_announced, seats, axis=2) > 0.0
    uids = ruleset.company_uid
    count = int(uids.max()) + 1
    draws = normals(state.seed, state.world, state.turn, Purpose.REPORT, uids, count)[
        :, uids[seats]
    ]
    return np.asarray(np.where(live, np.clip(given + REPORT_NOISE * draws[None], 0.0, 1.0), 0.0))
