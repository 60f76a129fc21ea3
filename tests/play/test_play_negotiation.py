"""Two hundred scripted talks: feeling for the target wins no more than an honest good offer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.bargaining import REFUSED_PATIENCE, answer, nash_package
from game.play.cells import cells_of
from game.play.nash import both_ways, usual_shares
from game.play.opening import first_state
from game.play.packages import Code, Packages
from game.play.pledge_value import pledge_worth_of_state
from game.play.targets import MOOD_PART
from game.scenario.loader import load

WORLDS, ROUNDS, QUARTERS, TERM = 4, 3, 4, 8
TURN = 5
"""When no draft lies on the table any more."""


@dataclass
class Board:
    """Talks over a good package between many pairs in many worlds: P x W at once."""

    ruleset: Ruleset
    state: State
    values: tuple[Array, Array]
    packages: Packages
    here: Bools
    """[P, W] talks."""

    def at(self, net: Array, state: State) -> tuple[Ints, Array, Array, Array, Array]:
        """(code, own total, needed, patience, own total of the counter) at a price: [P, W]."""
        cash = np.where(self.here, both_ways(net), self.packages.cash)
        tabled = dataclasses.replace(self.packages, cash=cash)
        found = answer(tabled, state, self.ruleset, *self.values)
        again = answer(found.counter, state, self.ruleset, *self.values).terms.sum(axis=1)[0]
        mine = found.terms.sum(axis=1)
        return found.code, mine, found.needed, found.patience, again

    @property
    def net(self) -> Array:
        """Cash that the proposer pays on balance at the Nash price: [P, W]."""
        return np.asarray(self.packages.cash[0] - self.packages.cash[1])

    def price(self, share: Array) -> Array:
        """Cash at which the counterparty has this share of the joint surplus: [P, W]."""
        low, high = self.net - 1e4, self.net + 1e4
        for _ in range(50):
            middle = 0.5 * (low + high)
            mine, theirs = self.at(middle, self.state)[1]
            more = theirs < share * np.maximum(mine + theirs, 0.0)
            low, high = np.where(more, middle, low), np.where(more, high, middle)
        return high

    def usual(self) -> tuple[Array, Array]:
        """(share that counterparties usually want, room between both wishes): [P, W]."""
        wanted = usual_shares(cells_of(self.packages), self.ruleset)
        full = np.zeros((2, self.here.size))
        full[:, cells_of(self.packages).place] = wanted
        one, other = full.reshape(2, *self.here.shape)
        return other, 1.0 - one - other


@pytest.fixture(scope="module")
def board() -> Board:
    scenario = load(Path(__file__).resolve().parents[2] / "scenarios" / "alibaba-meizu.yaml")
    ruleset = scenario.ruleset
    seeds = np.full(WORLDS, 11, np.uint64)
    state = first_state(ruleset, scenario.opening, seeds, np.arange(WORLDS, dtype=np.uint64))
    state = replace(
        state, turn=TURN, cash=state.cash + 1e5, authorisation=state.authorisation + 1e6
    )
    values = pledge_worth_of_state(state, ruleset)
    count = len(ruleset.companies)
    one, other = np.array([(a, b) for a in range(count) for b in range(count) if a != b]).T
    lanes = np.ones(WORLDS, int)
    packages = nash_package(
        state, ruleset, one[:, None] * lanes, other[:, None] * lanes, *values
    )  # fmt: skip
    return Board(ruleset, state, values, packages, packages.proposer >= 0)


def worn(board: Board, state: State, lost: Array) -> State:
    """The state with patience of counterparties taken: [P, W]."""
    patience = state.patience.copy()
    row, lane = np.nonzero(board.here)
    one, other = (who[row, lane].astype(int) for who in (
        board.packages.proposer, board.packages.counterparty))  # fmt: skip
    patience[other, one, lane] = np.maximum(patience[other, one, lane] - lost[row, lane], 0.0)
    return replace(state, patience=patience)


def searched(board: Board, low: Array, high: Array, first: float) -> Array:
    """What a search wins: every quarter three rounds, a later quarter an eighth less. [P, W].

    A yes is kept while the next round asks for more, which costs patience as at the table; what
    still stands in the last round is signed.

    Args:
        first: where the first offer lies between the ends, 0..1.
    """
    state = board.state
    won = np.zeros(board.here.shape)
    open_ = board.here.copy()
    agreed = np.zeros(board.here.shape, bool)
    for quarter in range(QUARTERS):
        state = replace(state, turn=TURN + quarter)
        part = first
        for number in range(ROUNDS):
            state = worn(board, state, np.where(open_ & agreed, REFUSED_PATIENCE, 0.0))
            price = low + part * (high - low)
            code, mine, _, lost, counter = board.at(price, state)
            state = worn(board, state, np.where(open_, lost, 0.0))
            yes = code == Code.ACCEPT
            high = np.where(yes & open_, price, high)
            low = np.where(~yes & open_, price, low)
            agreed |= yes & open_
            part = 0.5
            if number == ROUNDS - 1:
                gain = np.where(yes, mine[0], np.where(code == Code.COUNTER, counter, 0.0))
                done = open_ & (yes | (code == Code.COUNTER))
                won = np.where(done, gain * (1.0 - quarter / TERM), won)
                open_ &= ~done
        agreed[:] = False
        rested = np.minimum(state.patience + 0.25, 1.0)
        state = replace(state, patience=rested)
        high = np.where(open_, board.net + 0.25 * np.abs(board.net), high)
    return won


def honest(board: Board) -> tuple[Array, Array]:
    """(what a good offer wins at once, its price): the usual share and a third of the room."""
    usual, room = board.usual()
    price = board.price(usual + MOOD_PART * room)
    code, mine, *_ = board.at(price + 1e-3, board.state)
    assert (code[board.here] == Code.ACCEPT).all()
    return mine[0], price


def test_there_are_two_hundred_talks(board: Board) -> None:
    assert board.here.sum() >= 200


@pytest.mark.parametrize("first", [0.0, 0.5, 0.9])
def test_a_search_by_halves_wins_no_more_than_an_honest_good_offer(
    board: Board, first: float
) -> None:
    good, price = honest(board)
    nothing = board.price(np.zeros(board.here.shape))
    won = searched(board, nothing, price, first)
    assert won[board.here].sum() <= good[board.here].sum()


@pytest.mark.parametrize("first", [0.0, 0.5, 0.9])
def test_to_ask_low_and_then_pay_what_is_asked_wins_less(board: Board, first: float) -> None:
    good, price = honest(board)
    nothing = board.price(np.zeros(board.here.shape))
    offer = nothing + first * (price - nothing)
    code, _, needed, lost, _ = board.at(offer, board.state)
    refused = board.here & (code != Code.ACCEPT)
    assert refused.any()
    later = worn(board, board.state, lost)
    paid = offer + 1.5 * needed
    again, gain, *_ = board.at(np.where(refused, paid, offer), later)
    heard = refused & (again == Code.ACCEPT)
    assert (gain[0][heard] < good[heard]).all()
    assert (again[refused] == Code.ACCEPT).mean() > 0.9


def test_nothing_is_won_by_asking_for_more_after_a_yes(board: Board) -> None:
    usual, room = board.usual()
    price = board.price(usual + MOOD_PART * room) + 1e-3
    tried = worn(board, board.state, np.where(board.here, REFUSED_PATIENCE, 0.0))
    code, *_ = board.at(price, tried)
    some = board.here & (room > 0.01)
    assert (code[some] != Code.ACCEPT).all()
