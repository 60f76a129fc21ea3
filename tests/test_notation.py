"""The page of notation says what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from game.core.axes import LETTERS, array_fields
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.packages import Packages
from game.play.report import Report

RECORDS = (State, Ruleset, Orders, Packages, Observation, Report)


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_notation", root / "tools/make_notation.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(tool: ModuleType) -> None:
    written = tool.PAGE.read_text(encoding="utf-8")
    assert written == tool.page(), "run make notation"


def test_a_bar_in_a_note_does_not_break_the_table(tool: ModuleType) -> None:
    assert tool._cell("a|b") == "a\\|b"


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_names_its_axes_with_known_letters(record: type[Any]) -> None:
    for field in array_fields(record):
        assert set(field.metadata["axes"]) <= set(LETTERS), field.name


@pytest.mark.parametrize("record", [State, Orders, Packages, Observation, Report])
def test_worlds_come_last(record: type[Any]) -> None:
    for field in array_fields(record):
        assert field.metadata["axes"][-1] == "W", field.name


def test_a_ruleset_has_no_worlds() -> None:
    assert not [field.name for field in array_fields(Ruleset) if "W" in field.metadata["axes"]]


@pytest.mark.parametrize("record", [State, Ruleset])
def test_every_field_has_a_unit(record: type[Any]) -> None:
    assert not [field.name for field in array_fields(record) if not field.metadata["unit"]]
