"""Whom to talk to: offers that wait, and all companies."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Grid,
    Icon,
    Label,
    Row,
    ScrollView,
    Swatch,
    Widget,
)
from game.ui.screens.deal_ahead import AheadPart

FACTS = 3


FOUR_COLUMNS = 1100
"""Width of the window at scale 1 from which four cards of companies stand side by side."""


class ChoicePart(AheadPart):
    """Whom to talk to: offers that wait, and all companies."""

    def _choice(self, desk: vm.DeskView) -> Widget:
        talks = [self._company(desk, row) for row in desk.companies.rows if not row.mine]
        offers = [self._waiting(one) for one in desk.offers if one.state == "open"]
        app = self.window.app
        columns = 4 if app.window.size[0] / app.ctx.scale >= FOUR_COLUMNS else 3
        left = offers or [Label(self.word("no_offers"), style="small", color="muted")]
        return Row(
            Column(
                Label(self.word("inbox"), style="subheading"),
                ScrollView(Column(*left, gap=8), stretch=1 if offers else 0, name="inbox"),
                self._finder(),
                gap=8,
                stretch=2,
                min_width=280,
            ),
            Column(
                Label(self.word("other_offers"), style="subheading"),
                Label(self.word("pick_deal"), style="small", color="muted", wrap=True),
                ScrollView(Grid(*talks, columns=columns, gap=8), stretch=1, name="talks"),
                gap=8,
                stretch=5,
            ),
            gap=14,
            stretch=1,
        )

    def _company(self, desk: vm.DeskView, row: vm.Row) -> Widget:
        """A company to talk to, with its first figures."""
        pairs = list(zip(desk.companies.columns, row.cells, strict=True))
        facts = [
            Row(
                Label(column.title, style="caption", color="muted", stretch=1),
                Label(cell.text, style="caption"),
                gap=6,
            )
            for column, cell in pairs[1 : FACTS + 1]
        ]
        return Card(
            Row(
                Swatch(bits.rgb(row.colour)),
                Label(row.cells[0].text, style="strong", stretch=1),
                Icon("handshake", size=18, color="accent"),
                gap=8,
            ),
            *facts,
            kind="raised",
            gap=3,
            pad=10,
            name=f"talk/{row.key}",
            on_click=self._talk(row.key),
        )

    def _waiting(self, one: vm.OfferView) -> Widget:
        """An offer that can be opened on the table."""
        return Card(
            Row(
                Icon("handshake", size=18, color="accent"),
                Label(one.title, style="strong", wrap=True, stretch=1),
                gap=8,
            ),
            *bits.lines(one.gives),
            *bits.lines([one.worth], color="accent"),
            Button(self.word("full_offer"), self._offer(one.number), name=f"inbox/{one.number}"),
            kind="accent",
            gap=4,
            pad=12,
        )

    def _talk(self, company: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("deal", company))

    def _offer(self, number: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("offer", number))
