"""Every kind of fault, each at its very line and column; and nothing ever falls over."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.resources import scenario_dir
from game.scenario import lint
from game.scenario.faults import ERROR, WARNING, Fault, listed, nearest

LESSON = (scenario_dir() / "lesson.yaml").read_text("utf-8")
SPOT = "§"
"""Where a fault is expected, in the changed text."""


def faults_of(folder: Path, text: str) -> list[Fault]:
    path = folder / "case.yaml"
    path.write_text(text, "utf-8")
    return lint.check([path])


def changed(old: str, new: str) -> tuple[str, int, int]:
    """The lesson with one change, and line and column of the mark in it."""
    assert LESSON.count(old) >= 1, old
    text = LESSON.replace(old, new, 1)
    before = text[: text.index(SPOT)]
    return text.replace(SPOT, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


CASES = [
    (
        "    cash: 900 ",
        "    §csah: 900 ",
        "companies[0].csah",
        "unknown key",
        "cash",
    ),
    (
        "    cash: 60\n",
        "    cash: §plenty\n",
        "companies[1].cash",
        "'plenty' is not a number",
        "",
    ),
    (
        "    cash: 60\n",
        "    cash:§\n",
        "companies[1].cash",
        "an empty value is not a number",
        "",
    ),
    (
        "    cash: 60\n",
        "    cash: §-1\n",
        "companies[1].cash",
        "-1 is out of range",
        "",
    ),
    (
        "    cash: 60\n",
        "    cash: §.inf\n",
        "companies[1].cash",
        "inf is not a finite number",
        "",
    ),
    (
        "  - id: kite\n    uid: 2\n",
        "  - §id: kite\n",
        "companies[1]",
        "key 'uid' is missing",
        "",
    ),
    (
        "    uid: 2\n",
        "    uid: §2.5\n",
        "companies[1].uid",
        "2.5 is not a whole number",
        "",
    ),
    (
        "founders: 0.62",
        "founders: §1.62",
        "companies[1].founders",
        "1.62 is out of range",
        "",
    ),
    (
        "listed: false",
        "listed: §no",
        "companies[1].listed",
        "'no' is not true or false",
        "",
    ),
    (
        "taboo: [preload]",
        "taboo: §preload",
        "companies[2].taboo",
        "'preload' is not a list",
        "",
    ),
    (
        "metric: allies",
        "metric: §alies",
        "companies[0].mandates[1].metric",
        "'alies' is not known",
        "allies",
    ),
    (
        "mode: run",
        "mode: §runs",
        "companies[1].mandates[0].mode",
        "'runs' is not known",
        "run",
    ),
    (
        'colour: "#3a7ca5"',
        "colour: §blue",
        "companies[1].colour",
        "'blue' is not well formed",
        "",
    ),
    (
        "id: kite\n",
        "id: §Kite!\n",
        "companies[1].id",
        "'Kite!' is not well formed",
        "",
    ),
    (
        "date: 2015-Q4",
        "date: §2015-Q5",
        "events[0].date",
        "'2015-Q5' is not well formed",
        "",
    ),
    (
        "season: [1.0, 0.95,",
        "season: §[0.95,",
        "sectors[0].season",
        "holds 3 items",
        "",
    ),
    (
        "title: {en: The first lesson",
        "title: {§fr: La leçon, en: The",
        "title.fr",
        "'fr' is not known",
        "",
    ),
    (
        "title: {en: The first lesson, zh: 第一课}",
        "title: §{zh: 第一课}",
        "title",
        "at least its English",
        "",
    ),
    (
        "  lockup: 2 ",
        "  §lokup: 2 ",
        "rules.lokup",
        "unknown key",
        "lockup",
    ),
    (
        "format: 1",
        "format: §7",
        "format",
        "format 7 is not known",
        "",
    ),
    (
        "  lockup: 2 ",
        "  lockup: 2\n  §lockup: 3 ",
        "rules.lockup",
        "key 'lockup' again",
        "",
    ),
    (
        "holdings: {harbour:",
        "holdings: {§harbor:",
        "companies[0].holdings.harbor",
        "unknown company 'harbor'",
        "harbour",
    ),
    (
        "        sector: mobile\n        region: home",
        "        sector: §moble\n        region: home",
        "companies[0].mandates[0].sector",
        "unknown sector 'moble'",
        "mobile",
    ),
    (
        "    home: home\n    listed: false",
        "    home: §hme\n    listed: false",
        "companies[1].home",
        "unknown region 'hme'",
        "home",
    ),
    (
        "taboo: [preload]",
        "taboo: [§preloads]",
        "companies[2].taboo[0]",
        "unknown pledge 'preloads'",
        "preload",
    ),
    (
        "      mobile/home:\n        price: 5.0",
        "      §mobil/home:\n        price: 5.0",
        "companies[2].products.mobil/home",
        "unknown market 'mobil/home'",
        "mobile/home",
    ),
    (
        "  mobile/home:\n    potential",
        "  mobile/home: {potential: 1, adopters: 0}\n  §mobile/hom:\n    potential",
        "markets.mobile/hom",
        "unknown region 'hom'",
        "home",
    ),
    (
        "en: >-\n    {lantern} runs",
        "en: §>-\n    {lantrn} runs",
        "about",
        "{lantrn} names nothing",
        "lantern",
    ),
    (
        "    uid: 2\n",
        "    uid: §1\n",
        "companies[1].uid",
        "uid 1 again",
        "",
    ),
    (
        "      - id: join",
        "      - id: §lead",
        "events[0].options[1].id",
        "id 'lead' again",
        "",
    ),
    (
        "when: kite.cash",
        "when: §kit.cash",
        "events[1].when",
        "unknown company 'kit'",
        "kite",
    ),
    (
        "1 * kite.costs and",
        "1 * kite.§cots and",
        "events[1].when",
        "'cots' is no quantity",
        "costs",
    ),
    (
        "when: kite.cash < 1 * kite.costs",
        "when: §kite.cash < 100",
        "events[1].when",
        "cannot wait for this",
        "",
    ),
    (
        "    adopters: 120",
        "    adopters: §220",
        "markets.mobile/home.adopters",
        "220 m adopters of a potential",
        "",
    ),
    (
        "  mobile/home:\n    potential: 200\n    adopters: 120",
        "  §mobile/home:\n    potential: 200\n    adopters: 70",
        "markets.mobile/home",
        "78 m units in the first quarter",
        "",
    ),
    (
        "holdings: {harbour: 0.04}",
        "holdings: {lantern: §0.04}",
        "companies[0].holdings.lantern",
        "cannot hold its own shares",
        "",
    ),
    (
        "date: 2015-Q4",
        "date: §2018-Q4",
        "events[0].date",
        "2018-Q4 lies outside of the game",
        "",
    ),
    (
        "deadline: 2016-Q1",
        "deadline: §2014-Q4",
        "companies[0].mandates[1].deadline",
        "lies outside of the game",
        "",
    ),
    (
        "until: 2015-Q4",
        "until: §2015-Q1",
        "alliances[0].until",
        "is not after the start",
        "",
    ),
    (
        "    deciders: [lantern]",
        "    #",
        "events[0].options",
        "nobody chooses",
        "",
    ),
    (
        "{kind: demand, amount: 0.08, sectors: [phones]}",
        "{kind: bump, amount: 0.08, by_decider: §true}",
        "events[0].effects[0].by_decider",
        "nobody decides here",
        "",
    ),
    (
        "target: 12\n",
        "target: §0\n",
        "companies[1].mandates[1].target",
        "is reached before the game begins",
        "",
    ),
    (
        "term: 4\n",
        "term: §8\n",
        "drafts[0].term",
        "a term of 8 quarters",
        "",
    ),
    (
        "{stake: 0.20,",
        "{stake: §0.95,",
        "drafts[0].counterparty_gives.stake",
        "leaves outside holders 5 %",
        "",
    ),
    (
        "counterparty: kite",
        "counterparty: §lantern",
        "drafts[0].counterparty",
        "no deal with itself",
        "",
    ),
    (
        "weight: 0.25",
        "weight: 0.35\n        #§",
        "sectors[0].segments",
        "the weights sum to 1.1",
        "",
    ),
    (
        "    spread: {median",
        "    segments: [{name: a, alpha: 1, weight: 1}]\n    §spread: {median",
        "sectors[1].spread",
        "stands beside segments",
        "",
    ),
    (
        "    spread: {median: 0.75, sd: 0.5, nodes: 3}\n",
        "",
        "markets.mobile/home",
        "neither the market nor its sector",
        "",
    ),
    (
        "      price: 110\n",
        "",
        "markets.phones/home.fringe",
        "sells units without a price",
        "",
    ),
    (
        "      units: 4.0 ",
        "      §utility: [1, 2]\n      units: 0 ",
        "markets.phones/home.fringe.utility",
        "2 utilities for 3 segments",
        "",
    ),
    (
        "holdings: {harbour: 0.04}",
        "holdings: {harbour: 0.93}",
        "companies[2].founders",
        "too little is left outside",
        "",
    ),
    (
        "    giver: lantern\n    receiver: harbour",
        "    giver: lantern\n    receiver: §lantern",
        "alliances[0].receiver",
        "lends nothing to itself",
        "",
    ),
    (
        "  - {of: harbour, to: kite,",
        "  - {of: harbour, to: §harbour,",
        "relations[1].to",
        "no relation to itself",
        "",
    ),
    (
        "      - id: rest\n",
        "      - id: rest\n        effects: [{kind: cash, amount: 1, §others: [kite]}]\n",
        "events[0].options[2].effects[0].others",
        "means nothing for cash",
        "",
    ),
    (
        "path_stakes: 2 ",
        "path_stakes: 2\n  growth: §0.05 ",
        "rules.growth",
        "growth reaches the discount rate",
        "",
    ),
    (
        "path_stakes: 2 ",
        "path_stakes: 2\n  §notches: [1, 2, 3, 5, 4] ",
        "rules.notches",
        "the steps do not rise",
        "",
    ),
    (
        "source: devices ",
        "source: §skill ",
        "pledges[0].source",
        "preloading is measured by devices",
        "",
    ),
    (
        "may_enter: [lantern]",
        "may_enter: [lantern]\n    §barred: [lantern]",
        "markets.phones/home.barred",
        "stands in may_enter too",
        "",
    ),
    (
        "    quarters: 2\n    companies",
        "    quarters: §0\n    companies",
        "projects[0].quarters",
        "0 is out of range",
        "",
    ),
    (
        "        rank: 1\n        mode: at",
        "        rank: 1\n        quarters: §9\n        mode: at",
        "companies[2].mandates[0].quarters",
        "9 quarters in a game of 6",
        "",
    ),
    (
        "    date: 2015-Q4            # or turn",
        "    date: 2015-Q4\n    turn: §3            # or turn",
        "events[0].turn",
        "stands beside date",
        "",
    ),
    (
        "    date: 2015-Q4            # or turn: 3 (quarters from 0)\n",
        "",
        "events[0]",
        "never comes",
        "",
    ),
]
"""What is changed into what; path, words and suggestion of the fault."""


@pytest.mark.parametrize(
    ("old", "new", "path", "what", "near"), CASES, ids=[f"{n}-{c[2]}" for n, c in enumerate(CASES)]
)
def test_each_fault_has_its_place(
    tmp_path: Path, old: str, new: str, path: str, what: str, near: str
) -> None:
    marked = new if SPOT in new else new + SPOT
    text, line, column = changed(old, marked)
    faults = faults_of(tmp_path, text)
    found = [fault for fault in faults if fault.path == path and what in fault.what]
    assert found, [fault.line() for fault in faults]
    (fault,) = found
    assert fault.severity == ERROR
    assert fault.did_you_mean == near
    if SPOT in new and not new.endswith("#§"):
        assert (fault.row, fault.column) == (line, column)
    place = f"{tmp_path / 'case.yaml'}:{fault.row}:{fault.column}"
    assert fault.line().startswith(f"{place}: {path}: ")


def test_shipped_scenarios_are_clean_or_only_warned_of() -> None:
    faults = lint.check(sorted(scenario_dir().glob("*.yaml")))
    assert [fault.line() for fault in faults if fault.severity == ERROR] == []


def test_the_lesson_has_not_even_a_warning(tmp_path: Path) -> None:
    assert faults_of(tmp_path, LESSON) == []


def test_all_faults_come_at_once_and_in_order(tmp_path: Path) -> None:
    text = LESSON
    for old, new in (
        ("weight: 0.25", "weight: 0.35"),
        ("    cash: 900 ", "    csah: 900 "),
        ("metric: allies", "metric: alies"),
        ("holdings: {harbour:", "holdings: {harbor:"),
        ("date: 2015-Q4", "date: 2018-Q4"),
    ):
        text = text.replace(old, new, 1)
    faults = faults_of(tmp_path, text)
    assert len(faults) == 5
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("empty.yaml", b"", "is empty"),
        ("rubbish.yaml", bytes(range(128, 256)), "is not a text file in UTF-8"),
        ("folder.yaml", None, "is a directory, not a scenario file"),
        ("missing.yaml", False, "does not exist"),
    ],
)
def test_files_that_are_no_scenarios_give_one_line(
    tmp_path: Path, name: str, data: bytes | bool | None, what: str
) -> None:
    path = tmp_path / name
    if data is None:
        path.mkdir()
    elif isinstance(data, bytes):
        path.write_bytes(data)
    (fault,) = lint.check([path])
    assert fault.unreadable
    assert fault.line() == f"{path}: {what}"


WARNED = [
    ("season: [1.0, 0.95,", "season: [2.0, 0.95,", "sectors[0].season", "the factors average 1.25"),
    (
        "    cash: 60\n",
        "    cash: 0\n    debt: 5000\n",
        "companies[1]",
        "defaults in the first year",
    ),
    ("    cash: 900 ", "    cash: 90 ", "drafts[0].proposer_gives.cash", "lantern has 90 USD m"),
    (
        "skills: {engineers: 0.8}",
        "skills: {web_shop: 0.8}",
        "companies[1].skills.web_shop",
        "is measured by online",
    ),
    (
        "    taboo: []  ",
        "    invented_name: Nobody\n    taboo: []  ",
        "companies[1]",
        "has no invented name",
    ),
    (
        "        price: 190\n",
        "        price: 190\n        appeal: 5\n",
        "companies[1].products.phones/home.appeal",
        "in the first quarter, not 2.4 m",
    ),
    (
        "        price: 190\n",
        "        price: 30\n",
        "companies[1].products.phones/home.price",
        "its best reply needs a unit cost of",
    ),
    (
        "        price: 190\n",
        "        price: 190\n        unit_cost: 30\n",
        "companies[1].products.phones/home.price",
        "would earn",
    ),
    (
        "    season: [1.0,",
        "    coverage_limit: {online: 0.5, offline: 0.9}\n    season: [1.0,",
        "companies[1].products.phones/home.coverage.online",
        "starts at 0.6, above the coverage_limit of 0.5",
    ),
    (
        "    season: [1.0,",
        "    shortage_hazard: 0.1\n    season: [1.0,",
        "sectors[0].shortage_hazard",
        "whose capacity has no lead",
    ),
    (
        "    effect: online\n",
        "    effect: online\n    pooling: 0.2\n",
        "pledges[1].pooling",
        "means nothing for online",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "what"), [case for case in WARNED if case[2]])
def test_warnings(tmp_path: Path, old: str, new: str, path: str, what: str) -> None:
    faults = faults_of(tmp_path, LESSON.replace(old, new, 1))
    found = [fault for fault in faults if fault.path == path and what in fault.what]
    assert found, [fault.line() for fault in faults]
    assert all(fault.severity == WARNING for fault in faults)
    assert ": warning: " in found[0].line()


def test_a_pricing_saddle_is_warned_of(tmp_path: Path) -> None:
    """Two far-apart kinds of buyers: a firm between them would rather serve one."""
    text = LESSON.replace("alpha: 0.010 ", "alpha: 0.002 ").replace("alpha: 0.034", "alpha: 0.080")
    faults = faults_of(tmp_path, text)
    assert any("would earn" in fault.what for fault in faults)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_random_bytes_never_fall_over(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(data)
    assert all(isinstance(fault.line(), str) for fault in lint.check([path]))


ROWS = LESSON.split("\n")
JUNK = [
    "",
    "null",
    "[]",
    "{}",
    "-1",
    "1e30",
    "nan",
    ".inf",
    "x",
    "'",
    "*a",
    "&a",
    "!!",
    "[",
    "true",
    "0",
]


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ROWS) - 1),
            st.sampled_from(["cut", "twice", "value", "shift"]),
            st.sampled_from(JUNK),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_random_changes_never_fall_over(
    tmp_path: Path, changes: list[tuple[int, str, str]]
) -> None:
    rows = list(ROWS)
    for number, how, junk in changes:
        row = rows[number]
        rows[number] = {
            "cut": "",
            "twice": f"{row}\n{row}",
            "value": f"{row.partition(':')[0]}: {junk}",
            "shift": f" {row}",
        }[how]
    for fault in faults_of(tmp_path, "\n".join(rows)):
        assert "\n" not in fault.line()
        assert fault.unreadable or (fault.row >= 1 and fault.column >= 1)


def test_the_nearest_word_and_long_lists() -> None:
    assert nearest("harbor", ["lantern", "harbour"]) == "harbour"
    assert nearest("CASH", ["cash"]) == "cash"
    assert nearest("zzz", ["cash"]) == ""
    assert listed(str(number) for number in range(99)).endswith("… (99 in all)")
