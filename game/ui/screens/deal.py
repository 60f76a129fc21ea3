"""The deal table: both sides' clauses, what they are worth, and the answer, itemised."""

from __future__ import annotations

import math
from collections.abc import Callable

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Cell,
    CheckBox,
    Column,
    Divider,
    Grid,
    Icon,
    IconButton,
    Label,
    Page,
    Pips,
    Row,
    ScrollView,
    Slider,
    Spacer,
    Swatch,
    Table,
    TableColumn,
    TableRow,
    Tabs,
    TextEntry,
    Widget,
)
from game.ui.screens.frame import GameScreen

TERM_HEIGHT = 24

CODES = {
    "accept": ("check", "positive"),
    "refuse": ("close", "negative"),
    "counter": ("handshake", "warning"),
}


class DealScreen(GameScreen):
    """The open table, or the choice of whom to talk to."""

    name = "deal"
    section = "deal"

    def body(self, desk: vm.DeskView) -> Widget:
        if self.game.table is None:
            return self._choice(desk)
        view = vm.deal(self.game)
        return Column(
            self._head(view),
            Row(
                *self._clauses(view),
                Column(self._worth(view), self._answer(view), gap=10, stretch=5, min_width=330),
                gap=10,
                stretch=1,
            ),
            gap=8,
            stretch=1,
        )

    def hint(self, desk: vm.DeskView) -> str:
        return "hint_choose" if self.game.table is None else "hint_deal"

    def _clauses(self, view: vm.DealView) -> list[Widget]:
        if not self.narrow():
            return [
                Column(self._side(view, view.mine), stretch=4, min_width=290),
                Column(self._side(view, view.theirs), stretch=4, min_width=290),
            ]
        pages = [
            Page("mine", self.word("side_mine"), lambda: self._side(view, view.mine)),
            Page("theirs", self.word("side_theirs"), lambda: self._side(view, view.theirs)),
        ]
        return [Tabs(pages, stretch=4, min_width=290, name="clauses")]

    # -------------------------------------------------------------------------- whom to talk to

    def _choice(self, desk: vm.DeskView) -> Widget:
        cards = [
            Card(
                Row(
                    Swatch(bits.rgb(row.colour)),
                    Label(row.cells[0].text, style="strong", stretch=1),
                    Icon("handshake", size=18, color="accent"),
                    gap=8,
                ),
                *[
                    Row(
                        Label(column.title, style="caption", color="muted", stretch=1),
                        Label(cell.text, style="caption"),
                        gap=6,
                    )
                    for column, cell in list(zip(desk.companies.columns, row.cells, strict=True))[
                        1:4
                    ]
                ],
                kind="raised",
                gap=3,
                pad=10,
                name=f"talk/{row.key}",
                on_click=self._talk(row.key),
            )
            for row in desk.companies.rows
            if not row.mine
        ]
        offers: list[Widget] = [
            Card(
                Row(
                    Icon("handshake", size=18, color="accent"),
                    Label(one.title, style="strong", wrap=True, stretch=1),
                    gap=8,
                ),
                *bits.lines(one.gives),
                *bits.lines([one.worth], color="accent"),
                Button(
                    self.word("full_offer"), self._offer(one.number), name=f"inbox/{one.number}"
                ),
                kind="accent",
                gap=4,
                pad=12,
            )
            for one in desk.offers
            if one.state == "open"
        ]
        left = offers or [Label(self.word("no_offers"), style="small", color="muted")]
        return Row(
            Column(
                Label(self.word("inbox"), style="subheading"),
                ScrollView(Column(*left, gap=8), stretch=1, name="inbox"),
                gap=8,
                stretch=2,
                min_width=280,
            ),
            Column(
                Label(self.word("other_offers"), style="subheading"),
                Label(self.word("pick_deal"), style="small", color="muted", wrap=True),
                ScrollView(Grid(*cards, columns=4, gap=8), stretch=1, name="talks"),
                gap=8,
                stretch=5,
            ),
            gap=14,
            stretch=1,
        )

    def _talk(self, company: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("deal", company))

    def _offer(self, number: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("offer", number))

    # ------------------------------------------------------------------------------- the table

    def _head(self, view: vm.DealView) -> Widget:
        verb = self.window.verb
        terms = [(term, f"{term}") for term in view.term_choices]
        who = [
            bits.chip(view.me, "heading"),
            Icon("handshake", size=20, color="accent"),
            bits.chip(view.other, "heading"),
        ]
        narrow = self.narrow()
        leave: Widget = Button(
            self.word("close_table"), self._leave, kind="quiet", icon="close", name="close_table"
        )
        if narrow:
            leave = IconButton(
                "close", self._leave, label=self.word("close_table"), name="close_table"
            )
        term = self.word("term") if narrow else f"{self.word('term')} ({self.word('quarters')})"
        return Row(
            *who,
            None if narrow else Label(view.patience, style="small", color="muted"),
            Spacer(),
            Label(term, style="small", color="muted", tooltip=view.term_text or None),
            bits.segments(terms, view.term, lambda term: verb("set_term", term), name="term"),
            CheckBox(
                self.word("disclose_short" if narrow else "disclose"),
                view.disclosed,
                lambda on: verb("set_disclosed", on),
                name="disclosed",
                tooltip=view.disclosed_text or None,
            ),
            leave,
            gap=10,
        )

    def _leave(self) -> None:
        self.window.verb("close_table")

    def _side(self, view: vm.DealView, side: vm.SideView) -> Widget:
        key = "mine" if side.mine else "theirs"
        title = self.word("side_mine") if side.mine else self.word("side_theirs")
        parts: list[Widget] = [self._cash(side, key), self._stake(side, key)]
        if side.old_choices:
            parts.append(self._old(side, key))
        parts += [Divider(), Label(self.word("pledges"), style="caption", color="muted")]
        parts += [
            self._pledge(side, clause, f"{key}/pledge/{clause.kind}") for clause in side.pledges
        ]
        return Card(
            ScrollView(Column(*parts, gap=8, pad=(0, 2, 8, 4)), stretch=1, name=f"{key}/scroll"),
            title=f"{title} · {side.company.short}",
            stretch=1,
            pad=12,
            name=key,
        )

    def _cash(self, side: vm.SideView, key: str) -> Widget:
        box = {"text": f"{side.cash:.0f}"}

        def write(text: str) -> None:
            box["text"] = text

        def submit(text: str = "") -> None:
            self.window.verb("set_cash", side.mine, float(box["text"] or 0))

        top = max(side.cash_most, side.cash, 1.0)
        return Column(
            Row(
                Label(self.word("cash"), style="small", stretch=1),
                Label(side.cash_text, style="number"),
                TextEntry(
                    box["text"],
                    on_change=write,
                    on_submit=submit,
                    limit=7,
                    accept=str.isdigit,
                    width=76,
                    name=f"{key}/cash/text",
                ),
                Label(self.word("usd_m"), style="caption", color="muted"),
                gap=6,
            ),
            Slider(
                min(side.cash, top),
                lambda value: None,
                low=0.0,
                high=top,
                step=max(round(top / 200), 1),
                on_release=lambda value: self.window.verb("set_cash", side.mine, value),
                name=f"{key}/cash",
            ),
            gap=2,
        )

    def _stake(self, side: vm.SideView, key: str) -> Widget:
        top = max(side.stake_most, side.stake, 0.01)
        return Column(
            Row(
                Label(self.word("new_stake"), style="small", stretch=1),
                Label(side.stake_text, style="number"),
                gap=6,
            ),
            Slider(
                side.stake,
                lambda value: None,
                low=0.0,
                high=top,
                step=0.005,
                on_release=lambda value: self.window.verb("set_new_stake", side.mine, value),
                show=lambda value: f"{value:.1%}",
                name=f"{key}/stake",
            ),
            gap=2,
        )

    def _old(self, side: vm.SideView, key: str) -> Widget:
        options = [(issuer, bits.begun(words)) for issuer, words, _ in side.old_choices]
        known = {issuer: most for issuer, _, most in side.old_choices}
        issuer = side.old_issuer if side.old_issuer in known else side.old_choices[0][0]
        box = {"issuer": issuer}

        def choose(whose: int) -> None:
            box["issuer"] = whose
            self.window.verb(
                "set_old_stake", side.mine, min(side.old_stake, known[box["issuer"]]), box["issuer"]
            )

        return Column(
            Row(
                Label(self.word("existing_stake"), style="small", stretch=1),
                Label(side.old_text, style="number"),
                gap=6,
            ),
            bits.drop(
                options, issuer, choose, name=f"{key}/old/issuer", tooltip=self.word("issuer")
            ),
            Slider(
                min(side.old_stake, known[issuer]),
                lambda value: None,
                low=0.0,
                high=max(known[issuer], 0.001),
                step=0.005,
                on_release=lambda value: self.window.verb(
                    "set_old_stake", side.mine, value, box["issuer"]
                ),
                show=lambda value: f"{value:.1%}",
                name=f"{key}/old",
            ),
            gap=2,
        )

    def _pledge(self, side: vm.SideView, clause: vm.PledgeClause, name: str) -> Widget:
        verb = self.window.verb
        if not clause.available and clause.strength <= 0.0:
            return Column(
                Row(
                    Icon("lock", size=16, color="faint"),
                    Label(clause.name, color="faint", stretch=1),
                    gap=12,
                ),
                *bits.lines([clause.reason], color="faint", style="caption"),
                gap=0,
                name=name,
            )
        on = clause.strength > 0.0
        box = CheckBox(
            clause.name,
            on,
            lambda value: verb("set_pledge", side.mine, clause.kind, 1.0 if value else 0.0),
            name=f"{name}/on",
            tooltip=bits.hint_of([clause.about, *clause.effects, clause.cost]),
        )
        if not on:
            return Column(box, name=name)
        return Column(
            box,
            Slider(
                clause.strength,
                lambda value: None,
                low=0.1,
                high=1.0,
                step=0.1,
                show=lambda value: f"{value:.0%}",
                on_release=lambda value: verb("set_pledge", side.mine, clause.kind, value),
                name=f"{name}/strength",
            ),
            CheckBox(
                self.word("exclusive"),
                clause.exclusive,
                lambda value: verb("set_exclusive", side.mine, clause.kind, value),
                name=f"{name}/exclusive",
                tooltip=self.word("exclusive_hint"),
            ),
            *bits.lines([clause.reason], color="warning", style="caption"),
            *bits.lines(map(bits.begun, clause.effects), color="positive", style="caption"),
            *bits.lines([bits.begun(clause.cost)], color="muted", style="caption"),
            gap=2,
            name=name,
        )

    # ------------------------------------------------------------------------- worth and answer

    def _worth(self, view: vm.DealView) -> Widget:
        columns = [
            TableColumn(
                key,
                self.word(text),
                align="left" if key == "name" else "right",
                sortable=False,
                stretch=bits.room([self.word(text), *(getattr(term, key) for term in view.terms)]),
            )
            for key, text in (("name", "terms"), ("mine", "yours"), ("theirs", "theirs"))
        ]
        rows = [TableRow(str(place), self._term(term)) for place, term in enumerate(view.terms)]
        total = Row(
            Label(self.word("total"), style="strong"),
            Spacer(),
            Label(view.total_mine, style="strong"),
            Spacer(),
            Label(view.total_theirs, style="strong"),
            gap=4,
            pad=(12, 2),
            name="terms/total",
        )
        return Card(
            Table(columns, rows, name="terms", stretch=1, row_height=TERM_HEIGHT),
            Divider(),
            total,
            Label(view.price_note, style="caption", color="muted", wrap=True),
            Row(
                Icon("info", size=16, color=bits.tone(view.outlook_tone)),
                Label(
                    view.outlook,
                    style="small",
                    color=bits.tone(view.outlook_tone),
                    wrap=True,
                    stretch=1,
                ),
                gap=6,
            ),
            stretch=6,
            pad=10,
            gap=6,
            name="worth",
        )

    def _term(self, term: vm.TermRow) -> list[Cell]:
        theirs = (term.theirs_low + term.theirs_high) / 2
        return [
            Cell(term.name, tooltip=term.about or None),
            Cell(term.mine, color=_sign(term.mine_value), tooltip=term.mine_certainty),
            Cell(term.theirs, color=_sign(theirs), tooltip=term.theirs_certainty),
        ]

    def _answer(self, view: vm.DealView) -> Widget:
        parts: list[Widget] = [*bits.lines(view.problems, color="warning")]
        answer = view.answer
        if answer is None:
            parts.append(
                Label(view.story or self.word("no_answer"), style="small", color="muted", wrap=True)
            )
        else:
            parts += self._spoken(answer)
        parts += bits.lines(view.signed, color="positive")
        rounds = Row(
            Label(view.rounds_text, style="caption", color="muted"),
            Pips(view.rounds_left, 3),
            Spacer(),
            gap=6,
            name="rounds",
        )
        return Card(
            ScrollView(Column(*parts, gap=5, pad=(0, 0, 8, 0)), stretch=1, name="answer/scroll"),
            *self._signing(view),
            rounds,
            *bits.lines([] if view.table.enabled else [view.table.reason], "muted", "caption"),
            self._table_button(view),
            title=self.word("answer"),
            stretch=5,
            pad=12,
            gap=8,
            name="answer",
        )

    def _table_button(self, view: vm.DealView) -> Widget:
        """The next thing to click is the bright one: table first, then sign."""
        signing = view.answer is not None and view.answer.accept is not None
        kind = "normal" if signing else "primary"
        return bits.action_button(view.table, self.window.do, "table_offer", kind=kind)

    def _spoken(self, answer: vm.AnswerView) -> list[Widget]:
        icon, color = CODES.get(answer.code, ("info", "muted"))
        parts: list[Widget] = [
            Row(
                Icon(icon, size=20, color=color),
                Label(answer.sentence, style="strong", color=color, wrap=True, stretch=1),
                gap=8,
                name="answer/code",
            )
        ]
        parts += [
            Row(Label("–", color="muted"), Label(text, style="small", wrap=True, stretch=1), gap=6)
            for text in answer.reasons
        ]
        parts += bits.lines([answer.needed], color="warning")
        return parts + bits.lines(answer.counter)

    def _signing(self, view: vm.DealView) -> list[Widget]:
        """What can be done with the answer; stays in sight however long that is."""
        answer, do = view.answer, self.window.do
        if answer is None:
            return []
        buttons: list[Widget] = []
        if answer.accept is not None:
            buttons.append(
                bits.action_button(answer.accept, do, "answer/accept", kind="primary", stretch=1)
            )
        if answer.load is not None:
            buttons.append(bits.action_button(answer.load, do, "answer/load", stretch=1))
        return [Row(*buttons, gap=6)] if buttons else []


def _sign(value: float) -> str | None:
    if math.isnan(value) or abs(value) < 0.5:
        return None
    return "positive" if value > 0 else "negative"
