"""A question with a few answers, as a dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from game.ui.kit.buttons import Button
from game.ui.kit.layers import Choice, Modal
from game.ui.kit.layout import Spacer
from game.ui.kit.rich import RichText

if TYPE_CHECKING:
    from game.ui.kit.overlays import Overlays


def question(app: Overlays, title: str, text: str, choices: Sequence[Choice], name: str) -> Modal:
    """Open a dialogue whose buttons are named ``name/key``."""
    opened: list[Modal] = []

    def answer(choice: Choice) -> None:
        opened[0].close()
        if choice.call is not None:
            choice.call()

    buttons = [
        Button(
            choice.text,
            partial(answer, choice),
            kind=choice.kind,
            icon=choice.icon,
            name=f"{name}/{choice.key}",
        )
        for choice in choices
    ]
    modal = app.modal(
        RichText(text, name=f"{name}/text"), name=name, title=title, actions=[Spacer(), *buttons]
    )
    opened.append(modal)
    app.set_focus(buttons[-1] if buttons else None)
    return modal
