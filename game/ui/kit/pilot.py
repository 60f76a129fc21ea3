"""Events in, by the system or by a script: translating them, and making them for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pygame

from game.ui.kit.keys import code_of

if TYPE_CHECKING:
    from game.ui.kit.context import Pos
    from game.ui.kit.dispatch import Dispatch
    from game.ui.kit.widget import Widget
    from game.ui.kit.window import Window


class Pilot:
    """The half of an app that events come in by."""

    dispatch: Dispatch
    window: Window

    def find(self, name: str) -> Widget:
        """A widget by name."""
        raise NotImplementedError

    def pump(self, events: Sequence[pygame.event.Event] = ()) -> None:
        """Handle events."""
        raise NotImplementedError

    def resized(self) -> None:
        """The window's size was changed from outside."""

    def ask_quit(self) -> None:
        """The window's close button."""

    def _thinned(self, events: Sequence[pygame.event.Event]) -> list[pygame.event.Event]:
        """Only the last of mouse motions that follow each other."""
        kept: list[pygame.event.Event] = []
        for event in events:
            motion = event.type == pygame.MOUSEMOTION
            if motion and kept and kept[-1].type == pygame.MOUSEMOTION:
                kept.pop()
            kept.append(event)
        return kept

    def handle(self, event: pygame.event.Event) -> None:
        """Handle one event."""
        kind, to = event.type, self.dispatch
        if kind == pygame.MOUSEMOTION:
            to.motion(event.pos)
        elif kind == pygame.MOUSEBUTTONDOWN and event.button <= 3:
            to.button("down", event.pos, event.button)
        elif kind == pygame.MOUSEBUTTONUP and event.button <= 3:
            to.button("up", event.pos, event.button)
        elif kind == pygame.MOUSEWHEEL:
            shift = bool(pygame.key.get_mods() & pygame.KMOD_SHIFT)
            to.wheel(
                getattr(event, "precise_x", event.x), getattr(event, "precise_y", event.y), shift
            )
        elif kind == pygame.KEYDOWN:
            to.key(event.key, getattr(event, "mod", 0))
        elif kind == pygame.TEXTINPUT:
            to.text(event.text)
        elif kind == pygame.TEXTEDITING:
            to.compose(event.text)
        else:
            self._handle_window(event)

    def _handle_window(self, event: pygame.event.Event) -> None:
        if event.type in (pygame.VIDEORESIZE, pygame.WINDOWSIZECHANGED):
            self.resized()
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN):
            self.window.damage_all()
        elif event.type == pygame.WINDOWLEAVE:
            self.dispatch.motion((-1, -1))
        elif event.type == pygame.QUIT:
            self.ask_quit()

    # For tests and scripts

    def _spot(self, name: str, part: str | None) -> Pos:
        widget = self.find(name)
        rect = widget.part(part) if part is not None else widget.rect
        seen = rect.clip(widget.clip())
        if seen.width <= 0 or seen.height <= 0:
            raise LookupError(f"{name!r} is out of sight: scroll to it first")
        return seen.center

    def hover(self, name: str, part: str | None = None) -> None:
        """Move the mouse onto a widget."""
        pos = self._spot(name, part)
        event = pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0))
        self.pump([event])

    def click(self, name: str, part: str | None = None, button: int = 1, clicks: int = 1) -> None:
        """Click a widget, or a part of it, in the middle of what can be seen."""
        pos = self._spot(name, part)
        self.dispatch.forget_clicks()
        self.click_at(pos, button, clicks)

    def click_at(self, pos: Pos, button: int = 1, clicks: int = 1) -> None:
        """Click a position."""
        motion = pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0))
        events = [motion]
        for _ in range(clicks):
            events.append(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=button))
            events.append(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=pos, button=button))
        self.pump(events)

    def drag(self, start: Pos, end: Pos) -> None:
        """Press at one position, move, and let go at another."""
        make = pygame.event.Event
        self.pump([make(pygame.MOUSEBUTTONDOWN, pos=start, button=1)])
        self.pump([make(pygame.MOUSEMOTION, pos=end, rel=(0, 0), buttons=(1, 0, 0))])
        self.pump([make(pygame.MOUSEBUTTONUP, pos=end, button=1)])

    def scroll(self, name: str, notches: int) -> None:
        """Turn the wheel over a widget; negative is down."""
        self.hover(name)
        self.pump([pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=notches)])

    def press(self, *chords: str) -> None:
        """Press keys such as ``tab`` or ``ctrl+z``, one after the other."""
        for chord in chords:
            code, modifiers = code_of(chord)
            self.pump([pygame.event.Event(pygame.KEYDOWN, key=code, mod=modifiers)])

    def type_text(self, text: str) -> None:
        """Type text, as an input method gives it."""
        self.pump([pygame.event.Event(pygame.TEXTINPUT, text=text)])
