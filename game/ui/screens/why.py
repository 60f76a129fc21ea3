"""The why panel: how a number became what it is, cause by cause, and what would move it next."""

from __future__ import annotations

import math
from collections.abc import Callable

from game.session import views as vm
from game.session.game import Game
from game.ui.kit import (
    Bridge,
    Button,
    Card,
    Column,
    DropDown,
    Icon,
    Label,
    Level,
    Modal,
    ProgressBar,
    Row,
    Segmented,
    Spacer,
    Step,
    Widget,
)
from game.ui.kit.bridge_shape import BridgeRow
from game.ui.kit.choices import Option
from game.ui.window import Window
from game.ui.work import Errand

WIDE_BOX, NARROW_BOX, WIDE_FROM = 1040, 720, 1090
"""Width of the panel in dp, and the window's from which words stand beside the chart."""
WAITING_HEIGHT = 260
LONG = 60
"""Signs of the two figures and their difference that fit one line beside the quarters."""
MOST_TABS = 5
"""Other numbers that fit beside one another; more stand in a list."""
STEP_TONES = {"good": "positive", "bad": "negative", "": "info"}


class WhyPanel:
    """A dialogue that asks for the reasons of a number and shows them when they are found."""

    def __init__(self, window: Window, ask: vm.Ask) -> None:
        self.window, self.ask = window, ask
        self.errand: Errand | None = None
        self.view: vm.WhyView | None = None
        self._bar = ProgressBar(0.0, name="why/bar")
        self._holder = Column(gap=12, name="why/body")
        self._foot = Row(gap=10, stretch=1, visible=False)
        self._bridge: Bridge | None = None
        self._detail = Label("")
        self.box: Modal | None = None

    def open(self) -> None:
        """Show the panel, at once or with a bar until the reasons are found."""
        dp = self.window.app.window.size[0] / self.window.app.ctx.scale
        self.wide = dp >= WIDE_FROM
        self.box = self.window.app.modal(
            self._holder,
            name="why",
            title=self._word("why_title"),
            width=WIDE_BOX if self.wide else NARROW_BOX,
            on_close=self._closed,
            actions=[self._foot],
            light=True,
        )
        self._load()

    def _word(self, key: str, **args: object) -> str:
        return self.window.word(key, **args)

    # ---------------------------------------------------------------------------- asking

    def _load(self) -> None:
        known = self.window.answers.known(self._game(), self.ask)
        if known is not None:
            self._show(known)
            return
        self._wait()
        game, ask = self._game(), self.ask
        self.errand = WhyErrand(self, lambda: vm.why_of(game, ask))
        self.errand.start()

    def _wait(self) -> None:
        self._holder.set_children([
            Spacer(),
            Label(self._word("why_wait"), style="strong", text_align="center"),
            self._bar,
            Button(self._word("cancel"), self.close, name="why/cancel", align="center"),
            Spacer(),
        ])  # fmt: skip
        self._holder.min_height = WAITING_HEIGHT
        self._holder.relayout()

    def sweep(self, part: float) -> None:
        """Move the bar."""
        self._bar.fraction = part

    def found(self, view: vm.WhyView) -> None:
        """The reasons are there."""
        self.window.answers.keep(self._game(), self.ask, view)
        self._show(view)

    def failed(self, line: str, trace: str) -> None:
        """They could not be found: say so in the panel."""
        line = self.window.note_crash(line, trace)
        self._put([Label(line, color="warning", wrap=True, name="why/failed")])
        self._show_ways()

    def turn_to(self, ask: vm.Ask) -> None:
        """Ask for another number."""
        self._cancel()
        self.ask = ask
        self._show_ways()  # at once: the way out leads where this number leads, not the last one
        self._load()

    def _cancel(self) -> None:
        if self.errand is not None:
            self.errand.cancel()
            self.errand = None

    def close(self) -> None:
        """Take the panel away."""
        if self.box is not None:
            self.box.close()

    def _closed(self) -> None:
        self._cancel()

    # --------------------------------------------------------------------------- drawing

    def _put(self, parts: list[Widget | None]) -> None:
        self._holder.min_height = None
        self._holder.set_children(parts)
        self._holder.relayout()

    def _show(self, view: vm.WhyView) -> None:
        self.view = view
        assert self.box is not None
        self.box.title = view.title
        known = not math.isnan(view.before)
        words = self._words(view)
        middle: Widget
        if known:
            self._bridge = self._chart(view)
            chart = Card(self._bridge, self._tools(view), kind="sunken", pad=10, gap=6)
            middle = self._beside(chart, words)
        else:
            middle = Column(*words, gap=12)
        self.box.box_width = WIDE_BOX if self.wide and known else NARROW_BOX
        self._put([self._head(view), middle])
        self._show_ways()
        if known and self._bridge is not None:
            self._bridge.focus()

    def _beside(self, chart: Widget, words: list[Widget]) -> Widget:
        if not self.wide:
            return Column(chart, *words, gap=12)
        return Row(
            Column(chart, stretch=8, valign="start"),
            Column(*words, gap=12, stretch=5, min_width=250, valign="start"),
            gap=14,
        )

    def _head(self, view: vm.WhyView) -> Widget:
        if math.isnan(view.before):
            return Row(
                Label(view.after_text, style="big_number", name="why/after"),
                Label(view.subtitle, style="small", color="muted", valign="end"),
                Spacer(),
                gap=10,
            )
        good = (view.change > 0.0) != (view.measure == "debt")
        color = "positive" if good else "negative"
        if not any(digit in view.change_text for digit in "123456789"):
            color = "muted"
        elif view.measure == "price":
            color = "info"  # neither good nor bad
        ends = [
            Label(view.before_text, style="title", color="muted", name="why/before"),
            Icon("arrow-right", size=18, color="muted"),
            Label(view.after_text, style="title", name="why/after"),
        ]
        change = Label(view.change_text, style="heading", color=color, name="why/change")
        quarters = Label(view.subtitle, style="small", color="muted", name="why/quarters")
        words = view.before_text + view.after_text + view.change_text
        if self.wide and len(words) <= LONG:
            return Row(*ends, change, Spacer(), quarters, gap=10)
        return Column(Row(*ends, Spacer(), gap=10), Row(change, Spacer(), quarters, gap=10), gap=2)

    def _chart(self, view: vm.WhyView) -> Bridge:
        before, after = vm.why_dates(self._game(), view)
        return Bridge(
            Level(before, view.before, view.before_text),
            Level(after, view.after, view.after_text),
            [_step(bar, str(place)) for place, bar in enumerate(view.groups)],
            hint=self._word("why_open"),
            on_row=self._told_row,
            name="why/chart",
        )

    def _told_row(self, row: BridgeRow) -> None:
        """Below the chart: what the current cause did."""
        words = f"{row.label}: {row.note}" if row.note else self._word("why_keys")
        self._detail.text = words
        self._detail.color = "text" if row.note else "faint"

    def _tools(self, view: vm.WhyView) -> Widget | None:
        """What the current cause did; a button that opens or closes all groups at once."""
        if not any(bar.members or bar.detail for bar in view.groups):
            return None
        self._detail = Label(
            self._word("why_keys"), style="caption", color="faint", wrap=True, lines=2, stretch=1,
            valign="center", name="why/detail",
        )  # fmt: skip
        return Row(
            self._detail,
            Button(self._word("why_all"), self._all, kind="quiet", name="why/all", valign="center"),
            gap=8,
        )

    def _all(self) -> None:
        """Open what is closed; close all when nothing is."""
        if self._bridge is not None:
            self._bridge.open_all(not self._bridge.all_open)

    def _words(self, view: vm.WhyView) -> list[Widget]:
        parts: list[Widget] = []
        if view.note:
            note = Label(view.note, style="small", wrap=True, stretch=1, name="why/note")
            parts.append(Row(Icon("info", size=18, color="info", valign="start"), note, gap=8))
        if view.sentences:
            title = "why_known" if math.isnan(view.before) else "why_words"
            parts.append(self._told(title, view.sentences, "why/words"))
        if view.elasticities:
            parts.append(self._told("why_next", view.elasticities, "why/next"))
        return parts

    def _told(self, title: str, sentences: tuple[str, ...], name: str) -> Widget:
        return Card(
            Label(self._word(title), style="subheading"),
            *[Label(text, style="small", wrap=True) for text in sentences],
            kind="raised",
            gap=6,
            pad=12,
            name=name,
        )

    def _show_ways(self) -> None:
        self._foot.set_children(self._ways())
        self._foot.visible = True

    def _ways(self) -> list[Widget | None]:
        """Other numbers of the same company and place, and the way there."""
        related = vm.related_asks(self._game(), self.ask)
        options = [Option(ask.measure, words) for ask, words in related]
        asks = {ask.measure: ask for ask, _ in related}
        kind = Segmented if len(options) <= MOST_TABS else DropDown
        turn = kind(
            options,
            self.ask.measure,
            lambda key: self.turn_to(asks[key]),
            name="why/measure",
            tooltip=self._word("why_other"),
        )
        link = self._place()
        go = Button(
            self._word(f"why_to_{link.kind}"),
            self._leaving(link),
            kind="quiet",
            icon_after="next",
            name="why/go",
        )
        return [turn if len(options) > 1 else None, Spacer(), go]

    def _game(self) -> Game:
        assert self.window.game is not None
        return self.window.game

    def _place(self) -> vm.Link:
        """The screen that tells more."""
        if self.ask.market >= 0:
            return vm.Link("market", self.ask.market)
        if self.ask.company == self._game().seat:
            return vm.Link("goals" if self.ask.measure == "score" else "ledger")
        return vm.Link("company", self.ask.company)

    def _leaving(self, link: vm.Link) -> Callable[[], None]:
        def press() -> None:
            self.close()
            self.window.go(link)

        return press


class WhyErrand(Errand):
    """Asks on a thread of its own; moves the panel's bar meanwhile."""

    def __init__(self, panel: WhyPanel, call: Callable[[], vm.WhyView]) -> None:
        super().__init__(panel.window.app, call, panel.found, panel.failed)
        self.panel = panel
        panel.window.answers.started(self)

    def lasts(self) -> None:
        """Move the bar."""
        self.panel.sweep(self.swept)


def _step(bar: vm.WhyBar, key: str) -> Step:
    return Step(
        key,
        bar.label,
        bar.amount,
        bar.amount_text,
        bar.detail,
        tuple(_step(member, str(place)) for place, member in enumerate(bar.members)),
        STEP_TONES.get(bar.tone, "info"),
    )
