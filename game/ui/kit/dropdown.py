"""Picking one of many: a drop-down and the lines of its menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.buttons import BUTTON_HEIGHT, BUTTON_PAD, Pressable
from game.ui.kit.choices import Option, as_options
from game.ui.kit.context import Key, Options, Pos
from game.ui.kit.layers import Popup
from game.ui.kit.layout import Column
from game.ui.kit.scroll import ScrollView
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

ITEM_HEIGHT = 32


class DropDown(Pressable):
    """One of many, in a list that opens."""

    role = "dropdown"
    default_valign = "center"

    def __init__(
        self,
        options: Sequence[Option | str],
        value: str,
        on_change: Callable[[str], object] | None = None,
        placeholder: str = "",
        **more: Unpack[Options],
    ) -> None:
        super().__init__(**more)
        self.options, self.chosen = as_options(options), value
        self.on_change, self.placeholder = on_change, placeholder
        self._popup: Popup | None = None

    def option(self) -> Option | None:
        """What is chosen."""
        return next((o for o in self.options if o.value == self.chosen), None)

    def value(self) -> str:
        option = self.option()
        return option.text if option else self.placeholder

    def states(self) -> list[str]:
        return super().states() + (["open"] if self._popup and self._popup.attached else [])

    def choose(self, value: str) -> None:
        """Choose as a click in the list does."""
        if self._popup is not None and self._popup.attached:
            self.app.close_root(self._popup)
        if value == self.chosen:
            return
        self.chosen = value
        self.invalidate()
        if self.on_change is not None:
            self.on_change(value)

    def pressed(self) -> None:
        items = [
            MenuItem(
                option, option.value == self.chosen, self.choose, name=f"{self.name}/{option.value}"
            )
            for option in self.options
        ]
        menu = ScrollView(Column(*items, gap=2))
        self._popup = self.app.popup(menu, self.rect, self.invalidate, name=f"{self.name}/menu")
        chosen = next((item for item in items if item.chosen), items[0] if items else None)
        if chosen is not None:
            self.app.set_focus(chosen)
            self.app.reveal(chosen)

    def on_key(self, key: Key) -> bool:
        if key.chord in ("down", "alt+down"):
            self.press()
            return True
        return super().on_key(key)

    def on_text(self, text: str) -> bool:
        """The next option that begins with the letter."""
        values = [o.value for o in self.options if o.enabled]
        at = values.index(self.chosen) + 1 if self.chosen in values else 0
        for value in values[at:] + values[:at]:
            option = next(o for o in self.options if o.value == value)
            if option.text.lower().startswith(text.lower()):
                self.choose(value)
                return True
        return False

    def _around(self) -> int:
        return 2 * self.ctx.px(BUTTON_PAD) + self.ctx.px(24)

    def _icon_room(self, option: Option | None) -> int:
        return self.ctx.px(26) if option is not None and option.icon else 0

    def _natural_width(self) -> int:
        wide = [self.ctx.text_width(o.text, "body") + self._icon_room(o) for o in self.options]
        return max([*wide, self.ctx.text_width(self.placeholder, "body")]) + self._around()

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self._around() + self.ctx.px(48))

    def _height_for(self, width: int) -> int:
        return self.ctx.px(BUTTON_HEIGHT)

    def shown_text(self) -> str:
        """The words as drawn."""
        room = self.rect.width - self._around() - self._icon_room(self.option())
        return ellipsis(self.value(), room, lambda t: self.ctx.text_width(t, "body"))

    def tip(self, pos: Pos) -> str | Widget | None:
        cut = self.shown_text() != self.value()
        return super().tip(pos) or (plain(self.value()) if cut else None)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, option = self.ctx, self.option()
        fill = ctx.color("hover" if self.hovered and self.enabled else "raised")
        line = ctx.color("line_strong")
        paint.round_rect(surface, self.rect, fill, ctx.radius("medium"), line, ctx.px(1))
        ink = "faint" if not self.enabled else "text" if option else "muted"
        x = self.rect.left + ctx.px(BUTTON_PAD)
        if option is not None and option.icon:
            mark = ctx.icon(option.icon, ctx.px(18), ink)
            surface.blit(mark, mark.get_rect(midleft=(x, self.rect.centery)))
        drawn = ctx.render(self.shown_text(), "body", ink)
        x += self._icon_room(option)
        surface.blit(drawn, drawn.get_rect(midleft=(x, self.rect.centery)))
        arrow = ctx.icon("chevron-down", ctx.px(16), "muted" if self.enabled else "faint")
        surface.blit(
            arrow, arrow.get_rect(midright=(self.rect.right - ctx.px(10), self.rect.centery))
        )


class MenuItem(Pressable):
    """A line of a menu."""

    role = "option"

    def __init__(
        self,
        option: Option,
        chosen: bool,
        on_pick: Callable[[str], object],
        **more: Unpack[Options],
    ) -> None:
        more["enabled"] = option.enabled
        more["tooltip"] = option.tooltip
        super().__init__(**more)
        self.option, self.chosen, self.on_pick = option, chosen, on_pick

    def value(self) -> str:
        return self.option.text

    def states(self) -> list[str]:
        return super().states() + (["selected"] if self.chosen else [])

    def pressed(self) -> None:
        self.on_pick(self.option.value)

    def _icon_room(self) -> int:
        return self.ctx.px(26) if self.option.icon else 0

    def _natural_width(self) -> int:
        px = self.ctx.px
        return self.ctx.text_width(self.option.text, "body") + self._icon_room() + px(20 + 26)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(ITEM_HEIGHT)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, x = self.ctx, self.rect.left + self.ctx.px(10)
        if (self.hovered or self.focused) and self.enabled:
            paint.round_rect(surface, self.rect, ctx.color("hover"), ctx.radius("small"))
        ink = "text" if self.enabled else "faint"
        if self.option.icon:
            mark = ctx.icon(self.option.icon, ctx.px(18), ink)
            surface.blit(mark, mark.get_rect(midleft=(x, self.rect.centery)))
        room = self.rect.width - self._icon_room() - ctx.px(20 + 26)
        shown = ellipsis(self.option.text, room, lambda t: ctx.text_width(t, "body"))
        drawn = ctx.render(shown, "body", ink)
        surface.blit(drawn, drawn.get_rect(midleft=(x + self._icon_room(), self.rect.centery)))
        if self.chosen:
            tick = ctx.icon("check", ctx.px(16), "accent")
            right = (self.rect.right - ctx.px(8), self.rect.centery)
            surface.blit(tick, tick.get_rect(midright=right))

    def on_key(self, key: Key) -> bool:
        order = [w for w in self.parent.children if w.enabled] if self.parent else []
        step = {"down": 1, "up": -1}.get(key.chord, 0)
        if step and self in order:
            target = order[(order.index(self) + step) % len(order)]
            self.app.set_focus(target)
            self.app.reveal(target)
            return True
        return super().on_key(key)
