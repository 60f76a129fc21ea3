"""The app: a window, a stack of screens, layers above, and a loop that sleeps when idle."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Context
from game.ui.kit.dispatch import Dispatch
from game.ui.kit.fonts import FontBook
from game.ui.kit.ground import Ground
from game.ui.kit.icons import IconBook
from game.ui.kit.keys import KeyMap
from game.ui.kit.layers import Layer, settle_layers
from game.ui.kit.overlays import Overlays
from game.ui.kit.pilot import Pilot
from game.ui.kit.screen import Screen
from game.ui.kit.scroll import ScrollView
from game.ui.kit.style import Theme
from game.ui.kit.timers import Timer, Timers
from game.ui.kit.tips import Tips
from game.ui.kit.tree import text_tree
from game.ui.kit.widget import Widget
from game.ui.kit.window import Window, best_scale

BUSY_MS = 33
IDLE_MS = 2000
NAP_S = 0.015
"""Looks for events between naps: a third of the cost of SDL's own waiting, which looks each ms."""
RING_GAP = 2


class App(Overlays, Pilot):
    """One window and everything in it.

    Args:
        size: of the window in pixels.
        scale: wished UI scale, 1.0 to 2.0; a small window caps it.
        clock: milliseconds; tests give their own.
    """

    def __init__(
        self,
        title: str,
        *,
        theme: Theme,
        fonts: FontBook,
        icons: IconBook,
        size: tuple[int, int] = (1440, 900),
        scale: float = 1.0,
        keymap: KeyMap | None = None,
        icon: Path | None = None,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.window = Window(title, size, icon)
        self.scale = scale
        fits = best_scale(scale, self.window.size)
        self.ctx = Context(theme, fonts, icons, fits, self)
        self.keymap = keymap or KeyMap()
        self.now: Callable[[], int] = clock or _ticks
        self.timers = Timers(self.now)
        self.layers: list[Layer] = []
        self.screens: list[Screen] = []
        self.every_frame: list[Callable[[], bool]] = []
        self.explain: Callable[[str], str | Widget | None] | None = None
        self.on_link: Callable[[str], None] | None = None
        self.on_quit: Callable[[], bool] | None = None
        self.focused: Widget | None = None
        self.focus_visible = False
        self.running = False
        self.busy = False
        self.tips = Tips(self)
        self.dispatch = Dispatch(self)
        self.ground = Ground()
        self._layout_due = self._screen_due = True

    # Screens

    @property
    def screen(self) -> Screen | None:
        """The screen that is shown."""
        return self.screens[-1] if self.screens else None

    def show(self, screen: Screen) -> None:
        """Replace the whole stack by one screen."""
        leaving = self.screens
        self._hide()
        self.screens = []
        for old in leaving:
            old.enter(None)
        self.push(screen)

    def push(self, screen: Screen) -> None:
        """Put a screen on top."""
        self._hide()
        self.screens.append(screen)
        screen.enter(self)
        self._open()

    def pop(self) -> None:
        """Go back to the screen below; the last one stays."""
        if len(self.screens) > 1:
            self._hide()
            self.screens.pop().enter(None)
            self._open()

    def _hide(self) -> None:
        if self.screens and self.layers:
            self.screens[-1].on_hide()
        for layer in self.layers:
            layer.root.detach()
        self.layers = [layer for layer in self.layers if layer.kind == "toast"]
        for layer in self.layers:
            layer.root.attach(self.ctx)
        self.tips.close()
        self._forget_focus()

    def _forget_focus(self) -> None:
        self.set_focus(None)
        self.dispatch.captured = None
        self.dispatch.hovered = []

    def _open(self) -> None:
        screen = self.screens[-1]
        root = screen.build()
        root.attach(self.ctx)
        self.layers.insert(0, Layer(root, "screen"))
        self.request_layout()
        screen.on_show()

    def rebuild(self, screen: Screen) -> None:
        """Build the shown screen anew; what widgets remember passes on by name."""
        if screen is not self.screen or not self.layers or self.layers[0].kind != "screen":
            return
        old = self.layers[0].root
        kept = {w.name: w.memory() for w in old.walk() if w.memory() is not None}
        focus = self.focused.name if self.focused is not None else None
        captured = self.dispatch.captured
        held = captured.name if captured is not None else None
        old_widgets = set(old.walk())
        root = screen.build()
        old.detach()
        root.attach(self.ctx)
        self.layers[0].root = root
        for widget in root.walk():  # what is remembered may bring in further widgets
            if widget.name in kept:
                widget.recall(kept[widget.name])
        by_name = {w.name: w for w in root.walk()}
        if self.focused in old_widgets:
            self._pass_focus(by_name.get(focus or ""))
        if captured in old_widgets:
            self.dispatch.captured = by_name.get(held or "")
        for layer in self.layers:
            if layer.focus_before in old_widgets:
                layer.focus_before = None
        self.tips.close()
        self.request_layout()

    # Focus, actions, links

    def attached(self, widget: Widget | None) -> bool:
        """Whether a widget is on screen."""
        return widget is not None and widget.attached

    def focus_root(self) -> Widget:
        """The tree that Tab goes through: the top dialogue or pop-up, else the screen."""
        for layer in reversed(self.layers):
            if layer.kind in ("modal", "popup", "screen"):
                return layer.root
        raise RuntimeError("no screen is shown")

    def _pass_focus(self, heir: Widget | None) -> None:
        """Give the focus to the same widget of a new tree without a word, or take it away."""
        if heir is not None and heir.focusable:
            self.focused = heir
        else:
            self.set_focus(None)

    def set_focus(self, widget: Widget | None) -> None:
        """Send keys to a widget, or to none."""
        if widget is self.focused:
            return
        before, self.focused = self.focused, widget
        if before is not None and before.attached:
            self.damage(before.rect, before)
            before.on_focus(False)
        if widget is not None:
            self.damage(widget.rect, widget)
            widget.on_focus(True)

    def show_focus(self) -> None:
        """Draw the focus ring from now on, until the mouse is used."""
        if not self.focus_visible or self.focused is not None:
            self.focus_visible = True
            if self.focused is not None:
                self.damage(self.focused.rect, self.focused)

    def reveal(self, widget: Widget) -> None:
        """Scroll everything above a widget so that it can be seen."""
        self.settle()
        for above in widget.ancestors():
            if isinstance(above, ScrollView):
                above.scroll_to(widget)

    def act(self, action: str) -> bool:
        """Start an action of the key map; dialogues keep it from the screen below."""
        if any(layer.kind in ("modal", "popup") for layer in self.layers):
            return False
        return self.screen is not None and self.screen.on_action(action)

    def follow(self, target: str) -> None:
        """A link was clicked: the screen is asked first, then ``on_link``."""
        self.tips.close()
        used = self.screen is not None and self.screen.on_link(target)
        if not used and self.on_link is not None:
            self.on_link(target)

    # Finding

    def search(self, name: str) -> Widget | None:
        """A widget by name in the topmost layer that has it, or None."""
        self.settle()
        for layer in reversed(self.layers):
            found = layer.root.search(name)
            if found is not None:
                return found
        return None

    def has(self, name: str) -> bool:
        """Whether there is a visible widget of that name."""
        return self.search(name) is not None

    def find(self, name: str) -> Widget:
        """A widget by name, topmost layer first.

        Raises:
            LookupError: there is none; names the nearest.
        """
        found = self.search(name)
        if found is not None:
            return found
        names = [w.name for layer in self.layers for w in layer.root.walk()]
        near = ", ".join(difflib.get_close_matches(name, names, 3)) or "nothing alike"
        raise LookupError(f"no widget is called {name!r}; there is {near}")

    def tree(self) -> str:
        """Everything on screen as text."""
        self.settle()
        return "\n".join(text_tree(layer.root) for layer in self.layers)

    # Drawing

    def request_layout(self, widget: Widget | None = None) -> None:
        """Arrange everything again before the next drawing; the screen stays as it is when a
        widget above it asks."""
        self._layout_due = True
        self._screen_due = self._screen_due or widget is None or not self.above(widget)

    def request_layout_above(self) -> None:
        """Arrange what lies above the screen again before the next drawing."""
        self._layout_due = True

    def damage(self, rect: pygame.Rect, widget: Widget | None = None) -> None:
        """Draw a rectangle again, of a widget or of the whole screen."""
        grown = 2 * self.ctx.px(RING_GAP + 2)
        rect = rect.inflate(grown, grown)
        self.window.damage(rect)
        if widget is None or not self.above(widget):
            self.ground.damage(rect)

    def settle(self) -> None:
        """Arrange now, if something changed."""
        rounds = 0
        while self._layout_due and rounds < 4:
            whole, self._layout_due, self._screen_due = self._screen_due, False, False
            rounds += 1
            due = self.layers if whole else self.over()
            settle_layers(due, self.window.rect, self)
            if whole:
                self.ground.forget()
            self.window.damage_all()
            self.dispatch.refresh()

    def draw(self) -> None:
        """Arrange and draw what changed."""
        self.settle()
        dirty = self.window.take_damage()
        if dirty is None:
            return
        surface = self.window.surface
        ground = self.ground.picture(surface, self.ctx.color("bg"), self._draw_screen)
        surface.set_clip(dirty)
        surface.blit(ground, dirty, dirty)
        self._draw_layers(surface, self.over())
        surface.set_clip(None)
        self.window.show([dirty])

    def _draw_screen(self, surface: pygame.Surface) -> None:
        self._draw_layers(surface, [layer for layer in self.layers if layer.kind == "screen"])

    def _draw_layers(self, surface: pygame.Surface, layers: Sequence[Layer]) -> None:
        for layer in layers:
            layer.root.draw(surface)
            self._draw_ring(surface, layer)

    def _draw_ring(self, surface: pygame.Surface, layer: Layer) -> None:
        at = self.focused
        if not self.focus_visible or at is None or layer.root not in at.ancestors():
            return
        ctx, seen = self.ctx, at.clip()
        if seen.size == (0, 0):
            return
        gap = 2 * ctx.px(RING_GAP)
        ring = seen.inflate(gap, gap).clip(self.window.rect)
        radius = ctx.radius("medium") + gap // 2
        paint.round_rect(surface, ring, None, radius, ctx.color("focus"), ctx.px(2))

    def screenshot(self, path: Path | str) -> None:
        """Save the window as a picture; the ending of the name tells the format."""
        self.draw()
        pygame.image.save(self.window.surface, str(path))

    def set_scale(self, scale: float) -> None:
        """Set the wished UI scale."""
        self.scale = scale
        self._rescale()

    def resize(self, size: tuple[int, int]) -> None:
        """Set the window's size in pixels."""
        self.window.open(size)
        self._rescale()

    def resized(self) -> None:
        """The window's size was changed from outside."""
        if self.window.size[0] < 320 or self.window.size[1] < 240:
            self.window.open(self.window.size)
        self._rescale()

    def _rescale(self) -> None:
        self.ctx.scale = best_scale(self.scale, self.window.size)
        self.tips.close()
        for layer in self.layers:
            layer.root.attach(self.ctx)
        self.request_layout()

    # The loop

    def after(self, ms: int, call: Callable[[], object]) -> Timer:
        """Call once, later."""
        return self.timers.after(ms, call)

    def quit(self) -> None:
        """End ``run``."""
        self.running = False

    def ask_quit(self) -> None:
        """The window's close button."""
        if self.on_quit is None or self.on_quit():
            self.quit()

    def run(self) -> None:
        """Show the window until ``quit``; the window is closed then."""
        self.running = True
        self.pump()
        while self.running:
            self.step(self._wait())
        self.window.close()

    def _wait(self) -> int:
        """How long to sleep if no event comes, in milliseconds."""
        soon = self.timers.wait()
        wait = BUSY_MS if self.busy else IDLE_MS
        return wait if soon is None else min(wait, soon)

    def step(self, wait_ms: int) -> None:
        """One turn of the loop: sleep until an event or so long, then handle all that came."""
        until = self.now() + wait_ms
        while not pygame.event.peek() and self.now() < until:
            time.sleep(NAP_S)
        self.pump()

    def pump(self, events: Iterable[pygame.event.Event] = ()) -> None:
        """Handle the given and all posted events, hooks and timers once, then draw."""
        for event in self._thinned([*events, *pygame.event.get()]):
            self.settle()
            self.handle(event)
        self.timers.run_due()
        self.busy = sum(bool(hook()) for hook in list(self.every_frame)) > 0
        self.draw()


def _ticks() -> int:
    return time.monotonic_ns() // 1_000_000
