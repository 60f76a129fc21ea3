"""Rich text: bold, colours, icons, bullets and links, wrapped.

Markup: ``**bold**``, ``[words](target)``, ``{role|words}`` in a colour role, ``{icon:name}``, and
lines that begin with ``- ``. A backslash takes a sign as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Unpack

import pygame

from game.ui.kit.basic import WRAP_LEAST, WRAP_NATURAL
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.style import Paint
from game.ui.kit.widget import Widget
from game.ui.kit.words import pieces

_TOKEN = re.compile(
    r"\\(?P<raw>.)"
    r"|(?P<bold>\*\*)"
    r"|\[(?P<words>[^\]]+)\]\((?P<target>[^)]+)\)"
    r"|\{icon:(?P<icon>[\w-]+)\}"
    r"|\{(?P<role>\w+)\|(?P<tinted>[^}]*)\}"
    r"|(?P<text>[^\\*\[{]+|.)",
    re.DOTALL,
)
BULLET = "- "
INDENT = 14


@dataclass(frozen=True)
class Span:
    """A stretch of text of one look; ``icon`` spans have no text."""

    text: str
    bold: bool = False
    color: Paint | None = None
    target: str | None = None
    icon: str | None = None


@dataclass(frozen=True)
class Placed:
    """A piece at its place relative to the widget's corner."""

    span: Span
    rect: pygame.Rect


def parse(markup: str) -> list[list[Span]]:
    """Spans of every line of a markup."""
    paragraphs: list[list[Span]] = []
    for line in markup.split("\n"):
        spans: list[Span] = []
        bold = False
        for match in _TOKEN.finditer(line):
            found = match.groupdict()
            if found["bold"]:
                bold = not bold
                continue
            spans.append(_span(found, bold))
        paragraphs.append(_joined(spans))
    return paragraphs


def _span(found: dict[str, str | None], bold: bool) -> Span:
    if found["icon"]:
        return Span("", bold, icon=found["icon"])
    if found["words"] is not None:
        return Span(found["words"], bold, target=found["target"])
    if found["role"]:
        return Span(found["tinted"] or "", bold, color=found["role"])
    return Span(found["raw"] or found["text"] or "", bold)


def _joined(spans: list[Span]) -> list[Span]:
    """Neighbours of the same look made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.icon is None and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


def plain_text(markup: str) -> str:
    """The words of a markup alone."""
    return "\n".join("".join(span.text for span in line) for line in parse(markup))


class RichText(Widget):
    """Wrapped text with links; the links take the focus together, arrows go from one to the next.

    Args:
        on_link: called with a link's target; by default the app's.
    """

    role = "text"
    reacts = True

    def __init__(
        self,
        markup: str,
        style: str = "body",
        color: Paint = "text",
        on_link: Callable[[str], object] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.markup, self.style, self.color, self.on_link = markup, style, color, on_link
        self._lines = parse(markup)
        self._flow: dict[int, tuple[list[Placed], int]] = {}
        self.link = 0
        self._pointed: str | None = None
        self.focusable = bool(self.links())

    def value(self) -> str:
        return plain_text(self.markup)

    def links(self) -> list[Span]:
        """The links in order."""
        return [span for line in self._lines for span in line if span.target]

    def lines(self) -> list[str]:
        return [f'link "{span.target}": {span.text}' for span in self.links()]

    def _forget(self) -> None:
        super()._forget()
        self._flow = {}

    def _style_of(self, span: Span) -> str:
        if not span.bold:
            return self.style
        return "small_strong" if self.style in ("small", "caption") else "strong"

    def _width_of(self, span: Span, text: str) -> int:
        return self.ctx.text_width(text, self._style_of(span))

    def _natural_width(self) -> int:
        step = self.ctx.line_height(self.style)
        widths = [
            sum(step if s.icon else self._width_of(s, s.text) for s in line) for line in self._lines
        ]
        return min(max(widths, default=0) + 2, self.ctx.px(WRAP_NATURAL))

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self.ctx.px(WRAP_LEAST))

    def _height_for(self, width: int) -> int:
        return self.flow(width)[1]

    def flow(self, width: int) -> tuple[list[Placed], int]:
        """Pieces at their places for a width in pixels, and the height that they take."""
        if width not in self._flow:
            placed: list[Placed] = []
            top = 0
            for line in self._lines:
                top = self._flow_line(line, width, top, placed)
            self._flow[width] = (placed, top)
        return self._flow[width]

    def _flow_line(self, line: list[Span], width: int, top: int, placed: list[Placed]) -> int:
        """Place one paragraph; returns the y below it."""
        step = self.ctx.line_height(self.style)
        indent = 0
        if line and line[0].text.startswith(BULLET):
            indent = self.ctx.px(INDENT)
            line = [replace(line[0], text=line[0].text[len(BULLET) :]), *line[1:]]
            placed.append(Placed(Span("•", color="muted"), pygame.Rect(0, top, indent, step)))
        x = indent
        for span in line:
            for piece in [""] if span.icon else pieces(span.text):
                wide = round(step * 0.95) if span.icon else self._width_of(span, piece)
                if x + wide > width and x > indent and not piece.isspace():
                    x, top = indent, top + step
                box = pygame.Rect(x, top, min(wide, width - x), step)
                placed.append(Placed(replace(span, text=piece), box))
                x += wide
        return top + step

    def _at(self, pos: Pos) -> Placed | None:
        local = (pos[0] - self.rect.left, pos[1] - self.rect.top)
        placed = self.flow(self.rect.width)[0]
        return next((p for p in placed if p.span.target and p.rect.collidepoint(local)), None)

    def part(self, key: str) -> pygame.Rect:
        for placed in self.flow(self.rect.width)[0]:
            if placed.span.target == key:
                return placed.rect.move(self.rect.topleft)
        return super().part(key)

    def follow(self, target: str) -> None:
        """Do what a click on a link does."""
        if self.on_link is not None:
            self.on_link(target)
        else:
            self.app.follow(target)

    def tip(self, pos: Pos) -> str | Widget | None:
        placed = self._at(pos)
        if placed is not None and placed.span.target and self.app.explain is not None:
            return self.app.explain(placed.span.target)
        return super().tip(pos)

    def cursor(self, pos: Pos) -> int:
        hand = self._at(pos) is not None
        return pygame.SYSTEM_CURSOR_HAND if hand else pygame.SYSTEM_CURSOR_ARROW

    def on_pointer(self, event: Pointer) -> bool:
        placed = self._at(event.pos)
        if event.kind == "move":
            pointed = placed.span.target if placed else None
            if pointed != self._pointed:
                self._pointed = pointed
                self.invalidate()
            return False
        if placed is None or event.button != 1 or event.kind not in ("down", "up"):
            return False
        if event.kind == "up" and placed.span.target:
            self.follow(placed.span.target)
        return True

    def on_key(self, key: Key) -> bool:
        links = self.links()
        step = {"right": 1, "down": 1, "left": -1, "up": -1}.get(key.chord, 0)
        if step and 0 <= self.link + step < len(links):
            self.link += step
            self.invalidate()
            return True
        if key.chord == "enter" and links and links[self.link].target:
            self.follow(links[self.link].target or "")
            return True
        return False

    def paint(self, surface: pygame.Surface) -> None:
        target = self.links()[self.link].target if self.focused and self.links() else None
        for placed in self.flow(self.rect.width)[0]:
            box = placed.rect.move(self.rect.topleft)
            if box.top >= self.rect.bottom or not surface.get_clip().colliderect(box):
                continue
            self._paint_piece(surface, placed.span, box, target)

    def _paint_piece(
        self, surface: pygame.Surface, span: Span, box: pygame.Rect, target: str | None
    ) -> None:
        ctx = self.ctx
        color: Paint = span.color or ("link" if span.target else self.color)
        if span.icon:
            drawn = ctx.icon(span.icon, round(box.height * 0.8), color)
            surface.blit(drawn, drawn.get_rect(center=box.center))
            return
        drawn = ctx.render(span.text, self._style_of(span), color)
        at = drawn.get_rect(midleft=box.midleft)
        surface.blit(drawn, at)
        if span.target:
            strong = span.target in (self._pointed, target) and (self.hovered or self.focused)
            line = ctx.color("link" if strong else "line_strong")
            surface.fill(line, (box.left, at.bottom - ctx.px(2), box.width, ctx.px(1)))
