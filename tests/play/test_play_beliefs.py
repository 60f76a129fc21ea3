"""Imagined worlds know what the seat knows, and nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import array_fields, first_difference
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play import beliefs, futures
from game.play.beliefs import IMAGINED, Seen, imagine
from game.play.contracts import draft_package
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.outcome import shares_total
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

SEAT, OTHER, THIRD = 0, 1, 2


@pytest.fixture(scope="module")
def ruleset(lesson_path: Path) -> Ruleset:
    return load(lesson_path).ruleset


@pytest.fixture(scope="module")
def state(lesson_path: Path, ruleset: Ruleset) -> State:
    """Two quarters into a game of strategists, with nobody on another's board."""
    begun = first_state(
        ruleset, load(lesson_path).opening, np.full(4, 9, "u8"), np.arange(4, dtype="u8")
    )
    for _ in range(2):
        begun, _ = step(begun, ruleset, orders_of(begun, ruleset, seating("strategist", ruleset)))
    return replace(begun, board=np.zeros_like(begun.board))


def test_every_field_says_who_may_know_it() -> None:
    fields = {field.name for field in array_fields(State)}
    assert fields == set(beliefs.WHO_KNOWS), "say in game/play/beliefs.py who may know a new field"
    special = {name for name, known in beliefs.WHO_KNOWS.items() if known is Seen.SPECIAL}
    assert special == set(beliefs.SPECIAL)


def test_imagined_worlds_can_be_played(state: State, ruleset: Ruleset) -> None:
    worlds = imagine(state, ruleset, SEAT, np.array([0, 2]), 3)
    assert worlds.cash.shape[-1] == 6
    assert (worlds.world >= IMAGINED).all()
    assert (shares_total(worlds) == np.take(shares_total(state), [0, 0, 0, 2, 2, 2], -1)).all()
    for field in array_fields(State):
        array = getattr(worlds, field.name)
        assert array.dtype == getattr(state, field.name).dtype, field.name
        assert array.flags["C_CONTIGUOUS"], field.name
    after, _ = step(worlds, ruleset, no_orders(worlds, ruleset))
    assert np.isfinite(after.cash).all()


def test_the_seat_knows_its_own_books(state: State, ruleset: Ruleset) -> None:
    worlds = imagine(state, ruleset, SEAT, np.array([1]), 8)
    for name in ("cash", "debt", "goodwill", "profit_trend", "notch", "authorisation", "tax_loss"):
        mine = getattr(worlds, name)[SEAT]
        assert (mine == getattr(state, name)[SEAT][..., [1]]).all(), name
    assert (worlds.cash[OTHER] != state.cash[OTHER, 1]).all()


def hidden_changes(state: State) -> dict[str, dict[str, np.ndarray]]:
    """Changes of facts that the seat cannot see."""
    effort = state.pledge_effort.copy()
    effort[:, OTHER, THIRD] = 0.2
    dials = {name: getattr(state, name).copy() for name in ("notch", "authorisation", "insight")}
    for array in dials.values():
        array[OTHER] = 0
    shares, public = state.shares.copy(), state.public.copy()
    bought = public[THIRD] // 50
    shares[OTHER, THIRD] += bought
    public[THIRD] -= bought
    disclosed = state.disclosed.copy()
    disclosed[OTHER, THIRD] = False
    return {
        "effort between others": {"pledge_effort": effort},
        "another's dials": dials,
        "a creeping stake": {"shares": shares, "public": public, "disclosed": disclosed},
    }


@pytest.mark.parametrize("what", ["effort between others", "another's dials", "a creeping stake"])
def test_what_the_seat_cannot_see_changes_nothing(
    state: State, ruleset: Ruleset, what: str
) -> None:
    board = np.zeros_like(state.board)
    plain = replace(state, board=board, disclosed=np.zeros_like(state.disclosed))
    changed = replace(plain, **hidden_changes(plain)[what])
    assert first_difference(plain, changed) is not None
    one, other = (imagine(s, ruleset, SEAT, np.array([0]), 16) for s in (plain, changed))
    assert first_difference(one, other) is None


WORKED_OUT = beliefs.FIELDS[Seen.WORKED_OUT]


@pytest.mark.parametrize("name", WORKED_OUT)
def test_what_nobody_publishes_is_worked_out_from_what_everybody_sees(
    state: State, ruleset: Ruleset, name: str
) -> None:
    secret = getattr(state, name).copy()
    others = np.arange(len(secret)) != SEAT
    secret[others] = 3 * secret[others] + 7
    one, other = (
        imagine(s, ruleset, SEAT, np.array([0]), 16)
        for s in (state, replace(state, **{name: secret}))
    )
    assert first_difference(one, other) is None
    assert (getattr(one, name)[SEAT] == getattr(state, name)[SEAT][..., [0]]).all()


def test_outsiders_think_right_of_a_company_that_runs_as_usual(
    lesson_path: Path, ruleset: Ruleset
) -> None:
    """Before the first quarter every dial stands at normal: nothing is misjudged then."""
    opening = load(lesson_path).opening
    begun = first_state(ruleset, opening, np.full(2, 9, "u8"), np.arange(2, dtype="u8"))
    begun = replace(begun, board=np.ones_like(begun.board))  # no doubt is left
    worlds = imagine(begun, ruleset, SEAT, np.array([0]), 2)
    for name in ("goodwill", "knowledge", "capacity", "contribution", "unit_cost"):
        true, thought = (getattr(s, name)[OTHER] for s in (begun, worlds))
        assert np.allclose(true, thought, rtol=1e-6), name


def test_every_world_has_luck_of_its_own_and_no_seed_shifts_it(
    state: State, ruleset: Ruleset
) -> None:
    """Copies of different worlds, quarters and seats never share their keys; seeds never count."""
    moved = replace(state, seed=state.seed + np.uint64(5))
    later = replace(state, turn=state.turn + 1)
    every = np.arange(4)
    keys = [
        set(zip(worlds.seed.tolist(), worlds.world.tolist(), strict=True))
        for worlds in (
            imagine(state, ruleset, SEAT, every, 8),
            imagine(moved, ruleset, SEAT, every, 8),
            imagine(later, ruleset, SEAT, every, 8),
            imagine(state, ruleset, OTHER, every, 8),
        )
    ]
    assert len(keys[0]) == 4 * 8
    assert keys[0] == keys[1]
    assert not keys[0] & keys[2]
    assert not keys[0] & keys[3]


def test_the_seed_of_the_game_is_not_looked_at(state: State, ruleset: Ruleset) -> None:
    """With the doubt about books, fits and reports taken away, another seed changes nothing."""
    rules = dataclasses.replace(ruleset.rules, fit_hidden=0.0)
    open_books = dataclasses.replace(ruleset, rules=rules)
    known = replace(
        state,
        board=np.ones_like(state.board),
        pledge_announced=np.zeros_like(state.pledge_announced),
    )
    moved = replace(known, seed=known.seed + np.uint64(77))
    one, other = (imagine(s, open_books, SEAT, np.array([0]), 16) for s in (known, moved))
    assert first_difference(one, other) is None


def test_chance_is_never_that_of_the_game(state: State, ruleset: Ruleset) -> None:
    worlds = imagine(state, ruleset, SEAT, np.array([0]), 4)
    games = {(int(seed), int(world)) for seed, world in zip(state.seed, state.world, strict=True)}
    ahead = {(int(seed), int(world)) for seed, world in zip(worlds.seed, worlds.world, strict=True)}
    assert not games & ahead
    other = imagine(state, ruleset, OTHER, np.array([0]), 4)
    assert (other.seed != worlds.seed).all()


def test_two_courses_share_their_luck(state: State, ruleset: Ruleset) -> None:
    """A change that changes nothing gains exactly nothing."""
    seats = seating("strategist", ruleset)
    seen = list(
        futures.compare(
            state, ruleset, SEAT, lambda worlds: worlds,
            lambda worlds: orders_of(worlds, ruleset, seats), quarters=3, futures=20,
        )
    )  # fmt: skip
    assert [part.count for part in seen] == [16, 20]
    for figure in futures.FIGURES:
        assert (seen[-1].gain(figure) == 0.0).all()


def test_what_the_first_part_shows_stays_in_the_whole(state: State, ruleset: Ruleset) -> None:
    seats = seating("strategist", ruleset)

    def signed(worlds: State) -> State:
        packages = draft_package(ruleset.drafts[0], worlds, ruleset, 2 * ruleset.drafts[0].proposer)
        return futures.signed_worlds(worlds, ruleset, packages)

    seen = list(
        futures.compare(
            state, ruleset, SEAT, signed, lambda worlds: orders_of(worlds, ruleset, seats),
            quarters=2, futures=40,
        )
    )  # fmt: skip
    first, whole = seen[0], seen[-1]
    assert (whole.gain("value")[:, :16] == first.gain("value")).all()
    assert (whole.gain("value") != 0.0).any()
    low, mean, high = whole.interval("value")
    assert (low <= mean).all()
    assert (mean <= high).all()


@pytest.mark.parametrize("count", [2, 16, 17, 18, 80, 81, 256])
def test_parts_make_the_whole(count: int) -> None:
    pieces = list(futures.parts(count))
    assert np.array_equal(np.concatenate(pieces), np.arange(count))
    assert all(len(piece) >= 2 for piece in pieces)
