"""Whether a score can be dressed up: debt, issues and sales of promises just before the end.

A seat plays its last quarters as it would, and once more with one move added in the last of them.
The score counts continuation value, so the move should bring nothing: what it raises today is
owed, diluted or promised tomorrow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.pump_moves import priced
from game.lab.runner import Seating, orders_of
from game.play.levers import credit_left
from game.play.orders import Orders
from game.play.outcome import value_per_share
from game.play.packages import Packages
from game.play.pledge_value import pledge_worth_of_state
from game.play.turn import step

ISSUE = 0.25
"""Part of a company's value that may be raised by an issue at once."""


def _write(orders: Orders, name: str, seats: Ints, amount: Array) -> Orders:
    field = getattr(orders, name).copy()
    lanes = np.arange(len(seats))
    field[seats, lanes] = amount[seats, lanes]
    return dataclasses.replace(orders, **{name: field})


def _borrow(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    return _write(orders, "borrow", seats, np.maximum(credit_left(state, ruleset), 0.0))


def _issue(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    value = state.quote * (state.founders + state.public + state.shares.sum(axis=0))
    return _write(orders, "issue", seats, ISSUE * value)


def _dividend(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    return _write(orders, "dividend", seats, np.maximum(state.cash - state.debt, 0.0))


def _buy_back(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    return _write(orders, "buy_back", seats, np.maximum(state.cash - state.debt, 0.0))


def _borrow_and_pay(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    return _dividend(_borrow(orders, state, ruleset, seats), state, ruleset, seats)


def _promise(orders: Orders, state: State, ruleset: Ruleset, seats: Ints) -> Orders:
    """Everything that it has to lend, for the longest term, to whoever pays most in cash."""
    worlds = state.cash.shape[-1]
    table = empty(Packages, {**ruleset.sizes, "W": worlds})
    worth, cost = pledge_worth_of_state(state, ruleset)
    running: Bools = np.asarray(state.pledge_until > state.turn)
    taken = any_over(running, 1)
    for lane, seat in enumerate(seats.tolist()):
        free = ~taken[:, :, lane] & ~ruleset.taboo[seat][:, None]
        free &= ~any_over(running[:, seat, :, lane], 1)[:, None]
        gain = np.where(free, worth[:, seat, :, lane] - cost[:, seat, :, lane], 0.0)
        gain = np.maximum(gain, 0.0)
        gain[:, seat] = 0.0
        other = int(gain.sum(axis=0).argmax())
        if gain[:, other].max() <= 0.0:
            continue
        row = 2 * seat
        table.proposer[row, lane], table.counterparty[row, lane] = seat, other
        table.term[row, lane] = ruleset.rules.terms[-1]
        table.pledge[0, :, row, lane] = gain[:, other] > 0.0
    table = priced(table, state, ruleset, worth, cost)
    keep = np.zeros((len(orders.proposals.proposer), worlds), bool)
    keep[2 * seats, np.arange(worlds)] = True
    mixed = {}
    for field in dataclasses.fields(Packages):
        mine, theirs = getattr(table, field.name), getattr(orders.proposals, field.name)
        mixed[field.name] = np.where(keep, mine, theirs)
    return dataclasses.replace(orders, proposals=dataclasses.replace(orders.proposals, **mixed))


MOVES: dict[str, Callable[[Orders, State, Ruleset, Ints], Orders]] = {
    "borrow": _borrow,
    "issue": _issue,
    "dividend": _dividend,
    "buy back": _buy_back,
    "borrow and pay out": _borrow_and_pay,
    "sell promises": _promise,
}
"""What a seat might try before the last bell."""
SURE_LOSS = ("borrow", "dividend", "borrow and pay out", "sell promises")
"""Moves that must bring nothing anywhere. Shares issued or bought back miss or earn the quarter's
own return, up or down: on average they must bring nothing."""


def last_quarter(state: State, ruleset: Ruleset, seating: Seating) -> State:
    """The state in which only the last quarter is left, in the worlds that get there."""
    while state.turn < ruleset.rules.quarters - 1 and state.active.any():
        state, _ = step(state, ruleset, orders_of(state, ruleset, seating))
    return state


def fair_quotes(state: State) -> State:
    """The state with shares traded at their worth: luck with the price is no dressing up."""
    worth = np.maximum(value_per_share(state), 1e-12)
    return replace(state, quote=worth, sentiment=np.zeros_like(state.sentiment))


def late_gains(state: State, ruleset: Ruleset, seating: Seating, move: str, seats: Ints) -> Array:
    """Points that a seat gains by a move in the last quarter: [W].

    Zero where the game is over, and where the company could not pay its debts without the move:
    money that keeps it alive is worth what it brings.

    Args:
        state: before the last quarter. seats: [W] who tries it.
    """
    orders = _untabled(orders_of(state, ruleset, seating), seats)
    plain, told = step(state, ruleset, orders)
    tried, _ = step(state, ruleset, MOVES[move](orders, state, ruleset, seats))
    lanes = np.arange(len(seats))
    gain = (tried.score - plain.score)[seats, lanes]
    return np.asarray(np.where(state.active & ~told.defaulted[seats, lanes], gain, 0.0))


def _untabled(orders: Orders, seats: Ints) -> Orders:
    """Orders in which these seats table nothing."""
    proposer = orders.proposals.proposer.copy()
    lanes = np.arange(len(seats))
    proposer[2 * seats, lanes] = proposer[2 * seats + 1, lanes] = -1
    return dataclasses.replace(
        orders, proposals=dataclasses.replace(orders.proposals, proposer=proposer)
    )
