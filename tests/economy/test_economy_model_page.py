"""The model page names every law, and every call that it names exists."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import game.economy
import game.finance

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "model.md").read_text("utf-8")
INNER = {"newton_step"}


def laws() -> dict[str, str]:
    """Public functions of the floor: name to module."""
    found = {}
    for package in (game.economy, game.finance):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, value in inspect.getmembers(module, inspect.isfunction):
                if value.__module__ == module.__name__ and not name.startswith("_"):
                    found[name] = module.__name__
    return found


def test_every_law_is_on_the_page() -> None:
    missing = [f"{module}.{name}" for name, module in laws().items() if name not in PAGE]
    assert [name for name in missing if name.rsplit(".", 1)[1] not in INNER] == []


def test_every_path_on_the_page_exists() -> None:
    for path in set(re.findall(r"`(game\.(?:economy|finance)[a-z_.]*)", PAGE)):
        head, _, last = path.rpartition(".")
        try:
            importlib.import_module(path)
        except ModuleNotFoundError:
            assert hasattr(importlib.import_module(head), last), path


def test_every_law_says_where_it_stops() -> None:
    for name, module in laws().items():
        text = inspect.getdoc(getattr(importlib.import_module(module), name))
        assert text, f"{module}.{name}"
