"""What each side gives: cash, shares, pledges."""

from __future__ import annotations

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Card,
    CheckBox,
    Column,
    Divider,
    Icon,
    Label,
    Row,
    ScrollView,
    Slider,
    Spacer,
    TextEntry,
    Widget,
)
from game.ui.screens.deal_choice import ChoicePart


class ClausesPart(ChoicePart):
    """What each side gives: cash, shares, pledges."""

    def _side(self, view: vm.DealView, side: vm.SideView) -> Widget:
        key = "mine" if side.mine else "theirs"
        title = self.word("side_mine") if side.mine else self.word("side_theirs")
        parts: list[Widget] = [self._cash(side, key), self._stake(side, key)]
        if side.old_choices:
            parts.append(self._old(side, key))
        parts.append(self._loan(side, key))
        parts += [Divider(), Label(self.word("pledges"), style="caption", color="muted")]
        parts += [
            self._pledge(side, clause, f"{key}/pledge/{clause.kind}") for clause in side.pledges
        ]
        if side.further:
            parts += [Divider(), Label(self.word("further"), style="caption", color="muted")]
            parts += [self._further(side, clause, key) for clause in side.further]
        return Card(
            ScrollView(Column(*parts, gap=8, pad=(0, 2, 8, 4)), stretch=1, name=f"{key}/scroll"),
            title=f"{title} · {side.company.short}",
            stretch=1,
            pad=12,
            name=key,
        )

    def _further(self, side: vm.SideView, clause: vm.FurtherClause, key: str) -> Widget:
        """A box that puts the clause on the table, and its figures once it is there."""
        name = f"{key}/further/{clause.key}"
        box = CheckBox(
            clause.name,
            clause.on,
            lambda on: self.window.verb(
                "set_further", side.mine, clause.key, clause.first if on else 0.0
            ),
            name=f"{name}/on",
            tooltip=clause.about,
        )
        fields = [self._further_field(side, field, name) for field in clause.fields]
        top: Widget = box
        if clause.lockable:
            lock = self._lock(clause.key, side.mine, -1, clause.locked, name)
            top = Row(box, Spacer(), lock, gap=6)
        return Column(top, *fields, gap=2, name=name)

    def _further_field(self, side: vm.SideView, field: vm.FurtherField, name: str) -> Widget:
        def put(value: float) -> None:
            self.window.verb("set_further", side.mine, field.key, float(value))

        if field.choices:
            options = [(value, bits.begun(words)) for value, words in field.choices]
            known = [value for value, _ in options]
            chosen = field.value if field.value in known else known[0]
            return bits.drop(options, chosen, put, name=f"{name}/{field.key}", tooltip=field.name)
        step = max((field.high - field.low) / 100.0, 1e-12)
        return Column(
            Row(
                Label(field.name, style="small", color="muted", stretch=1),
                Label(field.shown, style="number"),
                gap=6,
            ),
            Slider(
                field.value,
                lambda value: None,
                low=field.low,
                high=field.high,
                step=step,
                on_release=put,
                name=f"{name}/{field.key}",
            ),
            gap=2,
        )

    def _cash(self, side: vm.SideView, key: str) -> Widget:
        return self._money(side, "cash", side.cash, side.cash_text, key)

    def _loan(self, side: vm.SideView, key: str) -> Widget:
        """What is lent, and at which interest."""
        parts = [self._money(side, "loan", side.loan, side.loan_text, key)]
        if side.loan > 0.0:
            parts.append(self._rate(side, key))
        return Column(*parts, gap=2)

    def _rate(self, side: vm.SideView, key: str) -> Widget:
        return Column(
            Row(
                Label(self.word("loan_rate"), style="small", color="muted", stretch=1),
                Label(side.rate_text, style="number"),
                gap=6,
            ),
            Slider(
                side.rate,
                lambda value: None,
                low=0.0,
                high=max(side.rate_most, side.rate, 0.001),
                step=0.0025,
                on_release=lambda value: self.window.verb("set_rate", value),
                show=lambda value: f"{value:.2%}",
                name=f"{key}/rate",
            ),
            gap=2,
        )

    def _money(
        self, side: vm.SideView, clause: str, amount: float, written: str, key: str
    ) -> Widget:
        """An amount to type or to slide to."""
        verb = f"set_{clause}"

        def submit(text: str) -> None:
            self.window.verb(verb, side.mine, float(text or 0))

        def write(text: str) -> None:
            self.window.typing(lambda: submit(text))

        top = max(side.cash_most, amount, 1.0)
        return Column(
            Row(
                Label(self.word(clause), style="small", stretch=1),
                self._lock(clause, side.mine, -1, clause in side.locked, f"{key}/{clause}"),
                Label(written, style="number"),
                TextEntry(
                    f"{amount:.0f}",
                    on_change=write,
                    on_submit=submit,
                    limit=7,
                    accept=str.isdecimal,
                    width=76,
                    name=f"{key}/{clause}/text",
                ),
                Label(self.word("usd_m"), style="caption", color="muted"),
                gap=6,
            ),
            Slider(
                min(amount, top),
                lambda value: None,
                low=0.0,
                high=top,
                step=max(round(top / 200), 1),
                on_release=lambda value: self.window.verb(verb, side.mine, value),
                name=f"{key}/{clause}",
            ),
            gap=2,
        )

    def _stake(self, side: vm.SideView, key: str) -> Widget:
        top = max(side.stake_most, side.stake, 0.01)
        return Column(
            Row(
                Label(self.word("new_stake"), style="small", stretch=1),
                self._lock("new", side.mine, -1, "new" in side.locked, f"{key}/stake"),
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
                self._lock("old", side.mine, side.old_issuer, "old" in side.locked, f"{key}/old"),
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
        lock = self._lock("pledge", side.mine, clause.kind, clause.locked, name)
        top = Row(box, Spacer(), lock, gap=6)
        if not on:
            return Column(top, name=name)
        return Column(
            top,
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
            *self._regions(side, clause, name),
            *bits.lines([clause.reason], color="warning", style="caption"),
            *bits.lines(map(bits.begun, clause.effects), color="positive", style="caption"),
            *bits.lines([bits.begun(clause.cost)], color="muted", style="caption"),
            gap=2,
            name=name,
        )

    def _regions(self, side: vm.SideView, clause: vm.PledgeClause, name: str) -> list[Widget]:
        """Where the pledge holds, in games of several regions."""
        if not clause.regions:
            return []
        options = [(region, bits.begun(words)) for region, words in clause.regions]

        def choose(region: int) -> None:
            if region != clause.region:
                self.window.verb("set_region", side.mine, clause.kind, region)

        tip = self.word("regions")
        return [bits.drop(options, clause.region, choose, name=f"{name}/region", tooltip=tip)]
