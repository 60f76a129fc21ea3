"""Where the keyboard goes: the order of Tab, and the nearest widget where an arrow points."""

from __future__ import annotations

import pygame

from game.ui.kit.widget import Widget

SIDEWAYS_COST = 2.5


def focusable(root: Widget) -> list[Widget]:
    """Widgets that can hold the focus, in reading order."""
    return [w for w in root.walk() if w.focusable and w.enabled and w.rect.width > 0]


def following(root: Widget, at: Widget | None, step: int) -> Widget | None:
    """The widget after (step 1) or before (step −1) in the order, round the end."""
    order = focusable(root)
    if not order:
        return None
    if at not in order:
        return order[0 if step > 0 else -1]
    return order[(order.index(at) + step) % len(order)]


def towards(root: Widget, at: Widget, direction: str) -> Widget | None:
    """The nearest focusable widget to the ``left right up down`` of one."""
    best: tuple[float, Widget] | None = None
    for other in focusable(root):
        if other is at:
            continue
        cost = _distance(at.rect, other.rect, direction)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, other)
    return best[1] if best else None


def _distance(one: pygame.Rect, other: pygame.Rect, direction: str) -> float | None:
    """Cost of going from a rectangle to another; None if that is not the way."""
    ahead, aside = {
        "right": (other.left - one.right, _gap(one.top, one.bottom, other.top, other.bottom)),
        "left": (one.left - other.right, _gap(one.top, one.bottom, other.top, other.bottom)),
        "down": (other.top - one.bottom, _gap(one.left, one.right, other.left, other.right)),
        "up": (one.top - other.bottom, _gap(one.left, one.right, other.left, other.right)),
    }[direction]
    center = (other.centerx - one.centerx) if direction in ("up", "down") else 0
    return None if ahead < 0 else ahead + SIDEWAYS_COST * aside + 0.01 * abs(center)


def _gap(low: int, high: int, other_low: int, other_high: int) -> int:
    """Room between two stretches; 0 where they overlap."""
    return max(0, other_low - high, low - other_high)
