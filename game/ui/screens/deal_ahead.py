"""What a deal does to everybody: the table of third parties, the question before one signs."""

from __future__ import annotations

from typing import Any

from game.session import views as vm
from game.session.deals import Deal
from game.session.foreseeing import FUTURES
from game.ui import bits, tables
from game.ui.kit import (
    Button,
    Cell,
    Choice,
    Column,
    Label,
    ScrollView,
    Table,
    TableColumn,
    TableRow,
    Widget,
)
from game.ui.screens.deal_advisers import AdvisersPart
from game.ui.window import Window

ROW_HEIGHT = 22


class AheadPart(AdvisersPart):
    """The deal played ahead."""

    def _others(self, view: vm.DealView) -> Widget:
        """What the deal does to every company, and the likeliest counter-moves."""
        table = self.game.table
        assert table is not None
        if view.ahead is None:
            about = [self.word("ahead_about")]
            if view.large:
                about.append(self.word("ahead_large"))
            return Column(
                *bits.lines(about, color="muted"),
                Button(
                    self.word("ahead_run"),
                    lambda: play_ahead(self.window, table.deal, self.window.refresh),
                    icon="play",
                    name="ahead/run",
                    enabled=bool(view.terms) and not view.problems and not self.game.over,
                ),
                gap=8,
            )
        return ScrollView(
            Column(
                self._effects(view.ahead, True),
                Label(self.word("ahead_moves"), style="small"),
                *bits.lines(view.ahead.moves, color="muted"),
                self._effects(view.ahead, False),
                Label(view.ahead.note, style="caption", color="muted", wrap=True),
                self._more(view.ahead.more, table.deal),
                gap=6,
                pad=(0, 0, 8, 0),
            ),
            stretch=1,
            name="ahead",
        )

    def _effects(self, ahead: vm.ForesightView, side: bool) -> Widget:
        """What the deal does to its sides, or to the others."""
        columns = [
            TableColumn(
                key,
                self.word(f"ahead_{key if side or key != 'company' else 'others'}"),
                align="left" if key == "company" else "right",
                min_width=tables.WHOLE,
            )
            for key in ("company", "alone", "instead")
        ]
        return Table(
            columns,
            [self._effect(row) for row in ahead.rows if row.side == side],
            name=f"ahead/{'sides' if side else 'others'}",
            row_height=ROW_HEIGHT,
        )

    def _more(self, futures: int, deal: Deal) -> Widget | None:
        """Play more futures, where that would tell more."""
        if not futures:
            return None
        return Button(
            self.word("ahead_more"),
            lambda: play_ahead(self.window, deal, self.window.refresh, futures),
            name="ahead/more",
            enabled=not self.game.over,
        )

    def _effect(self, row: vm.EffectRow) -> TableRow:
        style = "strong" if row.side else "small"
        tones = {"good": "positive", "bad": "negative"}
        return TableRow(
            str(row.company.index),
            [
                Cell(row.company.short, style=style),
                *(
                    Cell(
                        one.mean,
                        style=style,
                        color=tones.get(one.tone),
                        tooltip=f"{self.word('ahead_band')}: {one.band}",
                    )
                    for one in (row.alone, row.instead)
                ),
            ],
        )


def play_ahead(window: Window, deal: Deal, then: Any, futures: int = FUTURES) -> None:
    """Play a deal ahead behind the window, then go on."""
    game = window.game
    if game is None or window.busy:
        return
    window.flush()

    def done(result: Any) -> None:
        if window.report(result):
            then()

    window.work(
        window.word("ahead_busy"), lambda: game.look_ahead(deal, window.moved, futures), done
    )


def ask_to_sign(window: Window, action: vm.Action, deal: Deal) -> None:
    """Show what the futures say of a large deal, then sign it or not."""
    game = window.game
    assert game is not None

    def ask() -> None:
        window.app.confirm(
            window.word("ahead_title"),
            vm.signing_text(game, deal),
            [
                Choice("ok", window.word("ahead_sign"), sign, kind="primary"),
                Choice("cancel", window.word("ahead_back"), window.refresh),
            ],
            name="sign_box",
        )

    def sign() -> None:
        window.signed(action)

    if game.foresight(deal) is None:
        play_ahead(window, deal, ask)
    else:
        ask()
