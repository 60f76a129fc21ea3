"""The geometry of a bridge chart: from named steps to rows, bars and connectors. No drawing."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pygame

SEPARATOR = "/"
"""Between the key of a group and that of its member."""
CUT_FROM = 0.5
"""The axis is cut when all levels lie within this part of the farthest one."""
CUT_ROOM = 0.35
"""Room before the nearest level on a cut axis, as a part of the stretch that levels cover."""
LEAST_BAR = 2


@dataclass(frozen=True)
class Level:
    """Where a bridge starts or ends; ``text`` is the amount as written."""

    label: str
    value: float
    text: str
    note: str = ""


@dataclass(frozen=True)
class Step:
    """A signed step from one level to the next; a group when it has members that add up to it.

    Attributes:
        text: the amount as written, signed.
        note: more words for the tooltip.
        color: role of the bar; None goes by the sign.
    """

    key: str
    label: str
    value: float
    text: str
    note: str = ""
    members: tuple[Step, ...] = ()
    color: str | None = None


@dataclass(frozen=True)
class BridgeRow:
    """A row of the chart; kinds ``start step member end``. A bar reaches from ``low`` to ``high``
    in the order of time: ``high`` is where the row leaves the running level."""

    key: str
    kind: str
    label: str
    text: str
    note: str
    low: float
    high: float
    members: int = 0
    opened: bool = False
    color: str | None = None
    depth: int = 0

    @property
    def change(self) -> float:
        """The signed amount; 0 for levels."""
        return self.high - self.low if self.kind in ("step", "member") else 0.0


@dataclass(frozen=True)
class Shape:
    """What is drawn of a row: its bar, the line down to the next row, a mark where the axis
    is cut."""

    bar: pygame.Rect
    connector: pygame.Rect | None
    cut: bool


def rows_of(
    before: Level, after: Level, steps: Sequence[Step], opened: Collection[str]
) -> list[BridgeRow]:
    """Rows from the first level to the last; members follow their group when it is open.

    Keys of members hold that of their group before a slash.
    """
    start = BridgeRow("start", "start", before.label, before.text, before.note, 0.0, before.value)
    end = BridgeRow("end", "end", after.label, after.text, after.note, 0.0, after.value)
    return [start, *_steps(steps, before.value, opened, "", 0), end]


def _steps(
    steps: Sequence[Step], level: float, opened: Collection[str], above: str, depth: int
) -> list[BridgeRow]:
    """Rows of steps one after the other from a level, members of open groups below them."""
    rows: list[BridgeRow] = []
    for step in steps:
        key = above + step.key
        is_open = bool(step.members) and key in opened
        rows.append(
            BridgeRow(
                key, "member" if depth else "step", step.label, step.text, step.note,
                level, level + step.value, len(step.members), is_open, step.color, depth,
            )
        )  # fmt: skip
        if is_open:
            rows += _steps(step.members, level, opened, key + SEPARATOR, depth + 1)
        level += step.value
    return rows


def groups_of(steps: Sequence[Step], above: str = "") -> set[str]:
    """Keys of all groups, those inside groups too."""
    found: set[str] = set()
    for step in steps:
        if step.members:
            key = above + step.key
            found |= {key, *groups_of(step.members, key + SEPARATOR)}
    return found


def axis(rows: Sequence[BridgeRow]) -> tuple[float, float, bool]:
    """Least and greatest value of the axis, and whether zero is cut away.

    Small steps between two large levels would be hairlines on an axis from zero; then it begins
    near the levels, and the bars of levels are marked as cut.
    """
    levels = [row.high for row in rows] + [
        row.low for row in rows if row.kind in ("step", "member")
    ]
    levels = [level for level in levels if math.isfinite(level)] or [0.0]
    low, high = min(levels), max(levels)
    far = max(abs(low), abs(high))
    one_side = low > 0.0 or high < 0.0
    if one_side and high - low < CUT_FROM * far:
        room = CUT_ROOM * (high - low) or 0.5 * far
        if low > 0.0:
            return max(0.0, low - room), high, low - room > 0.0
        return low, min(0.0, high + room), high + room < 0.0
    low, high = min(0.0, low), max(0.0, high)
    return (low, high, False) if high > low else (0.0, 1.0, False)


def shapes(
    rows: Sequence[BridgeRow],
    slots: Sequence[pygame.Rect],
    left: int,
    width: int,
    thick: int,
    line: int = 1,
) -> list[Shape]:
    """Bars and connectors in pixels.

    Args:
        slots: rectangle of each row; bars are centred in its height.
        left, width: the stretch that the axis covers.
        thick: height of a bar; of members three quarters of it.
        line: width of connectors.
    """
    low, high, cut = axis(rows)
    span = (high - low) or 1.0

    def at(value: float) -> int:
        part = (value - low) / span if math.isfinite(value) else 0.0
        return left + round(width * min(1.0, max(0.0, part)))

    found: list[Shape] = []
    for place, (row, slot) in enumerate(zip(rows, slots, strict=True)):
        ground = row.low if row.kind in ("step", "member") else min(max(0.0, low), high)
        x0, x1 = sorted((at(ground), at(row.high)))
        tall = thick if row.kind != "member" else max(LEAST_BAR, thick * 3 // 4)
        bar = pygame.Rect(x0, slot.centery - tall // 2, max(LEAST_BAR, x1 - x0), tall)
        bar.right = min(bar.right, left + width + LEAST_BAR)
        after = rows[place + 1] if place + 1 < len(rows) else None
        connector = None
        if after is not None:
            x = at(after.low if after.kind in ("step", "member") else after.high)
            top, bottom = bar.bottom, slots[place + 1].centery - thick // 2
            connector = pygame.Rect(x, top, line, max(0, bottom - top))
        found.append(Shape(bar, connector, cut and row.kind in ("start", "end")))
    return found


def slots_of(heights: Sequence[int], left: int, top: int, width: int) -> list[pygame.Rect]:
    """Rectangles of rows one below the other."""
    found = []
    for height in heights:
        found.append(pygame.Rect(left, top, width, height))
        top += height
    return found
