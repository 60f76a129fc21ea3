"""The solver against brute force, its modes and locks, and what it may not look at."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest

from game.core.axes import empty
from game.core.state import replace
from game.play.beliefs import imagine
from game.play.bilateral import flags_of
from game.play.cells import cells_of
from game.play.dimensions import CASH, STAKES, TERM, Name, read, repeated, written
from game.play.linear import Slopes, dearest, nearest
from game.play.odds import Believed
from game.play.packages import DealFlag, Extra, Packages
from game.play.pledge_value import pledge_worth_of_state
from game.play.solver import round_net, solve
from game.play.solver_question import Mode

KITE, LANTERN, HARBOUR = 1, 0, 2
PAIRS = [(1, 0), (0, 1), (1, 2), (2, 1), (0, 2), (2, 0)]
COARSE = 4
SHARES = (Name("new", 0), Name("new", 1))
FURTHER_KEYS = ("board", "standstill", "exclusive", "regions", "call_stake", "loan", "old")


@pytest.fixture(scope="module")
def ruleset(deals):
    return deals.ruleset


@pytest.fixture(scope="module")
def state(deals):
    """When no draft lies on the table any more."""
    return replace(deals.state, turn=5)


def believed(state, ruleset, seat, other, count=16):
    worlds = imagine(state, ruleset, seat, np.array([0]), count)
    return Believed.of(worlds, ruleset, seat, other, *pledge_worth_of_state(state, ruleset))


def draft_of(ruleset, seat, other, term=4):
    packages = empty(Packages, {**ruleset.sizes, "W": 2})
    packages.proposer[0], packages.counterparty[0], packages.term[0] = seat, other, term
    return cells_of(packages)


def every_package(view, draft, locks, strengths, further=()):
    """All packages of a coarse grid, and those that are sound."""
    pairing = view.middle().pairing(draft)
    parts = np.array(STAKES[::COARSE])
    choices = {}
    for name in SHARES:
        total = float(pairing.count[name.side, 0])
        choices[name] = np.floor(parts / (1.0 - parts) * total + 0.5)
    choices[TERM] = np.array(pairing.ruleset.rules.terms, float)
    for side, kind in product((0, 1), range(len(pairing.ruleset.pledges))):
        able = repeated(draft, 2)
        able.pledge[side, kind] = 1.0
        barred = flags_of(able, view.worlds, pairing.ruleset)[0] != 0
        choices[Name("pledge", side, kind)] = np.zeros(1) if barred else strengths
    for name in further:
        choices[name] = np.array([0.0, 1.0])
    for name in locks:
        if name in choices:
            choices[name] = np.array([float(read(draft, name)[0])])
    table = np.array(list(product(*choices.values())))
    cells = repeated(draft, len(table))
    for place, name in enumerate(choices):
        whole = name.key in ("new", "term")
        cells = written(cells, name, table[:, place].astype("i8") if whole else table[:, place])
    money = int(DealFlag.CASH | DealFlag.AUTHORISATION | DealFlag.EMPTY)
    return cells, (flags_of(cells, view.worlds, pairing.ruleset) & ~money) == 0


def brute(view, draft, locks, strengths, further=()):
    """The most that the seat can have of any package that is good enough for the other side."""
    cells, sound = every_package(view, draft, locks, strengths, further)
    middle, asked = view.middle(), view.least_asked(cells)

    def over(net):
        total = middle.totals(written(cells, CASH, net))
        return total[1] - asked * np.maximum(total.sum(axis=0), 0.0)

    net = np.zeros(cells.size)
    if CASH not in locks:
        low = np.full(cells.size, -view.purse(1.0))
        high = np.full(cells.size, float(middle.pairing(draft).purse[0, 0]))
        plenty = over(low) >= 0.0
        for _ in range(40):
            half = 0.5 * (low + high)
            good = over(half) >= 0.0
            low, high = np.where(good, low, half), np.where(good, half, high)
        net = np.where(plenty, -view.purse(1.0), high)
    mine = middle.totals(written(cells, CASH, net))[0]
    good = sound & (over(net) >= -1e-9) & (mine >= 0.0)
    return float(mine[good].max()) if good.any() else None


@pytest.mark.parametrize(("seat", "other"), PAIRS)
@pytest.mark.parametrize("locks", [(), (CASH,), SHARES, (CASH, *SHARES)])
def test_nothing_better_is_found_by_brute_force(state, ruleset, seat, other, locks):
    view, draft = believed(state, ruleset, seat, other), draft_of(ruleset, seat, other)
    found = solve(view, draft, Mode.BEST, locks, sure=0.0, stakes=COARSE)
    strengths = np.linspace(0.0, 1.0, 2 if CASH not in locks else 3)
    most = brute(view, draft, locks, strengths)
    if found.cells is None:
        assert most is None, "a package exists that the solver denies"
    elif most is not None:
        assert found.mine[0] >= most - 0.02 * abs(most) - 0.05
        assert found.mine[0] >= 0.0


@pytest.mark.parametrize(("seat", "other"), [(0, 1), (1, 0), (0, 2), (2, 1)])
@pytest.mark.parametrize("locks", [(), (CASH, *SHARES)])
def test_brute_force_over_further_clauses_finds_nothing_better(state, ruleset, seat, other, locks):
    view, draft = believed(state, ruleset, seat, other), draft_of(ruleset, seat, other)
    kind = int(np.argmax(view.pair.quotes.worth[1]))
    further = (
        Name("board", 0),
        Name("board", 1),
        Name("standstill", 0),
        Name("exclusive", 1, kind),
    )
    found = solve(view, draft, Mode.BEST, locks, sure=0.0, stakes=COARSE)
    most = brute(view, draft, locks, np.linspace(0.0, 1.0, 2), further)
    if found.cells is None:
        assert most is None, "a package exists that the solver denies"
    elif most is not None:
        assert found.mine[0] >= most - 0.02 * abs(most) - 0.05


def test_further_clauses_are_found_where_they_pay(state, ruleset):
    used = set()
    for seat, other in PAIRS:
        view, draft = believed(state, ruleset, seat, other), draft_of(ruleset, seat, other)
        found = solve(view, draft, Mode.BEST, sure=0.0, stakes=COARSE)
        if found.cells is None:
            continue
        plain = [one.name for one in found.searched if one.name.key in FURTHER_KEYS]
        assert plain
        bare = solve(view, draft, Mode.BEST, plain, sure=0.0, stakes=COARSE)
        if bare.cells is not None:
            assert found.mine[0] >= bare.mine[0] - 0.02 * abs(bare.mine[0]) - 0.05
        used |= {name.key for name in plain if read(found.cells, name)[0] != 0}
    assert used


def test_some_pairs_have_a_deal_and_some_have_none(state, ruleset):
    answers = set()
    for (seat, other), locks in product(PAIRS, ((), (CASH, *SHARES))):
        view, draft = believed(state, ruleset, seat, other), draft_of(ruleset, seat, other)
        answers.add(solve(view, draft, Mode.BEST, locks, stakes=COARSE).cells is None)
    assert answers == {True, False}


def a_draft(ruleset, seat, other):
    """Something is asked for and little given."""
    draft = draft_of(ruleset, seat, other)
    draft.pledge[1, ruleset.kind("web_shop")] = 1.0
    draft.cash[0] = 2.0
    return draft


def test_to_make_it_work_only_the_seat_adds(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), a_draft(ruleset, KITE, LANTERN)
    assert view.odds(draft)[0] < 0.5
    found = solve(view, draft, Mode.WORK)
    assert found.cells is not None
    assert (found.cells.pledge[1] == draft.pledge[1]).all()
    assert (found.cells.new_shares[1] == 0).all()
    assert (found.cells.cash[0] >= 2.0).all()
    assert (found.cells.pledge[0] >= draft.pledge[0]).all()
    assert found.odds[0] >= 0.7


def test_what_they_would_give_leaves_the_seats_side(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), draft_of(ruleset, KITE, LANTERN)
    draft.pledge[0, ruleset.kind("preload")] = 1.0
    found = solve(view, draft, Mode.ASK)
    assert found.cells is not None
    assert (found.cells.pledge[0] == draft.pledge[0]).all()
    assert (found.cells.new_shares[0] == 0).all()
    assert (found.cells.cash[0] == 0.0).all()
    assert found.mine[0] > 0.0


def test_a_draft_that_works_is_nearest_to_itself(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), a_draft(ruleset, KITE, LANTERN)
    works = solve(view, draft, Mode.WORK, sure=0.99).cells
    assert works is not None
    found = solve(view, works, Mode.CLOSEST)
    assert found.cells is not None
    for name in (CASH, TERM, *SHARES):
        np.testing.assert_allclose(read(found.cells, name), read(works, name)[0])
    np.testing.assert_allclose(found.cells.pledge, works.pledge)


def test_the_nearest_changes_less_than_the_best(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), a_draft(ruleset, KITE, LANTERN)
    near = solve(view, draft, Mode.CLOSEST).cells
    best = solve(view, draft, Mode.BEST).cells
    assert near is not None
    assert best is not None

    def distance(cells):
        total = view.middle().pairing(cells).count[:, 0]
        moved = np.abs(cells.pledge[..., 0] - draft.pledge[..., 0]).sum()
        stakes = (np.abs(cells.new_shares[:, 0] - draft.new_shares[:, 0]) / total).sum()
        return moved + 10.0 * stakes

    assert distance(near) < distance(best)


def test_locked_clauses_stay(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), a_draft(ruleset, KITE, LANTERN)
    shop = Name("pledge", 1, ruleset.kind("web_shop"))
    seats = [Name(key, side) for key in ("board", "standstill", "loan") for side in (0, 1)]
    draft.extra[0, Extra.BOARD] = 1.0
    for mode, locks in product(Mode, ([CASH], [TERM, shop], [*SHARES], seats)):
        found = solve(view, draft, mode, locks).cells
        if found is not None:
            for name in locks:
                assert (read(found, name) == read(draft, name)[0]).all(), (mode, name)


def test_the_odds_aimed_at_are_reached(state, ruleset):
    view, draft = believed(state, ruleset, KITE, LANTERN), draft_of(ruleset, KITE, LANTERN)
    bold, safe = (solve(view, draft, Mode.BEST, sure=sure) for sure in (0.3, 0.95))
    assert bold.mine[0] > safe.mine[0]
    assert bold.odds[0] < safe.odds[0]
    assert safe.odds[0] >= 0.9


def test_who_has_lost_patience_is_not_asked(state, ruleset):
    tired = replace(state, patience=np.zeros_like(state.patience))
    view, draft = believed(tired, ruleset, KITE, LANTERN), draft_of(ruleset, KITE, LANTERN)
    assert solve(view, draft, Mode.BEST).cells is None


def same(one, other):
    if one.cells is None or other.cells is None:
        return one.cells is other.cells
    for field in dataclasses.fields(one.cells):
        if not np.array_equal(getattr(one.cells, field.name), getattr(other.cells, field.name)):
            return False
    return bool((one.odds == other.odds).all() and (one.mine == other.mine).all())


def hidden(state):
    """Facts changed that Kite cannot see."""
    attention, authorisation = state.attention.copy(), state.authorisation.copy()
    attention[LANTERN], authorisation[LANTERN] = 0, 1.0
    effort = state.pledge_effort.copy()
    effort[:, HARBOUR, LANTERN] = 0.2
    notch = state.notch.copy()
    notch[LANTERN] = 0
    return replace(
        state, attention=attention, authorisation=authorisation, pledge_effort=effort, notch=notch
    )


@pytest.mark.parametrize("mode", list(Mode))
def test_hidden_facts_change_nothing_that_it_shows(state, ruleset, mode):
    answers = []
    for truth in (state, hidden(state)):
        view = believed(truth, ruleset, KITE, LANTERN)
        answers.append(solve(view, a_draft(ruleset, KITE, LANTERN), mode))
    assert same(*answers)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_seed_changes_nothing_that_it_shows(state, ruleset, mode):
    """With the doubt about books and fits taken away, which is drawn by the game."""
    rules = dataclasses.replace(ruleset.rules, fit_hidden=0.0)
    open_ = dataclasses.replace(ruleset, rules=rules)
    known = replace(state, board=np.ones_like(state.board))
    answers = []
    for truth in (known, replace(known, seed=known.seed + np.uint64(77))):
        view = believed(truth, open_, KITE, LANTERN)
        answers.append(solve(view, a_draft(ruleset, KITE, LANTERN), mode))
    assert same(*answers)


def test_the_cheapest_exchange_goes_first():
    slopes = Slopes(
        at=np.zeros((3, 1)), mine=np.zeros(1), over=np.array([-1.5]),
        d_mine=np.array([[-1.0], [-1.0], [2.0]]), d_over=np.array([[2.0], [1.0], [-1.0]]),
    )  # fmt: skip
    low, high = np.zeros((3, 1)), np.ones((3, 1))
    x, ok = dearest(slopes, low, high)
    assert ok.all()
    np.testing.assert_allclose(x[:, 0], [1.0, 0.5, 1.0])
    near, ok = nearest(slopes, low, low, high, np.array([4.0, 1.0, 1.0]))
    assert ok.all()
    np.testing.assert_allclose(near[:, 0], [0.25, 1.0, 0.0])


def test_round_sums_favour_the_other_side():
    np.testing.assert_allclose(round_net(np.array([12.341, -12.341, 0.0])), [12.4, -12.3, 0.0])
