"""The table of the start: figures go into the tree, faults point into the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.resources import scenario_dir
from game.scenario import lint
from game.scenario.loader import load
from game.scenario.validate import check_text

LESSON = (scenario_dir() / "lesson.yaml").read_text("utf-8")
HEAD = "market,company,units,price,share,margin,source,confidence\n"
KITE = "phones/home,kite,2.4,190,0.211,,a newspaper,sourced\n"
FRINGE = 'phones/home,fringe,4.0,110,,,"a guess, and a good one",assumption\n'


def lesson_with(tmp_path: Path, table: str) -> Path:
    """The lesson with kite's phones and the fringe of phones taken from a table."""
    text = LESSON.replace("id: lesson ", "start: start.csv\nid: lesson ", 1)
    for line in (
        "        price: 190",
        "        units: 2.4",
        "      units: 4.0 ",
        "      price: 110",
    ):
        text = _without(text, line)
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    (tmp_path / "start.csv").write_text(table, "utf-8")
    return path


def _without(text: str, begin: str) -> str:
    lines = text.splitlines(keepends=True)
    (gone,) = [place for place, line in enumerate(lines) if line.startswith(begin)]
    return "".join(line for place, line in enumerate(lines) if place != gone)


def lines_of(path: Path) -> list[str]:
    return [fault.line() for fault in check_text(path).faults if fault.severity == "error"]


def test_the_scenario_is_that_with_the_figures_in_its_lines(tmp_path: Path) -> None:
    moved, plain = (
        load(lesson_with(tmp_path, HEAD + KITE + FRINGE)),
        load(scenario_dir() / "lesson.yaml"),
    )
    assert (moved.ruleset.appeal == plain.ruleset.appeal).all()
    assert (moved.ruleset.cost_base == plain.ruleset.cost_base).all()
    assert (moved.opening.fringe_units == plain.opening.fringe_units).all()


def test_the_table_is_part_of_the_digest(tmp_path: Path) -> None:
    path = lesson_with(tmp_path, HEAD + KITE + FRINGE)
    before = load(path).digest
    (tmp_path / "start.csv").write_text(HEAD + KITE.replace("190", "191") + FRINGE, "utf-8")
    assert load(path).digest != before


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (KITE.replace("190", "19o"), "2:22: price", "'19o' is not a number"),
        (
            KITE.replace("190", "-1"),
            "2:22: companies",
            "-1.0 is out of range, allowed: more than 0",
        ),
        (KITE.replace("190", "nan"), "2:22: price", "'nan' is not a number"),
        (KITE.replace("a newspaper", ""), "2:1: source", "source is empty"),
        (KITE.replace("kite", "kitt"), "2:1: company", "did you mean kite?"),
        (KITE.replace("phones/home", "phones/hom"), "2:1: market", "did you mean phones/home?"),
        (KITE + KITE, "3:1:", "it stands in line 2 already"),
    ],
)
def test_faults_point_into_the_table(tmp_path: Path, row: str, where: str, what: str) -> None:
    found = lines_of(lesson_with(tmp_path, HEAD + row + FRINGE))
    assert any(
        line.startswith(f"{tmp_path / 'start.csv'}:{where}") and what in line for line in found
    )


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    found = lines_of(lesson_with(tmp_path, HEAD.replace("units,", "") + KITE))
    assert any("start.csv:1:1: column units is missing" in line for line in found)


def test_a_line_without_figures_anywhere_is_told_at_the_line(tmp_path: Path) -> None:
    found = lines_of(lesson_with(tmp_path, HEAD + FRINGE))
    assert any("mine.yaml" in line and "key 'price' is missing" in line for line in found)


@pytest.mark.parametrize("name", ["nowhere.csv", "", "../", "rubbish.csv"])
def test_a_table_that_cannot_be_read_is_a_fault_of_the_key(tmp_path: Path, name: str) -> None:
    (tmp_path / "rubbish.csv").write_bytes(bytes(range(128, 256)))
    path = lesson_with(tmp_path, HEAD)
    path.write_text(
        path.read_text("utf-8").replace("start: start.csv", f'start: "{name}"'), "utf-8"
    )
    found = lines_of(path)
    assert any("cannot be read" in line and ": start: " in line for line in found)


def test_a_figure_in_both_places_is_refused(tmp_path: Path) -> None:
    path = lesson_with(tmp_path, HEAD + KITE + FRINGE)
    coverage = "        coverage: {online: 0.6, offline: 0.15}"
    kept = path.read_text("utf-8").replace(coverage, f"        price: 200.0\n{coverage}", 1)
    path.write_text(kept, "utf-8")
    assert any("stands in the table of the start too" in line for line in lines_of(path))


def test_a_variant_may_override_the_table(tmp_path: Path) -> None:
    lesson_with(tmp_path, HEAD + KITE + FRINGE)
    path = tmp_path / "variant.yaml"
    path.write_text(
        "format: 1\nextends: mine.yaml\nid: dearer\n"
        "companies:\n  - {id: kite, products: {phones/home: {price: 201}}}\n",
        "utf-8",
    )
    assert lines_of(path) == []
    found = load(path)
    at = found.ruleset.company("kite"), found.ruleset.market("phones/home"), 0
    assert (found.opening.price[at], found.opening.units[at]) == (201.0, 2.4)


def test_a_table_with_nothing_wrong_checks_clean(tmp_path: Path) -> None:
    assert lint.check([lesson_with(tmp_path, HEAD + KITE + FRINGE)]) == []
