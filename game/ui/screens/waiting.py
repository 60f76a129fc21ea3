"""What shows while the rivals think or a scenario is measured."""

from __future__ import annotations

from game.ui.kit import Card, Column, Label, ProgressBar, Screen, Spacer, Widget
from game.ui.window import Window


class WaitingScreen(Screen):
    """A quiet panel with a bar."""

    name = "waiting"

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window

    def build(self) -> Widget:
        return Column(
            Spacer(),
            Card(
                Label(self.window.busy, style="heading", text_align="center"),
                ProgressBar(self.window.progress, name="waiting/bar"),
                align="center",
                width=420,
                gap=14,
                name="waiting/card",
            ),
            Spacer(),
        )
