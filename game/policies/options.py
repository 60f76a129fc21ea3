"""What a planner might order instead: partners, dials, entries, cards, projects, money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, array_fields
from game.core.ruleset import Status
from game.play.nash import propose_by
from game.play.packages import Packages
from game.play.pledge_rows import PledgeRows
from game.policies import dealing
from game.policies.desk import Desk
from game.policies.effects import effects_worth
from game.policies.expansion import present_worth, prospects
from game.policies.frame import Listed
from game.policies.goals import Goals
from game.policies.order_rows import TABLED, Rows

NOTCHES, STANCES = 4, 2
SPARE_PART = 0.25


@dataclass(frozen=True)
class Option:
    """One other order, at the seats and worlds where it can be given."""

    kind: str
    """Options of one kind exclude each other."""
    valid: Bools
    """[A, W]."""
    changes: Rows
    """Fields of the orders that differ: [..., A, W]."""


Maker = Callable[["Board"], Iterator[Option]]


@dataclass(frozen=True)
class Board:
    """What options are made from."""

    desk: Desk
    goals: Goals
    rows: PledgeRows
    base: Rows
    """Orders to be improved: [..., A, W]."""
    width: int
    """Options of a kind at most."""

    @property
    def able(self) -> Bools:
        """Seats that decide for themselves: [A, W]."""
        status = self.desk.view.status[self.desk.seats]
        own = (status != Status.CONTROLLED) & (status != Status.FAILED)
        return np.asarray(own & self.desk.view.active)


def options_of(board: Board, kinds: tuple[str, ...]) -> list[Option]:
    """Everything that could be tried, kind by kind."""
    found = (option for kind in kinds for option in MAKERS[kind](board))
    return [option for option in found if option.valid.any()]


def _deals(board: Board) -> Iterator[Option]:
    """The best partners with the Nash package, and to table nothing."""
    desk = board.desk
    tabled = (board.base[TABLED + "proposer"] >= 0).any(axis=0)
    able = board.able & (desk.view.attention >= desk.rules.cost_talk)
    empty = {name: board.base[name].copy() for name in board.base if name.startswith(TABLED)}
    empty[TABLED + "proposer"][:] = -1
    empty[TABLED + "counterparty"][:] = -1
    yield Option("deals", board.able & tabled, empty)
    if not able.any():
        return
    who = Listed.where(able, desk.seats)
    wish = dealing.attraction(desk, board.goals, board.rows, who)
    order = np.argsort(-wish, axis=0, kind="stable")[: board.width]
    best = np.where(np.take_along_axis(wish, order, axis=0) > 0.0, order, -1)
    shape = (len(best), *able.shape)
    proposer, counterparty = np.full(shape, -1), np.full(shape, -1)
    proposer[:, who.row, who.lane] = np.where(best >= 0, who.seat, -1)
    counterparty[:, who.row, who.lane] = best
    flat = (-1, able.shape[-1])
    packages = propose_by(
        desk.view, desk.ruleset, proposer.reshape(flat), counterparty.reshape(flat),
        board.rows, desk.running,
    )  # fmt: skip
    for place in range(len(best)):
        found = _package(packages, np.arange(len(desk.seats)) + place * len(desk.seats), empty)
        yield Option("deals", found[TABLED + "proposer"][0] >= 0, found)


def _package(packages: Packages, row: Ints, empty: Rows) -> Rows:
    """One package a seat in the first of its two rows."""
    found: Rows = {}
    for field in array_fields(packages):
        name = TABLED + field.name
        found[name] = empty[name].copy()
        found[name][..., 0, :, :] = getattr(packages, field.name)[..., row, :]
    found[TABLED + "term"][1] = 0
    return found


def beside(first: Rows, second: Rows) -> Rows:
    """The package of one option in the first row and that of another in the second."""
    out = {}
    for name, array in first.items():
        both = array.copy()
        both[..., 1, :] = second[name][..., 0, :]
        out[name] = both
    return out


def _dials(board: Board) -> Iterator[Option]:
    """One notch up or down, and all prices a step up or down."""
    notch = board.base["notch"]
    for change in (-1, 1):
        moved = np.clip(notch + change, 0, NOTCHES).astype(notch.dtype)
        yield Option("spending", board.able & (moved != notch), {"notch": moved})
    stance = board.base["stance"]
    for change in (-1, 1):
        moved = np.clip(stance + change, -STANCES, STANCES).astype(stance.dtype)
        differs = (moved != stance).any(axis=0)
        yield Option("prices", board.able & differs, {"stance": moved})


def _entries(board: Board) -> Iterator[Option]:
    """The markets that promise most."""
    desk, rules = board.desk, board.desk.rules
    least = min(rules.cost_enter, rules.cost_enter_ally)
    able = board.able & (desk.view.attention >= least) & desk.view.may_enter.any(axis=1)
    if not able.any():
        return
    who = Listed.where(able, desk.seats)
    outlook = prospects(desk, who)
    net = present_worth(desk, desk.quarters_left) * outlook.profit - outlook.licence
    payable = outlook.licence <= who.own(desk.cash)[:, None]
    payable &= outlook.points <= who.own(desk.view.attention)[:, None]
    net = np.where(payable, net, -np.inf)
    order = np.argsort(-net, axis=1, kind="stable")[:, : min(board.width, 2)]
    for place in range(order.shape[1]):
        market = order[:, place]
        good = net[np.arange(len(market)), market] > 0.0
        enter, valid = np.zeros_like(board.base["enter"]), np.zeros_like(able)
        enter[market, who.row, who.lane] = True
        valid[who.row, who.lane] = good
        yield Option("entry", valid, {"enter": enter})


def _cards(board: Board) -> Iterator[Option]:
    """Every option of the open cards that the seats decide."""
    desk = board.desk
    for index in np.flatnonzero(desk.view.event_open.any(axis=1)).tolist():
        event = desk.ruleset.events[index]
        decides = np.isin(desk.seats, event.deciders)[:, None]
        for place in range(len(event.options)):
            choice = board.base["choice"].copy()
            valid = board.able & decides & desk.view.event_open[index] & (choice[index] != place)
            choice[index] = place
            yield Option(f"card {index}", valid, {"choice": choice})


def _projects(board: Board) -> Iterator[Option]:
    """The projects that are worth most, and none."""
    desk = board.desk
    base = board.base["project"]
    idle = board.able & (desk.view.project_now < 0)
    idle = idle & (desk.view.attention >= desk.rules.cost_project)
    worth = np.full((len(desk.ruleset.projects), *idle.shape), -np.inf)
    for index, project in enumerate(desk.ruleset.projects):
        if desk.quarters_left <= project.quarters:
            continue
        able = idle & ((desk.view.projects_done >> index) & 1 == 0) & (desk.cash > project.cost)
        for row in np.flatnonzero(able.any(axis=1)).tolist():
            if not project.companies or desk.seats[row] in project.companies:
                net = effects_worth(desk, row, project.effects) - project.cost
                worth[index, row] = np.where(able[row], net, -np.inf)
    if len(worth):
        best = worth.argmax(axis=0)
        good = np.isfinite(worth.max(axis=0)) & (best != base)
        yield Option("project", good, {"project": best.astype(base.dtype)})
    yield Option("project", board.able & (base >= 0), {"project": np.full_like(base, -1)})


def _money(board: Board) -> Iterator[Option]:
    """Leave capital alone, or hand a part of what is idle to the holders."""
    desk, base = board.desk, board.base
    fields = ("borrow", "issue", "dividend", "buy_back")
    still: Rows = {name: np.zeros_like(base[name]) for name in fields}
    acts = sum((base[name] != 0.0 for name in fields), np.zeros_like(board.able))
    yield Option("money", board.able & np.asarray(acts, bool), still)
    spare: Array = SPARE_PART * np.maximum(desk.cash - desk.debt - 2.0 * desk.safety, 0.0)
    listed = np.array([[desk.ruleset.companies[seat].listed] for seat in desk.seats])
    rich = board.able & (spare > desk.costs) & (desk.view.attention >= desk.rules.cost_capital)
    yield Option("money", rich & listed, {**still, "buy_back": spare})
    yield Option("money", rich, {**still, "dividend": spare})


MAKERS: dict[str, Maker] = {
    "deals": _deals,
    "dials": _dials,
    "entry": _entries,
    "cards": _cards,
    "projects": _projects,
    "money": _money,
}
"""What is tried, by kind."""
KINDS = tuple(MAKERS)


def flat(changes: Rows) -> Rows:
    """Fields [..., A, W] with the two last axes made one."""
    return {name: array.reshape(*array.shape[:-2], -1) for name, array in changes.items()}


def square(rows: Rows, seats: int) -> Rows:
    """Fields [..., A x W] with the last axis taken apart."""

    def apart(array: AnyArray) -> AnyArray:
        return array.reshape(*array.shape[:-1], seats, -1)

    return {name: apart(array) for name, array in rows.items()}
