"""Cards: a panel with a heading and small actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

from game.ui.kit.basic import Label
from game.ui.kit.context import Options
from game.ui.kit.layout import Pad, Panel, Row
from game.ui.kit.widget import Widget


class Card(Panel):
    """A soft box with a heading; kinds ``panel raised sunken accent plain``.

    Args:
        actions: small widgets at the right of the heading.
        on_click: makes the whole card a button.
    """

    def __init__(
        self,
        *children: Widget | None,
        title: str = "",
        actions: Sequence[Widget] = (),
        kind: str = "panel",
        gap: float = 8,
        pad: Pad = 16,
        on_click: Callable[[], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        head = None
        if title or actions:
            head = Row(Label(title, style="heading", stretch=1), *actions, gap=8)
        super().__init__(head, *children, kind=kind, on_click=on_click, gap=gap, pad=pad, **options)
        self.title = title

    def value(self) -> str:
        return self.title
