"""YAML with places: every key and value remembers its file, line and column.

YAML 1.2 core scalars (``no`` is a word, ``1e9`` a number, ``010`` is ten), duplicate keys
refused, no tags, no merge keys, anchors allowed within bounds.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from game.scenario.faults import Fault
from game.scenario.schema import FORMAT

MAX_BYTES = 4_000_000
MAX_NODES = 200_000
"""Counted with everything that anchors repeat."""
MAX_DEPTH = 40
MAX_EXTENDS = 8

Scalar = str | int | float | bool | None
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]{1,300}\Z")
_OCTAL = re.compile(r"0o[0-7]{1,300}\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,300}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")


@dataclasses.dataclass(frozen=True)
class Place:
    """A spot in a file; line and column from 1."""

    file: str
    line: int
    column: int


@dataclasses.dataclass(frozen=True)
class Node:
    """A value with the places of itself and of the key that names it."""

    value: Scalar | Mapping[str, Node] | list[Node]
    place: Place
    key: Place | None = None
    size: int = 1
    """Nodes in it, repeats counted."""
    lead: int | None = None
    """For a text in one line: marks before its first character; None when it cannot be told."""

    @property
    def fields(self) -> Mapping[str, Node]:
        """Its keys when it is a mapping, else none."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> list[Node]:
        """Its items when it is a list, else none."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class Unreadable(Exception):
    """A file of which nothing can be used; carries its one fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.line())
        self.fault = fault


def resolve_scalar(text: str) -> Scalar:
    """What a plain scalar means in the YAML 1.2 core schema."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    if _OCTAL.match(text):
        return int(text, 0)
    if _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text) or _INFINITE.match(text):
        return float(
            text.replace(".inf", "inf")
            .replace(".Inf", "inf")
            .replace(".INF", "inf")
            .replace(".nan", "nan")
            .replace(".NaN", "nan")
            .replace(".NAN", "nan")
        )
    return text


@dataclasses.dataclass(frozen=True)
class Source:
    """A scenario file with what it extends merged in."""

    tree: Node
    faults: list[Fault]
    """Of writing: syntax, duplicate keys, tags, what it extends."""
    files: tuple[Path, ...]
    """The file and all that it extends, in that order."""


def read(path: Path) -> Source:
    """A scenario file as a tree.

    Raises:
        Unreadable: when there is no mapping to speak of.
    """
    faults: list[Fault] = []
    files: list[Path] = []
    tree = _read_chain(path, (), faults, files)
    return Source(tree, faults, tuple(files))


def _read_chain(
    path: Path, chain: tuple[Path, ...], faults: list[Fault], files: list[Path]
) -> Node:
    tree = upgrade(_compose(_text(path), str(path), faults), faults)
    files.append(path)
    parent = tree.fields.get("extends")
    if parent is None or not isinstance(parent.value, str):
        return tree
    here = (*chain, path.resolve())
    target = path.parent / parent.value
    place = parent.place

    def refuse(what: str) -> None:
        whole = f"{str(parent.value)[:80]} {what}"
        faults.append(Fault(place.file, place.line, place.column, "extends", whole))

    try:
        if target.resolve() in here:
            refuse("extends itself in a circle")
        elif len(here) > MAX_EXTENDS:
            refuse("is one of too many that extend")
        else:
            return merge(_read_chain(target, here, faults, files), tree)
    except Unreadable as problem:
        if problem.fault.unreadable:
            refuse(problem.fault.what)
        else:
            faults.append(problem.fault)
    except (OSError, ValueError):
        refuse("cannot be read")
    return tree


def _text(path: Path) -> str:
    def refuse(what: str) -> Unreadable:
        return Unreadable(Fault(str(path), 0, 0, "", what))

    try:
        if path.is_dir():
            raise refuse("is a directory, not a scenario file")
        if not path.exists():
            raise refuse("does not exist")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise refuse(f"cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise refuse(f"is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("is not a text file in UTF-8") from None
    if "\0" in text:
        raise refuse("is not a text file")
    return text


def _compose(text: str, file: str, faults: list[Fault]) -> Node:
    composer = _Composer(text, file, faults)
    try:
        tree = composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = f"is not YAML: {error.problem or error.context or 'syntax error'}"
        raise Unreadable(Fault(file, line, column, "", what)) from None
    except yaml.YAMLError:
        raise Unreadable(Fault(file, 0, 0, "", "is not a text file")) from None
    if tree is None:
        raise Unreadable(Fault(file, 0, 0, "", "is empty"))
    if not isinstance(tree.value, Mapping):
        raise Unreadable(Fault(file, 0, 0, "", "is not a scenario: it holds no keys"))
    return tree


class _Composer:
    """Builds the tree from parser events; keeps going after a fault where it can."""

    def __init__(self, text: str, file: str, faults: list[Fault]) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self.file = file
        self.faults = faults
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def document(self) -> Node | None:
        """The tree of the only document; None for an empty file."""
        tree = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if tree is not None:
                    self.fault(event, "a second document; a scenario is one document")
                    break
                tree = self.node(next(self.events), "", 0)
        blank = tree is not None and tree.value is None
        return None if blank else tree

    def node(self, event: Any, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Unreadable(self.made(event, path, f"is nested more than {MAX_DEPTH} deep"))
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path)
        self.grow(1, event, path)
        if event.tag is not None and event.tag != "!":
            self.fault(event, f"tag {event.tag}; tags are not used here", path)
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style and event.implicit[0]
            value = resolve_scalar(event.value) if plain else event.value
            made = Node(value, self.place(event), lead=_lead(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            made = self.sequence(event, path, depth)
        else:
            made = self.mapping(event, path, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = made
        return made

    def alias(self, event: Any, path: str) -> Node:
        known = self.anchors.get(event.anchor)
        if known is None:
            self.fault(event, f"*{event.anchor} repeats an anchor that is not there", path)
            return Node(None, self.place(event))
        self.grow(known.size, event, path)
        return known

    def sequence(self, event: Any, path: str, depth: int) -> Node:
        items: list[Node] = []
        for child in self.events:
            if isinstance(child, yaml.SequenceEndEvent):
                break
            items.append(self.node(child, f"{path}[{len(items)}]", depth + 1))
        return Node(items, self.place(event), size=1 + sum(item.size for item in items))

    def mapping(self, event: Any, path: str, depth: int) -> Node:
        fields: dict[str, Node] = {}
        for key in self.events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            name = self.key_text(key, path, depth)
            inside = f"{path}.{name}" if path else str(name)
            value = self.node(next(self.events), inside, depth + 1)
            if name is None:
                continue
            if name in fields:
                first = fields[name].key
                line = first.line if first else 0
                self.fault(key, f"key {name!r} again; it stands in line {line} already", inside)
                continue
            fields[name] = dataclasses.replace(value, key=self.place(key))
        return Node(fields, self.place(event), size=1 + sum(node.size for node in fields.values()))

    def key_text(self, event: Any, path: str, depth: int) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self.fault(event, "a key must be a word", path)
            self.node(event, path, depth + 1)
            return None
        if event.value == "<<" and not event.style:
            self.fault(event, "merge keys belong to YAML 1.1", path, "extends, or the keys in full")
        return str(event.value)

    def grow(self, by: int, event: Any, path: str) -> None:
        self.count += by
        if self.count > MAX_NODES:
            what = f"holds more than {MAX_NODES} values, repeats counted"
            raise Unreadable(self.made(event, path, what))

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def made(self, event: Any, path: str, what: str, allowed: str = "") -> Fault:
        place = self.place(event)
        return Fault(place.file, place.line, place.column, path, what, allowed)

    def fault(self, event: Any, what: str, path: str = "", allowed: str = "") -> None:
        self.faults.append(self.made(event, path, what, allowed))


def _lead(event: Any) -> int | None:
    one_line = event.start_mark.line == event.end_mark.line
    return {"": 0, None: 0, '"': 1, "'": 1}.get(event.style) if one_line else None


UPGRADES: dict[int, Callable[[Node], Node]] = {}
"""From each old format version, how a tree of it becomes one of the next."""


def upgrade(tree: Node, faults: list[Fault]) -> Node:
    """The tree in the present format."""
    node = tree.fields.get("format")
    version = node.value if node else FORMAT
    if not isinstance(version, int) or isinstance(version, bool):
        return tree
    if node is not None and not (version == FORMAT or version in UPGRADES):
        place = node.place
        what = f"format {version} is not known to this game"
        allowed = listed_versions()
        faults.append(Fault(place.file, place.line, place.column, "format", what, allowed))
        return tree
    while version < FORMAT:
        tree = UPGRADES[version](tree)
        version += 1
    return tree


def listed_versions() -> str:
    """Format versions that can be read."""
    return ", ".join(str(version) for version in sorted({*UPGRADES, FORMAT}))


def merge(base: Node, over: Node) -> Node:
    """A tree with another laid over it.

    Mappings merge by key, lists whose items have an ``id`` by id; other lists and values
    replace; null removes.
    """
    if isinstance(base.value, Mapping) and isinstance(over.value, Mapping):
        fields = {key: node for key, node in base.value.items() if key != "extends"}
        for key, node in over.value.items():
            if node.value is None:
                fields.pop(key, None)
            else:
                fields[key] = merge(fields[key], node) if key in fields else node
        return dataclasses.replace(over, value=fields)
    if isinstance(base.value, list) and isinstance(over.value, list):
        ours, theirs = _by_id(base.value), _by_id(over.value)
        if ours is not None and theirs is not None:
            for name, node in theirs.items():
                ours[name] = merge(ours[name], node) if name in ours else node
            return dataclasses.replace(over, value=list(ours.values()))
    return over


def _by_id(items: list[Node]) -> dict[str, Node] | None:
    named: dict[str, Node] = {}
    for item in items:
        node = item.fields.get("id")
        if node is None or not isinstance(node.value, str) or node.value in named:
            return None
        named[node.value] = item
    return named
