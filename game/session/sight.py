"""What a person's seat sees of the state, with words and numbers at hand: builders of view models
start from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from game.core.axes import AnyArray
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.estimates import estimate_noise
from game.play.observation import Observation
from game.play.observation_build import observe
from game.session.verbs import Verbs
from game.session.view_types import Ask, Cell, Figure, Link, Tag
from game.text import format as fmt
from game.text.catalogue import known, pick, say

NARROW = 0.005
"""A standard error (log) under which a figure counts as known."""


class Lane:
    """A record's arrays at one world: ``Lane(state).cash`` is [N]."""

    def __init__(self, record: Any, world: int = 0) -> None:
        self._record, self._world = record, world

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._record, name)
        return value[..., self._world] if isinstance(value, np.ndarray) and value.ndim else value


class Sight:
    """One quarter through the eyes of one seat."""

    def __init__(self, game: Verbs, state: State | None = None) -> None:
        self.game = game
        self.ruleset: Ruleset = game.ruleset
        self.seat = game.seat
        self.lang = game.lang
        self.full = game.state if state is None else state
        self.now: Any = Lane(self.full)

    @cached_property
    def view(self) -> Any:
        """The observation of the seat at lane 0; private parts keep axis A of length one."""
        return Lane(self.observation)

    @cached_property
    def observation(self) -> Observation:
        """The observation of the seat."""
        if self.full is self.game.state:
            return self.game.observation
        return observe(self.full, self.ruleset, np.array([self.seat]))

    @cached_property
    def noise(self) -> AnyArray:
        """Standard error (log) of what the seat thinks of each company's books: [N]."""
        seats = np.array([self.seat])
        return np.asarray(estimate_noise(self.full, self.ruleset, seats)[0, :, 0])

    # ------------------------------------------------------------------ words

    def say(self, key: str, **args: object) -> str:
        """A sentence in the game's language."""
        return say(key, self.lang, **args)

    def pick(self, text: Mapping[str, str]) -> str:
        """Words of the scenario, names in braces filled in."""
        return fill(pick(text, self.lang), self.ruleset, self.lang)

    def name(self, company: int) -> str:
        """A company's short name."""
        entry = self.ruleset.companies[company]
        return pick(entry.short, self.lang) or pick(entry.name, self.lang)

    def tag(self, company: int) -> Tag:
        """A company in short."""
        return tag(self.ruleset, company, self.lang)

    def sector(self, sector: int) -> str:
        """A sector's name."""
        return pick(self.ruleset.sector_names[sector], self.lang)

    def region(self, region: int) -> str:
        """A region's name."""
        return pick(self.ruleset.region_names[region], self.lang)

    def market(self, market: int) -> str:
        """ "Smartphones, China"."""
        return self.say(
            "market.name",
            sector=self.sector(int(self.ruleset.market_sector[market])),
            region=self.region(int(self.ruleset.market_region[market])),
        )

    def unit(self, market: int) -> str:
        """What units of the market are, in the plural where the language has one."""
        return self.sector_unit(int(self.ruleset.market_sector[market]))

    def sector_unit(self, sector: int) -> str:
        """What units of a sector are, in the plural where the language has one."""
        return fmt.plural(pick(self.ruleset.unit_names[sector], self.lang), self.lang)

    def names(self, companies: Any) -> str:
        """Several companies, or a word for nobody."""
        listed = [self.name(int(company)) for company in companies]
        return self.say("list.comma").join(listed) if listed else self.say("list.nobody")

    # ------------------------------------------------------------------ numbers

    def money(self, value: float, *, sign: bool = False) -> str:
        """USD m, written."""
        return fmt.money(float(value), self.lang, sign=sign)

    def price(self, value: float) -> str:
        """USD a unit, written."""
        return fmt.price(float(value), self.lang)

    def percent(self, value: float, *, sign: bool = False, digits: int = 1) -> str:
        """A fraction, written."""
        return fmt.percent(float(value), self.lang, sign=sign, digits=digits)

    def volume(self, value: float, unit: str = "") -> str:
        """Millions of units, written."""
        return fmt.volume(float(value), unit, self.lang)

    def quarters(self, count: int) -> str:
        """A length of time, written."""
        return fmt.quarters(int(count), self.lang)

    def date(self, turn: int) -> str:
        """A quarter, written."""
        rules = self.ruleset.rules
        return fmt.date(int(turn), rules.first_year, rules.first_quarter, self.lang)

    def short_date(self, turn: int) -> str:
        """A quarter on a chart's axis."""
        rules = self.ruleset.rules
        return fmt.short_date(int(turn), rules.first_year, rules.first_quarter)

    def guess(self, value: float, company: int) -> tuple[str, str, str]:
        """A figure of a company's books as the seat may know it.

        Returns:
            (figure, band or empty, certainty "known" or "estimated").
        """
        spread = float(self.noise[company])
        if spread < NARROW:
            return self.money(value), "", "known"
        low, high = sorted((value * math.exp(-spread), value * math.exp(spread)))
        return (
            "≈ " + self.money(value),
            fmt.band(self.money(low), self.money(high), self.lang),
            ("estimated"),
        )

    def knows(self, company: int) -> bool:
        """Whether a company's books are open to the seat."""
        return float(self.noise[company]) < NARROW

    def guess_cell(self, value: float, company: int, ask: Ask | None = None) -> Cell:
        """A guessed figure in a table, with its band as a hint."""
        text, band, certainty = self.guess(value, company)
        hint = self.say("guess.band", band=band) if band else ""
        tone = "mute" if certainty == "estimated" else ""
        return Cell(text, float(value), tone, hint, ask=ask)

    def money_cell(
        self, value: float, *, toned: bool = False, sign: bool = False, ask: Ask | None = None
    ) -> Cell:
        """Money in a table; losses in the tone "bad" when ``toned``."""
        tone = ("bad" if value < 0.0 else "good") if toned and value else ""
        return Cell(self.money(value, sign=sign), float(value), tone, ask=ask)

    def money_figure(
        self, key: str, value: float, before: float | None = None, ask: str = ""
    ) -> Figure:
        """A headline sum of the seat with its change, and what its "why" asks for."""
        change = "" if before is None else self.money(value - before, sign=True)
        tone = "bad" if value < 0.0 else ""
        why = Ask(ask, self.seat) if ask else None
        return Figure(self.say(key), self.money(value), tone, change, link=Link("ledger"), ask=why)


def tag(ruleset: Ruleset, company: int, lang: str) -> Tag:
    """A company in short."""
    entry = ruleset.companies[company]
    name = pick(entry.name, lang)
    return Tag(company, name, pick(entry.short, lang) or name, entry.colour)


def fill(text: str, ruleset: Ruleset, lang: str) -> str:
    """Scenario text with ``{company}`` names filled in; other braces stay as they are."""
    if "{" not in text:
        return text
    for entry in ruleset.companies:
        text = text.replace(
            "{" + entry.uid + "}", pick(entry.short, lang) or pick(entry.name, lang)
        )
    return text


def or_empty(key: str, lang: str, **args: object) -> str:
    """A sentence where the catalogue has it."""
    return say(key, lang, **args) if known(key, lang) else ""
