"""Names that a scenario uses against those that it declares, and names declared twice."""

from __future__ import annotations

from collections.abc import Iterator

from game.scenario import expression, schema
from game.scenario.faults import Fault, listed, nearest
from game.scenario.kinds import Ref, Told
from game.scenario.shape import Shape, Spot, path_of, walk
from game.scenario.source import Node, Place
from game.scenario.words import MENTION

ONE = {
    "companies": "company", "sectors": "sector", "regions": "region", "markets": "market",
    "systems": "system", "pledges": "pledge", "names": "name",
}  # fmt: skip

Declared = dict[str, list[str]]


def check(tree: Node) -> list[Fault]:
    """Unknown and repeated names of a tree, which may have other faults."""
    known = declared(tree)
    return [
        *_market_names(tree, known),
        *(fault for spot in walk(tree, Shape(schema.Scenario)) for fault in _at(spot, known)),
        *_ambiguous(tree, known),
    ]


def declared(tree: Node) -> Declared:
    """What a scenario declares, by kind."""
    found: Declared = {"markets": list(field(tree, "markets").fields)}
    for kind in ONE:
        if kind != "markets":
            ids = (item.fields.get("id") for item in field(tree, kind).items)
            found[kind] = [node.value for node in ids if node and isinstance(node.value, str)]
    return found


def field(node: Node, *keys: str) -> Node:
    """What stands under keys; an empty value where nothing does."""
    for key in keys:
        child = node.fields.get(key)
        if child is None:
            return Node(None, node.place, node.key)
        node = child
    return node


def fault(
    place: Place, loc: tuple[str | int, ...], what: str, allowed: str = "", near: str = ""
) -> Fault:
    """A fault of a place."""
    return Fault(place.file, place.line, place.column, path_of(loc), what, allowed, near)


def _at(spot: Spot, known: Declared) -> Iterator[Fault]:
    ref = spot.shape.mark(Ref)
    if ref is not None and spot.text is not None and spot.text not in known[ref.to]:
        what = f"unknown {ONE[ref.to]} {spot.text[:60]!r}"
        names = known[ref.to]
        yield fault(spot.place, spot.loc, what, listed(names), nearest(spot.text, names))
    if spot.shape.mark(Told) is not None:
        yield from _mentions(spot, known)
    if spot.node.items and _named(spot):
        yield from _repeated(spot, "id")
    if spot.loc == ("companies",):
        yield from _repeated(spot, "uid")
    if len(spot.loc) == 3 and spot.loc[0] == "events" and spot.loc[2] == "when":
        yield from _condition(spot, known)


def _named(spot: Spot) -> bool:
    return "id" in spot.shape.child(0).keys()  # noqa: SIM118


def _mentions(spot: Spot, known: Declared) -> Iterator[Fault]:
    names = [*known["companies"], *known["names"]]
    for node in (spot.node, *spot.node.fields.values()):
        if isinstance(node.value, str):
            for match in MENTION.finditer(node.value):
                if match[1] not in names:
                    what = f"{match[0][:60]} names nothing"
                    yield fault(node.place, spot.loc, what, listed(names), nearest(match[1], names))


def _repeated(spot: Spot, key: str) -> Iterator[Fault]:
    seen: dict[object, Place] = {}
    for number, item in enumerate(spot.node.items):
        node = item.fields.get(key)
        if node is None or not isinstance(node.value, str | int | float):
            continue
        if node.value in seen:
            what = f"{key} {node.value!r} again; it stands in line {seen[node.value].line} already"
            yield fault(node.place, (*spot.loc, number, key), what)
        else:
            seen[node.value] = node.place


def _condition(spot: Spot, known: Declared) -> Iterator[Fault]:
    text = spot.text
    if text is None:
        return
    try:
        tree = expression.parse(text)
        unknown = [
            (name, column)
            for name, column in expression.companies(tree)
            if name not in known["companies"]
        ]
        if not unknown:
            expression.lower(tree)
    except expression.ExpressionError as error:
        near = nearest(error.name, [*expression.QUANTITIES, "turn"]) if error.name else ""
        yield fault(_inside(spot.node, error.column), spot.loc, error.what, error.allowed, near)
        return
    names = known["companies"]
    for name, column in unknown:
        what = f"unknown company {name!r}"
        yield fault(_inside(spot.node, column), spot.loc, what, listed(names), nearest(name, names))


def _inside(node: Node, column: int) -> Place:
    """The place of a character of a text that stands in one line."""
    if node.lead is None:
        return node.place
    return Place(node.place.file, node.place.line, node.place.column + node.lead + column)


def _market_names(tree: Node, known: Declared) -> Iterator[Fault]:
    for name, node in field(tree, "markets").fields.items():
        sector, slash, region = name.partition("/")
        place = node.key or node.place
        if not slash:
            yield fault(place, ("markets", name), f"{name[:60]!r} is not a market", "sector/region")
            continue
        for kind, part in (("sectors", sector), ("regions", region)):
            if part not in known[kind]:
                what = f"unknown {ONE[kind]} {part[:60]!r}"
                yield fault(
                    place, ("markets", name), what, listed(known[kind]), nearest(part, known[kind])
                )


def _ambiguous(tree: Node, known: Declared) -> Iterator[Fault]:
    for number, item in enumerate(field(tree, "names").items):
        node = field(item, "id")
        if isinstance(node.value, str) and node.value in known["companies"]:
            what = f"{node.value!r} is a company already"
            yield fault(node.place, ("names", number, "id"), what)
