"""The flagship: what the issue says must be there and be visible, on the loaded scenario."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State
from game.play import mandates, outcome
from game.play.opening import first_state
from game.resources import scenario_dir
from game.scenario.loader import Scenario, load

SCENARIOS = scenario_dir()
FACTS = SCENARIOS / "facts"
FILE = SCENARIOS / "alibaba-meizu.yaml"
PHONES = "smartphones/china"
NAMED = {
    "alibaba", "meizu", "apple", "samsung", "lenovo", "xiaomi", "huawei", "tencent", "jd", "oppo",
    "vivo",
}  # fmt: skip
"""Companies that the issue names."""
BOOKS = {
    "Apple": "apple",
    "Google": "google",
    "Amazon": "amazon",
    "Alibaba": "alibaba",
    "Tencent": "tencent",
    "JD": "jd",
    "Samsung Electronics": "samsung",
    "Huawei": "huawei",
    "Lenovo": "lenovo",
    "Xiaomi": "xiaomi",
    "Coolpad": "coolpad",
    "Suning": "suning",
    "LeTV": "leeco",
}
"""Rows of companies_2014.csv and the seats that they describe."""
WHOLE = ("Alibaba", "Xiaomi", "Tencent", "Coolpad", "LeTV")
"""Companies whose whole revenue the scenario models."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(FILE)


@pytest.fixture(scope="module")
def ruleset(scenario: Scenario) -> Ruleset:
    return scenario.ruleset


@pytest.fixture(scope="module")
def start(scenario: Scenario) -> State:
    return first_state(
        scenario.ruleset, scenario.opening, np.full(2, 7, "u8"), np.arange(2, dtype="u8")
    )


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def shipped(region: str, period: str) -> dict[str, float]:
    rows = facts("smartphone_shipments.csv")
    return {
        row["vendor"]: float(row["shipments_m"])
        for row in rows
        if (row["region"], row["period"], row["analyst"]) == (region, period, "IDC")
        and row["shipments_m"]
    }


def sold(state: State, ruleset: Ruleset, company: str, market: str) -> float:
    return float(state.units[ruleset.company(company), ruleset.market(market), 0])


def market_total(state: State, ruleset: Ruleset, market: str) -> float:
    place = ruleset.market(market)
    return float(state.units[:, place, 0].sum() + state.fringe_units[place, 0])


def test_calendar_is_2015_to_2020(ruleset: Ruleset) -> None:
    rules = ruleset.rules
    assert (rules.first_year, rules.first_quarter, rules.quarters) == (2015, 1, 24)


def test_companies_regions_sectors(ruleset: Ruleset) -> None:
    names = {company.uid for company in ruleset.companies}
    assert len(names) >= 14
    assert names >= NAMED
    assert set(ruleset.regions) == {
        "china", "india", "southeast_asia", "europe", "north_america", "row",
    }  # fmt: skip
    assert set(ruleset.sectors) == {
        "smartphones", "smart_tv", "ecommerce", "payments", "mobile_internet", "cloud",
    }  # fmt: skip
    assert all(company.playable for company in ruleset.companies)


def test_every_seat_has_three_mandates_and_a_colour_of_its_own(ruleset: Ruleset) -> None:
    assert [len(tasks) for tasks in ruleset.mandates] == [3] * len(ruleset.companies)
    assert len({company.colour for company in ruleset.companies}) == len(ruleset.companies)


def test_seven_pledges_of_the_deal_and_one_more(ruleset: Ruleset) -> None:
    effects = {kind.uid: kind.effect for kind in ruleset.pledges}
    assert effects == {
        "strategy": PledgeEffect.ENTRY,
        "os": PledgeEffect.PRELOAD,
        "offline": PledgeEffect.OFFLINE,
        "payment": PledgeEffect.APPEAL,
        "mobile_internet": PledgeEffect.APPEAL,
        "data": PledgeEffect.RESEARCH,
        "ecommerce": PledgeEffect.ONLINE,
        "components": PledgeEffect.COST,
    }


@pytest.mark.parametrize("vendor", ["Apple", "Xiaomi", "Huawei", "Samsung", "Lenovo"])
def test_china_phones_start_as_shipped(vendor: str, start: State, ruleset: Ruleset) -> None:
    table = shipped("China", "2015Q1")
    assert sold(start, ruleset, vendor.lower(), PHONES) == pytest.approx(table[vendor], rel=0.01)
    share = table[vendor] / table["Total"]
    mine = sold(start, ruleset, vendor.lower(), PHONES) / market_total(start, ruleset, PHONES)
    assert mine == pytest.approx(share, abs=0.003)


@pytest.mark.parametrize("vendor", ["Apple", "Samsung", "Huawei", "OPPO", "vivo"])
def test_world_phones_start_as_shipped(vendor: str, start: State, ruleset: Ruleset) -> None:
    phones = ruleset.market_sector == ruleset.sectors.index("smartphones")
    units = start.units[ruleset.company(vendor.lower()), phones, 0].sum()
    assert units == pytest.approx(shipped("World", "2015Q1")[vendor], rel=0.02)


def test_world_total_of_phones(start: State, ruleset: Ruleset) -> None:
    phones = [name for name in ruleset.markets if name.startswith("smartphones/")]
    total = sum(market_total(start, ruleset, name) for name in phones)
    assert total == pytest.approx(shipped("World", "2015Q1")["Total"], rel=0.02)


def test_india_starts_with_the_shares_of_early_2015(start: State, ruleset: Ruleset) -> None:
    total = market_total(start, ruleset, "smartphones/india")
    assert sold(start, ruleset, "samsung", "smartphones/india") / total == pytest.approx(
        0.278, abs=0.01
    )
    assert sold(start, ruleset, "lenovo", "smartphones/india") / total == pytest.approx(
        0.052, abs=0.005
    )


def test_alibaba_is_by_far_the_largest_shop_of_china(start: State, ruleset: Ruleset) -> None:
    total = market_total(start, ruleset, "ecommerce/china")
    share = sold(start, ruleset, "alibaba", "ecommerce/china") / total
    others = [
        sold(start, ruleset, name, "ecommerce/china") / total for name in ("jd", "suning", "xiaomi")
    ]
    assert share > 0.6
    assert max(others) < share / 4.0


def test_alibaba_has_the_wallet_and_the_cloud_of_china(start: State, ruleset: Ruleset) -> None:
    place = ruleset.market("payments/china")
    share = start.units[:, place, 0] / market_total(start, ruleset, "payments/china")
    assert share[ruleset.company("alibaba")] == pytest.approx(0.74, abs=0.04)
    assert share[ruleset.company("tencent")] == pytest.approx(0.174, abs=0.03)
    cloud = ruleset.market("cloud/china")
    assert start.units[:, cloud, 0].argmax() == ruleset.company("alibaba")


def test_alibabas_own_system_reaches_few_devices(start: State, ruleset: Ruleset) -> None:
    company = ruleset.company("alibaba")
    mandate = ruleset.mandates[company][0]
    assert (mandate.uid, mandate.target, mandate.deadline) == ("devices", 250, 11)
    devices = mandates.metric(start, ruleset, company, mandate)
    assert (devices > 0.0).all()
    assert (devices < 0.1 * mandate.target).all()


def test_xiaomi_also_sells_online(start: State, ruleset: Ruleset) -> None:
    assert 0.0 < sold(start, ruleset, "xiaomi", "ecommerce/china") < 20.0


def test_meizus_founder_keeps_the_votes_through_the_deal(start: State, ruleset: Ruleset) -> None:
    company = ruleset.company("meizu")
    votes = start.founders[company, 0] / outcome.shares_total(start)[company, 0]
    draft = ruleset.drafts[0]
    assert votes == pytest.approx(0.72)
    assert votes * (1.0 - draft.stake[1]) > 0.5


def test_meizu_is_short_of_cash(start: State, ruleset: Ruleset) -> None:
    company = ruleset.company("meizu")
    costs = (start.unit_cost[company, :, 0] * start.units[company, :, 0]).sum()
    assert start.cash[company, 0] < 0.5 * costs


def test_the_draft_is_the_deal_of_february(ruleset: Ruleset) -> None:
    draft = ruleset.drafts[0]
    given, asked = (
        {ruleset.pledges[kind].uid for kind in side if side[kind] > 0.0} for side in draft.pledges
    )
    assert ruleset.companies[draft.proposer].uid == "alibaba"
    assert ruleset.companies[draft.counterparty].uid == "meizu"
    assert draft.cash == (590.0, 0.0)
    assert draft.stake == (0.0, pytest.approx(0.2934))
    assert given == {"payment", "mobile_internet", "data", "ecommerce"}
    assert asked == {"strategy", "os", "offline"}
    assert not draft.disclosed
    assert draft.term == 12


@pytest.mark.parametrize("name", WHOLE)
def test_revenue_is_that_of_the_books(name: str, start: State, ruleset: Ruleset) -> None:
    row = next(row for row in facts("companies_2014.csv") if row["company"] == name)
    company = ruleset.company(BOOKS[name])
    revenue = (start.price * start.units)[company, :, 0].sum()
    assert revenue == pytest.approx(1000.0 * float(row["revenue_usd_bn"]) / 4.0, rel=0.12)


@pytest.mark.parametrize("name", [name for name in BOOKS if name != "Xiaomi"])
def test_profit_and_value_are_those_of_the_books(name: str, start: State, ruleset: Ruleset) -> None:
    row = next(row for row in facts("companies_2014.csv") if row["company"] == name)
    company = ruleset.company(BOOKS[name])
    earned = 1000.0 * float(row["net_income_usd_bn"]) / 4.0
    profit = start.profit_trend[company, 0]
    after_tax = profit * (1.0 - ruleset.rules.tax) if profit > 0.0 else profit
    assert after_tax == pytest.approx(earned, rel=0.12)
    if row["market_cap_or_valuation_usd_bn"] != "private":
        value = 1000.0 * float(row["market_cap_or_valuation_usd_bn"])
        whole = outcome.value_per_share(start)[company, 0] * outcome.shares_total(start)[company, 0]
        assert whole == pytest.approx(value, rel=0.10)


def test_cash_is_that_of_the_books(start: State, ruleset: Ruleset) -> None:
    for row in facts("companies_2014.csv"):
        if row["company"] in BOOKS:
            cash = start.cash[ruleset.company(BOOKS[row["company"]]), 0]
            assert cash == pytest.approx(1000.0 * float(row["cash_usd_bn"]), rel=0.02), row


def test_events_are_cards_with_choices(ruleset: Ruleset) -> None:
    cards = [event for event in ruleset.events if event.options]
    assert len(cards) >= 7
    assert {
        "sneer",
        "second_tranche",
        "suning_in_play",
        "singles_day",
        "note_7",
        "ally_bleeds",
    } <= {event.uid for event in cards}
    assert all(2 <= len(event.options) <= 4 and event.deciders for event in cards)
    dated = [event for event in cards if event.historical]
    assert all(event.source and event.hazard == 0.0 for event in dated)


def test_all_texts_are_in_two_languages(ruleset: Ruleset) -> None:
    texts = [
        ruleset.title,
        ruleset.about,
        *ruleset.sector_names,
        *ruleset.unit_names,
        *ruleset.region_names,
    ]
    for company in ruleset.companies:
        texts += [company.name, company.short, company.about]
    for thing in (*ruleset.pledges, *ruleset.projects):
        texts += [thing.name, thing.about]
    for event in ruleset.events:
        texts += [event.title, event.story, *(option.label for option in event.options)]
        texts += [option.about for option in event.options]
    for tasks in ruleset.mandates:
        texts += [task.text for task in tasks]
    for draft in ruleset.drafts:
        texts += [draft.title, draft.story]
    for text in texts:
        assert text["en"]
        assert re.search(r"[一-鿿]", text["zh"]) or text["zh"] == text["en"], text


def test_invented_names_hide_the_real_ones() -> None:
    invented = load(FILE, naming="invented").ruleset
    real = load(FILE).ruleset
    words = {company.short["en"] for company in real.companies}
    for company in invented.companies:
        assert company.short["en"] not in words
        assert not any(re.search(rf"\b{re.escape(word)}\b", company.about["en"]) for word in words)
    assert not any(word in event.story["en"] for event in invented.events for word in words)


def test_every_number_has_a_source_or_is_an_assumption() -> None:
    """Each market says its source, each company does, and each row of the table of the start."""
    table = facts("start_2015q1.csv")
    assert len(table) > 100
    for row in table:
        assert row["source"], row
        told = row["confidence"]
        assert told in ("sourced", "derived", "partly assumed", "assumption"), row
        assert not (told == "sourced" and "assum" in row["source"]), row
    text = Path(FILE).read_text(encoding="utf-8")
    for key in ("shares_outstanding", "founders", "cash", "market_cap", "potential", "adopters"):
        found = re.findall(rf"^    {key}: [0-9.e]+( *#.*)?$", text, re.MULTILINE)
        assert found
        assert all(comment.strip() for comment in found), key
