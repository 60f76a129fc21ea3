"""Numbers and names of an explanation, on one scale and rounded so that they still add up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from game.core.ruleset import PledgeKind
from game.play.explain.causes import Cause, Fact, Group, Key, Measure
from game.play.report import Line
from game.session.sight import Sight
from game.text import format as fmt
from game.text.catalogue import label

KINDS = {
    Measure.SHARE: "percent",
    Measure.UNITS: "volume",
    Measure.PRICE: "price",
    Measure.PROFIT: "money",
    Measure.CASH: "money",
    Measure.VALUE: "money",
    Measure.REVENUE: "money",
    Measure.DEBT: "money",
    Measure.DOORS: "volume",
    Measure.QUOTE: "price",
}
COSTLY = frozenset({Measure.DEBT})
"""Figures of which more is worse."""
DIGITS = 3
"""Of the largest cause."""
MOST_DECIMALS = 3


class Scale:
    """Figures of one question in whole steps, so that the written ones add up.

    Args:
        level: the largest of the two figures compared, in size. largest: the largest cause.
        unit: words after a volume.
    """

    def __init__(
        self, measure: Measure, level: float, largest: float, lang: str, unit: str = ""
    ) -> None:
        self.kind, self.lang, self.unit = KINDS[measure], lang, unit
        self.neutral, self.costly = measure == Measure.PRICE, measure in COSTLY
        self.factor, self.name = fmt.scale_of(self.kind, level or 1.0, lang)
        least = abs(largest) * self.factor
        order = math.floor(math.log10(least)) if least > 0.0 else 0
        most = 2 if self.kind in ("percent", "price") else MOST_DECIMALS
        self.decimals = min(max(DIGITS - 1 - order, 0), most)

    def steps(self, value: float) -> int:
        """A figure in whole steps."""
        return round(self.exact(value))

    def exact(self, value: float) -> float:
        """A figure in steps, not rounded."""
        return value * self.factor * float(10**self.decimals)

    def write(self, steps: int, *, change: bool = False) -> str:
        """Steps with their unit; a change has its sign."""
        value = steps / 10**self.decimals
        return fmt.on_scale(
            value, self.kind, self.name, self.decimals, self.lang, change=change, unit=self.unit
        )


def apportion(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers near the values that sum to a total: the largest remainders go up.

    Args:
        values: in steps.
    """
    if not values:
        return []
    rounded = [math.floor(value) for value in values]
    order = sorted(range(len(values)), key=lambda i: rounded[i] - values[i])
    missing = total - sum(rounded)
    each, extra = divmod(missing, len(values))
    for place, index in enumerate(order):
        rounded[index] += each + (place < extra)
    return rounded


class Words:
    """Names of causes and what they did, in the game's language."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight

    def group(self, group: Group) -> str:
        """A group's heading."""
        return label(group, "why.group", self.sight.lang)

    def cause(self, key: Key) -> str:
        """A cause's name."""
        sight = self.sight
        if key.cause == Cause.LINE:
            return label(Line(key.kind), "line", sight.lang)
        name = "" if key.company < 0 else sight.name(key.company)
        if key.cause in (Cause.PLEDGE, Cause.GIVEN):
            kind: PledgeKind = sight.ruleset.pledges[key.kind]
            return sight.say(
                f"why.cause.{key.cause.name}", company=name, kind=sight.pick(kind.name)
            )
        return sight.say(f"why.cause.{key.cause.name}", company=name)

    def place(self, market: int) -> str:
        """A market, or the company as a whole."""
        return self.sight.say("why.whole") if market < 0 else self.sight.market(market)

    def detail(self, fact: Fact | None) -> str:
        """What a cause did, in figures; empty when it has none."""
        if fact is None:
            return ""
        sight = self.sight
        if fact.sold != (True, True):
            return sight.say("why.entered" if fact.sold[1] else "why.left")
        parts = []
        writers = (
            ("price", fact.price, sight.price),
            ("coverage", fact.coverage, lambda value: fmt.percent(value, sight.lang)),
            ("reach", fact.reach, lambda value: fmt.percent(value, sight.lang)),
            ("money", fact.money, sight.money),
            ("people", fact.people, lambda value: fmt.volume(value, "", sight.lang)),
            ("quarters", fact.quarters, lambda value: f"{value:.1f}"),
            ("factor", fact.factor, lambda value: fmt.factor(value, sight.lang)),
        )
        for name, (before, after), write in writers:
            old, new = write(before), write(after)
            if not math.isnan(before) and old != new:
                parts.append(sight.say(f"why.fact.{name}", before=old, after=new))
        change = fact.utils[1] - fact.utils[0]
        if not math.isnan(change) and abs(change) >= LEAST_UTILS:
            parts.append(sight.say("why.fact.utils", change=fmt.utils(change, sight.lang)))
        return sight.say("list.comma").join(parts)


LEAST_UTILS = 0.005
