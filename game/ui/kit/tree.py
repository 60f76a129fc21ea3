"""The screen as text: what a test reads, and what a screen reader can be fed with."""

from __future__ import annotations

from game.ui.kit.widget import Widget

SILENT = {"spacer", "divider", "icon", "swatch"}
STEP = "  "


def text_tree(root: Widget) -> str:
    """One line a widget: ``role "name": value [states]``; plain containers leave no line."""
    return "\n".join(_lines(root, 0))


def _lines(widget: Widget, depth: int) -> list[str]:
    if not widget.visible or widget.role in SILENT:
        return []
    own = [] if _bare(widget) else [_line(widget, depth)]
    below = depth + len(own)
    own += [STEP * below + line for line in widget.lines()]
    for child in widget.children:
        own += _lines(child, below)
    return own


def _bare(widget: Widget) -> bool:
    """A container that says nothing."""
    containers = {"group", "row", "column", "grid", "stack", "scroll", "panel"}
    return widget.role in containers and not widget._name and not widget.value()


def _line(widget: Widget, depth: int) -> str:
    text = STEP * depth + widget.role
    if widget._name:
        text += f' "{widget._name}"'
    value = " ".join(widget.value().split())
    if value:
        text += f": {value}"
    states = widget.states()
    return text + (f" [{' '.join(states)}]" if states else "")
