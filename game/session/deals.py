"""A single package as a person edits it, to and from rows of :class:`Packages`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from game.core.axes import empty
from game.core.ruleset import Ruleset
from game.play.packages import Extra, Packages


@dataclasses.dataclass(frozen=True)
class Clauses:
    """What one side gives."""

    cash: float = 0.0
    """USD m."""
    new_shares: int = 0
    old_shares: int = 0
    old_issuer: int = -1
    """Whose existing shares; the side itself means that its founders sell."""
    pledges: tuple[tuple[int, float], ...] = ()
    """(kind, strength), by kind, strengths over 0."""
    exclusive: tuple[int, ...] = ()
    """Kinds lent to nobody else."""
    loan: float = 0.0
    """USD m lent until the deal's term is over."""
    regions: tuple[tuple[int, int], ...] = ()
    """(kind, bits of the regions that the pledge is bound to), by kind."""
    extra: tuple[tuple[int, float], ...] = ()
    """(slot, value) of :class:`game.play.packages.Extra`, by slot, values other than 0."""

    def strength(self, kind: int) -> float:
        """Strength of a kind, 0 when it is not in the deal."""
        return dict(self.pledges).get(kind, 0.0)

    def with_pledge(self, kind: int, strength: float) -> Clauses:
        """With this kind at a strength; 0 takes it out."""
        kept = {**dict(self.pledges), kind: min(max(strength, 0.0), 1.0)}
        pledges = tuple(sorted((k, s) for k, s in kept.items() if s > 0.0))
        exclusive = tuple(k for k in self.exclusive if dict(pledges).get(k, 0.0) > 0.0)
        regions = tuple((k, bits) for k, bits in self.regions if dict(pledges).get(k, 0.0) > 0.0)
        return dataclasses.replace(self, pledges=pledges, exclusive=exclusive, regions=regions)

    def bound_to(self, kind: int) -> int:
        """Bits of the regions that a pledge is bound to, 0 when it covers all."""
        return dict(self.regions).get(kind, 0)

    def with_regions(self, kind: int, bits: int) -> Clauses:
        """With this kind bound to regions; 0 binds it to none."""
        kept = {**dict(self.regions), kind: bits}
        return dataclasses.replace(
            self, regions=tuple(sorted((k, b) for k, b in kept.items() if b))
        )

    def further(self, slot: Extra) -> float:
        """A further clause, 0 when it is not in the deal."""
        return dict(self.extra).get(int(slot), 0.0)

    def with_further(self, **values: float) -> Clauses:
        """With further clauses by slot name in lower case; 0 takes one out."""
        kept = dict(self.extra)
        for name, value in values.items():
            kept[int(Extra[name.upper()])] = float(np.float32(value))  # as packages hold it
        return dataclasses.replace(self, extra=tuple(sorted((k, v) for k, v in kept.items() if v)))

    def with_exclusive(self, kind: int, on: bool) -> Clauses:
        """With this kind lent to nobody else, or to whom one likes."""
        kinds = set(self.exclusive) - {kind} | ({kind} if on else set())
        return dataclasses.replace(self, exclusive=tuple(sorted(kinds)))

    @property
    def nothing(self) -> bool:
        """No clause at all."""
        money = self.cash or self.loan
        shares = self.new_shares or self.old_shares
        return not (money or shares or self.pledges or self.extra)


@dataclasses.dataclass(frozen=True)
class Deal:
    """A package between two companies."""

    proposer: int
    counterparty: int
    gives: tuple[Clauses, Clauses]
    """By the proposer, by the counterparty."""
    term: int
    """Quarters, of all pledges."""
    disclosed: bool = False
    rate: float = 0.0
    """Interest on the loan, a quarter."""

    def seen_from(self, seat: int) -> Deal:
        """The same package with this company as its proposer."""
        if self.proposer == seat:
            return self
        return dataclasses.replace(
            self,
            proposer=self.counterparty,
            counterparty=self.proposer,
            gives=(self.gives[1], self.gives[0]),
        )

    def with_side(self, side: int, clauses: Clauses) -> Deal:
        """With other clauses on one side."""
        gives = (clauses, self.gives[1]) if side == 0 else (self.gives[0], clauses)
        return dataclasses.replace(self, gives=gives)

    def write(self, packages: Packages, row: int) -> None:
        """Write into one row, all worlds."""
        packages.proposer[row], packages.counterparty[row] = self.proposer, self.counterparty
        packages.term[row], packages.disclosed[row] = self.term, self.disclosed
        packages.loan_rate[row] = self.rate
        for side, clauses in enumerate(self.gives):
            packages.loan[side, row] = clauses.loan
            packages.cash[side, row] = clauses.cash
            packages.new_shares[side, row] = clauses.new_shares
            packages.old_shares[side, row] = clauses.old_shares
            packages.old_issuer[side, row] = clauses.old_issuer
            for kind, strength in clauses.pledges:
                packages.pledge[side, kind, row] = strength
                packages.exclusive[side, kind, row] = kind in clauses.exclusive
            for kind, bits in clauses.regions:
                packages.regions[side, kind, row] = bits
            for slot, value in clauses.extra:
                packages.extra[side, slot, row] = value

    def package(self, ruleset: Ruleset, worlds: int, row: int | None = None) -> Packages:
        """A record that holds this package alone, in the proposer's first row."""
        packages = empty(Packages, {**ruleset.sizes, "W": worlds})
        self.write(packages, 2 * self.proposer if row is None else row)
        return packages


def read_deal(packages: Packages, row: int, lane: int = 0) -> Deal | None:
    """The package in a row; None where there is none."""
    if packages.proposer[row, lane] < 0:
        return None
    return Deal(
        proposer=int(packages.proposer[row, lane]),
        counterparty=int(packages.counterparty[row, lane]),
        gives=(_clauses(packages, 0, row, lane), _clauses(packages, 1, row, lane)),
        term=int(packages.term[row, lane]),
        disclosed=bool(packages.disclosed[row, lane]),
        rate=float(packages.loan_rate[row, lane]),
    )


def _clauses(packages: Packages, side: int, row: int, lane: int) -> Clauses:
    strength = packages.pledge[side, :, row, lane]
    kinds = np.flatnonzero(strength > 0.0)
    return Clauses(
        cash=float(packages.cash[side, row, lane]),
        new_shares=int(packages.new_shares[side, row, lane]),
        old_shares=int(packages.old_shares[side, row, lane]),
        old_issuer=int(packages.old_issuer[side, row, lane]),
        pledges=tuple((int(kind), float(strength[kind])) for kind in kinds),
        exclusive=tuple(int(k) for k in kinds if packages.exclusive[side, k, row, lane]),
        loan=float(packages.loan[side, row, lane]),
        regions=tuple(
            (int(k), int(packages.regions[side, k, row, lane]))
            for k in kinds
            if packages.regions[side, k, row, lane] > 0
        ),
        extra=tuple(
            (int(slot), float(packages.extra[side, slot, row, lane]))
            for slot in np.flatnonzero(packages.extra[side, :, row, lane])
        ),
    )


def deal_json(deal: Deal) -> dict[str, Any]:
    """Plain JSON of a deal."""
    return dataclasses.asdict(deal)


def _clauses_of(facts: Mapping[str, Any]) -> Clauses:
    return Clauses(
        cash=float(facts["cash"]),
        new_shares=int(facts["new_shares"]),
        old_shares=int(facts["old_shares"]),
        old_issuer=int(facts["old_issuer"]),
        pledges=tuple((int(kind), float(strength)) for kind, strength in facts["pledges"]),
        exclusive=tuple(int(kind) for kind in facts["exclusive"]),
        loan=float(facts.get("loan", 0.0)),
        regions=tuple((int(kind), int(bits)) for kind, bits in facts.get("regions", ())),
        extra=tuple((_slot(slot), float(value)) for slot, value in facts.get("extra", ())),
    )


def _slot(number: Any) -> int:
    return int(Extra(int(number)))


def deal_of(facts: Mapping[str, Any]) -> Deal:
    """A deal from plain JSON.

    Raises:
        KeyError, TypeError, ValueError: the facts are not a deal.
    """
    first, second = facts["gives"]
    return Deal(
        proposer=int(facts["proposer"]),
        counterparty=int(facts["counterparty"]),
        gives=(_clauses_of(first), _clauses_of(second)),
        term=int(facts["term"]),
        disclosed=bool(facts["disclosed"]),
        rate=float(facts.get("rate", 0.0)),
    )
