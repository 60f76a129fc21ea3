"""Building an observation: the state with everything hidden taken out or blurred."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, take_worlds
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import outcome
from game.play.beliefs import door
from game.play.contracts import visible_stakes
from game.play.estimates import estimate_noise, reports, rows_of
from game.play.group import alone, interests, under
from game.play.macro import may_enter
from game.play.observation import Group, Observation, closed
from game.play.pledge_facts import seen_of
from game.play.rights import parents

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
        return rows_of(field, seats, axis)

    exact = outcome.stakes(state)
    group = _group(state, ruleset, seats, exact)
    seen = seen_of(state, ruleset)  # after the group's own look: the last one is remembered
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
        reach=seen.reach,
        margin=seen.margin,
        status=state.status,
        quote=state.quote,
        shares_total=total,
        founders=state.founders,
        stake=stake,
        board=state.board,
        board_until=state.board_until,
        standstill_until=state.standstill_until,
        call_shares=state.call_shares,
        call_price=state.call_price,
        call_until=state.call_until,
        pays_later=state.instalment_until > 0,
        hosting=state.venture_until > state.turn,
        loan_owed=state.loan_owed,
        loan_due=state.loan_due,
        loan_price=state.loan_price,
        pledge_announced=state.pledge_announced,
        pledge_until=state.pledge_until,
        pledge_since=state.pledge_since,
        pledge_exclusive=state.pledge_exclusive,
        pledge_regions=state.pledge_regions,
        fit_guess=seen.fit,
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
        ahead=door(state, ruleset, seats),
        group=group,
        **guess,
    )


def _group(state: State, ruleset: Ruleset, seats: AnyArray, held: Array) -> Group | None:
    """What the seats control, seen by its own managers."""
    found = under(state, ruleset, seats)
    if found is None:
        return None
    alike = [0, 0] if found[0].size == 1 else slice(None)  # never a lone world
    parent, company, lane = (part[alike] for part in found)
    there = take_worlds(state, lane)
    view = alone(observe(there, ruleset, np.unique(company)), company)
    interest = interests(np.take(held, lane, axis=-1), parents(there, ruleset), parent)
    return Group(dataclasses.replace(view, ahead=closed), parent, company, lane, interest)


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
    value = state.value / np.maximum(1.0 - held, 1e-13)
    return {
        "cash_guess": np.asarray(state.cash[None] * factor),
        "debt_guess": np.asarray(state.debt[None] * factor),
        "profit_guess": np.asarray(state.profit_trend[None] * factor),
        "value_guess": np.asarray(value[None] * factor),
    }
