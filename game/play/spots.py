"""Used places of a table of packages, one after the other, and how to look companies up."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.play.cells import CLAUSES, Cells
from game.play.packages import Extra, Packages


class Spots:
    """Used places of a table, one after the other, and how to look their companies up."""

    def __init__(self, packages: Packages, places: Ints) -> None:
        self.lane = places % packages.proposer.shape[1]
        for name in ("proposer", "counterparty", "term"):
            setattr(self, name, self._pick(getattr(packages, name), places).astype(np.int64))
        self.disclosed = self._pick(packages.disclosed, places)
        self.loan_rate = self._pick(packages.loan_rate, places)
        for name in (
            "cash",
            "new_shares",
            "old_shares",
            "old_issuer",
            "pledge",
            "exclusive",
            "loan",
            "regions",
        ):
            setattr(self, name, self._pick(getattr(packages, name), places))
        self.extra = self._pick(packages.extra, places).astype(np.float64)

    @classmethod
    def of_cells(cls, cells: Cells) -> Spots:
        """The places of a list of cells, in its order."""
        spots = cls.__new__(cls)
        spots.lane = cells.lane
        spots.proposer, spots.counterparty = cells.who
        for name in CLAUSES:
            setattr(spots, name, getattr(cells, name))
        spots.extra = cells.extra.astype(np.float32).astype(np.float64)  # as packages hold it
        return spots

    proposer: Ints
    counterparty: Ints
    term: Ints
    cash: Array
    new_shares: Ints
    old_shares: Ints
    old_issuer: Ints
    pledge: Array
    exclusive: Bools
    loan: Array
    loan_rate: Array
    regions: Ints
    extra: Array

    def given(self, slot: Extra) -> Array | None:
        """A further clause of both sides [X, L]; None where nobody gives it."""
        clause = self.extra[:, slot]
        return clause if clause.any() else None

    @staticmethod
    def _pick(array: AnyArray, places: Ints) -> AnyArray:
        return array.reshape(*array.shape[:-2], -1).take(places, axis=-1)

    def sides(self) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """(giving, receiving) company of the clauses of each side."""
        one, other = self.proposer, np.maximum(self.counterparty, 0)
        return (one, other), (other, one)

    def by_side(self) -> tuple[Ints, Ints]:
        """(giving, receiving) company of the clauses of each side, [X, L] each."""
        one, other = self.sides()[0]
        giver = np.stack([one, other])
        return giver, giver[::-1]

    def of(self, field: AnyArray, who: Ints) -> AnyArray:
        """A field [N, W] at a company of each place."""
        return np.asarray(field.reshape(-1).take(who * field.shape[-1] + self.lane))

    def pair(self, field: AnyArray, first: Ints, second: Ints) -> AnyArray:
        """A field [N, N, W] at a pair of each place."""
        count, worlds = field.shape[-2:]
        place = (first * count + second) * worlds + self.lane
        return np.asarray(field.reshape(-1).take(place))
