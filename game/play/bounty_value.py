"""What bounties would come to, pledge by pledge, at last quarter's sales."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.play.bounty import bounty_kinds
from game.play.places import Places
from game.play.pledge_facts import PublicFacts
from game.play.pledge_plan import plan_of


class BountyValues:
    """What receivers of preload pledges would pay their givers by device."""

    def __init__(self, facts: PublicFacts, ruleset: Ruleset) -> None:
        self.worlds, self.companies = facts.on_sale.shape[-1], facts.on_sale.shape[0]
        self.kinds = len(ruleset.pledges)
        self.sides = {index: _sides(facts, ruleset, index) for index in bounty_kinds(ruleset)}

    def by_kind(self, places: Places) -> Iterator[tuple[slice, Array]]:
        """Where places of a kind with bounties are, and what is paid there: USD m a quarter,
        [P, W], or [P] of single worlds."""
        for index, (sold, serves) in self.sides.items():
            some, one = places.of_kind(index)
            regions, count = sold.shape[1], one.giver.size
            total = np.zeros(count if one.lane is not None else (count, self.worlds))
            for region in range(regions):
                more = one.pick(sold, one.giver * regions + region)
                more *= one.pick(serves, one.taker * regions + region)
                total += more
            yield some, total

    def table(self, places: Places, worth: Array) -> tuple[Array, Ints | None]:
        """Bounties of all pairs, as in :class:`game.play.pledge_rows.PledgeRows`.

        Args:
            places: rows of all pairs. worth: [P + 1, W], from which they are taken off.
        """
        if not self.sides:
            return np.zeros((1, self.worlds)), None
        row = np.full((self.kinds, self.companies, self.companies), -1)
        found, first = [], 0
        for some, paid in self.by_kind(places):
            worth[:-1][some] -= paid
            found.append(paid)
            row[places.kind[some], places.giver[some], places.taker[some]] = np.arange(
                first, first + len(paid)
            )
            first += len(paid)
        row[row < 0] = first
        return np.concatenate([*found, np.zeros((1, self.worlds))]), row


def _sides(facts: PublicFacts, ruleset: Ruleset, index: int) -> tuple[Array, Array]:
    """What a giver would get where it is served, and whether a taker serves: [N, R, W] each."""
    one = plan_of(ruleset).kinds[index]
    sold = one.source.of(facts.units) * min(one.kind.strength, 1.0)
    serves = one.gain.any_of(facts.on_sale)
    return one.kind.bounty * sold, serves.astype(float)
