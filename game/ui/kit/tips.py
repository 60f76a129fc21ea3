"""Tooltips: they come after a short rest, stay while the mouse is on them, and may nest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.ui.kit.context import Pos
from game.ui.kit.layers import Layer, Tip
from game.ui.kit.rich import RichText
from game.ui.kit.timers import Timer
from game.ui.kit.widget import Widget

if TYPE_CHECKING:
    from game.ui.kit.app import App

REST_MS = 450
GRACE_MS = 260
MOST_NESTED = 4


class Tips:
    """Opens and closes the tooltips of an app."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._coming: Timer | None = None
        self._going: Timer | None = None
        self._source: tuple[Widget, object] | None = None

    def layers(self) -> list[Layer]:
        """Open tooltips, outermost first."""
        return [layer for layer in self._app.layers if layer.kind == "tip"]

    def moved(self, target: Widget | None, pos: Pos) -> None:
        """The mouse rests on a widget (or on none)."""
        source = self._find(target, pos)
        if source == self._source:
            if source is not None:
                self._stay()
            return
        self._source = source
        self._cancel()
        if source is not None and not self._is_open(source[0]):
            self._coming = self._app.after(REST_MS, lambda: self._open(source, pos))
        self._leave(target)

    def _find(self, target: Widget | None, pos: Pos) -> tuple[Widget, object] | None:
        for widget in target.ancestors() if target else ():
            content = widget.tip(pos)
            if content:
                return (widget, content if isinstance(content, str) else widget)
        return None

    def _is_open(self, widget: Widget) -> bool:
        return any(layer.owner is widget for layer in self.layers()) and not isinstance(
            widget, RichText
        )

    def _leave(self, target: Widget | None) -> None:
        """Close tooltips that the mouse is neither on nor comes from, after a grace."""
        if self.layers() and not self._inside(target):
            self._going = self._going or self._app.after(GRACE_MS, self.close)
        else:
            self._stay()

    def _inside(self, target: Widget | None) -> bool:
        chain = list(target.ancestors()) if target else []
        return any(layer.root in chain or layer.owner in chain for layer in self.layers())

    def _stay(self) -> None:
        if self._going is not None:
            self._going.cancel()
            self._going = None

    def _cancel(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None

    def _open(self, source: tuple[Widget, object], pos: Pos) -> None:
        owner = source[0]
        if not owner.attached or len(self.layers()) >= MOST_NESTED:
            return
        content = owner.tip(pos)
        if content:
            self._drop_unrelated(owner)
            self.show(content, owner, pos)

    def _drop_unrelated(self, owner: Widget) -> None:
        """Keep only the tooltips that the owner is part of, outermost first."""
        chain = list(owner.ancestors())
        keep = True
        for layer in self.layers():
            keep = keep and layer.root in chain
            if not keep:
                self._app.close_root(layer.root)

    def show(self, content: str | Widget, owner: Widget, pos: Pos) -> None:
        """Open a tooltip now."""
        body = RichText(content, style="small") if isinstance(content, str) else content
        anchor = owner.clip()
        self._app.add_layer(Layer(Tip(body, anchor, pos), "tip", owner=owner))

    def close(self) -> None:
        """Close all."""
        self._stay()
        self._cancel()
        self._source = None
        for layer in reversed(self.layers()):
            self._app.close_root(layer.root)
