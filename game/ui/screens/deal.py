"""The deal table: both sides' clauses, what they are worth, and the answer, itemised."""

from __future__ import annotations

import math

from game.session import views as vm
from game.ui import bits, tables
from game.ui.kit import (
    Button,
    Card,
    Cell,
    CheckBox,
    Column,
    Divider,
    Icon,
    IconButton,
    Label,
    Page,
    Pips,
    Row,
    ScrollView,
    Spacer,
    Table,
    TableColumn,
    TableRow,
    Tabs,
    Widget,
)
from game.ui.screens.company_story import them_page
from game.ui.screens.deal_clauses import ClausesPart

TERM_HEIGHT = 24

CODES = {
    "accept": ("check", "positive"),
    "refuse": ("close", "negative"),
    "counter": ("handshake", "warning"),
}


class DealScreen(ClausesPart):
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
            self._lock("term", True, -1, view.term_locked, "term"),
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

    # ------------------------------------------------------------------------- worth and answer

    def _worth(self, view: vm.DealView) -> Widget:
        columns = [
            TableColumn(
                key,
                self.word(text),
                align="left" if key == "name" else "right",
                sortable=False,
                min_width=tables.WHOLE,
            )
            for key, text in (("name", "terms"), ("mine", "yours"), ("theirs", "theirs"))
        ]
        totals = (self.word("total"), view.total_mine, view.total_theirs)
        rows = [TableRow("total", [Cell(text, style="strong") for text in totals])]
        rows += [TableRow(str(place), self._term(term)) for place, term in enumerate(view.terms)]
        table = Table(columns, rows, name="terms", stretch=1, row_height=TERM_HEIGHT)
        pages = [
            Page("worth", self.word("worth_tab"), lambda: table),
            Page("advisers", self.word("advisers"), lambda: self._advisers(view), icon="bulb"),
            Page("others", self.word("others_tab"), lambda: self._others(view), icon="people"),
            Page("them", self.word("them_tab"), lambda: them_page(self, view), icon="flag"),
        ]
        return Card(
            Tabs(pages, stretch=1, gap=4, name="worth/tabs"),
            *bits.lines([view.price_note], color="muted", style="caption"),
            *bits.lines(view.review, color="warning", style="caption"),
            None if view.answer else self._outlook(view),
            stretch=4 if _long(view.answer) else 6 if view.answer else 8,
            pad=10,
            gap=6,
            name="worth",
        )

    @staticmethod
    def _outlook(view: vm.DealView) -> Widget:
        """How they are thought to answer."""
        color = bits.tone(view.outlook_tone)
        return Row(
            Icon("info", size=16, color=color),
            Label(view.outlook, style="small", color=color, wrap=True, stretch=1),
            gap=6,
        )

    def _term(self, term: vm.TermRow) -> list[Cell]:
        theirs = (term.theirs_low + term.theirs_high) / 2
        return [
            Cell(term.name, tooltip=term.about or None, style="small"),
            Cell(
                term.mine, color=_sign(term.mine_value), tooltip=term.mine_certainty, style="small"
            ),
            Cell(term.theirs, color=_sign(theirs), tooltip=term.theirs_certainty, style="small"),
        ]

    def _answer(self, view: vm.DealView) -> Widget:
        parts: list[Widget] = [*bits.lines(view.problems, color="warning")]
        answer = view.answer
        if answer is not None:
            parts += self._spoken(answer)
        elif view.story or not view.problems:
            text = view.story or self.word("no_answer")
            parts.append(Label(text, style="small", color="muted", wrap=True))
        parts += bits.lines(view.signed, color="positive")
        rounds = Row(
            Label(view.rounds_text, style="caption", color="muted"),
            Pips(view.rounds_left, 3),
            Label(
                "" if view.table.enabled or view.problems else view.table.reason,
                style="caption",
                color="muted",
                wrap=True,
                stretch=1,
                text_align="right",
            ),
            gap=6,
            name="rounds",
        )
        return Card(
            ScrollView(Column(*parts, gap=5, pad=(0, 0, 8, 0)), stretch=1, name="answer/scroll"),
            *self._signing(view),
            rounds,
            self._table_button(view),
            title=self.word("answer"),
            stretch=7 if _long(view.answer) else 5,
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
        if answer.counter:
            parts += [*bits.lines(answer.counter), Divider()]
        if not answer.enough:
            parts += [
                Row(
                    Label("–", color="muted"),
                    Label(text, style="small", wrap=True, stretch=1),
                    gap=6,
                )
                for text in answer.reasons
            ]
            return parts + bits.lines([answer.needed], color="warning")
        needed = f"{answer.needed} {self.word('answer_enough')}"
        plus = [
            Row(
                Icon("plus", size=14, color="accent"),
                Label(text, style="small", wrap=True, stretch=1),
                gap=6,
            )
            for text in answer.enough
        ]
        return [*parts, *bits.lines([needed], color="warning"), *plus]

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


def _long(answer: vm.AnswerView | None) -> bool:
    """Whether an answer needs more room than the terms."""
    if answer is None:
        return False
    return bool(answer.counter or answer.enough or len(answer.reasons) > 1)


def _sign(value: float) -> str | None:
    if math.isnan(value) or abs(value) < 0.5:
        return None
    return "positive" if value > 0 else "negative"
