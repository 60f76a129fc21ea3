"""The desk: map, companies, news and card, offers, what to do, dials."""

from __future__ import annotations

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Icon,
    Label,
    Row,
    ScrollView,
    Widget,
)
from game.ui.screens.desk_orders import OrdersPart

SHOWN_NEWS = 3


class DeskScreen(OrdersPart):
    """The quarter at a glance."""

    name = "desk"
    section = "desk"

    def body(self, desk: vm.DeskView) -> Widget:
        if self.narrow():
            return Row(
                Column(self._news(desk), stretch=4, min_width=264),
                Column(self._side(desk), stretch=7),
                gap=12,
                stretch=1,
            )
        return Row(
            Column(self._news(desk), stretch=4, min_width=300),
            Column(self._map(desk), self._table(desk), gap=10, stretch=7),
            Column(self._side(desk), stretch=4, min_width=320),
            gap=12,
            stretch=1,
        )

    def hint(self, desk: vm.DeskView) -> str:
        if desk.turn == 0:
            waiting = any(offer.state == "open" for offer in desk.offers)
            return "hint_desk_offer" if waiting else "hint_desk_first"
        return "hint_desk_second" if desk.turn == 1 else "hint_desk_third"

    # ------------------------------------------------------------------------------- news

    def _news(self, desk: vm.DeskView) -> Widget:
        parts: list[Widget] = []
        parts += [self._offer(offer) for offer in desk.offers if offer.state == "open"]
        parts += [self._card(card) for card in desk.cards]
        news = [
            bits.headline(one, self.window.go, f"headline/{place}", self.word("moves_why"))
            for place, one in enumerate(desk.headlines[:SHOWN_NEWS])
        ]
        more: list[Widget] = []
        if len(desk.headlines) > SHOWN_NEWS:
            more = [
                Button(
                    self.word("more_news"),
                    lambda: self.window.go(vm.Link("ledger")),
                    kind="quiet",
                    name="more_news",
                )
            ]
        told = news or [Label(self.word("no_news"), style="small", color="muted", wrap=True)]
        parts.append(Card(*told, *more, title=self.word("news"), gap=4, pad=12, name="news"))
        return ScrollView(Column(*parts, gap=10), stretch=1, name="left")

    def _offer(self, offer: vm.OfferView) -> Widget:
        name = f"offer/{offer.number}"
        gives = [
            Row(
                Icon("arrow-down", size=14, color="positive"),
                Label(text, style="small", wrap=True, stretch=1),
                gap=6,
            )
            for text in offer.gives
        ]
        takes = [
            Row(
                Icon("arrow-up", size=14, color="warning"),
                Label(text, style="small", wrap=True, stretch=1),
                gap=6,
            )
            for text in offer.takes
        ]
        return Card(
            Row(
                Icon("handshake", size=18, color="accent"),
                Label(offer.title, style="strong", wrap=True, stretch=1),
                gap=8,
            ),
            *bits.lines([offer.worth], color="accent"),
            *bits.lines(offer.why, color="muted"),
            *self._answers(offer, name),
            Label(f"{offer.sender.short} {self.word('gives')}", style="caption", color="muted"),
            *gives,
            Label(self.word("side_mine"), style="caption", color="muted"),
            *takes,
            *bits.lines([offer.footer], color="muted", style="caption"),
            *bits.lines([offer.story], color="muted"),
            kind="accent",
            gap=5,
            pad=12,
            name=name,
        )

    def _answers(self, offer: vm.OfferView, name: str) -> list[Widget]:
        """Sign, counter, decline: in sight without scrolling."""
        refused = [] if offer.accept.enabled else [offer.accept.reason]
        return [
            bits.action_button(offer.accept, self.window.do, f"{name}/accept", kind="primary"),
            *bits.lines(refused, color="warning", style="caption"),
            Row(
                Button(
                    self.word("counter"),
                    lambda: self.window.go(vm.Link("offer", offer.number)),
                    name=f"{name}/counter",
                    enabled=offer.counter.enabled,
                    tooltip=offer.counter.reason or self.word("full_offer"),
                    stretch=1,
                ),
                bits.action_button(
                    offer.decline, self.window.do, f"{name}/decline", kind="quiet", stretch=1
                ),
                gap=6,
            ),
        ]

    def _card(self, card: vm.EventCard) -> Widget:
        parts: list[Widget] = [
            Row(
                Icon("star", size=18, color="accent"),
                Label(card.title, style="strong", wrap=True, stretch=1),
                gap=8,
            ),
            Label(card.story, style="small", wrap=True),
            *bits.lines(card.effects, color="muted", style="caption"),
        ]
        if card.mine:
            parts += [self._option(card, option) for option in card.options]
        else:
            parts += bits.lines([card.deciders], color="muted", style="caption")
        waiting = card.mine and not any(option.chosen for option in card.options)
        kind = "accent" if waiting else "raised"
        return Card(*parts, kind=kind, gap=6, pad=12, name=f"card/{card.index}")

    def _option(self, card: vm.EventCard, option: vm.OptionView) -> Widget:
        return Card(
            Row(
                Icon(
                    "check" if option.chosen else "next",
                    size=16,
                    color="accent" if option.chosen else "muted",
                ),
                Label(option.label, style="strong", wrap=True, stretch=1),
                gap=6,
            ),
            *bits.lines([option.about], color="muted", style="caption"),
            *bits.lines(option.effects, style="caption"),
            kind="accent" if option.chosen else "sunken",
            gap=2,
            pad=8,
            on_click=self.doing(option.action),
            name=f"card/{card.index}/option/{option.number}",
        )
