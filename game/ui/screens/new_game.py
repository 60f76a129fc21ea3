"""Choosing scenario, company, rivals and seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from game.session import views as vm
from game.session.game import Game
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    CheckBox,
    Column,
    DropDown,
    Grid,
    IconButton,
    Label,
    Option,
    Row,
    Screen,
    ScrollView,
    Spacer,
    Swatch,
    TextEntry,
    Widget,
)
from game.ui.screens.menu import show_help, show_menu
from game.ui.window import Window

FIRST_SEED = 2015
THREE_COLUMNS = 1100


class NewGameScreen(Screen):
    """Scenario at the left, companies in the middle, the chosen one at the right."""

    name = "new_game"

    def __init__(self, window: Window, scenario: str = "", seat: str = "") -> None:
        super().__init__()
        self.window = window
        self.seed = FIRST_SEED
        self.rivals = ""
        self.advanced: bool | None = None
        """None: as the scenario has it."""
        self.uid = scenario
        self.seat = seat
        self.view: vm.NewGameView | None = None
        self.lang = ""

    def _load(self) -> vm.NewGameView:
        if self.view is None or self.lang != self.window.lang:
            self.view = vm.new_game(self.window.lang, self.seed)
            self.lang = self.window.lang
        if not self.rivals:
            self.rivals = self.view.rivals[0][0]
        return self.view

    def build(self) -> Widget:
        view = self._load()
        scenario = self._scenario(view)
        company = self._company(scenario)
        word = self.window.word
        head = Row(
            IconButton("arrow-left", self.window.title, label=word("back"), name="back"),
            Label(word("new_game"), style="title"),
            Spacer(),
            gap=10,
        )
        return Column(
            head,
            Row(
                Column(
                    Label(word("choose_scenario"), style="subheading"),
                    ScrollView(
                        Column(
                            *[self._scenario_card(one, one is scenario) for one in view.scenarios],
                            gap=8,
                        ),
                        stretch=1,
                        name="scenarios",
                    ),
                    gap=8,
                    width=290,
                ),
                Column(
                    Label(word("choose_company"), style="subheading"),
                    ScrollView(self._companies(scenario, company), stretch=1, name="companies"),
                    gap=8,
                    stretch=5,
                ),
                Column(self._detail(view, scenario, company), stretch=4, min_width=330),
                gap=16,
                stretch=1,
            ),
            pad=(24, 18),
            gap=14,
        )

    def _scenario(self, view: vm.NewGameView) -> vm.ScenarioCard:
        for one in view.scenarios:
            if one.uid == self.uid:
                return one
        usable = [one for one in view.scenarios if one.usable]
        return (usable or list(view.scenarios))[0]

    def _company(self, scenario: vm.ScenarioCard) -> vm.CompanyCard | None:
        playable = [one for one in scenario.companies if one.playable]
        for one in playable:
            if one.uid == self.seat:
                return one
        drafted = [one for one in playable if one.draft]
        chosen = drafted or playable
        return chosen[0] if chosen else None

    def _scenario_card(self, card: vm.ScenarioCard, chosen: bool) -> Widget:
        return Card(
            Label(card.title, style="strong", wrap=True),
            Label(card.period, style="caption", color="muted"),
            Label(
                card.about if card.usable else card.problem,
                style="small",
                color="muted" if card.usable else "warning",
                wrap=True,
                lines=7,
            ),
            kind="accent" if chosen else "raised",
            gap=4,
            pad=12,
            name=f"scenario/{card.uid}",
            on_click=self._choose("uid", card.uid) if card.usable else None,
        )

    def _companies(self, scenario: vm.ScenarioCard, chosen: vm.CompanyCard | None) -> Widget:
        cards = [
            Card(
                Row(
                    Swatch(bits.rgb(one.company.colour)),
                    Label(one.company.short, style="strong", stretch=1),
                    gap=8,
                ),
                *[
                    Row(
                        Label(fact.label, style="caption", color="muted", stretch=1),
                        Label(fact.text, style="caption"),
                        gap=6,
                    )
                    for fact in one.facts[:3]
                ],
                kind="accent" if one is chosen else "raised",
                gap=3,
                pad=10,
                name=f"seat/{one.uid}",
                on_click=self._choose("seat", one.uid),
            )
            for one in scenario.companies
            if one.playable
        ]
        wide = self.app.window.size[0] / self.app.ctx.scale
        return Grid(*cards, columns=3 if wide >= THREE_COLUMNS else 2, gap=8)

    def _choose(self, field: str, value: str) -> Callable[[], None]:
        def press() -> None:
            setattr(self, field, value)
            self.rebuild()

        return press

    def _detail(
        self, view: vm.NewGameView, scenario: vm.ScenarioCard, company: vm.CompanyCard | None
    ) -> Widget:
        word = self.window.word
        if company is None:
            return Card(Label(scenario.problem or word("nobody"), wrap=True), stretch=1)
        facts = [
            bits.figure(one, lambda link: None, name=f"fact/{place}")
            for place, one in enumerate(company.facts)
        ]
        mandates = [
            Row(
                Label("•", color="accent"),
                Label(one.text, style="small", wrap=True, stretch=1),
                gap=6,
            )
            for one in company.mandates
        ]
        parts: list[Widget] = [
            Row(
                Swatch(bits.rgb(company.company.colour)),
                Label(company.company.name, style="heading"),
                gap=8,
            ),
            Label(company.about, style="body", color="muted", wrap=True),
            Grid(*facts, columns=3, gap=4),
            Label(word("mandates"), style="subheading"),
            *mandates,
            *bits.lines([company.draft], color="accent"),
            *bits.lines([company.difficulty], color="muted"),
        ]
        return Column(
            Card(ScrollView(Column(*parts, gap=8), stretch=1, name="detail"), stretch=1),
            self._start(view, scenario, company),
            gap=10,
            stretch=1,
        )

    def _advanced(self, scenario: vm.ScenarioCard) -> bool:
        return scenario.advanced if self.advanced is None else self.advanced

    def _start(
        self, view: vm.NewGameView, scenario: vm.ScenarioCard, company: vm.CompanyCard
    ) -> Widget:
        word = self.window.word
        options = [Option(key, text) for key, text in view.rivals]

        def rivals(value: object) -> None:
            self.rivals = str(value)
            self.rebuild()

        def seed(text: str) -> None:
            self.seed = int(text) if text.isdecimal() else 0

        return Card(
            Row(
                Column(
                    Label(word("seed"), style="caption", color="muted"),
                    TextEntry(
                        str(self.seed),
                        on_change=seed,
                        limit=9,
                        accept=str.isdecimal,
                        name="seed",
                        tooltip=view.seed_hint,
                    ),
                    gap=2,
                    width=130,
                ),
                Column(
                    Label(word("rivals"), style="caption", color="muted"),
                    DropDown(options, self.rivals, rivals, name="rivals"),
                    gap=2,
                    stretch=1,
                ),
                gap=12,
            ),
            CheckBox(
                word("advanced"),
                self._advanced(scenario),
                lambda on: setattr(self, "advanced", on),
                name="advanced",
                tooltip=word("advanced_hint"),
            ),
            *bits.lines(
                [company.reference.get(self.rivals, "")],
                style="caption",
                color="muted",
            ),
            Button(word("start"), self.start, kind="primary", icon="next", name="start", height=44),
            gap=10,
        )

    def on_action(self, action: str) -> bool:
        if action == "back":
            self.window.title()
        elif action == "help":
            show_help(self.window)
        elif action == "menu":
            show_menu(self.window, False)
        elif action in ("scale_up", "scale_down"):
            self.window.scale_by(1 if action == "scale_up" else -1)
        else:
            return False
        return True

    def start(self) -> None:
        """Set the board up in the background and open the desk."""
        scenario = self._scenario(self._load())
        company = self._company(scenario)
        if company is None:
            return
        window, advanced = self.window, self._advanced(scenario)
        what = window.word("starting" if scenario.par_ready else "measuring")
        window.work(
            what,
            lambda: begin(
                window, Path(scenario.path), company.uid, self.seed, self.rivals, advanced
            ),
            window.open,
        )


def begin(window: Window, path: Path, seat: str, seed: int, rivals: str, advanced: bool) -> Game:
    """A new game; a scenario without a par table is measured first, with the bar moving."""
    scenario = window.prepare(path, window.moved) if window.prepare else None
    if scenario is None:
        from game.scenario.loader import load

        scenario = load(path)
    scenario = scenario.with_advanced_deals(advanced)
    return Game.new(
        scenario, seat=scenario.ruleset.company(seat), seed=seed, rivals=rivals, lang=window.lang
    )
