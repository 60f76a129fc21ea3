"""The manual says what the schema says, and what it shows works."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from game.core.ruleset import EffectKind, Metric, PledgeEffect, Source
from game.scenario import lint


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    path = root / "tools/make_scenario_keys.py"
    spec = importlib.util.spec_from_file_location("make_scenario_keys", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_schema_and_keys_are_current(tool: ModuleType) -> None:
    advice = "run python tools/make_scenario_keys.py"
    assert tool.SCHEMA.read_text("utf-8") == tool.schema_text(), advice
    assert tool.PAGE.read_text("utf-8") == tool.page(tool.PAGE.read_text("utf-8")), advice


def test_every_part_of_the_schema_has_its_table(tool: ModuleType) -> None:
    assert set(tool.schema.json_schema()["$defs"]) | {"Scenario"} == set(tool.ORDER)


@pytest.mark.parametrize("words", [Metric, EffectKind, PledgeEffect, Source])
def test_every_metric_and_effect_is_explained(tool: ModuleType, words: type) -> None:
    text = tool.PAGE.read_text("utf-8").partition("## All keys")[0]
    missing = [word.name.lower() for word in words if f"`{word.name.lower()}`" not in text]
    assert missing == []


def test_the_example_of_extending_works(tool: ModuleType, tmp_path: Path) -> None:
    example = tool.PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    lesson = tool.ROOT / "scenarios" / "lesson.yaml"
    (tmp_path / "lesson.yaml").write_text(lesson.read_text("utf-8"), "utf-8")
    path = tmp_path / "hard.yaml"
    path.write_text(example, "utf-8")
    assert [fault.line() for fault in lint.check([path]) if fault.severity == "error"] == []
