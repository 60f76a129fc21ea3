"""A small board for tests of deals: the lesson, with a phone maker worth half a billion."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.axes import array_fields, empty
from game.core.ruleset import Ruleset
from game.core.state import replace
from game.play.contracts import draft_package, shares_for
from game.play.opening import first_state
from game.play.outcome import shares_total
from game.play.packages import Packages
from game.play.pledge_value import pledge_worth_of_state
from game.scenario.loader import load

SEED = 3


class DealBoard:
    """The lesson at its start in a few worlds, and packages to put on the table."""

    lantern, kite, harbour = range(3)
    worlds = 5

    def __init__(self, path: Path) -> None:
        scenario = load(path)
        longer = dataclasses.replace(scenario.ruleset.rules, quarters=24)  # than any term
        self.ruleset = dataclasses.replace(scenario.ruleset, rules=longer)
        self.opening = scenario.opening
        seed = np.full(self.worlds, SEED, np.uint64)
        numbers = np.arange(self.worlds, dtype=np.uint64)
        state = first_state(self.ruleset, self.opening, seed, numbers)
        value = state.value.copy()
        value[self.kite] = 560.0
        self.state = replace(state, value=value)
        self.worth, self.cost = pledge_worth_of_state(self.state, self.ruleset)

    def none(self, worlds: int | None = None) -> Packages:
        """Nothing on the table."""
        return empty(Packages, {**self.ruleset.sizes, "W": worlds or self.worlds})

    def one(self, proposer: int = 0, counterparty: int = 1, row: int | None = None) -> Packages:
        """A pair without clauses, in the proposer's first row."""
        packages = self.none()
        row = 2 * proposer if row is None else row
        packages.proposer[row], packages.counterparty[row] = proposer, counterparty
        packages.term[row] = self.ruleset.rules.terms[-1]
        return packages

    def draft(self) -> Packages:
        """The scenario's offer, in the first row."""
        return draft_package(self.ruleset.drafts[0], self.state, self.ruleset, 0)

    def random(self, seed: int, generous: bool = False) -> Packages:
        """Any clauses between any two companies, a third of the rows empty.

        Args:
            generous: proposers only give, and ask for nothing but pledges.
        """
        rng = np.random.default_rng(seed)
        packages = self.none()
        shape, count = packages.proposer.shape, len(self.ruleset.companies)
        packages.proposer[:] = np.repeat(np.arange(count), 2)[:, None]
        packages.counterparty[:] = (packages.proposer + rng.integers(1, count, shape)) % count
        packages.proposer[rng.random(shape) < 0.34] = -1
        packages.cash[:] = rng.choice([0.0, 10.0, 80.0, 400.0], packages.cash.shape)
        odds = [0.6, 0.2, 0.2]
        packages.pledge[:] = rng.choice([0.0, 0.5, 1.0], packages.pledge.shape, p=odds)
        bound = rng.random(packages.pledge.shape) < 0.2
        packages.exclusive[:] = bound & (packages.pledge > 0)
        self._shares(packages, rng)
        packages.term[:] = rng.choice(self.ruleset.rules.terms, shape)
        packages.disclosed[:] = rng.random(shape) < 0.5
        if generous:
            packages.cash[1], packages.new_shares[1], packages.old_shares[1] = 0.0, 0, 0
        return packages

    def _shares(self, packages: Packages, rng: np.random.Generator) -> None:
        shape, count = packages.proposer.shape, len(self.ruleset.companies)
        total = shares_total(self.state).min(axis=-1)
        for side, who in enumerate((packages.proposer, packages.counterparty)):
            part = rng.choice([0.0, 0.0, 0.03, 0.1, 0.25], shape)
            packages.new_shares[side] = shares_for(part, total[who])
            sells = rng.random(shape) < 0.15
            packages.old_shares[side] = np.where(sells, total[who] // 50, 0)
            issuer = np.where(rng.random(shape) < 0.5, who, rng.integers(0, count, shape))
            packages.old_issuer[side] = np.where(sells, issuer, -1)

    @staticmethod
    def mirrored(packages: Packages) -> Packages:
        """The same packages tabled by the other side, in the same rows."""
        changes = {"proposer": packages.counterparty, "counterparty": packages.proposer}
        for field in array_fields(packages):
            if field.metadata["axes"][0] == "X":
                changes[field.name] = getattr(packages, field.name)[::-1].copy()
        return dataclasses.replace(packages, **changes)


@pytest.fixture(scope="session")
def deals(lesson_path: Path) -> DealBoard:
    """The lesson's board for deals; do not write to it."""
    return DealBoard(lesson_path)


class Reseat:
    """The same game with its companies in another order."""

    @staticmethod
    def record(record: Any, order: Any) -> Any:
        """A record with its companies in another order; company numbers in values stay."""
        changes = {}
        for field in array_fields(record):
            array = getattr(record, field.name)
            for at, letter in enumerate(field.metadata["axes"]):
                if letter == "N":
                    array = np.take(array, order, axis=at)
            changes[field.name] = np.ascontiguousarray(array)
        return dataclasses.replace(record, **changes)

    @staticmethod
    def packages(packages: Packages, order: Any) -> Packages:
        """Packages of the same companies, in their new rows."""
        place = np.argsort(order)
        rows = np.stack([2 * order, 2 * order + 1], axis=1).reshape(-1)
        changes = {}
        for field in array_fields(packages):
            at = field.metadata["axes"].index("P")
            changes[field.name] = np.take(getattr(packages, field.name), rows, axis=at)
        for name in ("proposer", "counterparty", "old_issuer"):
            who = changes[name]
            changes[name] = np.where(who >= 0, place[np.maximum(who, 0)], -1).astype("i2")
        return dataclasses.replace(packages, **changes)

    @classmethod
    def rules(cls, ruleset: Ruleset, order: Any) -> Ruleset:
        """The ruleset of the new order."""
        place = np.argsort(order)
        drafts = tuple(
            dataclasses.replace(
                draft,
                proposer=int(place[draft.proposer]),
                counterparty=int(place[draft.counterparty]),
            )
            for draft in ruleset.drafts
        )
        companies = tuple(ruleset.companies[index] for index in order)
        turned: Ruleset = cls.record(ruleset, order)
        return dataclasses.replace(turned, companies=companies, drafts=drafts)


@pytest.fixture(scope="session")
def reseat() -> type[Reseat]:
    """Puts companies into another order."""
    return Reseat
