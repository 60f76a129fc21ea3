"""Worlds as a seat believes them: what forecasts, the solver and planners look ahead in.

Every field of the state says here who may know it. What a seat may not know is replaced by what
it would think, with the doubt that it has: one imagined world a lane, drawn with keys that no game
uses. So nothing that the seat cannot see, the game's seed included, changes what it foresees.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum

import numpy as np

from game.core.axes import AnyArray, Array, Ints, array_fields
from game.core.errors import RuleError
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.estimates import estimate_noise, reports
from game.play.levers import normal_spending
from game.play.market import unit_cost
from game.play.observation import Ahead
from game.play.pledges import fit_guess
from game.play.usual import (
    usual_capacity,
    usual_contribution,
    usual_goodwill,
    usual_knowledge,
)

IMAGINED = 1 << 31
"""Number of the first imagined world under a seed; games number theirs below it."""
COPIES = 1 << 11
"""Numbers kept for the copies of one world, so that every world has luck of its own."""
FORECAST_SEED = np.uint64(0x0F0C_A57E)
EXPECTED_EFFORT = 0.9
"""Part of a promise that outsiders think is kept between others."""


class Seen(Enum):
    """Who may know a field."""

    PUBLIC = "everybody"
    BOOKS = "its own company exactly, others by the published estimate and its doubt"
    WORKED_OUT = "its own company exactly, others by what public figures imply"
    OWN = "its own company alone; of others what is neutral"
    RECEIVED = "as the second of a pair exactly; of others what is neutral"
    SPECIAL = "worked out by a rule of its own"


FIELDS: Mapping[Seen, tuple[str, ...]] = {
    Seen.PUBLIC: (
        "active",
        "end_turn",
        "end_cause",
        "winner",
        "on_sale",
        "entry_due",
        "price",
        "quality",
        "coverage",
        "bump",
        "cumulative",
        "units",
        "base",
        "acceptance",
        "led",
        "base_mix",
        "revenue",
        "sensitivity",
        "slope",
        "frontier",
        "adopters",
        "market_size",
        "fringe_units",
        "system_base",
        "apps",
        "demand_shock",
        "channel_shift",
        "potential_shift",
        "fx",
        "levy",
        "subsidy",
        "barred_until",
        "noncompete_until",
        "tax_shift",
        "value_start",
        "quote",
        "dividends",
        "status",
        "defaults",
        "last_issue",
        "score",
        "doors",
        "project_due",
        "project_now",
        "disclosed",
        "locked_until",
        "loan_owed",
        "loan_due",
        "loan_rate",
        "loan_price",
        "instalment",
        "instalment_to",
        "instalment_until",
        "instalment_on",
        "instalment_target",
        "venture_partner",
        "venture_market",
        "venture_share",
        "venture_until",
        "venture_fund",
        "board",
        "board_until",
        "standstill_until",
        "call_shares",
        "call_price",
        "call_until",
        "founders",
        "trust",
        "pledge_announced",
        "pledge_until",
        "pledge_since",
        "pledge_exclusive",
        "pledge_regions",
        "last_talk",
        "review_until",
        "undertaking_until",
        "waiting_due",
        "waiting_proposer",
        "waiting_counterparty",
        "waiting_cash",
        "waiting_new_shares",
        "waiting_old_shares",
        "waiting_old_issuer",
        "waiting_pledge",
        "waiting_exclusive",
        "waiting_loan",
        "waiting_loan_rate",
        "waiting_term",
        "waiting_disclosed",
        "waiting_regions",
        "waiting_extra",
        "event_turn",
        "event_choice",
        "mandate_run",
        "mandate_best",
        "path_run",
        "year_units",
    ),
    Seen.BOOKS: ("cash", "debt", "profit_trend", "value"),
    Seen.WORKED_OUT: (
        "carrying",
        "capacity",
        "capacity_ordered",
        "knowledge",
        "plant",
        "unit_cost",
        "goodwill",
        "contribution",
        "tax_loss",
        "profit",
    ),
    Seen.OWN: (
        "attention",
        "authorisation",
        "notch",
        "mix",
        "stance",
        "focus",
        "pin_stance",
        "pin_spend",
        "insight",
        "sentiment",
        "cost_shock",
        "projects_done",
    ),
    Seen.RECEIVED: ("patience",),
    Seen.SPECIAL: (
        "seed",
        "world",
        "shares",
        "public",
        "fit",
        "pledge_effort",
    ),
}
"""The state's fields by who may know them. A test holds that none is left out."""

WHO_KNOWS: Mapping[str, Seen] = {name: known for known, names in FIELDS.items() for name in names}
"""Who may know each field of the state."""


@dataclasses.dataclass(frozen=True)
class Doubt:
    """One seat's imagined worlds: where they come from and what is drawn for each."""

    ruleset: Ruleset
    truth: State
    """At the lanes that are imagined, each as often as it is imagined."""
    seat: int
    noise: Array
    """[N, W] standard error (log) of the seat's estimate of each company's books."""
    seen: Array
    """[N, W] factor by which published estimates of the books are off."""
    fit: Array
    """[N, N, W] analysts' guess of pair fits."""
    report: Array
    """[K, N, W] effort that the seat is told it receives."""
    drawn: Array
    """[N, W] standard normal, of each imagined world."""


def imagine(state: State, ruleset: Ruleset, seat: int, lanes: Ints, count: int) -> State:
    """Worlds as a seat believes them to be, to be played ahead.

    Args:
        state: the truth, of which the seat's part alone is used.
        seat: company whose beliefs they are.
        lanes: [L] worlds to be imagined. count: how many times each, at least 1.

    Returns:
        State of L x count worlds (two at least), each lane's copies side by side. Copy i of a
        world has the same chance in every call of the quarter, so that two courses of action can
        be compared under the same luck; other worlds, quarters and seats have luck of their own.
    """
    lanes = np.repeat(np.asarray(lanes, np.int64), count)
    numbers = np.tile(np.arange(count), len(lanes) // count)
    if len(lanes) == 1:
        lanes, numbers = np.repeat(lanes, 2), np.repeat(numbers, 2)
    doubt = _doubt(state, ruleset, seat, lanes, numbers)
    made: dict[str, AnyArray] = {}
    for field in array_fields(State):
        array = getattr(doubt.truth, field.name)
        known = WHO_KNOWS[field.name]
        if known is Seen.PUBLIC:
            made[field.name] = array
        elif known is Seen.WORKED_OUT:
            made[field.name] = np.zeros_like(array)
        elif known is Seen.BOOKS:
            made[field.name] = _books(array, doubt)
        elif known in (Seen.OWN, Seen.RECEIVED):
            made[field.name] = _own(array, field, doubt, second=known is Seen.RECEIVED)
        else:
            made[field.name] = SPECIAL[field.name](doubt)
    return _worked_out(State(turn=state.turn, **made), doubt)


def door(state: State, ruleset: Ruleset, seats: AnyArray) -> Ahead:
    """What a view of these seats may open: worlds as one of them believes them.

    Nothing is worked out before it is asked for.
    """
    own = frozenset(seats.tolist())

    def ahead(seat: int, lanes: Ints, count: int) -> State:
        if seat not in own:
            raise RuleError(f"seat {seat} is not one of the view's", "Observation.ahead")
        return imagine(state, ruleset, seat, lanes, count)

    return ahead


def _doubt(state: State, ruleset: Ruleset, seat: int, lanes: Ints, numbers: Ints) -> Doubt:
    def at_lanes(array: AnyArray) -> AnyArray:
        return np.ascontiguousarray(np.take(array, lanes, axis=-1))

    noise = estimate_noise(state, ruleset, np.array([seat]))[0]
    uids = ruleset.company_uid
    draws = normals(state.seed, state.world, state.turn, Purpose.ESTIMATE, uids)[:, 0]
    fields = {field.name: at_lanes(getattr(state, field.name)) for field in array_fields(State)}
    fields["seed"] = np.full(len(lanes), _seed(state.turn, int(uids[seat])))
    fields["world"] = _numbers(fields["world"], numbers)
    truth = State(turn=state.turn, **fields)
    return Doubt(
        ruleset=ruleset,
        truth=truth,
        seat=seat,
        noise=at_lanes(noise),
        seen=at_lanes(np.exp(noise * draws)),
        fit=at_lanes(fit_guess(state, ruleset)),
        report=at_lanes(reports(state, ruleset, np.array([seat]))[:, :, 0]),
        drawn=normals(truth.seed, truth.world, state.turn, Purpose.FORECAST, uids)[:, 0],
    )


def _numbers(world: AnyArray, copy: Ints) -> AnyArray:
    """Numbers of imagined worlds: none that a game has, by the world's number and the copy's."""
    return np.asarray(IMAGINED + (world * np.uint64(COPIES) + copy.astype("u8")) % IMAGINED, "u8")


def _seed(turn: int, uid: int) -> np.uint64:
    return np.uint64(int(FORECAST_SEED) ^ (turn << 40) ^ (uid << 48))


def _mine(array: AnyArray, seat: int) -> AnyArray:
    """Where the first axis is the seat: broadcasts over the rest."""
    mine = np.arange(array.shape[0]) == seat
    return np.asarray(mine.reshape(-1, *[1] * (array.ndim - 1)))


def _books(array: Array, doubt: Doubt) -> Array:
    """Own figures exact, others by the estimate, and the estimate's own doubt on top."""
    factor = doubt.seen * np.exp(doubt.noise * doubt.drawn)
    factor[doubt.seat] = 1.0
    middle = array.ndim - 2
    known: AnyArray = array * factor.reshape(factor.shape[0], *[1] * middle, factor.shape[1])
    return np.asarray(known, array.dtype)


def _worked_out(known: State, doubt: Doubt) -> State:
    """Fill in what nobody publishes, from a state that holds no more than the seat knows."""
    ruleset = doubt.ruleset
    known = replace(known, unit_cost=unit_cost(known, ruleset))
    spent = normal_spending(known, ruleset)
    unsure = np.exp(doubt.noise * doubt.drawn)[:, None]
    capacity, ordered = usual_capacity(known, ruleset)
    plant = (ruleset.capacity_cost[:, None] * (capacity + ordered)).sum(axis=1)
    thought: dict[str, AnyArray] = {
        "unit_cost": known.unit_cost,
        "carrying": known.shares * known.quote,
        "capacity": capacity,
        "capacity_ordered": ordered,
        "plant": plant,
        "knowledge": usual_knowledge(ruleset, spent) * unsure,
        "goodwill": usual_goodwill(known, ruleset, spent) * unsure,
        "contribution": usual_contribution(known, ruleset, spent),
        "tax_loss": np.zeros_like(known.tax_loss),
        "profit": known.profit_trend * (1.0 - ruleset.rules.tax),
    }
    for name, array in thought.items():
        own = getattr(doubt.truth, name)
        thought[name] = np.where(_mine(array, doubt.seat), own, array).astype(own.dtype)
    return replace(known, **thought)


def _own(
    array: AnyArray, field: dataclasses.Field[AnyArray], doubt: Doubt, second: bool
) -> AnyArray:
    """Own figures exact, of others what is neutral; pairs by their second company when asked."""
    neutral = _neutral(array, field.name, field.metadata["fill"], doubt)
    if second:
        mine = _mine(np.swapaxes(array, 0, 1), doubt.seat)
        return np.ascontiguousarray(
            np.swapaxes(np.where(mine, np.swapaxes(array, 0, 1), np.swapaxes(neutral, 0, 1)), 0, 1)
        )
    return np.where(_mine(array, doubt.seat), array, neutral).astype(array.dtype)


def _neutral(array: AnyArray, name: str, fill: float, doubt: Doubt) -> AnyArray:
    if name == "attention":
        return np.full_like(array, doubt.ruleset.rules.points)
    if name == "authorisation":
        yearly = doubt.ruleset.yearly_authorisation[:, None]
        return np.broadcast_to(yearly, array.shape).astype(array.dtype)
    return np.full_like(array, fill)


def _hidden_stakes(doubt: Doubt) -> AnyArray:
    """Shares whose size the seat does not know: [N, N, W], holder by issuer."""
    state = doubt.truth
    count = len(doubt.ruleset.companies)
    known = state.disclosed | state.board
    known = known | (np.arange(count)[:, None, None] == doubt.seat)
    return np.where(known, 0, state.shares)


def _shares(doubt: Doubt) -> AnyArray:
    """Stakes by what is known: undisclosed ones are thought to be the public's."""
    return np.asarray(doubt.truth.shares - _hidden_stakes(doubt))


def _public(doubt: Doubt) -> AnyArray:
    return np.asarray(doubt.truth.public + _hidden_stakes(doubt).sum(axis=0))


def _fit(doubt: Doubt) -> Array:
    """Fit by the analysts' guess and its doubt, weighed with how fits are spread."""
    rules, truth = doubt.ruleset.rules, doubt.truth
    guess = doubt.fit
    if rules.fit_hidden <= 0.0 or rules.fit_sd <= 0.0:
        return guess
    trust = rules.fit_sd**2 / (rules.fit_sd**2 + rules.fit_hidden**2)
    spread = rules.fit_hidden * np.sqrt(trust)
    count = int(doubt.ruleset.company_uid.max()) + 1
    draws = normals(
        truth.seed, truth.world, truth.turn, Purpose.FORECAST + 1, doubt.ruleset.company_uid, count
    )[:, doubt.ruleset.company_uid]
    return np.asarray(np.exp(trust * np.log(np.maximum(guess, 1e-9)) + spread * draws))


def _effort(doubt: Doubt) -> Array:
    """What one gives oneself, what one is told one receives, and what is usual among others."""
    given = doubt.truth.pledge_effort
    seat = doubt.seat
    out = np.full_like(given, EXPECTED_EFFORT)
    out[:, :, seat] = doubt.report
    out[:, seat] = given[:, seat]
    promised = doubt.truth.pledge_announced > 0.0
    return np.where(promised, out, 1.0)


SPECIAL: Mapping[str, Callable[[Doubt], AnyArray]] = {
    "seed": lambda doubt: doubt.truth.seed,
    "world": lambda doubt: doubt.truth.world,
    "shares": _shares,
    "public": _public,
    "fit": _fit,
    "pledge_effort": _effort,
}
"""Fields with a rule of their own."""
