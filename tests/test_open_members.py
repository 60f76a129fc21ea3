"""What a base class leaves open, every finished class below it fills."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import game

LONGEST_STUB = 600


def all_classes() -> set[type]:
    """Every class that the game defines."""
    names = [m.name for m in pkgutil.walk_packages(game.__path__, "game.")]
    modules = [importlib.import_module(n) for n in names if not n.endswith("__main__")]
    found = {one for module in modules for one in vars(module).values() if inspect.isclass(one)}
    return {one for one in found if one.__module__.startswith("game.")}


def is_open(member: Any) -> bool:
    """Whether a method or property only says that a class below must give it."""
    body = member.fget if isinstance(member, property) else member
    if not inspect.isfunction(body):
        return False
    try:
        source = inspect.getsource(body)
    except OSError:  # written by dataclasses and the like: stands in no file
        return False
    return len(source) < LONGEST_STUB and source.rstrip().endswith("raise NotImplementedError")


def test_what_a_base_leaves_open_is_filled_below() -> None:
    classes = all_classes()
    bases = {one: [n for n, m in vars(one).items() if is_open(m)] for one in classes}
    bases = {one: names for one, names in bases.items() if names}
    assert bases
    for base, names in bases.items():
        below = [one for one in classes if issubclass(one, base) and one is not base]
        leaves = [
            one for one in below if not any(issubclass(d, one) and d is not one for d in below)
        ]
        assert leaves, f"nobody finishes {base.__name__}"
        left = [(one.__name__, n) for one in leaves for n in names
                if is_open(inspect.getattr_static(one, n))]  # fmt: skip
        assert not left
