"""``stake scenario calibrate``: exact, stored with sources, and honest about what is stale."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from game.cli.main import run
from game.resources import scenario_dir
from game.scenario import stored_fit
from game.scenario.loader import ready
from game.scenario.validate import check_text


@pytest.fixture
def flagship(tmp_path: Path) -> Path:
    """The flagship's text and facts in a folder of their own, without a stored fit."""
    text = (scenario_dir() / "alibaba-meizu.yaml").read_text("utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(
        "".join(line for line in text.splitlines(True) if not line.startswith("fit:")), "utf-8"
    )
    shutil.copytree(scenario_dir() / "facts", tmp_path / "facts")
    return path


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    return Path(shutil.copy(scenario_dir() / "lesson.yaml", tmp_path / "mine.yaml"))


def calibrate(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        run(["scenario", "calibrate", *map(str, arguments)])
    return int(left.value.code or 0)


def check(path: Path) -> int:
    with pytest.raises(SystemExit) as left:
        run(["scenario", "check", str(path)])
    return int(left.value.code or 0)


def test_the_first_quarter_sells_the_facts_exactly(flagship: Path) -> None:
    checked = check_text(flagship)
    loaded, _ = ready(flagship, checked)
    rows = stored_fit.rows_of(checked, loaded)
    with (flagship.parent / "facts" / "start_2015q1.csv").open(encoding="utf-8") as lines:
        facts = {(row["market"], row["company"]): row for row in csv.DictReader(lines)}
    assert {row.key for row in rows} == set(facts)
    after = stored_fit.first_quarter_sold(loaded.ruleset, loaded.opening)
    for (market, company), fact in facts.items():
        place = loaded.ruleset.market(market)
        if company == "fringe":
            sold = after.fringe_units[place]
        else:
            at = loaded.ruleset.company(company), place
            sold = after.units[at]
            np.testing.assert_allclose(after.price[at], float(fact["price"]), rtol=1e-8)
        np.testing.assert_allclose(
            sold, float(fact["units"]), rtol=1e-8, err_msg=f"{market} {company}"
        )


def test_what_is_stored_is_exact_and_has_its_source(flagship: Path) -> None:
    before = flagship.read_text("utf-8")
    assert calibrate(flagship, "--write") == 0
    after = flagship.read_text("utf-8")
    assert after.replace("fit: mine.fit.csv\n", "", 1) == before
    checked = check_text(flagship)
    loaded, _ = ready(flagship, checked)
    fresh = stored_fit.rows_of(checked, loaded)
    stored = stored_fit.read_rows(flagship.parent / "mine.fit.csv", fresh)
    assert not isinstance(stored, str)
    assert stored_fit.gap(loaded, stored).exact
    assert all(row.source for row in stored)
    np.testing.assert_allclose(
        [row.appeal for row in stored], [row.appeal for row in fresh], rtol=0, atol=1e-10
    )


def test_check_is_silent_then_says_what_moved_and_how_to_mend(
    flagship: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(flagship, "--check") == 2
    assert (
        "No stored fit. To store it: stake scenario calibrate mine.yaml --write"
        in capsys.readouterr().out
    )
    assert calibrate(flagship, "--write") == 0
    assert calibrate(flagship, "--check") == 0
    assert check(flagship) == 0
    table = flagship.parent / "facts" / "start_2015q1.csv"
    table.write_text(table.read_text("utf-8").replace("apple,14.5,687", "apple,14.5,690"), "utf-8")
    capsys.readouterr()
    assert calibrate(flagship, "--check") == 2
    assert "To mend: stake scenario calibrate mine.yaml --write" in capsys.readouterr().out
    assert check(flagship) == 2
    told = capsys.readouterr().out
    assert (
        "fit: the stored fit mine.fit.csv no longer sells the facts: apple in smartphones/china"
        in told
    )
    assert calibrate(flagship, "--write") == 0
    assert check(flagship) == 0


def test_a_changed_law_is_noticed_too(flagship: Path) -> None:
    calibrate(flagship, "--write")
    text = flagship.read_text("utf-8")
    flagship.write_text(
        text.replace("    goodwill_weight: 0.25 ", "    goodwill_weight: 0.26 ", 1), "utf-8"
    )
    assert flagship.read_text("utf-8") != text
    assert calibrate(flagship, "--check") == 2


@pytest.mark.parametrize(
    ("pattern", "spoilt", "what"),
    [
        ("phones/home,kite", "phones/home,kit", "has no row for kite"),
        ("market,company", "market,firm", "is not a table"),
        (r"\Z", "mobile/home,kite,1,1,0,1,1,0,x\n", "has a row for kite in mobile/home"),
        (r"(kite,2.4,190,[0-9.]*),[0-9.]*", r"\1,x", "is not a table"),
        (r"(kite,2.4,190,[0-9.]*),[0-9.]*", r"\1,nan", "not finite"),
    ],
)
def test_a_spoilt_table_is_a_fault(
    lesson: Path, capsys: pytest.CaptureFixture[str], pattern: str, spoilt: str, what: str
) -> None:
    assert calibrate(lesson, "--write") == 0
    table = lesson.with_name("mine.fit.csv")
    text, count = re.subn(pattern, spoilt, table.read_text("utf-8"), count=1)
    assert count == 1
    table.write_text(text, "utf-8")
    capsys.readouterr()
    assert check(lesson) == 2
    assert what in capsys.readouterr().out


def test_a_table_that_is_gone_is_a_fault(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calibrate(lesson, "--write")
    lesson.with_name("mine.fit.csv").unlink()
    assert check(lesson) == 2
    assert "mine.fit.csv cannot be read" in capsys.readouterr().out


def test_line_ends_and_comments_stay(lesson: Path) -> None:
    lesson.write_bytes(lesson.read_bytes().replace(b"\n", b"\r\n"))
    before = lesson.read_bytes()
    calibrate(lesson, "--write")
    assert lesson.read_bytes().replace(b"fit: mine.fit.csv\r\n", b"", 1) == before


def test_a_variant_does_not_inherit_the_fit(lesson: Path) -> None:
    calibrate(lesson, "--write")
    variant = lesson.with_name("variant.yaml")
    variant.write_text("format: 1\nextends: mine.yaml\nid: variant\n", "utf-8")
    table = lesson.with_name("mine.fit.csv").read_text("utf-8")
    assert check(variant) == 0
    assert calibrate(variant, "--check") == 2
    assert calibrate(variant, "--write") == 0
    assert lesson.with_name("mine.fit.csv").read_text("utf-8") == table
    assert calibrate(variant, "--check") == 0


def test_json_is_one_object(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calibrate(lesson, "--json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["exact"] is True
    assert whole["stored"] == "none"
    kite = next(row for row in whole["rows"] if row["company"] == "kite")
    assert kite["unit_cost"] == pytest.approx(118.7, abs=0.1)
    assert next(row for row in whole["rows"] if row["company"] == "fringe")["unit_cost"] is None


def test_an_appeal_that_the_author_gives_is_not_held_against_the_fit(lesson: Path) -> None:
    text = lesson.read_text("utf-8").replace(
        "        units: 2.4", "        appeal: 3.0\n        units: 2.4", 1
    )
    lesson.write_text(text, "utf-8")
    assert calibrate(lesson, "--json") == 0


def test_a_fault_of_the_scenario_comes_first(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson.write_text(lesson.read_text("utf-8").replace("units: 2.4", "units: 240", 1), "utf-8")
    assert calibrate(lesson) == 2
    assert "m buyers" in capsys.readouterr().err
