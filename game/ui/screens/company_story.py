"""Pages of a company that tell: what it wants and remembers, and why it did what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Card,
    Cell,
    Column,
    Divider,
    Icon,
    Label,
    Row,
    ScrollView,
    Table,
    TableColumn,
    TableRow,
    Widget,
)

if TYPE_CHECKING:
    from game.ui.screens.company import CompanyScreen
    from game.ui.screens.frame import GameScreen

NEUTRAL_TRUST = 0.1
TERM_HEIGHT, HEAD_HEIGHT = 26, 34


def relations_page(screen: GameScreen, view: vm.CompanyView) -> Widget:
    """Its mandates, its rival, and what it remembers of everybody, of the person first."""
    told = view.relations
    parts = [wants_card(screen, told)]
    if not view.own:
        lines = told.about_you or (screen.word("no_memory"),)
        parts.append(
            Card(
                *bits.lines(lines),
                title=screen.word("about_you"),
                kind="raised",
                gap=4,
                pad=10,
                name="relations/you",
            )
        )
    mine = screen.game.seat
    others = [one for one in told.memories if one.company.index != mine]
    parts += [_memory(one, f"relations/{one.company.index}") for one in others]
    return ScrollView(Column(*parts, gap=8, pad=(0, 8)), stretch=1, name="page/relations")


def them_page(screen: GameScreen, view: vm.DealView) -> Widget:
    """The other side of a table: what it wants, what it remembers, whether it needs money."""
    told = view.them
    return ScrollView(
        Column(
            *bits.lines([view.squeeze], color="warning"),
            wants_card(screen, told),
            Card(
                *bits.lines(told.about_you or (screen.word("no_memory"),)),
                title=screen.word("about_you"),
                kind="raised",
                gap=4,
                pad=10,
            ),
            gap=8,
            pad=(0, 6),
        ),
        stretch=1,
        name="page/them",
    )


def wants_card(screen: GameScreen, told: vm.RelationsView) -> Widget:
    """What it states that it wants, and whom it names its rival."""
    goals: list[Widget] = [
        Row(
            Icon("flag", size=14, color="accent"),
            Label(text, style="small", wrap=True, stretch=1),
            gap=6,
        )
        for text in told.mandates
    ]
    return Card(
        *(goals or [Label(screen.word("none"), style="small", color="muted")]),
        *bits.lines([told.rival], color="warning"),
        title=screen.word("states"),
        kind="raised",
        gap=5,
        pad=10,
        name="relations/wants",
    )


def _memory(one: vm.MemoryView, name: str) -> Widget:
    color = "muted"
    if abs(one.value) > NEUTRAL_TRUST:
        color = "positive" if one.value > 0.0 else "negative"
    return Card(
        Row(
            bits.chip(one.company, "small"),
            Label(one.text, style="small", color=color, wrap=True, stretch=1, text_align="right"),
            gap=6,
        ),
        *bits.lines(one.lines, color="muted", style="caption"),
        kind="raised",
        gap=3,
        pad=10,
        name=name,
    )


def moves_page(screen: CompanyScreen, company: int) -> Widget:
    """Moves of a quarter with their grounds, and a choice of quarters."""
    view = vm.moves(screen.game, company, screen.turn)

    def choose(turn: int) -> None:
        screen.turn = turn
        screen.rebuild()

    head: list[Widget] = []
    if view.turns:
        head.append(bits.drop(list(view.turns), view.turn, choose, name="moves/turn", width=190))
    parts = [_move(screen, one, f"moves/{place}") for place, one in enumerate(view.moves)]
    nothing = [Label(view.empty, style="small", color="muted", wrap=True)] if view.empty else []
    return Column(
        *head,
        ScrollView(Column(*parts, *nothing, gap=8, pad=(0, 8)), stretch=1, name="page/moves"),
        gap=8,
        pad=(0, 8, 0, 0),
        stretch=1,
    )


def _move(screen: GameScreen, one: vm.MoveView, name: str) -> Widget:
    grounds = [
        Row(
            Label(ground.name, style="small", color="muted", wrap=True, stretch=1),
            Label(ground.text, style="small", color="muted" if ground.tone else "text"),
            Label(ground.certainty, style="caption", color="muted", width=72, text_align="right"),
            gap=8,
        )
        for ground in one.grounds
    ]
    parts: list[Widget] = [Label(one.title, style="strong", wrap=True), *grounds]
    if one.terms:
        parts += [Divider(), _terms(screen, one, name)]
    parts += bits.lines([one.note], color="muted", style="caption")
    return Card(*parts, kind="raised", gap=4, pad=10, name=name)


def _terms(screen: GameScreen, one: vm.MoveView, name: str) -> Widget:
    """The named terms of a deal, a row each, and both sides' totals."""
    titles = (screen.word("terms"), *one.sides)
    columns = [
        TableColumn(
            key, title, align="left" if key == "name" else "right", sortable=False, min_width=90
        )
        for key, title in zip(("name", "one", "other"), titles, strict=True)
    ]
    last = len(one.terms) - 1
    rows = [
        TableRow(
            str(place),
            [
                Cell(text, style="strong" if place == last else "small")
                for text in (term.name, term.one, term.other)
            ],
        )
        for place, term in enumerate(one.terms)
    ]
    height = HEAD_HEIGHT + TERM_HEIGHT * len(rows)
    return Table(columns, rows, name=f"{name}/terms", row_height=TERM_HEIGHT, height=height)
