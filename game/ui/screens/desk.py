"""The desk: map, companies, news and card, offers, what to do, dials."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Divider,
    DropDown,
    Grid,
    Icon,
    Label,
    Option,
    Page,
    Row,
    ScrollView,
    Slider,
    Tabs,
    TextEntry,
    Widget,
)
from game.ui.screens.frame import GameScreen
from game.ui.worldmap import KEYS, MapRegion, WorldMap

SHOWN_NEWS = 3
CAPITAL = ("borrow", "repay", "issue", "dividend", "buy_back")


class DeskScreen(GameScreen):
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
            bits.headline(one, self.window.go, f"headline/{place}")
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
            on_click=self._doing(option.action),
            name=f"card/{card.index}/option/{option.number}",
        )

    # -------------------------------------------------------------------- map and companies

    def _map(self, desk: vm.DeskView) -> Widget:
        lenses = [Option(lens.key, lens.name, tooltip=lens.legend) for lens in desk.lenses]
        shown = next((lens for lens in desk.lenses if lens.active), desk.lenses[0])
        regions = [
            MapRegion(
                region.uid,
                region.name,
                region.shade,
                region.text,
                badge="●" if region.present else "",
                tooltip=bits.hint_of(region.lines),
            )
            for region in desk.regions
        ]

        def lens(value: object) -> None:
            self.window.lens = str(value)
            self.rebuild()

        def select(key: object) -> None:
            for region in desk.regions:
                if region.uid == key and region.markets:
                    self.window.go(region.markets[0])
                    return

        return Card(
            Row(
                Label(self.word("lens"), style="caption", color="muted"),
                DropDown(lenses, self.window.lens, lens, name="lens", width=230),
                Label(
                    shown.legend,
                    style="caption",
                    color="muted",
                    wrap=True,
                    lines=2,
                    stretch=1,
                    valign="center",
                ),
                gap=8,
            ),
            self._picture(desk, regions, shown.name, select),
            stretch=5,
            gap=6,
            pad=10,
            name="map_card",
        )

    def _picture(
        self,
        desk: vm.DeskView,
        regions: list[MapRegion],
        legend: str,
        select: Callable[[object], None],
    ) -> Widget:
        """The world map; tiles where a scenario has regions of its own."""
        low = min(desk.regions, key=lambda region: region.shade)
        high = max(desk.regions, key=lambda region: region.shade)
        if all(region.key in KEYS for region in regions):
            return WorldMap(
                regions,
                legend=legend,
                on_select=select,
                stretch=1,
                name="map",
                show=lambda shade: (high if shade > 0.5 else low).text,
            )
        tiles = [
            Card(
                Label(region.name, style="strong"),
                Label(region.text, style="big_number", color="accent"),
                *bits.lines(region.lines, color="muted", style="caption"),
                kind="raised",
                gap=2,
                pad=12,
                name=f"map/{region.uid}",
                on_click=self._selecting(select, region.uid),
            )
            for region in desk.regions
        ]
        columns = min(3, len(tiles))
        return ScrollView(Grid(*tiles, columns=columns, gap=8), stretch=1, name="map")

    def _selecting(self, select: Callable[[object], None], uid: str) -> Callable[[], None]:
        return lambda: select(uid)

    def _table(self, desk: vm.DeskView) -> Widget:
        return Card(
            bits.table(
                desk.companies,
                self.window.go,
                "companies",
                hidden=() if self.roomy() else ("lead", "stake", "cash"),
                stretch=1,
            ),
            stretch=4,
            pad=6,
        )

    # ------------------------------------------------------------------------------ right

    def _side(self, desk: vm.DeskView) -> Widget:
        undone = sum(1 for one in desk.todo if not one.done)
        pages = [
            Page(
                "todo",
                self.word("todo"),
                lambda: self._scrolled(self._todo(desk), "page/todo"),
                badge=str(undone) if undone else "",
            ),
            Page(
                "dials", self.word("dials"), lambda: self._scrolled(self._dials(desk), "page/dials")
            ),
            Page(
                "actions",
                self.word("actions"),
                lambda: self._scrolled(self._actions(desk), "page/actions"),
            ),
            Page(
                "goals",
                self.word("goals"),
                lambda: self._scrolled(self._goal_list(desk), "page/goals"),
            ),
        ]
        if self.narrow():
            pages.insert(1, Page("map", self.word("map"), lambda: self._map(desk)))
            pages.insert(2, Page("board", self.word("companies"), lambda: self._table(desk)))
        tab = (
            self.window.desk_tab if self.window.desk_tab in {page.key for page in pages} else "todo"
        )

        def change(key: object) -> None:
            self.window.desk_tab = str(key)

        return Tabs(pages, value=tab, on_change=change, stretch=1, name="side")

    def _scrolled(self, parts: list[Widget], name: str) -> Widget:
        return ScrollView(Column(*parts, gap=8, pad=(2, 8)), stretch=1, name=name)

    def _todo(self, desk: vm.DeskView) -> list[Widget]:
        parts: list[Widget] = []
        for place, one in enumerate(desk.todo):
            link = one.link
            press = self._follow(link) if link.kind else None
            parts.append(
                Card(
                    Row(
                        Icon(
                            "check" if one.done else "flag",
                            size=16,
                            color="positive" if one.done else "accent",
                        ),
                        Label(
                            one.text,
                            style="small",
                            color="muted" if one.done else "text",
                            wrap=True,
                            stretch=1,
                        ),
                        gap=8,
                    ),
                    kind="plain",
                    pad=(4, 3),
                    on_click=press,
                    name=f"todo/{place}",
                )
            )
        if desk.warnings:
            parts.append(Divider())
            parts += [
                bits.notice(one, self.window.go, f"warning/{place + 1}")
                for place, one in enumerate(desk.warnings)
            ]
        parts += [Divider(), Label(self.word("drafted"), style="caption", color="muted")]
        if desk.drafted:
            parts += [
                bits.taken(one, self.window.do, f"drafted/{place}", self.word("take_back"))
                for place, one in enumerate(desk.drafted)
            ]
        else:
            parts.append(Label(self.word("orders_none"), style="small", color="muted", wrap=True))
        parts += [Divider(), Label(self.word("mandates"), style="caption", color="muted")]
        parts += [
            bits.mandate(one, f"todo/mandate/{place}") for place, one in enumerate(desk.mandates)
        ]
        if desk.paths:
            parts += [Divider(), Label(self.word("paths"), style="caption", color="muted")]
            parts += [
                bits.notice(one, self.window.go, f"todo/path/{place}")
                for place, one in enumerate(desk.paths)
            ]
        return parts

    def _doing(self, action: vm.Action) -> Callable[[], None]:
        def press() -> None:
            self.window.do(action)

        return press

    def _follow(self, link: vm.Link) -> Callable[[], None]:
        return lambda: self.window.go(link)

    def _dials(self, desk: vm.DeskView) -> list[Widget]:
        dials, verb = desk.dials, self.window.verb
        notches = list(enumerate(dials.notch_names))
        parts: list[Widget] = [
            Label(self.word("spend_level"), style="subheading"),
            bits.drop(
                notches, dials.notch, lambda notch: verb("set_notch", notch), name="dial/notch"
            ),
            Label(dials.notch_text, style="caption", color="muted", wrap=True),
            Label(dials.spend_text, style="caption", color="muted", wrap=True),
            Divider(),
            Label(self.word("mix"), style="subheading"),
        ]
        parts += [self._mix(dials, place) for place in range(3)]
        parts += [Divider(), Label(self.word("stances"), style="subheading")]
        for one in dials.stances:
            parts.append(self._stance(dials, one))
        parts += [Divider(), Label(self.word("focus"), style="subheading")]
        choices = [(-1, self.word("focus_none"))] + [
            (index, name) for index, name in dials.focus_choices
        ]
        for slot in (0, 1):
            parts.append(
                bits.drop(choices, dials.focus[slot], self._focus(slot), name=f"dial/focus/{slot}")
            )
        return parts

    def _focus(self, slot: int) -> Callable[[int], object]:
        return lambda market: self.window.verb("set_focus", slot, market)

    def _mix(self, dials: vm.DialsView, place: int) -> Widget:
        def release(value: float) -> None:
            rest = [part for index, part in enumerate(dials.mix) if index != place]
            left = 1.0 - value
            total = sum(rest) or 1.0
            mix = [left * part / total for part in rest]
            mix.insert(place, value)
            self.window.verb("set_mix", *mix)

        return Row(
            Label(dials.mix_names[place], style="small", width=84),
            Slider(
                dials.mix[place],
                lambda value: None,
                low=0.05,
                high=0.9,
                step=0.05,
                on_release=release,
                show=lambda value: f"{value:.0%}",
                stretch=1,
                name=f"dial/mix/{place}",
            ),
            gap=6,
        )

    def _stance(self, dials: vm.DialsView, one: vm.SectorStance) -> Widget:
        options = [(place - 2, name) for place, name in enumerate(dials.stance_names)]
        return Row(
            Label(one.name, style="small", stretch=1, tooltip=one.text or None),
            bits.drop(
                options,
                one.stance,
                lambda stance: self.window.verb("set_stance", one.sector, stance),
                name=f"dial/stance/{one.sector}",
                width=150,
                tooltip=one.text or None,
            ),
            gap=6,
        )

    def _actions(self, desk: vm.DeskView) -> list[Widget]:
        parts: list[Widget] = [
            Label(self.word("capital"), style="subheading"),
            Label(self.word("capital_hint"), style="caption", color="muted", wrap=True),
        ]
        others: list[Widget] = []
        for place, action in enumerate(desk.actions):
            if action.verb in CAPITAL:
                parts.append(self._capital(action))
            else:
                others.append(bits.action_button(action, self.window.do, f"action/{place}"))
                others += bits.lines([action.reason], color="muted", style="caption")
        if others:
            parts += [Divider(), Label(self.word("projects"), style="subheading"), *others]
        return parts

    def _capital(self, action: vm.Action) -> Widget:
        amount = f"{float(str(action.args[0])):.0f}" if action.args else "0"
        box = {"text": amount}

        def write(text: str) -> None:
            box["text"] = text

        def submit(text: str = "") -> None:
            self.window.verb(action.verb, float(box["text"] or 0))

        name = f"capital/{action.verb}"
        if action.active:
            return bits.taken(action, self.window.do, f"{name}/undo", self.word("take_back"))
        possible = bool(float(amount))  # a smaller sum may do where the suggested one does not
        ink = "text" if possible else "faint"
        entry = TextEntry(
            amount,
            on_change=write,
            on_submit=submit,
            limit=7,
            accept=str.isdigit,
            width=84,
            enabled=possible,
            name=name,
            tooltip=self.word("usd_m"),
        )
        press = Button(
            self.word("set"),
            submit,
            enabled=possible,
            name=f"{name}/set",
            tooltip=action.reason or None,
        )
        label = Label(action.label, style="small", wrap=True, stretch=1, valign="center", color=ink)
        refused = [] if action.enabled else [action.reason]
        return Column(
            Row(label, entry, press, gap=6),
            *bits.lines(refused, color="muted", style="caption"),
            gap=2,
        )

    def _goal_list(self, desk: vm.DeskView) -> list[Widget]:
        parts: list[Widget] = [
            Row(
                Label(self.word("score"), style="subheading", stretch=1),
                Label(desk.score.text, style="number", color="accent"),
            )
        ]
        for place, term in enumerate(desk.score.terms):
            parts.append(
                Card(
                    Row(
                        Label(term.name, style="strong", stretch=1),
                        Label(term.text, style="strong"),
                        gap=6,
                    ),
                    *bits.lines(term.why, color="muted", style="caption"),
                    kind="sunken",
                    gap=3,
                    pad=8,
                    name=f"term/{place}",
                )
            )
        parts.append(Label(self.word("mandates"), style="subheading"))
        parts += [bits.mandate(one, f"mandate/{place}") for place, one in enumerate(desk.mandates)]
        if desk.paths:
            parts.append(Label(self.word("paths"), style="subheading"))
            parts += [
                bits.notice(one, self.window.go, f"path/{place}")
                for place, one in enumerate(desk.paths)
            ]
        return parts
