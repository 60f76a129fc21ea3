"""Reading a tree that may have faults: what is missing or of the wrong kind is simply absent."""

from __future__ import annotations

import math
from collections.abc import Iterator

from game.scenario.build import quarter_of
from game.scenario.faults import ERROR, Fault
from game.scenario.kinds import DATE
from game.scenario.shape import Step, fault_place, path_of
from game.scenario.source import Node


class Look:
    """A place of a tree with the way to it."""

    def __init__(
        self, node: Node | None, loc: tuple[Step, ...] = (), above: Node | None = None
    ) -> None:
        self.node, self.loc = node, loc
        self.nearest = above if node is None else node
        """What stands here, or nearest above."""

    def __truediv__(self, step: Step) -> Look:
        """What stands under a key or number."""
        child = None
        if self.node is not None:
            if isinstance(step, int):
                child = self.node.items[step] if step < len(self.node.items) else None
            else:
                child = self.node.fields.get(step)
        return Look(child, (*self.loc, step), self.nearest)

    @property
    def given(self) -> bool:
        """Whether anything stands here."""
        return self.node is not None and self.node.value is not None

    @property
    def text(self) -> str | None:
        """The text here."""
        return (
            self.node.value if self.node is not None and isinstance(self.node.value, str) else None
        )

    @property
    def number(self) -> float | None:
        """The finite number here."""
        value = self.node.value if self.node is not None else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            return float(value) if math.isfinite(value) else None
        except OverflowError:
            return None

    def number_or(self, missing: float) -> float:
        """The finite number here, or another."""
        return missing if self.number is None else self.number

    @property
    def flag(self) -> bool:
        """Whether true stands here."""
        return self.node is not None and self.node.value is True

    @property
    def quarter(self) -> int | None:
        """The date here in quarters from the year zero."""
        return quarter_of(self.text) if self.text and DATE.match(self.text) else None

    def keys(self) -> list[str]:
        """Keys of the mapping here."""
        return list(self.node.fields) if self.node is not None else []

    def each(self) -> Iterator[Look]:
        """What a list or mapping holds."""
        if self.node is None:
            return
        steps: list[Step] = [*self.node.fields, *range(len(self.node.items))]
        for step in steps:
            yield self / step

    def words(self) -> list[str]:
        """The texts of a list."""
        return [item.text for item in self.each() if item.text is not None]

    def named(self) -> dict[str, Look]:
        """The items of a list by their ids."""
        found: dict[str, Look] = {}
        for item in self.each():
            name = (item / "id").text
            if name is not None:
                found.setdefault(name, item)
        return found

    def fault(self, what: str, allowed: str = "", near: str = "", severity: str = ERROR) -> Fault:
        """A fault of this place, or of what stands nearest above it."""
        if self.nearest is None:
            raise ValueError("a fault of nothing")
        place = fault_place(self.nearest)
        return Fault(
            place.file, place.line, place.column, path_of(self.loc), what, allowed, near, severity
        )


class Book:
    """A scenario's tree with its parts at hand."""

    def __init__(self, tree: Node) -> None:
        self.root = Look(tree)
        self.companies = (self.root / "companies").named()
        self.sectors = (self.root / "sectors").named()
        self.pledges = (self.root / "pledges").named()
        self.markets = self.root / "markets"

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last quarter of the calendar, from the year zero."""
        calendar = self.root / "calendar"
        year, length = (calendar / "first_year").number, (calendar / "quarters").number_or(24)
        if year is None or length < 1:
            return None
        first = int(year) * 4 + int((calendar / "first_quarter").number_or(1)) - 1
        return first, first + int(length) - 1

    def rule(self, name: str, missing: float) -> float:
        """A scalar of the game."""
        return (self.root / "rules" / name).number_or(missing)

    def sector_of(self, market: Look) -> Look:
        """The sector of a market; empty when there is none."""
        name = str(market.loc[-1]).partition("/")[0]
        return self.sectors.get(name, Look(None))

    def law(self, market: Look, name: str) -> Look:
        """A law of a market: its own or its sector's."""
        own = market / name
        return own if own.given else self.sector_of(market) / name
