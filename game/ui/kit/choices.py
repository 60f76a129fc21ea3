"""Picking one of a few, all in sight: segments and radio lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.buttons import BUTTON_HEIGHT, BUTTON_PAD
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

RADIO_HEIGHT = 30
SEGMENT_LEAST = 36
SEGMENT_PAD_LEAST = 6
"""Beside the words of a segment that has to be squeezed."""


@dataclass(frozen=True)
class Option:
    """One of the things to choose from."""

    value: str
    text: str
    icon: str | None = None
    tooltip: str | None = None
    enabled: bool = True


def as_options(options: Sequence[Option | str]) -> list[Option]:
    """Plain strings stand for themselves."""
    return [o if isinstance(o, Option) else Option(o, o) for o in options]


class Segmented(Widget):
    """One of a few, all in sight; kinds ``segments`` (a bar) and ``radio`` (a list)."""

    role = "radio"
    focusable = True
    reacts = True
    default_valign = "center"

    def __init__(
        self,
        options: Sequence[Option | str],
        value: str,
        on_change: Callable[[str], object] | None = None,
        kind: str = "segments",
        **more: Unpack[Options],
    ) -> None:
        super().__init__(**more)
        self.options, self.chosen = as_options(options), value
        self.on_change, self.kind = on_change, kind
        self._pointed = -1

    def value(self) -> str:
        return " | ".join(f"({o.text})" if o.value == self.chosen else o.text for o in self.options)

    def choose(self, value: str) -> None:
        """Choose as a click does."""
        option = next((o for o in self.options if o.value == value), None)
        if option is None or not option.enabled or not self.enabled or value == self.chosen:
            return
        self.chosen = value
        self.invalidate()
        if self.on_change is not None:
            self.on_change(value)

    def _wish(self, option: Option) -> int:
        px = self.ctx.px
        icon = px(18) + (px(6) if option.text else 0) if option.icon else 0
        if self.kind == "radio":
            return px(28) + icon + self.ctx.text_width(option.text, "body")
        return icon + self.ctx.text_width(option.text, "strong") + 2 * px(BUTTON_PAD)

    def _natural_width(self) -> int:
        wishes = [self._wish(o) for o in self.options]
        return max(wishes, default=0) if self.kind == "radio" else sum(wishes)

    def _smallest_width(self) -> int:
        least = self.ctx.px(SEGMENT_LEAST)
        return least * (1 if self.kind == "radio" else len(self.options))

    def _height_for(self, width: int) -> int:
        if self.kind == "radio":
            return self.ctx.px(RADIO_HEIGHT) * len(self.options)
        return self.ctx.px(BUTTON_HEIGHT)

    def boxes(self) -> list[pygame.Rect]:
        """Rectangle of each option."""
        if self.kind == "radio":
            step = self.ctx.px(RADIO_HEIGHT)
            r = self.rect
            return [
                pygame.Rect(r.left, r.top + i * step, r.width, step)
                for i in range(len(self.options))
            ]
        wishes = [self._wish(o) for o in self.options]
        total, boxes, done = max(1, sum(wishes)), [], 0
        for wish in wishes:
            start = self.rect.left + self.rect.width * done // total
            done += wish
            end = self.rect.left + self.rect.width * done // total
            boxes.append(pygame.Rect(start, self.rect.top, end - start, self.rect.height))
        return boxes

    def part(self, key: str) -> pygame.Rect:
        for option, box in zip(self.options, self.boxes(), strict=True):
            if option.value == key:
                return box
        return super().part(key)

    def _index_at(self, pos: Pos) -> int:
        return next((i for i, box in enumerate(self.boxes()) if box.collidepoint(pos)), -1)

    def tip(self, pos: Pos) -> str | Widget | None:
        index = self._index_at(pos)
        if index < 0:
            return super().tip(pos)
        option, box = self.options[index], self.boxes()[index]
        shown = self._shown(option, box.width)
        cut = plain(option.text) if shown != option.text else None
        return option.tooltip or super().tip(pos) or cut

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "move":
            pointed = self._index_at(event.pos)
            if pointed != self._pointed:
                self._pointed = pointed
                self.invalidate()
            return False
        if event.button != 1 or event.kind not in ("down", "up"):
            return False
        index = self._index_at(event.pos)
        if event.kind == "up" and index >= 0:
            self.choose(self.options[index].value)
        return True

    def on_hover(self, inside: bool) -> None:
        self._pointed = -1
        super().on_hover(inside)

    def on_key(self, key: Key) -> bool:
        ways = {"right": 1, "left": -1} if self.kind == "segments" else {"down": 1, "up": -1}
        step = ways.get(key.chord)
        usable = [o.value for o in self.options if o.enabled]
        if step is None or not usable:
            return False
        at = usable.index(self.chosen) if self.chosen in usable else -step
        if not 0 <= at + step < len(usable):
            return False
        self.choose(usable[at + step])
        return True

    def _shown(self, option: Option, width: int) -> str:
        px = self.ctx.px
        style = "body" if self.kind == "radio" else "strong"
        around = self._wish(option) - self.ctx.text_width(option.text, style)
        if self.kind == "segments":
            around -= 2 * px(BUTTON_PAD) - 2 * px(SEGMENT_PAD_LEAST)
        room = width - around
        return ellipsis(option.text, room, lambda t: self.ctx.text_width(t, style))

    def paint(self, surface: pygame.Surface) -> None:
        ctx = self.ctx
        if self.kind == "segments":
            fill, line = ctx.color("sunken"), ctx.color("line_strong")
            paint.round_rect(surface, self.rect, fill, ctx.radius("medium"), line, ctx.px(1))
        for i, (option, box) in enumerate(zip(self.options, self.boxes(), strict=True)):
            if self.kind == "radio":
                self._paint_radio(surface, option, box, i == self._pointed)
            else:
                self._paint_segment(surface, option, box, i == self._pointed)

    def _ink(self, option: Option, chosen: bool) -> str:
        if not (option.enabled and self.enabled):
            return "faint"
        return "text" if chosen else "muted"

    def _paint_segment(
        self, surface: pygame.Surface, option: Option, box: pygame.Rect, lit: bool
    ) -> None:
        ctx, chosen = self.ctx, option.value == self.chosen
        inner = box.inflate(-2 * ctx.px(3), -2 * ctx.px(3))
        if chosen:
            fill, line = ctx.color("accent_soft"), ctx.color("accent")
            paint.round_rect(surface, inner, fill, ctx.radius("small"), line, ctx.px(1))
        elif lit and option.enabled and self.enabled:
            paint.round_rect(surface, inner, ctx.color("hover"), ctx.radius("small"))
        shown = self._shown(option, box.width)
        drawn = ctx.render(shown, "strong", self._ink(option, chosen)) if shown else None
        self._paint_words(surface, option, drawn, box.center, chosen)

    def _paint_words(
        self,
        surface: pygame.Surface,
        option: Option,
        drawn: pygame.Surface | None,
        center: Pos,
        chosen: bool,
    ) -> None:
        ctx, wide = self.ctx, drawn.get_width() if drawn else 0
        icon = ctx.px(18) if option.icon else 0
        gap = ctx.px(6) if option.icon and wide else 0
        x = center[0] - (icon + gap + wide) // 2
        if option.icon:
            mark = ctx.icon(option.icon, icon, self._ink(option, chosen))
            surface.blit(mark, mark.get_rect(midleft=(x, center[1])))
        if drawn is not None:
            surface.blit(drawn, drawn.get_rect(midleft=(x + icon + gap, center[1])))

    def _paint_radio(
        self, surface: pygame.Surface, option: Option, box: pygame.Rect, lit: bool
    ) -> None:
        ctx, chosen, size = self.ctx, option.value == self.chosen, self.ctx.px(18)
        center = (box.left + size / 2, box.centery)
        edge = "accent" if chosen else "muted" if lit else "line_strong"
        paint.disc(surface, center, size, ctx.color(edge))
        paint.disc(surface, center, size - 2 * ctx.px(1.5), ctx.color("sunken"))
        if chosen:
            paint.disc(surface, center, size // 2, ctx.color("accent"))
        x = box.left + ctx.px(28)
        if option.icon:
            mark = ctx.icon(option.icon, ctx.px(18), self._ink(option, chosen))
            surface.blit(mark, mark.get_rect(midleft=(x, box.centery)))
            x += ctx.px(24)
        drawn = ctx.render(self._shown(option, box.width), "body", self._ink(option, True))
        surface.blit(drawn, drawn.get_rect(midleft=(x, box.centery)))
