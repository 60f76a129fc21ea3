"""Opening and closing what lies above a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pygame

from game.ui.kit.context import Context
from game.ui.kit.layers import Choice, Layer, Modal, Popup, Toast
from game.ui.kit.questions import question
from game.ui.kit.timers import Timer
from game.ui.kit.widget import Widget

if TYPE_CHECKING:
    from game.ui.kit.tips import Tips

TOAST_MS = 4000


class Overlays:
    """The half of an app that keeps the layers."""

    ctx: Context
    layers: list[Layer]
    focused: Widget | None
    tips: Tips

    def request_layout_above(self) -> None:
        """Arrange what lies above the screen again before the next drawing."""
        raise NotImplementedError

    def set_focus(self, widget: Widget | None) -> None:
        """Send keys to a widget, or to none."""
        raise NotImplementedError

    def attached(self, widget: Widget | None) -> bool:
        """Whether a widget is on screen."""
        raise NotImplementedError

    def after(self, ms: int, call: Callable[[], object]) -> Timer:
        """Call once, later."""
        raise NotImplementedError

    def over(self) -> list[Layer]:
        """What lies above the screen."""
        return [layer for layer in self.layers if layer.kind != "screen"]

    def above(self, widget: Widget) -> bool:
        """Whether a widget is part of a layer above the screen."""
        line = list(widget.ancestors())
        return any(layer.root in line for layer in self.over())

    def add_layer(self, layer: Layer) -> None:
        """Put a layer on top (toasts stay above)."""
        layer.focus_before = self.focused if layer.kind in ("modal", "popup") else None
        layer.root.attach(self.ctx)
        self.layers.append(layer)
        self.layers.sort(key=lambda one: one.kind == "toast")
        if layer.kind in ("modal", "popup"):
            self.set_focus(None)
        self.request_layout_above()

    def close_root(self, root: Widget) -> None:
        """Take a layer away."""
        layer = next((one for one in self.layers if one.root is root), None)
        if layer is None:
            return
        inside = self.focused is not None and root in self.focused.ancestors()
        self.layers.remove(layer)
        root.detach()
        if inside or layer.kind in ("modal", "popup"):
            self.set_focus(layer.focus_before if self.attached(layer.focus_before) else None)
        self.request_layout_above()
        if layer.on_close is not None:
            layer.on_close()

    def close_top(self) -> bool:
        """Close the top pop-up or dialogue, as Esc does; False if there is none."""
        for layer in reversed(self.layers):
            if layer.kind in ("modal", "popup"):
                if layer.closable:
                    self.close_root(layer.root)
                return True
        return False

    def modal(
        self,
        content: Widget,
        *,
        name: str,
        title: str = "",
        width: float = 520,
        on_close: Callable[[], None] | None = None,
        closable: bool = True,
        actions: Sequence[Widget] = (),
        light: bool = False,
    ) -> Modal:
        """Open a dialogue; ``actions`` are buttons at its foot; a click beside closes a ``light``
        one."""
        root = Modal(
            content, name=name, title=title, width=width, closable=closable, actions=actions,
            light=light,
        )  # fmt: skip
        self.tips.close()
        self.add_layer(Layer(root, "modal", on_close, closable=closable))
        return root

    def confirm(
        self, title: str, text: str, choices: Sequence[Choice], *, name: str = "confirm"
    ) -> Modal:
        """Ask a question; a choice closes it first and then makes its call."""
        return question(self, title, text, choices, name)

    def toast(self, text: str, kind: str = "info") -> None:
        """Show a short message; kinds ``info positive negative warning``."""
        root = Toast(text, kind)
        self.add_layer(Layer(root, "toast"))
        self.after(TOAST_MS, lambda: self.close_root(root))

    def popup(
        self,
        content: Widget,
        anchor: pygame.Rect,
        on_close: Callable[[], None] | None = None,
        name: str = "popup",
    ) -> Popup:
        """Open a menu below an anchor."""
        root = Popup(content, anchor.copy(), name)
        self.tips.close()
        self.add_layer(Layer(root, "popup", on_close))
        return root
