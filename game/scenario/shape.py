"""The schema seen from a place of the file: what may stand there, and what it refers to."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from game.scenario.source import Node, Place

Step = str | int


@dataclasses.dataclass(frozen=True)
class Shape:
    """What the schema says of a value."""

    kind: Any
    """A class, or list[...] or dict[...]."""
    marks: tuple[Any, ...] = ()
    """Metadata such as Ref, OneOf and Told."""

    @property
    def model(self) -> type[BaseModel] | None:
        """The part that must stand here, if it is one."""
        is_part = isinstance(self.kind, type) and issubclass(self.kind, BaseModel)
        return self.kind if is_part else None

    def mark(self, kind: type) -> Any:
        """The first mark of a class; None without one."""
        return next((mark for mark in self.marks if isinstance(mark, kind)), None)

    def keys(self) -> tuple[str, ...]:
        """Keys that may stand in it, when they are fixed."""
        return tuple(self.model.model_fields) if self.model else ()

    def key(self) -> Shape:
        """Of the keys of a mapping with free keys."""
        arguments = typing.get_args(self.kind)
        return shape(arguments[0]) if typing.get_origin(self.kind) is dict else Shape(str)

    def child(self, step: Step) -> Shape:
        """Of what stands under a key or number; of anything when the schema does not say."""
        if self.model is not None:
            field = self.model.model_fields.get(str(step))
            return of_field(field) if field is not None else Shape(object)
        arguments = typing.get_args(self.kind)
        if typing.get_origin(self.kind) is list and isinstance(step, int):
            return shape(arguments[0])
        if typing.get_origin(self.kind) is dict and isinstance(step, str):
            return shape(arguments[1])
        return Shape(object)


def shape(annotation: Any, marks: tuple[Any, ...] = ()) -> Shape:
    """The shape of an annotation: optional and annotated layers taken off."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *more = typing.get_args(annotation)
        return shape(inner, (*marks, *more))
    if origin in (types.UnionType, typing.Union):
        rest = [part for part in typing.get_args(annotation) if part is not type(None)]
        if len(rest) == 1:
            return shape(rest[0], marks)
    return Shape(annotation, marks)


def of_field(field: FieldInfo) -> Shape:
    """The shape of a part's field."""
    return shape(field.annotation, tuple(field.metadata))


def path_of(loc: typing.Iterable[Step]) -> str:
    """A place in words: ``companies[1].products.phones/home.price``."""
    words = ""
    for step in loc:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


@dataclasses.dataclass(frozen=True)
class Spot:
    """A value met on a walk through a tree, or the key that names it."""

    loc: tuple[Step, ...]
    node: Node
    shape: Shape
    is_key: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return (self.node.key or self.node.place) if self.is_key else self.node.place

    @property
    def text(self) -> str | None:
        """The words that stand there; None when it is not a text."""
        if self.is_key:
            return str(self.loc[-1])
        return self.node.value if isinstance(self.node.value, str) else None


def walk(node: Node, here: Shape, loc: tuple[Step, ...] = ()) -> Iterator[Spot]:
    """Every value of a tree with its shape, parts before what is in them, free keys too."""
    yield Spot(loc, node, here)
    free = typing.get_origin(here.kind) is dict
    for key, child in node.fields.items():
        if free:
            yield Spot((*loc, key), child, here.key(), is_key=True)
        yield from walk(child, here.child(key), (*loc, key))
    for place, child in enumerate(node.items):
        yield from walk(child, here.child(place), (*loc, place))


def locate(tree: Node, loc: typing.Sequence[Step | str]) -> tuple[Place, Node | None]:
    """Place and value under a loc; the nearest key above when there is nothing."""
    node, place = tree, tree.place
    for step in loc:
        child = _step(node, step)
        if child is None:
            return place, None
        node, place = child, child.place
    return place, node


def _step(node: Node, step: Step) -> Node | None:
    if isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    return node.fields.get(step)


def key_place(tree: Node, loc: typing.Sequence[Step]) -> Place:
    """Place of the key that names a value; of the value itself in a list."""
    place, node = locate(tree, loc)
    return node.key or node.place if node is not None else place


def fault_place(node: Node) -> Place:
    """Where a fault of a value is shown: at a plain value, at the key of a larger one."""
    whole = bool(node.fields or node.items) or node.value is None
    return (node.key or node.place) if whole else node.place
