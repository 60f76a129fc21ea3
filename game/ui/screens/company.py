"""A company in detail: books, pledges, stakes, history."""

from __future__ import annotations

import math

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Badge,
    Button,
    Card,
    Column,
    Grid,
    Icon,
    Label,
    Page,
    ProgressBar,
    Row,
    ScrollView,
    Slider,
    Spacer,
    Tabs,
    Widget,
)
from game.ui.screens.company_story import moves_page, relations_page
from game.ui.screens.dials import dial_widgets
from game.ui.screens.frame import GameScreen
from game.ui.tables import table, table_height

NEUTRAL_TRUST = 0.1


class CompanyScreen(GameScreen):
    """A company as the seat may know it."""

    name = "company"
    section = "company"
    tab = "books"
    turn = -1
    """Quarter whose moves are shown; -1 the newest."""

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.company(self.game, self.window.company)
        return Column(
            self._head(view),
            Row(
                Column(self._tabs(view), stretch=7),
                Column(
                    ScrollView(Column(*self._side(view), gap=10), stretch=1, name="right"),
                    stretch=4,
                    min_width=300,
                ),
                gap=12,
                stretch=1,
            ),
            gap=10,
            stretch=1,
        )

    def _head(self, view: vm.CompanyView) -> Widget:
        options = [(tag.index, tag.name) for tag in view.others]

        def choose(company: int) -> None:
            self.window.company = company
            self.rebuild()

        figures = [
            bits.figure(one, self.window.go, f"company_figure/{place}", asking=self.asking)
            for place, one in enumerate(self.few(view.figures, 3))
        ]
        return Row(
            bits.drop(options, view.company.index, choose, name="company/choose", width=260),
            Badge(bits.begun(view.status)) if view.status else None,
            Spacer(),
            *figures,
            gap=12,
        )

    def _tabs(self, view: vm.CompanyView) -> Widget:
        lang = self.window.lang

        def history() -> Widget:
            pictures = [
                bits.line_chart(one, lang, name=f"history/{place}", height=220)
                for place, one in enumerate(view.history)
            ]
            return ScrollView(Grid(*pictures, columns=2, gap=12), stretch=1, name="page/history")

        def books() -> Widget:
            return Column(
                table(
                    view.accounts,
                    self.window.go,
                    "accounts",
                    asking=self.asking,
                    height=table_height(view.accounts),
                ),
                *self._loans(view),
                table(view.markets, self.window.go, "markets", asking=self.asking, stretch=1),
                gap=10,
                stretch=1,
            )

        pages = [
            Page("books", self.word("books"), books),
            *self._directed(view),
            Page(
                "pledges",
                self.word("pledges"),
                lambda: self._pledges(view),
                badge=str(len(view.given) + len(view.received) or ""),
            ),
            Page("holdings", self.word("portfolio"), lambda: self._holdings(view)),
            Page("relations", self.word("relations"), lambda: relations_page(self, view)),
            *self._moves(view),
            Page("history", self.word("history"), history),
        ]

        def change(key: object) -> None:
            self.tab = str(key)

        tab = self.tab if self.tab in {page.key for page in pages} else "books"
        return Tabs(pages, value=tab, on_change=change, stretch=1, name="company/tabs")

    def _moves(self, view: vm.CompanyView) -> list[Page]:
        """What others did, and why."""
        if view.own and not self.game.by_machine:
            return []
        return [Page("moves", self.word("moves"), lambda: moves_page(self, view.company.index))]

    def _loans(self, view: vm.CompanyView) -> list[Widget]:
        """Loans among companies; nothing where there are none."""
        if not view.loans.rows:
            return []
        return [table(view.loans, self.window.go, "loans", height=table_height(view.loans))]

    def _directed(self, view: vm.CompanyView) -> list[Page]:
        """The dials of a company that the seat controls."""
        dials = view.dials
        if dials is None:
            return []

        def verb(name: str, *args: object) -> object:
            return self.window.verb("direct", view.company.index, name, *args)

        def build() -> Widget:
            note = Label(view.dials_note, style="small", color="muted", wrap=True)
            parts = dial_widgets(dials, verb, self.word)
            return ScrollView(Column(note, *parts, gap=8, pad=(2, 8)), stretch=1, name="page/dials")

        return [Page("dials", self.word("dials"), build)]

    def _pledges(self, view: vm.CompanyView) -> Widget:
        def block(title: str, pledges: tuple[vm.PledgeView, ...], key: str) -> list[Widget]:
            shown: list[Widget] = [
                self._pledge(one, f"{key}/{place}") for place, one in enumerate(pledges)
            ]
            return [
                Label(title, style="subheading"),
                *(shown or [Label(self.word("none"), style="small", color="muted")]),
            ]

        parts = block(self.word("received"), view.received, "received") + block(
            self.word("given"), view.given, "given"
        )
        return ScrollView(Column(*parts, gap=8, pad=(0, 8)), stretch=1, name="page/pledges")

    def _pledge(self, one: vm.PledgeView, name: str) -> Widget:
        buttons = [
            bits.action_button(action, self.window.do, f"{name}/{action.verb}")
            for action in one.actions
            if action.verb != "set_effort"
        ]
        standing = " · ".join(text for text in (one.working, one.until, one.cost) if text)
        return Card(
            Row(
                Label(one.name, style="strong"),
                Label(one.strength, style="strong", color="accent"),
                Badge(self.word("exclusive")) if one.exclusive else None,
                Spacer(),
                bits.chip(one.giver, "small"),
                Icon("arrow-right", size=14, color="muted"),
                bits.chip(one.receiver, "small"),
                gap=8,
            ),
            *bits.lines(one.effects, color="positive"),
            Label(bits.begun(standing), style="caption", color="muted", wrap=True),
            self._effort(one, name),
            Row(*buttons, gap=6) if buttons else None,
            kind="raised",
            gap=4,
            pad=10,
            name=name,
            tooltip=one.about or None,
        )

    def _effort(self, one: vm.PledgeView, name: str) -> Widget | None:
        """What is given of what was promised: a slider for the own, words for others."""
        own = any(action.verb == "set_effort" for action in one.actions)
        if not own or math.isnan(one.effort_value):
            words = bits.begun(one.effort)
            return Label(words, style="caption", color="muted", wrap=True) if words else None
        verb = self.window.verb
        left = next(action for action in one.actions if action.verb == "set_effort")
        slider = Row(
            Label(bits.begun(one.effort), style="caption", color="muted", width=180),
            bits.action_button(left, self.window.do, f"{name}/delegates"),
            Slider(
                one.effort_value,
                lambda value: None,
                low=0.0,
                high=1.0,
                step=0.1,
                show=lambda value: f"{value:.0%}",
                on_release=lambda value: verb("set_effort", one.kind, one.receiver.index, value),
                stretch=1,
                name=f"{name}/effort",
            ),
            gap=8,
        )
        advice = Label(bits.begun(one.advice), style="caption", color="muted", wrap=True)
        return Column(slider, advice, gap=2)

    def _holdings(self, view: vm.CompanyView) -> Widget:
        def row(one: vm.HoldingView, who: vm.Tag | None, name: str) -> Widget:
            link = vm.Link("company", who.index) if who is not None else vm.Link()
            label: Widget = bits.chip(who) if who is not None else Label(one.label, style="strong")
            part = 0.0 if math.isnan(one.fraction) else one.fraction
            return Card(
                Row(
                    label,
                    Spacer(),
                    Label(bits.begun(one.size), style="number"),
                    Label(one.worth, style="small", color="muted"),
                    gap=10,
                ),
                ProgressBar(part) if one.fraction == one.fraction else None,
                *bits.lines([bits.begun(one.note)], color="muted", style="caption"),
                kind="raised",
                gap=4,
                pad=8,
                name=name,
                on_click=self.follow(link) if link.kind else None,
            )

        holds = [row(one, one.issuer, f"holds/{place}") for place, one in enumerate(view.holdings)]
        held = [row(one, one.holder, f"held/{place}") for place, one in enumerate(view.holders)]
        nothing = Label(self.word("none"), style="small", color="muted")
        return ScrollView(
            Row(
                Column(
                    Label(self.word("holders"), style="subheading"),
                    *(held or [nothing]),
                    gap=6,
                    stretch=1,
                ),
                Column(
                    Label(self.word("holdings"), style="subheading"),
                    *(holds or [nothing]),
                    gap=6,
                    stretch=1,
                ),
                gap=14,
                pad=(0, 8),
            ),
            stretch=1,
            name="page/holdings",
        )

    def _side(self, view: vm.CompanyView) -> list[Widget]:
        parts: list[Widget] = [
            Card(
                Label(view.about, style="small", wrap=True),
                Label(view.home, style="caption", color="muted"),
                title=view.company.name,
                gap=6,
                pad=12,
            )
        ]
        if not view.own:
            parts.append(self._dealings(view))
        if view.mandates:
            tasks = [bits.mandate(one, f"task/{n}") for n, one in enumerate(view.mandates)]
            parts.append(Card(*tasks, title=self.word("mandates"), gap=8, pad=12))
        if view.trust:
            trust = [self._trust(one, f"trust/{n}") for n, one in enumerate(view.trust)]
            parts.append(Card(*trust, title=self.word("trust"), gap=4, pad=12))
        return parts

    def _dealings(self, view: vm.CompanyView) -> Widget:
        """What the seat can do about another company."""
        talk = Button(
            self.word("open_deal"),
            self.follow(vm.Link("deal", view.company.index)),
            kind="primary",
            icon="handshake",
            name="talk",
        )
        rest = [
            bits.action_button(action, self.window.do, f"company/{action.verb}")
            for action in view.actions
            if action.verb != "open_table"
        ]
        told = bits.lines(view.between, color="muted")
        return Card(talk, *rest, *told, title=self.word("actions"), gap=6, pad=12)

    def _trust(self, one: vm.TrustView, name: str) -> Widget:
        color = "muted"
        if abs(one.value) > NEUTRAL_TRUST:
            color = "positive" if one.value > 0.0 else "negative"
        return Row(
            bits.chip(one.company, "small"),
            Label(one.text, style="small", color=color, wrap=True, stretch=1, text_align="right"),
            gap=6,
            tooltip=bits.hint_of(one.reasons),
            name=name,
        )
