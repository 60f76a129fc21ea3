"""From the file to the first turn: what the file says is what the game plays."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.errors import ScenarioError, UserError
from game.core.ruleset import Metric, Mode, PledgeEffect
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.turn import step
from game.resources import scenario_dir
from game.scenario import lint, schema
from game.scenario.loader import Scenario, load, save_par

LESSON = scenario_dir() / "lesson.yaml"
TEXT = LESSON.read_text("utf-8")
STILL = "rules: {quality_luck: 0, demand_luck: 0, fit_sd: 0, sentiment_sd: 0}\n"


@pytest.fixture(scope="module")
def lesson() -> Scenario:
    return load(LESSON)


def variant(folder: Path, more: str = "", text: str = TEXT) -> Path:
    """A scenario that extends a copy of the lesson."""
    (folder / "base.yaml").write_text(text, "utf-8")
    path = folder / "variant.yaml"
    path.write_text(f"extends: base.yaml\n{more}", "utf-8")
    return path


def played(scenario: Scenario, turns: int = 1):  # type: ignore[no-untyped-def]
    """States after each of the first turns with idle seats."""
    ruleset = scenario.ruleset
    worlds = np.arange(2, dtype="u8")
    state = first_state(ruleset, scenario.opening, np.full(2, 7, "u8"), worlds)
    states = [state]
    for _ in range(turns):
        state, _ = step(state, ruleset, no_orders(state, ruleset))
        states.append(state)
    return states


def test_the_first_quarter_sells_what_the_file_says(tmp_path: Path) -> None:
    scenario = load(variant(tmp_path, STILL))
    opening = scenario.opening
    _, state = played(scenario)
    np.testing.assert_allclose(state.units[..., 0], opening.units[..., 0], rtol=1e-6)
    np.testing.assert_allclose(state.price[..., 0], opening.price[..., 0], rtol=1e-6)
    np.testing.assert_allclose(state.fringe_units[..., 0], opening.fringe_units[..., 0], rtol=1e-6)


def test_with_luck_the_first_quarter_is_near(lesson: Scenario) -> None:
    _, state = played(lesson)
    on = lesson.opening.on_sale[..., 0]
    ratio = state.units[..., 0][on] / lesson.opening.units[..., 0][on]
    assert (np.abs(ratio - 1.0) < 0.2).all()


def test_stocks_of_the_start_stay_where_they_are(tmp_path: Path) -> None:
    more = STILL + "companies: [{id: kite, cash: 5000}]\n"
    start, after = played(load(variant(tmp_path, more)))
    np.testing.assert_allclose(after.goodwill, start.goodwill, rtol=1e-9)
    np.testing.assert_allclose(after.coverage, start.coverage, rtol=1e-9)
    np.testing.assert_allclose(after.unit_cost, start.unit_cost, rtol=1e-9)
    first = start.quality - start.frontier[None]
    second = after.quality - after.frontier[None]
    np.testing.assert_allclose(second, 0.9 * first, atol=1e-12)


def test_arrays_have_their_declared_shapes_and_types(lesson: Scenario) -> None:
    sizes = {**lesson.ruleset.sizes, "W": 1}
    for record in (lesson.ruleset, lesson.opening):
        for field in array_fields(record):
            array = getattr(record, field.name)
            shape = tuple(sizes[letter] for letter in field.metadata["axes"])
            assert array.shape == shape, field.name
            assert array.dtype == np.dtype(field.metadata["dtype"]), field.name


def test_numbers_of_the_file_arrive(lesson: Scenario) -> None:
    ruleset, opening = lesson.ruleset, lesson.opening
    lantern, kite, harbour = (ruleset.company(name) for name in ("lantern", "kite", "harbour"))
    phones = ruleset.market("phones/home")
    assert opening.cash[kite, 0] == 60.0
    assert opening.shares[lantern, harbour, 0] == 32_000_000
    total = opening.founders + opening.public + opening.shares.sum(axis=0)
    assert total[:, 0].tolist() == [1_000_000_000, 400_000_000, 800_000_000]
    assert opening.founders[kite, 0] == 248_000_000
    assert opening.base[kite, phones, 0] == 12.0
    assert ruleset.cumulative_ref[kite, phones] == 20.0
    assert ruleset.spend_normal[kite, phones].tolist() == [16.0, 8.0, 8.0]
    assert opening.trust[lantern, kite, 0] == opening.trust[kite, lantern, 0] == 0.2
    assert opening.trust[kite, harbour, 0] == 0.0
    assert ruleset.rivalry[harbour, kite] == 0.5
    assert opening.fit[lantern, kite, 0] == 1.6
    assert np.isnan(opening.fit[lantern, harbour, 0])
    shop = ruleset.kind("web_shop")
    assert opening.pledge_announced[shop, lantern, harbour, 0] == 0.4
    assert opening.pledge_until[shop, lantern, harbour, 0] == 3
    assert ruleset.taboo[harbour].tolist() == [True, False, False]
    assert ruleset.may_enter[:, phones].tolist() == [True, False, False]
    assert ruleset.scope[ruleset.kind("engineers")].tolist() == [1.0, 1.0]
    assert ruleset.scope[ruleset.kind("preload")].tolist() == [0.0, 1.0]
    assert ruleset.rules.terms == (2, 4)
    assert ruleset.weight.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_words_of_the_file_arrive(lesson: Scenario) -> None:
    ruleset = lesson.ruleset
    assert ruleset.about["en"].startswith("Lantern runs the web services, Kite makes")
    assert ruleset.about["zh"].startswith("灯笼经营")
    event = ruleset.events[1]
    assert event.title["en"] == "Kite runs dry"
    assert (event.cash_below, event.watched, event.turn, event.hazard) == (1.0, 1, 1, 0.3)
    assert ruleset.events[0].turn == 3
    mandate = ruleset.mandates[1][0]
    assert (mandate.metric, mandate.mode, mandate.quarters) == (Metric.PROFITABLE, Mode.RUN, 3)
    assert ruleset.mandates[0][1].deadline == 4
    assert ruleset.pledges[0].effect == PledgeEffect.PRELOAD
    assert ruleset.drafts[0].pledges[0] == {ruleset.kind("web_shop"): 1.0}
    assert ruleset.segment_names[0][0]["en"] == "premium"
    assert len(ruleset.segment_names[1]) == 3


def test_naming_switches_every_name(tmp_path: Path) -> None:
    more = (
        "companies:\n"
        "  - {id: kite, invented_name: {en: Dragon Phones, zh: 龙}, invented_short: Dragon}\n"
        "names: [{id: opera, name: Opera, invented_name: Aria}]\n"
        "title: '{kite} plays {opera}'\n"
    )
    path = variant(tmp_path, more)
    assert load(path).ruleset.title["en"] == "Kite plays Opera"
    invented = load(path, "invented").ruleset
    assert invented.title["en"] == "Dragon plays Aria"
    assert invented.companies[1].name["zh"] == "龙"
    assert invented.digest == load(path).digest
    with pytest.raises(UserError, match="real or invented"):
        load(path, "other")  # type: ignore[arg-type]


def test_a_condition_without_hazard_comes_as_soon_as_it_holds(tmp_path: Path) -> None:
    more = "events: [{id: dry, hazard: 0, when: turn >= 2}]\n"
    scenario = load(variant(tmp_path, more))
    event = scenario.ruleset.events[1]
    assert (event.hazard, event.turn, event.cash_below) == (1.0, 2, 0.0)
    states = played(scenario, 3)
    assert [int(state.event_turn[1, 0]) for state in states] == [-1, -1, 2, 2]


def test_a_card_may_wait_for_the_cash_of_another_than_its_decider(tmp_path: Path) -> None:
    more = (
        "companies: [{id: harbour, cash: 0}]\n"
        "events:\n  - id: dry\n    hazard: 0\n    deciders: [lantern]\n"
        "    when: harbour.cash < 50 * harbour.costs\n"
    )
    scenario = load(variant(tmp_path, more))
    assert scenario.ruleset.events[1].watched == 2
    assert (played(scenario, 1)[-1].event_turn[1] == 1).all()


def test_given_appeals_and_costs_are_kept(tmp_path: Path, lesson: Scenario) -> None:
    more = "companies: [{id: kite, products: {phones/home: {appeal: 3.5, unit_cost: 130}}}]\n"
    ruleset = load(variant(tmp_path, more)).ruleset
    assert ruleset.appeal[1, 0] == 3.5
    assert ruleset.cost_base[1, 0] == 130.0
    assert ruleset.appeal[2, 1] == pytest.approx(lesson.ruleset.appeal[2, 1], rel=1e-9)
    assert ruleset.appeal[2, 0] != pytest.approx(lesson.ruleset.appeal[2, 0], rel=1e-6)


def test_newcomers_copy_the_weakest_or_bring_their_own(tmp_path: Path, lesson: Scenario) -> None:
    ruleset = lesson.ruleset
    assert ruleset.entry_appeal[0] == ruleset.appeal[:, 0][[1, 2]].min()
    assert ruleset.appeal[0, 0] == ruleset.entry_appeal[0]
    assert ruleset.cost_base[0, 0] == ruleset.cost_base[1, 0]
    abroad = (
        "regions: [{id: far, name: Far}]\nmarkets: {phones/far: {potential: 100, adopters: 50, "
        "fringe: {count: 3, units: 2, price: 100}}}\n"
    )
    wider = load(variant(tmp_path, abroad)).ruleset
    far = wider.market("phones/far")
    assert wider.cost_base[1, far] == wider.cost_base[1, 0]
    assert wider.cost_base[2, far] == wider.cost_base[2, 0]
    assert wider.appeal[2, far] - wider.appeal[1, far] == pytest.approx(
        wider.appeal[2, 0] - wider.appeal[1, 0]
    )
    assert wider.home[:, far].sum() == 0


def test_season_does_not_move_the_first_quarter(tmp_path: Path) -> None:
    text = TEXT.replace("season: [1.0, 0.95, 0.97, 1.08]", "season: [1.0, 0.6, 1.0, 1.4]")
    more = (
        STILL
        + "calendar: {first_quarter: 2, quarters: 4}\nevents: [{id: holiday, date: 2015-Q4}]\n"
    )
    text = text.replace("adopters: 140 ", "adopters: 195 ")
    scenario = load(variant(tmp_path, more, text))
    start, state = played(scenario)
    np.testing.assert_allclose(state.units, start.units, rtol=1e-6)
    np.testing.assert_allclose(state.goodwill, start.goodwill, rtol=1e-9)


def test_the_digest_is_of_the_text_and_all_that_it_extends(tmp_path: Path) -> None:
    path = variant(tmp_path)
    first = load(path).digest
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path).digest == first
    base = tmp_path / "base.yaml"
    base.write_text(TEXT + "\n# more\n", "utf-8")
    assert load(path).digest != first


def test_errors_are_all_in_the_error(tmp_path: Path) -> None:
    path = variant(tmp_path, "title: 3\nrules: {lokup: 2}\n")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert len(caught.value.faults) == 2
    assert caught.value.faults[0].startswith(f"{path}:2:8: title: ")
    with pytest.raises(ScenarioError, match="cannot be used"):
        load(tmp_path / "none.yaml")


def test_a_scenario_without_par_says_so_and_takes_one(tmp_path: Path) -> None:
    path = variant(tmp_path)
    assert load(path).par_state == "missing"
    mean, sd, doors = np.array([0.1, 0.2, 0.3]), np.full(3, 0.4), np.array([5.0, 6.0, 7.0])
    credit = np.array([0.3, 0.5, 0.9])
    written = save_par(path, mean, sd, doors, credit, games=12, seed=3)
    assert written == tmp_path / "variant.par.json"
    table = json.loads(written.read_text("utf-8"))
    assert (table["games"], table["seed"]) == (12, 3)
    loaded = load(path)
    assert loaded.par_state == "shipped"
    np.testing.assert_allclose(loaded.ruleset.par_mean, mean)
    np.testing.assert_allclose(loaded.ruleset.par_doors, doors)
    np.testing.assert_allclose(loaded.ruleset.par_mandates, credit)
    for row in table["companies"].values():
        del row["mandates"]  # as tables were written before credit was measured
    written.write_text(json.dumps(table), "utf-8")
    np.testing.assert_allclose(load(path).ruleset.par_mandates, 2.0 / 3.0)
    path.write_text(path.read_text("utf-8") + "# later\n", "utf-8")
    assert load(path).par_state == "stale"
    assert any("measured on another text" in fault.what for fault in lint.check([path]))


def test_par_goes_to_the_persons_files_when_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(tmp_path / "own"))
    path = variant(tmp_path)
    (tmp_path / "variant.par.json").mkdir()
    (tmp_path / "variant.par.json" / "full").touch()
    written = save_par(path, np.zeros(3), np.ones(3), np.ones(3), np.full(3, 0.5), games=1, seed=1)
    assert written.is_relative_to(tmp_path / "own")
    assert load(path).par_state == "shipped"


def test_a_quick_par_leaves_the_authors_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(tmp_path / "own"))
    path = variant(tmp_path)
    figures = np.zeros(3), np.ones(3), np.ones(3), np.full(3, 0.5)
    stale = save_par(path, *figures, games=400, seed=1)
    path.write_text(path.read_text("utf-8") + "# later\n", "utf-8")
    kept = stale.read_text("utf-8")
    assert load(path).par_state == "stale"
    assert save_par(path, *figures, games=1, seed=1, beside=False) != stale
    assert load(path).par_state == "shipped"
    assert stale.read_text("utf-8") == kept


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_par_must_be_finite_and_positive(tmp_path: Path, bad: float) -> None:
    with pytest.raises(UserError, match="not finite"):
        save_par(
            variant(tmp_path), np.zeros(3), np.full(3, bad), np.ones(3), np.full(3, 0.5),
            games=1, seed=1,
        )  # fmt: skip


def test_rubbish_beside_a_scenario_is_no_par(tmp_path: Path) -> None:
    path = variant(tmp_path)
    for text in ("", "[]", '{"companies": {"kite": {"mean": "x"}}}', "{}"):
        (tmp_path / "variant.par.json").write_text(text, "utf-8")
        assert load(path).par_state == "missing"


def test_the_published_schema_is_the_present_one() -> None:
    published = json.loads((scenario_dir() / "schema.json").read_text("utf-8"))
    assert published == json.loads(json.dumps(schema.json_schema()))


def test_every_key_of_the_schema_is_described() -> None:
    for name, part in schema.json_schema()["$defs"].items():
        for key, value in part.get("properties", {}).items():
            assert value.get("description", "").endswith("."), f"{name}.{key}"


def test_scenarios_name_the_schema_for_editors() -> None:
    for path in scenario_dir().glob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=schema.json", path.name


def test_every_scalar_of_the_rules_can_be_set() -> None:
    from game.core.ruleset import Rules
    from game.scenario.rules import CALENDAR_RULES
    from game.scenario.rules import Rules as Part

    names = {field.name for field in dataclasses.fields(Rules)} - set(CALENDAR_RULES)
    assert set(Part.model_fields) == names
