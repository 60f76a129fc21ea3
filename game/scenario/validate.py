"""A file against the schema and against itself: every fault at once, each with its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from game.scenario import coherence, references, schema
from game.scenario.faults import ERROR, WARNING, Fault, listed, nearest
from game.scenario.fit import Finding
from game.scenario.shape import Shape, Step, fault_place, key_place, locate, path_of
from game.scenario.source import Node, Place, Unreadable, read
from game.scenario.start_table import StartTable, with_start

ROOT = Shape(schema.Scenario)
SHOWN = 40


@dataclasses.dataclass(frozen=True)
class Checked:
    """What checking a file brought."""

    tree: Node
    scenario: schema.Scenario | None
    """None when the schema is not met."""
    faults: list[Fault]
    files: tuple[Path, ...]
    start: StartTable | None = None
    """The table of the start, where the scenario names one."""


def check_text(path: Path) -> Checked:
    """Read a file and check everything that needs no fitting."""
    try:
        source, start = with_start(read(path))
    except Unreadable as problem:
        return Checked(Node({}, Place(str(path), 0, 0)), None, [problem.fault], ())
    scenario, faults = validate(source.tree)
    found = [*source.faults, *faults, *references.check(source.tree), *coherence.check(source.tree)]
    return Checked(source.tree, scenario, in_order(found), source.files, start)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by place, each once."""
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda fault: (fault.file, fault.row, fault.column, fault.path))


def validate(tree: Node) -> tuple[schema.Scenario | None, list[Fault]]:
    """The scenario that a tree holds, or what keeps it from being one."""
    try:
        return schema.Scenario.model_validate(tree.plain()), []
    except ValidationError as error:
        items = error.errors(include_url=False)
        faults = [fault_of(tree, item) for item in items]
        meant = {
            (item["loc"][:-1], fault.did_you_mean)
            for item, fault in zip(items, faults, strict=True)
            if item["type"] == "extra_forbidden"
        }
        return None, [
            fault
            for item, fault in zip(items, faults, strict=True)
            if not (item["type"] == "missing" and (item["loc"][:-1], item["loc"][-1]) in meant)
        ]


def faults_of_findings(tree: Node, findings: Iterable[Finding]) -> list[Fault]:
    """What the fit found, as faults of the file."""
    return [
        fault_at(
            tree,
            finding.loc,
            finding.what,
            finding.allowed,
            severity=ERROR if finding.error else WARNING,
        )
        for finding in findings
    ]


def fault_at(
    tree: Node, loc: tuple[Step, ...], what: str, allowed: str = "", *, severity: str = ERROR
) -> Fault:
    """A fault of the value at a loc, or of what stands nearest above it."""
    place, node = locate(tree, loc)
    if node is not None:
        place = fault_place(node)
    return Fault(
        place.file, place.line, place.column, path_of(loc), what, allowed, severity=severity
    )


def fault_of(tree: Node, item: Mapping[str, Any]) -> Fault:
    """A fault of the schema in our words."""
    loc = tuple(step for step in item["loc"] if step != "[key]")
    is_key = item["loc"][-1:] == ("[key]",)
    at = ROOT
    for step in loc:
        at = at.child(step)
    parent = ROOT
    for step in loc[:-1]:
        parent = parent.child(step)
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "missing":
        place, path = key_place(tree, loc[:-1]), path_of(loc[:-1])
        what = f"key {loc[-1]!r} is missing ({_described(parent, loc[-1])})"
        return Fault(place.file, place.line, place.column, path, what)
    if kind == "extra_forbidden":
        place = key_place(tree, loc)
        what, allowed = "unknown key", listed(parent.keys())
        near = nearest(str(loc[-1]), parent.keys())
        return Fault(place.file, place.line, place.column, path_of(loc), what, allowed, near)
    place = key_place(tree, loc) if is_key else locate(tree, loc)[0]
    shown = shown_value(loc[-1] if is_key else value)
    what, allowed, near = _words(
        kind, value, shown, context, parent.key() if is_key else at, item["msg"]
    )
    return Fault(place.file, place.line, place.column, path_of(loc), what, allowed, near)


def _described(parent: Shape, name: Step) -> str:
    if parent.model is None or str(name) not in parent.model.model_fields:
        return ""
    words = parent.model.model_fields[str(name)].description or ""
    return words.rstrip(".")


def shown_value(value: Any) -> str:
    """A value as a fault shows it."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Mapping):
        return "a mapping"
    text = repr(value) if isinstance(value, str) else f"{value}"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


EXPECTED = {
    "float_type": "a number", "int_type": "a whole number", "int_from_float": "a whole number",
    "string_type": "a text", "bool_type": "true or false", "list_type": "a list",
    "dict_type": "a mapping of keys", "model_type": "a mapping of keys",
    "finite_number": "a finite number",
}  # fmt: skip
PATTERNS = {
    "^[a-z][a-z0-9_]*$": "lower-case letters, digits and _, a letter first",
    "^[a-z][a-z0-9_-]*$": "lower-case letters, digits, _ and -, a letter first",
    "^[0-9]{4}-Q[1-4]$": "a date such as 2015-Q3",
    "^#[0-9a-fA-F]{6}$": "a colour such as #3a7ca5",
}

Words = tuple[str, str, str]
"""What, allowed, did you mean."""


def _words(
    kind: str, value: Any, shown: str, context: Mapping[str, Any], at: Shape, message: str
) -> Words:
    if kind in EXPECTED:
        return f"{shown} is not {EXPECTED[kind]}", "", ""
    if kind == "literal_error":
        words = getattr(
            next((mark for mark in at.marks if hasattr(mark, "words")), None), "words", ()
        )
        return f"{shown} is not known", listed(words), nearest(str(value), words)
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return f"{shown} is out of range", range_of(at) or message, ""
    if kind == "string_pattern_mismatch":
        return f"{shown} is not well formed", PATTERNS.get(context.get("pattern", ""), message), ""
    if kind == "string_too_long":
        return f"{shown} is too long", f"at most {context['max_length']} characters", ""
    if kind in ("too_short", "too_long"):
        bound = "at least" if kind == "too_short" else "at most"
        count = context.get("min_length" if kind == "too_short" else "max_length")
        return f"holds {context.get('actual_length')} items", f"{bound} {count}", ""
    return message.removeprefix("Value error, "), "", ""


def range_of(at: Shape) -> str:
    """The numbers that may stand somewhere: ``0 to 1``, ``more than 0``."""
    bound: Callable[[str], Any] = lambda name: next(  # noqa: E731
        (getattr(mark, name) for mark in _flat(at.marks) if getattr(mark, name, None) is not None),
        None,
    )
    low, above, high, below = bound("ge"), bound("gt"), bound("le"), bound("lt")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    parts = [
        f"{words} {value:g}"
        for words, value in (
            ("at least", low),
            ("more than", above),
            ("at most", high),
            ("less than", below),
        )
        if value is not None
    ]
    return " and ".join(parts)


def _flat(marks: Iterable[Any]) -> Iterable[Any]:
    for mark in marks:
        yield mark
        yield from getattr(mark, "metadata", ())
