"""The floors, held by reading the imports.

Imports go down only and packages on one floor are strangers; libraries, files, clocks and chance
have their homes. Nothing of the game is imported here: the sources are parsed.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

GAME = Path(__file__).resolve().parent.parent / "game"

FLOORS = {
    "core": 0,
    "economy": 1,
    "finance": 1,
    "play": 2,
    "policies": 3,
    "scenario": 3,
    "storage": 3,
    "session": 4,
    "lab": 4,
    "adapters": 4,
    "ui": 5,
    "cli": 6,
    "__main__": 7,
}
BESIDE = {"text": 4, "resources": 3}
"""Beside the floors: import core alone; usable from this floor up."""

LIBRARIES = {
    "ui": {"pygame"},
    "scenario": {"yaml", "pydantic", "pydantic_core"},
    "lab": {"openskill", "pyarrow"},
    "adapters": {"gymnasium", "pettingzoo"},
    "cli": {"typer", "click", "rich"},
}
"""Homes of libraries other than numpy, which everybody may use."""

FILES_FROM, CHANCE_FROM = 3, 4
CLOCKLESS = {"policies", "text"}
"""Packages that read no clock and no file although their floor would let them."""
CLOCKS = {"calendar", "datetime", "sched", "time"}
FILES = {"fileinput", "glob", "io", "mmap", "pathlib", "shutil", "sqlite3", "tempfile", "zipfile"}
NETWORK = {"http", "select", "selectors", "socket", "urllib"}
SYSTEM = {"ctypes", "getpass", "locale", "logging", "os", "platform", "signal", "subprocess"}
PROCESSES = {"asyncio", "concurrent", "multiprocessing", "threading"}
OUTSIDE_WORLD = CLOCKS | FILES | NETWORK | SYSTEM | PROCESSES
OUTSIDE_NAMES = {"open", "input", "print"}
NUMPY_FILES = {"fromfile", "genfromtxt", "load", "loadtxt", "memmap", "save", "savetxt", "savez"}
CHANCE = {"random", "secrets", "uuid"}
UNSAFE = {"pickle", "marshal", "shelve", "dill"}
UNSAFE_NAMES = {"eval", "exec", "compile", "__import__"}
KIT = "game.ui.kit"
"""The widget kit knows nothing of the game: it could be lifted out."""

MODULE_NAME = re.compile(r"game(\.[A-Za-z_]\w*)+(:\w+)?")


@dataclass(frozen=True)
class Import:
    """One module that a source names: by statement, by ``import_module``, or in a string."""

    target: str
    line: int


def module_name(root: Path, path: Path) -> str:
    """Dotted name of a source file, the package root being ``game``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(("game", *(part for part in parts if part != "__init__")))


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[Import]:
    """Everything that a source imports, wherever in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(level=level, module=base, names=names):
                start = _absolute(module, is_package, level, base)
                yield from (Import(f"{start}.{alias.name}", node.lineno) for alias in names)
            case ast.Constant(value=str(text)) if MODULE_NAME.fullmatch(text):
                yield Import(text.partition(":")[0], node.lineno)
            case ast.Call(args=[ast.Constant(value=str(text)), *_]) if _is_import_call(node):
                yield Import(text, node.lineno)


def _absolute(module: str, is_package: bool, level: int, base: str | None) -> str:
    if not level:
        return base or ""
    parts = module.split(".")
    up = level - 1 if is_package else level
    return ".".join([*parts[: len(parts) - up], *([base] if base else [])])


def _is_import_call(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"import_module", "__import__"}


def floor(package: str) -> int:
    """Floor of a package; those beside the floors stand where they may first be used."""
    return FLOORS[package] if package in FLOORS else BESIDE[package]


def inner_fault(module: str, target: str) -> str | None:
    """What is wrong with one part of the game importing another; None when nothing is."""
    here, there = module.split(".")[1], [*target.split("."), ""][1]
    if module.startswith(KIT) and not target.startswith(KIT):
        return f"the widget kit knows nothing of the game, but imports {target}"
    if here == there or not there:
        return None
    if there not in FLOORS and there not in BESIDE:
        return f"imports {target}, which has no floor"
    if here in BESIDE:
        return None if there == "core" else f"{here} stands beside the floors, but imports {there}"
    if there in BESIDE:
        allowed = floor(here) >= BESIDE[there]
        return None if allowed else f"{there} is for floor {BESIDE[there]} up, not for {here}"
    if floor(there) > floor(here):
        return f"imports up: {here} (floor {floor(here)}) from {there} (floor {floor(there)})"
    if floor(there) == floor(here):
        return f"imports sideways: {here} and {there} are on floor {floor(here)}"
    return None


def outer_fault(package: str, target: str) -> str | None:
    """What is wrong with a package importing a module that is not the game's."""
    top = target.split(".")[0]
    if top in UNSAFE:
        return f"{top} has no home in the game"
    if (top in CHANCE or target.startswith("numpy.random")) and floor(package) < CHANCE_FROM:
        return f"chance comes from game.core.rng, not from {target}"
    if top in OUTSIDE_WORLD and touches_nothing(package):
        return f"{package} may not touch files, clocks or the system, but imports {top}"
    if top in sys.stdlib_module_names or top == "numpy" or top in LIBRARIES.get(package, ()):
        return None
    homes = [home for home, libraries in LIBRARIES.items() if top in libraries]
    return f"{top} lives in {homes[0]} alone" if homes else f"{top} is no library of the game"


def touches_nothing(package: str) -> bool:
    """Whether a package may neither read nor write anything outside its arguments."""
    return floor(package) < FILES_FROM or package in CLOCKLESS


def name_faults(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Forbidden calls that need no import: open, eval, np.random and the like."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_NAMES:
                yield node.lineno, f"calls {name}: nothing is ever evaluated as code"
            case ast.Call(func=ast.Name(id=name)) if name in OUTSIDE_NAMES:
                if touches_nothing(package):
                    yield node.lineno, f"{package} may not call {name}"
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name):
                if name == "random" and floor(package) < CHANCE_FROM:
                    yield node.lineno, "chance comes from game.core.rng, not from numpy.random"
                if name in NUMPY_FILES and touches_nothing(package):
                    yield node.lineno, f"{package} may not touch files or clocks: np.{name}"
            case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                yield node.value.lineno, "arrays are read and written without pickle"
            case ast.Call(args=[named, *_]) if _is_import_call(node):
                if isinstance(named, ast.Constant):
                    continue
                yield node.lineno, "imports a module whose name cannot be read here"


def source_faults(root: Path, path: Path) -> Iterator[str]:
    """Every fault of one source file, each as ``file:line: what``."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    module, is_package = module_name(root, path), path.name == "__init__.py"
    place = path.relative_to(root.parent)
    found = list(imports(tree, module, is_package))
    if module == "game":
        yield from (f"{place}:{one.line}: the package itself imports nothing" for one in found)
        return
    package = module.split(".")[1]
    if package not in FLOORS and package not in BESIDE:
        yield f"{place}:1: {package} has no floor"
        return
    for one in found:
        inside = one.target == "game" or one.target.startswith("game.")
        fault = inner_fault(module, one.target) if inside else outer_fault(package, one.target)
        if fault:
            yield f"{place}:{one.line}: {fault}"
    yield from (f"{place}:{line}: {what}" for line, what in name_faults(tree, package))


def faults(root: Path) -> list[str]:
    """Every fault of the package at ``root``."""
    return [
        fault
        for path in sorted(root.rglob("*.py"))
        for fault in dict.fromkeys(source_faults(root, path))
    ]


def test_imports_go_down_only() -> None:
    assert faults(GAME) == []


def test_every_package_of_the_plan_that_exists_was_read() -> None:
    read = {
        module_name(GAME, path).split(".")[1] for path in GAME.rglob("*.py") if path.parent != GAME
    }
    assert {"core", "economy", "finance", "play", "policies", "scenario", "lab", "cli"} <= read


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("core/a.py", "from game.economy import demand", "imports up: core"),
        ("core/a.py", "def f():\n    import game.play.turn", "a.py:2: imports up: core"),
        ("economy/a.py", "from game.finance.ownership import control", "imports sideways"),
        ("finance/a.py", "from ..economy import demand", "imports sideways"),
        ("finance/deep/a.py", "from ... import economy", "imports sideways"),
        ("economy/__init__.py", "from ..play import turn", "imports up"),
        ("lab/a.py", "from game import session", "imports sideways"),
        ("policies/a.py", "from game.scenario.loader import load", "imports sideways"),
        ("play/a.py", "if TYPE_CHECKING:\n    from game.policies import idle", "imports up"),
        ("play/a.py", "import_module('game.ui.app')", "imports up"),
        ("play/a.py", "importlib.import_module('game.lab')", "imports up"),
        ("play/a.py", "TABLE = {'idle': 'game.policies.idle:Idle'}", "imports up"),
        ("policies/a.py", "import_module(f'game.{name}')", "cannot be read"),
        ("policies/a.py", "import_module(name)", "cannot be read"),
        ("session/a.py", "from game.ui import app", "imports up"),
        ("session/a.py", "from game.shop import till", "has no floor"),
        ("shop/a.py", "", "shop has no floor"),
        ("ui/a.py", "from game.cli.main import run", "imports up"),
        ("ui/kit/a.py", "from game.text import words", "knows nothing of the game"),
        ("text/a.py", "from game.play.report import Line", "stands beside the floors"),
        ("resources.py", "from game.scenario import loader", "stands beside the floors"),
        ("play/a.py", "from game.resources import asset_path", "resources is for floor 3 up"),
        ("policies/a.py", "from game.text import words", "text is for floor 4 up"),
        ("__init__.py", "import numpy", "the package itself imports nothing"),
        ("session/a.py", "import pygame", "pygame lives in ui alone"),
        ("cli/a.py", "def f():\n    import pygame.display", "pygame lives in ui alone"),
        ("storage/a.py", "import yaml", "yaml lives in scenario alone"),
        ("lab/a.py", "from pydantic import BaseModel", "pydantic lives in scenario alone"),
        ("scenario/a.py", "import pyarrow.parquet", "pyarrow lives in lab alone"),
        ("ui/a.py", "from rich.console import Console", "rich lives in cli alone"),
        ("lab/a.py", "import gymnasium", "gymnasium lives in adapters alone"),
        ("economy/a.py", "import scipy.linalg", "scipy is no library of the game"),
        ("play/a.py", "import time", "may not touch files, clocks"),
        ("core/a.py", "from datetime import date", "may not touch files, clocks"),
        ("finance/a.py", "from pathlib import Path", "may not touch files, clocks"),
        ("policies/a.py", "import time", "may not touch files, clocks"),
        ("economy/a.py", "open('x')", "may not call open"),
        ("play/a.py", "print('x')", "may not call print"),
        ("play/a.py", "np.load('x')", "np.load"),
        ("core/a.py", "np.random.default_rng()", "not from numpy.random"),
        ("policies/a.py", "from numpy.random import default_rng", "not from numpy.random"),
        ("storage/a.py", "import random", "not from random"),
        ("storage/a.py", "import pickle", "pickle has no home"),
        ("storage/a.py", "np.load(f, allow_pickle=True)", "without pickle"),
        ("scenario/a.py", "eval('1')", "nothing is ever evaluated"),
        ("scenario/a.py", "exec(text)", "nothing is ever evaluated"),
    ],
)
def test_a_broken_source_is_caught(tmp_path: Path, path: str, source: str, expected: str) -> None:
    broken = tmp_path / "game" / path
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(source, encoding="utf-8")
    found = faults(tmp_path / "game")
    assert len(found) == 1, found
    assert expected in found[0]
    assert found[0].startswith(f"game/{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "import numpy as np\nfrom game.core.axes import axis\nimport math"),
        ("play/a.py", "from game.economy import demand\nfrom game.finance import control"),
        ("play/a.py", "if TYPE_CHECKING:\n    from game.play.settlement import Settlement"),
        (
            "scenario/a.py",
            "import yaml, pydantic\nfrom game.resources import asset_path\nopen('x')",
        ),
        ("storage/a.py", "import os, time\nnp.load(f, allow_pickle=False)"),
        ("text/a.py", "from game.core.errors import UserError"),
        ("session/a.py", "from game.text import words\nfrom game.policies import registry"),
        ("ui/kit/a.py", "import pygame\nfrom game.ui.kit.theme import Theme\nfrom . import box"),
        ("cli/a.py", "def f():\n    from game.ui.app import run"),
        ("__main__.py", "from game.cli.main import run"),
        ("__init__.py", '"""Imports nothing."""'),
    ],
)
def test_a_sound_source_passes(tmp_path: Path, path: str, source: str) -> None:
    sound = tmp_path / "game" / path
    sound.parent.mkdir(parents=True, exist_ok=True)
    sound.write_text(source, encoding="utf-8")
    assert faults(tmp_path / "game") == []


def loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=GAME.parent
    )
    return set(done.stdout.split())


def test_the_engine_runs_without_window_or_scenario_reader() -> None:
    loaded = loaded_by("import game.play.turn")
    assert not loaded & {"pygame", "yaml", "pydantic", "typer", "rich", "pyarrow", "openskill"}


def test_the_door_imports_what_a_verb_needs_lazily() -> None:
    assert not loaded_by("import game.cli.main") & {"pygame", "yaml", "pydantic", "pyarrow"}
