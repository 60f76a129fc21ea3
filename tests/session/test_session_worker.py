"""Thinking aside: a real process, the same orders, cancelled and ended cleanly."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.errors import SaveError, UserError
from game.play.orders import Orders
from game.session import thinking
from game.session.game import Game
from game.session.worker import Cancelled, Thinker
from game.storage.orders import pack_orders, unpack_orders
from game.storage.saves import save_bytes

Begin = Callable[..., Game]


@pytest.fixture(scope="module")
def process() -> Iterator[Thinker]:
    """One warm process for all of these tests."""
    thinker = Thinker()
    thinker.warm()
    yield thinker
    thinker.close()


@pytest.fixture
def slices() -> Thinker:
    """As where no process can be started."""
    return Thinker(spawn=False)


def same(one: Orders, other: Orders) -> bool:
    parts = ((one, other), (one.proposals, other.proposals), (one.signed, other.signed))
    return all(
        np.array_equal(
            getattr(left, field.name),
            getattr(right, field.name),
            equal_nan=field.metadata["dtype"] == "f8",
        )
        for left, right in parts
        for field in array_fields(left)
    )


def all_states(game: Game) -> list[bytes]:
    return [save_bytes({}, [state]) for state in game.states]


def test_orders_come_back_as_they_went(begin: Begin) -> None:
    game = begin(rivals="strategist")
    orders, _ = game.all_orders()
    assert same(unpack_orders(pack_orders(orders), game.ruleset), orders)
    with pytest.raises(SaveError):
        unpack_orders(pack_orders(orders)[:-200], game.ruleset)
    with pytest.raises(SaveError):
        unpack_orders(pack_orders(orders), begin("alibaba-meizu", "meizu").ruleset)


@pytest.mark.parametrize("rivals", ["level-3", "level-4"])
def test_a_process_gives_the_game_that_this_one_gives(
    begin: Begin, process: Thinker, slices: Thinker, rivals: str
) -> None:
    games = [begin(rivals=rivals) for _ in range(3)]
    games[1].let_think(process)
    games[2].let_think(slices)
    for _ in range(3):
        for game in games:
            game.end_turn()
    assert process.alive
    assert not process.trouble
    plain, aside, sliced = map(all_states, games)
    assert plain == aside == sliced


def test_orders_are_thought_out_before_the_quarter_ends(begin: Begin, process: Thinker) -> None:
    game = begin(rivals="level-4")
    game.let_think(process)
    thought = game._thought
    assert thought is not None
    thought[1].wait()
    game.set_notch(0)
    game.end_turn()
    assert thought[1].over
    assert game._thought is not None
    assert game._thought[0] is game.state
    game.undo_turn()
    assert game._thought[0] is game.state
    game.stop_thinking()


def test_simple_machines_need_nobody(begin: Begin) -> None:
    thinker = Thinker()
    game = begin(rivals="strategist")
    game.let_think(thinker)
    game.end_turn()
    assert not thinker.alive


def test_a_twin_decides_as_one_of_two_worlds(begin: Begin) -> None:
    """One world searched for both gives what two searches give."""
    game = begin(rivals="level-4")
    others = game.others()
    twin = game.machine_orders(others)
    game.policy.twins = False  # type: ignore[attr-defined]
    assert same(twin, game.machine_orders(others))


def test_what_is_cancelled_is_dropped_and_the_process_goes_on(
    begin: Begin, process: Thinker
) -> None:
    game = begin(rivals="planner")
    game.let_think(process)
    first = game._thought
    assert first is not None
    first[1].cancel()
    with pytest.raises(Cancelled):
        first[1].wait()
    game._thought = None
    game.let_think(process)
    second = game._thought
    assert second is not None
    assert len(second[1].wait()) == 1
    assert process.alive


@pytest.mark.parametrize("where", ["process", "slices"])
def test_forecasts_grow_and_are_the_same_everywhere(
    begin: Begin, where: str, request: pytest.FixtureRequest
) -> None:
    game = begin("lesson", "kite")
    deal = game.scenario_offers()[0].deal
    game.thinker = request.getfixturevalue(where)
    told: list[int] = []
    job = game.foresee(deal, futures=40, quarters=2)
    parts = [json.loads(p) for p in job.wait(lambda part: told.append(json.loads(part)["count"]))]
    assert told == [16, 40]
    assert [part["of"] for part in parts] == [40, 40]
    low, mean, high = parts[-1]["gains"]["value"][str(game.seat)]
    assert low < mean < high
    facts = {**job.facts}
    here = list(thinking.foresee(job.raw, facts, lambda: None))
    assert [json.loads(part) for part in here] == parts


def test_a_task_that_fails_is_told_and_the_process_lives(begin: Begin, process: Thinker) -> None:
    game = begin(rivals="planner")
    with pytest.raises(UserError, match="not a saved game"):
        process.ask("think", b"nonsense", {}).wait()
    game.rivals = "nobody"
    game.thinker = process
    game.think_ahead()
    assert game._thought is not None
    with pytest.raises(UserError, match="nobody"):
        game._thought[1].wait()
    assert process.alive


def test_a_process_that_dies_is_replaced_by_slices(begin: Begin) -> None:
    thinker = Thinker()
    game, plain = begin(rivals="level-3"), begin(rivals="level-3")
    game.let_think(thinker)
    thinker._process.kill()
    thinker._process.join()
    game.end_turn()
    plain.end_turn()
    assert not thinker.alive
    assert thinker.trouble
    assert all_states(game) == all_states(plain)
    thinker.close()


def test_where_no_process_can_start_the_work_is_done_here(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", refuse)
    thinker = Thinker()
    game = begin(rivals="level-3")
    game.let_think(thinker)
    assert game.end_turn().ok
    assert "no more processes" in thinker.trouble
    thinker.close()


def test_closing_leaves_no_process(begin: Begin) -> None:
    thinker = Thinker()
    game = begin(rivals="planner")
    game.let_think(thinker)
    process = thinker._process
    pid = process.pid
    assert game._thought is not None
    job = game._thought[1]
    thinker.close()
    assert all(child.pid != pid for child in multiprocessing.active_children())
    with pytest.raises(Cancelled):
        job.wait()
    thinker.close()  # twice does no harm
