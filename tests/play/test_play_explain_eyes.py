"""What a seat may learn from an explanation, shared research by name, companies in distress."""

from __future__ import annotations

import copy
import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest

from game.core.axes import Array
from game.core.ruleset import PledgeEffect, Status
from game.play.explain import eyes
from game.play.explain.answers import Pair, explain, figure, market_game, market_parts
from game.play.explain.causes import Cause, Explanation, Fact, Group, Key, Measure
from game.play.explain.facts import REACH_STEP, UTILS_STEP
from game.play.explain.lent import entry_help, pledges_to
from game.play.explain.market_game import Switches
from game.play.explain.shared import MOST_MEMBERS, share_out
from game.play.explain.watch import Watched, watch
from game.play.market import mean_terms
from game.play.pledges import PledgeList, arriving, pledge_effects
from tests.play.test_play_explain import EXACT, played

GAME = ("alibaba-meizu", "strategist", 9, 3)
LANE = 0
QUARTER = 3


def amounts(found: Explanation) -> dict[tuple[Key, int], float]:
    return {(part.key, part.market): part.amount for part in found.parts}


def together(found: Explanation) -> float:
    return math.fsum(part.amount for part in found.parts)


# ------------------------------------------------------------------------------- eyes


def with_effort(seen: Watched, company: int, part: float) -> Watched:
    """The same quarter to every eye, but what a company receives was given by another effort."""
    effort = seen.early.pledge_effort.copy()
    effort[:, :, company] *= part
    early = dataclasses.replace(seen.early, pledge_effort=effort)
    quarter = copy.copy(seen.quarter)
    quarter.listed = arriving(early, seen.ruleset)
    quarter.effects = pledge_effects(early, seen.ruleset, quarter.listed, quarter.product_lines)
    slack = dataclasses.replace(seen, quarter=quarter, early=early, kept={})
    gains = [
        sum(lent.quality for lent in pledges_to(one, company, LANE).values())
        for one in (seen, slack)
    ]
    quality = seen.late.quality.copy()
    quality[company, :, LANE] += np.asarray(gains[1]) - gains[0]
    moved = seen.ruleset.quality_weight[:, None] * (quality - seen.late.quality)
    moved += quarter.effects.appeal - seen.quarter.effects.appeal
    moved += mean_terms(seen.late, seen.ruleset, quarter.effects)["apps"]
    moved -= mean_terms(seen.late, seen.ruleset, seen.quarter.effects)["apps"]
    mean = quarter.offer.mean + quarter.product_lines.gather(moved)
    quarter.offer = dataclasses.replace(quarter.offer, mean=mean)
    return dataclasses.replace(slack, late=dataclasses.replace(seen.late, quality=quality))


@pytest.fixture
def fixed_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(seen: Watched, seat: int, rows: PledgeList) -> Array:
        return np.full(len(rows.kind), 0.7)

    monkeypatch.setattr(eyes, "heard_effort", told)


@pytest.mark.usefixtures("fixed_reports")
@pytest.mark.parametrize("measure", [Measure.SHARE, Measure.UNITS, Measure.PRICE, Measure.PROFIT])
def test_hidden_effort_moves_only_what_is_not_observed(measure: Measure) -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    company, market = after.ruleset.company("meizu"), after.ruleset.market("smartphones/china")
    slack = with_effort(after, company, 0.4)

    def parts(seen: Watched, seat: int | None) -> dict[Key, float]:
        shared = market_parts(Pair(before, seen, company, LANE, seat), measure, market)
        return {part.key: part.amount for part in shared.parts}

    honest, hidden = parts(after, company), parts(slack, company)
    unseen = Key(Cause.UNSEEN)
    size = max(map(abs, honest.values()))
    assert abs(honest.pop(unseen) - hidden.pop(unseen)) > 1e-3 * size
    assert honest.pop(Key(Cause.LUCK), 0.0) != hidden.pop(Key(Cause.LUCK), 0.0)
    assert honest == pytest.approx(hidden, abs=1e-9 * size)
    assert any(key.cause == Cause.PLEDGE for key in honest)
    assert parts(after, None) != parts(slack, None)  # an observer sees the difference by name


@pytest.mark.usefixtures("fixed_reports")
def test_devices_of_an_allys_system_count_by_the_effort_that_was_heard() -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    company, market = after.ruleset.company("meizu"), after.ruleset.market("smartphones/china")
    seat = after.ruleset.company("alibaba")
    slack = with_effort(after, seat, 0.4)
    assert not np.array_equal(slack.terms(LANE)["apps"], after.terms(LANE)["apps"])

    def parts(seen: Watched, eyes_of: int | None) -> dict[Key, float]:
        shared = market_parts(Pair(before, seen, company, LANE, eyes_of), Measure.SHARE, market)
        return {part.key: part.amount for part in shared.parts}

    honest, hidden = parts(after, seat), parts(slack, seat)
    unseen = Key(Cause.UNSEEN)
    assert honest.pop(unseen, 0.0) != hidden.pop(unseen, 0.0)
    assert Key(Cause.OTHER) not in honest.keys() | hidden.keys()
    assert honest == pytest.approx(hidden, abs=1e-9 * max(map(abs, honest.values())))
    assert parts(after, None) != parts(slack, None)


def test_of_rivals_with_closed_books_appeal_and_reach_are_told_in_steps() -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    company, market = after.ruleset.company("meizu"), after.ruleset.market("smartphones/china")

    def facts(seat: int | None) -> dict[Key, Fact]:
        shared = market_parts(Pair(before, after, company, LANE, seat), Measure.SHARE, market)
        rivals = [part for part in shared.parts if part.key.cause == Cause.RIVAL]
        return {part.key: part.fact for part in rivals if part.fact is not None}

    told, true = facts(company), facts(None)
    assert len(told) > 3
    steps = [(fact.utils[1] - fact.utils[0]) / UTILS_STEP for fact in told.values()]
    steps += [value / REACH_STEP for fact in told.values() for value in fact.reach]
    assert steps == pytest.approx(np.round(steps), abs=1e-9)
    assert any(told[key].utils != true[key].utils for key in told)
    assert all(told[key].price == true[key].price for key in told)


@pytest.mark.parametrize("own", [True, False])
def test_local_knowledge_of_an_ally_is_a_cause_where_a_line_begins(own: bool) -> None:
    quarters, found = played(*GAME), 0
    kinds = [kind.effect for kind in quarters[0].ruleset.pledges]
    for before, after in pairwise(quarters):
        for company in range(len(quarters[0].ruleset.companies)):
            helped = entry_help(after, company, LANE)
            for market in np.flatnonzero(helped).tolist():
                pair = Pair(before, after, company, LANE, company if own else None)
                shared = market_parts(pair, Measure.UNITS, market)
                by = {part.key: part.amount for part in shared.parts}
                local = [
                    amount
                    for key, amount in by.items()
                    if key.cause == Cause.PLEDGE and kinds[key.kind] == PledgeEffect.ENTRY
                ]
                assert sum(local) > 0.0
                assert Key(Cause.OTHER) not in by
                whole = figure(after, Measure.UNITS, company, market, LANE)
                assert math.fsum(by.values()) == pytest.approx(whole, abs=EXACT * max(1.0, whole))
                found += 1
    assert found


@pytest.mark.parametrize("measure", [Measure.SHARE, Measure.PRICE, Measure.REVENUE])
def test_through_any_eyes_the_parts_add_up(measure: Measure) -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    ruleset = after.ruleset
    market = ruleset.market("smartphones/china")
    unseen, assumed = 0, set[Cause]()
    for company in np.flatnonzero(after.late.on_sale[:, market, LANE]).tolist():
        for seat in (ruleset.company("meizu"), ruleset.company("alibaba")):
            found = explain(before, after, measure, company, market, LANE, seat)
            size = max(1.0, abs(found.before), abs(found.after))
            assert abs(together(found) - found.change) <= EXACT * size
            causes = {part.key.cause for part in found.parts}
            unseen += Cause.UNSEEN in causes
            assert Cause.OTHER not in causes
            veil = eyes.veiled(after, company, LANE, seat)
            assert not causes & veil
            assumed |= veil
            if company != seat:
                assert veil >= {Cause.STANCE, Cause.COST_SHOCK}
    assert unseen
    assert Cause.BRAND in assumed


def test_a_seats_game_begins_at_the_share_that_was_seen() -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    company, market = after.ruleset.company("meizu"), after.ruleset.market("smartphones/china")
    shared = market_parts(Pair(before, after, company, LANE, company), Measure.SHARE, market)
    assert shared.before == pytest.approx(
        figure(before, Measure.SHARE, company, market, LANE), abs=EXACT
    )


def test_an_own_effort_is_known_and_a_strangers_is_guessed() -> None:
    seen = played(*GAME)[QUARTER]
    listed = seen.quarter.listed.cut(np.flatnonzero(seen.quarter.listed.lane == LANE))
    seat = int(np.bincount(listed.giver).argmax())
    told = eyes.heard_effort(seen, seat, listed)
    place = (listed.kind, listed.giver, listed.receiver, listed.lane)
    mine, strange = listed.giver == seat, (listed.giver != seat) & (listed.receiver != seat)
    assert (told[mine] == seen.early.pledge_effort[place][mine]).all()
    assert len(set(told[strange].tolist())) == 1


# ------------------------------------------------------------------------ pledges by name


def test_shared_research_is_what_quality_lacks_without_it() -> None:
    """Played again with research pledges cut to nothing, quality is lower by just that."""
    seen = played(*GAME)[QUARTER]
    ruleset, start = seen.ruleset, seen.start
    shared = [k for k, kind in enumerate(ruleset.pledges) if kind.uid in research_kinds(seen)]
    effort, told = start.pledge_effort.copy(), seen.quarter.orders.effort.copy()
    effort[shared], told[shared] = 0.0, 0.0
    bare = watch(
        dataclasses.replace(start, pledge_effort=effort),
        ruleset,
        dataclasses.replace(seen.quarter.orders, effort=told),
    )
    checked = 0
    for company in range(len(ruleset.companies)):
        gained = sum(lent.quality for lent in pledges_to(seen, company, LANE).values())
        missing = (seen.late.quality - bare.late.quality)[company, :, LANE]
        checked += int((np.abs(missing) > 1e-6).sum())
        np.testing.assert_allclose(gained, missing, atol=1e-12)
    assert checked


def research_kinds(seen: Watched) -> set[str]:
    """Kinds of pledges by which quality grows."""
    return {
        kind.uid
        for kind in seen.ruleset.pledges
        if kind.effect == PledgeEffect.RESEARCH or kind.spillover > 0.0
    }


def test_shared_research_stands_among_the_pledges() -> None:
    before, after = played(*GAME)[QUARTER - 1 : QUARTER + 1]
    named = 0
    for company, market in np.argwhere(after.late.on_sale[..., LANE]).tolist():
        kinds = {
            key.kind
            for key, lent in pledges_to(after, company, LANE).items()
            if lent.quality[market] > 1e-6
        }
        found = explain(before, after, Measure.UNITS, company, market, LANE)
        told = {part.key.kind for part in found.parts if part.key.cause == Cause.PLEDGE}
        assert kinds <= told
        named += len(kinds)
    assert named


def test_many_rivals_are_named_as_far_as_exact_values_reach() -> None:
    """Of more rivals than a group holds, the largest have names and the rest are one."""
    keys = [Key(Cause.PRICE)] + [Key(Cause.RIVAL, company) for company in range(20)]
    weight = {key: 1.0 + place**2 for place, key in enumerate(keys)}

    def payoff(on: Switches) -> Array:
        rows = on.rows(keys)
        return np.asarray(sum(weight[key] * row for key, row in zip(keys, rows, strict=True)))

    shared = share_out(payoff, keys)
    rivals = [part for part in shared.parts if part.key.group == Group.RIVALS]
    assert len(rivals) == MOST_MEMBERS
    merged = [part for part in rivals if part.merged]
    assert len(merged) == 1
    others = merged[0].merged
    named = {part.key for part in rivals} - set(others)
    assert len(named) + len(others) == 20
    assert min(weight[key] for key in named) > max(weight[key] for key in others)
    assert merged[0].amount == pytest.approx(sum(weight[key] for key in others))
    for part in rivals:
        if not part.merged:
            assert part.amount == pytest.approx(weight[part.key])


def test_every_rival_of_the_flagships_phones_has_its_name() -> None:
    before, after = played(*GAME)[-2:]
    ruleset = after.ruleset
    company, market = ruleset.company("meizu"), ruleset.market("smartphones/china")
    found = explain(before, after, Measure.SHARE, company, market, LANE)
    rivals = {part.key.company for part in found.parts if part.key.cause == Cause.RIVAL}
    sold = set(np.flatnonzero(after.late.on_sale[:, market, LANE]).tolist()) - {company}
    assert rivals >= sold
    assert found.merged == 0


def test_the_game_of_a_market_ends_at_the_turns_own_figures() -> None:
    before, after = played(*GAME)[-2:]
    ruleset = after.ruleset
    company, market = ruleset.company("xiaomi"), ruleset.market("smartphones/china")
    game = market_game(Pair(before, after, company, LANE), market)
    assert game is not None
    both = np.array([False, True])
    on = Switches(dict.fromkeys(game.keys(Measure.REVENUE), both), 2)
    ends = [float(seen.closed.revenue[company, market, LANE]) for seen in (before, after)]
    np.testing.assert_allclose(game.payoff(Measure.REVENUE, on), ends, rtol=1e-9)


# ----------------------------------------------------------------------------- distress

ROUGH = [("alibaba-meizu", "random", 14, 11), ("lesson", "random", 12, 5)]
OF_COMPANIES = (Measure.VALUE, Measure.QUOTE, Measure.DEBT, Measure.CASH, Measure.DOORS)


def test_wiped_out_and_rescued_companies_come_apart() -> None:
    met = dict.fromkeys(("wiped out", "wound up", "rescued"), 0)
    for game in ROUGH:
        for before, after in pairwise(played(*game)):
            for lane in np.flatnonzero(after.start.active).tolist():
                for company in range(len(after.ruleset.companies)):
                    _distress(before, after, company, lane, met)
    assert all(met.values()), met


def _distress(
    before: Watched, after: Watched, company: int, lane: int, met: dict[str, int]
) -> None:
    old, new = (Status(int(seen.after.status[company, lane])) for seen in (before, after))
    wiped = after.after.value[company, lane] <= 0.0 < before.after.value[company, lane]
    if old == new and not wiped:
        return
    causes: set[Cause] = set()
    for measure in OF_COMPANIES:
        found = explain(before, after, measure, company, -1, lane)
        size = max(1.0, abs(found.before), abs(found.after))
        assert abs(together(found) - found.change) <= EXACT * size
        other = sum(abs(part.amount) for part in found.parts if part.key.cause == Cause.OTHER)
        assert other <= EXACT * size, (measure, company, after.turn)
        causes |= {part.key.cause for part in found.parts}
    met["wiped out"] += bool(wiped)
    if new == Status.FAILED != old:
        met["wound up"] += 1
        assert Cause.FAILED in causes
    if new == Status.RESTRUCTURED != old:
        met["rescued"] += 1
        assert Cause.RESCUE in causes
