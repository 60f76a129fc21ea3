"""Texts of a scenario: names put in for braces, real or invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from game.core.ruleset import Text
from game.scenario.schema import Company, Scenario

Naming = Literal["real", "invented"]
NAMINGS: tuple[Naming, ...] = ("real", "invented")
MENTION = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Words:
    """Puts the names of companies and brands into a scenario's texts.

    Args:
        scenario: whose names.
        naming: real ones, or invented ones where the scenario has them.
    """

    def __init__(self, scenario: Scenario, naming: Naming) -> None:
        self.invented = naming == "invented"
        self.names: dict[str, Text] = {
            name.id: self._pick(name.name, name.invented_name) for name in scenario.names
        }
        self.names |= {company.id: self.short(company) for company in scenario.companies}

    def _pick(self, real: Text, invented: Text | None) -> Text:
        return invented if self.invented and invented is not None else real

    def name(self, company: Company) -> Text:
        """Full name of a company."""
        return dict(self._pick(company.name, company.invented_name))

    def short(self, company: Company) -> Text:
        """Short name of a company; its full one when it has none."""
        invented = company.invented_short or company.invented_name
        return dict(self._pick(company.short or company.name, invented))

    def about(self, company: Company) -> Text:
        """What a company is."""
        return self(self._pick(company.about, company.invented_about))

    def __call__(self, text: Mapping[str, str]) -> Text:
        """The text in each of its languages with ``{id}`` replaced by that name."""
        return {language: self._filled(line, language) for language, line in text.items()}

    def _filled(self, line: str, language: str) -> str:
        def put(match: re.Match[str]) -> str:
            name = self.names.get(match[1])
            return match[0] if name is None else name.get(language, name["en"])

        return MENTION.sub(put, line)
