"""Tabs: a bar of titles and the page of the open one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.layout import Column
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

TAB_HEIGHT = 40
TAB_PAD = 14


@dataclass(frozen=True)
class Page:
    """A page: key, title, the call that builds it, an icon and a small note such as a count."""

    key: str
    title: str
    build: Callable[[], Widget]
    icon: str | None = None
    badge: str = ""


class TabBar(Widget):
    """The titles; one is open."""

    role = "tabs"
    focusable = True
    reacts = True

    def __init__(
        self,
        pages: Sequence[Page],
        value: str,
        on_change: Callable[[str], object],
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.pages, self.open, self.on_change = list(pages), value, on_change
        self._pointed = -1

    def value(self) -> str:
        titles = (f"{p.title} {p.badge}".strip() for p in self.pages)
        pairs = zip(self.pages, titles, strict=True)
        return " | ".join(f"({t})" if p.key == self.open else t for p, t in pairs)

    def _wish(self, page: Page) -> int:
        px, ctx = self.ctx.px, self.ctx
        icon = px(24) if page.icon else 0
        badge = ctx.text_width(page.badge, "caption") + px(18) if page.badge else 0
        return ctx.text_width(page.title, "strong") + icon + badge + 2 * px(TAB_PAD)

    def _natural_width(self) -> int:
        return sum(self._wish(page) for page in self.pages)

    def _smallest_width(self) -> int:
        return self.ctx.px(44) * len(self.pages)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(TAB_HEIGHT)

    def boxes(self) -> list[pygame.Rect]:
        """Rectangle of each title."""
        wishes = [self._wish(page) for page in self.pages]
        room = self.rect.width
        if sum(wishes) > room:
            total = max(1, sum(wishes))
            wishes = [wish * room // total for wish in wishes]
        boxes, x = [], self.rect.left
        for wish in wishes:
            boxes.append(pygame.Rect(x, self.rect.top, wish, self.rect.height))
            x += wish
        return boxes

    def part(self, key: str) -> pygame.Rect:
        for page, box in zip(self.pages, self.boxes(), strict=True):
            if page.key == key:
                return box
        return super().part(key)

    def _index_at(self, pos: Pos) -> int:
        return next((i for i, box in enumerate(self.boxes()) if box.collidepoint(pos)), -1)

    def choose(self, key: str) -> None:
        """Open a page as a click does."""
        if key != self.open:
            self.open = key
            self.invalidate()
            self.on_change(key)

    def tip(self, pos: Pos) -> str | Widget | None:
        index = self._index_at(pos)
        if index >= 0 and self._wish(self.pages[index]) > self.boxes()[index].width:
            return plain(self.pages[index].title)
        return super().tip(pos)

    def on_pointer(self, event: Pointer) -> bool:
        index = self._index_at(event.pos)
        if event.kind == "move":
            if index != self._pointed:
                self._pointed = index
                self.invalidate()
            return False
        if event.kind == "down" and event.button == 1 and index >= 0:
            self.choose(self.pages[index].key)
            return True
        return False

    def on_hover(self, inside: bool) -> None:
        self._pointed = -1
        super().on_hover(inside)

    def on_key(self, key: Key) -> bool:
        step = {"right": 1, "left": -1}.get(key.chord, 0)
        keys = [page.key for page in self.pages]
        at = keys.index(self.open) + step
        if not step or not 0 <= at < len(keys):
            return False
        self.choose(keys[at])
        return True

    def paint(self, surface: pygame.Surface) -> None:
        ctx, line = self.ctx, self.ctx.px(1)
        surface.fill(
            ctx.color("line"), (self.rect.left, self.rect.bottom - line, self.rect.width, line)
        )
        for i, (page, box) in enumerate(zip(self.pages, self.boxes(), strict=True)):
            self._paint_tab(surface, page, box, i == self._pointed)

    def _paint_tab(self, surface: pygame.Surface, page: Page, box: pygame.Rect, lit: bool) -> None:
        ctx, open_ = self.ctx, page.key == self.open
        ink = "text" if open_ or lit else "muted"
        x = box.left + ctx.px(TAB_PAD)
        if page.icon:
            mark = ctx.icon(page.icon, ctx.px(18), "accent" if open_ else ink)
            surface.blit(mark, mark.get_rect(midleft=(x, box.centery)))
            x += ctx.px(24)
        badge = ctx.text_width(page.badge, "caption") + ctx.px(18) if page.badge else 0
        room = box.right - ctx.px(TAB_PAD) - badge - x
        shown = ellipsis(page.title, max(0, room), lambda t: ctx.text_width(t, "strong"))
        if shown:
            drawn = ctx.render(shown, "strong", ink)
            surface.blit(drawn, drawn.get_rect(midleft=(x, box.centery)))
            x += drawn.get_width()
        if page.badge and box.right - x >= badge:
            self._paint_badge(surface, page.badge, x + ctx.px(6), box.centery)
        if open_:
            bar = pygame.Rect(box.left + ctx.px(6), 0, box.width - 2 * ctx.px(6), ctx.px(2))
            bar.bottom = box.bottom
            surface.fill(ctx.color("accent"), bar)

    def _paint_badge(self, surface: pygame.Surface, text: str, x: int, y: int) -> None:
        ctx = self.ctx
        drawn = ctx.render(text, "caption", "accent")
        pill = drawn.get_rect(midleft=(x + ctx.px(6), y)).inflate(ctx.px(12), ctx.px(2))
        paint.round_rect(surface, pill, ctx.color("accent_soft"), pill.height // 2)
        surface.blit(drawn, drawn.get_rect(center=pill.center))


class Tabs(Column):
    """A bar of tabs over the open page; only that page is built."""

    role = "group"

    def __init__(
        self,
        pages: Sequence[Page],
        value: str | None = None,
        on_change: Callable[[str], object] | None = None,
        gap: float = 12,
        **options: Unpack[Options],
    ) -> None:
        self.pages = {page.key: page for page in pages}
        self.on_change = on_change
        first = value if value in self.pages else next(iter(self.pages))
        self.bar = TabBar(pages, first or "", self.open_page)
        super().__init__(self.bar, self._build(first or ""), gap=gap, **options)
        self.bar.name = f"{self._name}/bar" if self._name else ""

    def _build(self, key: str) -> Widget:
        page = self.pages[key].build()
        page.stretch = page.stretch or 1.0
        return page

    def memory(self) -> object:
        return self.bar.open

    def recall(self, memory: Any) -> None:
        if memory in self.pages and memory != self.bar.open:
            self.bar.open = memory
            self._change(memory)

    def part(self, key: str) -> pygame.Rect:
        return self.bar.part(key)

    def open_page(self, key: str) -> None:
        """Open a page."""
        self.bar.open = key
        self._change(key)
        if self.on_change is not None:
            self.on_change(key)

    def _change(self, key: str) -> None:
        focused = self.bar.focused if self.bar.attached else False
        self.set_children([self.bar, self._build(key)])
        if focused:
            self.bar.focus()
