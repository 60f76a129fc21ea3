"""What no sequence of accepted deals may do: cost a machine, or lose cash and shares on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.outcome import shares_total, stakes
from game.play.packages import Extra
from game.play.settlement import Settlement

PART = 1e-2
"""Part of the money moved that terms may miss: what third companies' holdings pass on."""
SQUEEZE = 25.0
"""And of what cash is worth beyond itself, a quarter: credit lines move with the value."""


@dataclass(frozen=True)
class Marks:
    """What a deal has changed for all companies, [N, W] USD m."""

    hard: Array
    """Fundamental value to outside holders, and what founders got for their shares."""
    won: Array
    """What board seats, control and exclusive pledges are worth by own terms."""
    granted: Array
    """[N, N, W] what it costs the first that the second has such rights in it."""
    squeezed: Array
    """What cash is worth beyond itself in a squeeze, by own terms."""
    aligned: Array
    """The part of ``hard`` that is real: shares and seats make allies keep more of what they have
    promised, or less."""
    ruined: Bools
    """Companies worth nothing by their accounts before the deal: how far below it, the standing
    world does not know as they do."""
    rights: Array
    """[N, N, W] what rights to shares are worth, holder by issuer."""


@dataclass(frozen=True)
class Finding:
    """A law that a sequence broke."""

    law: str
    """"loss", "pump" or "lost"."""
    world: int
    step: int
    company: int
    amount: float
    """USD m lost by the company, gained by the attacker, or lost on the way."""
    tale: tuple[str, ...]
    """Deals settled in the sequence so far."""


def values_of(state: State) -> Array:
    """Value of all shares: [N, W] USD m."""
    outside = np.maximum(state.founders + state.public, 1)
    return np.asarray(np.maximum(state.value / outside * shares_total(state), 0.0))


def own_shares(state: State) -> Array:
    """Each company's share of its markets, averaged by its revenue: [N, W]."""
    everybody = np.maximum(state.units.sum(axis=0) + state.fringe_units, 1e-12)
    revenue = state.units * state.price
    return np.asarray(
        (state.units / everybody * revenue).sum(axis=1) / np.maximum(revenue.sum(axis=1), 1e-12)
    )


class _Pairs:
    """Values of two companies around their deal, those of all others held fast, as terms do."""

    def __init__(self, before: State, after: State) -> None:
        self.old, self.new = values_of(before), values_of(after)
        self.was, self.held = stakes(before), stakes(after)
        self.alone = self.new - (self.held * self.new[None]).sum(axis=1)
        self.others = (self.held * self.old[None]).sum(axis=1)

    def gain(self, company: int, other: int, lane: int) -> float | None:
        """What a company's holders but the other gain; None where one is worth nothing."""
        one, two = self.held[company, other, lane], self.held[other, company, lane]
        pair = [company, other]
        if min(self.old[pair, lane].min(), self.new[pair, lane].min()) <= 0.0:
            return None
        alone = [
            self.alone[who, lane] + self.others[who, lane]
            - self.held[who, whom, lane] * self.old[whom, lane]
            for who, whom in ((company, other), (other, company))
        ]  # fmt: skip
        value = (alone[0] + one * alone[1]) / (1.0 - one * two)
        before = self.old[company, lane] * (1.0 - self.was[other, company, lane])
        return float(value * (1.0 - two) - before)


def losses(
    before: State,
    after: State,
    change: Marks,
    found: Settlement,
    seats: Ints,
    step: int,
    tales: list[list[str]],
) -> list[Finding]:
    """Companies that a deal of this step has left worse off by their own valuation.

    A company decides for all its holders but the other side, as its terms do.
    """
    out = []
    pairs = _Pairs(before, after)
    more = change.won + change.squeezed + found.flows.to_founders
    news = found.news.packages
    for row, lane in np.argwhere(found.news.settled).tolist():
        one, other = int(news.proposer[row, lane]), int(news.counterparty[row, lane])
        company = other if one == seats[lane] else one
        moved = float(news.cash[:, row, lane].sum()) + abs(float(change.hard[seats[lane], lane]))
        gain = pairs.gain(company, int(seats[lane]), lane)
        if gain is None or change.ruined[[one, other], lane].any():
            continue
        thirds = np.delete(change.rights[company, :, lane], [one, other]).sum()  # held fast, too
        gain += float(
            more[company, lane] - thirds - change.granted[company, int(seats[lane]), lane]
        )
        moved += SQUEEZE * abs(float(change.squeezed[company, lane]))
        if gain < -(0.1 + PART * moved):
            out.append(Finding("loss", lane, step, company, -gain, tuple(tales[lane])))
    return out


def leaks(
    before: State, after: State, found: Settlement, step: int, tales: list[list[str]]
) -> list[Finding]:
    """Worlds in which cash came from nowhere, or shares that nobody issued."""
    flows = found.flows
    cash = after.cash.sum(axis=0) + flows.advisers.sum(axis=0) + flows.to_founders.sum(axis=0)
    lost = np.abs(cash - before.cash.sum(axis=0))
    wrong = lost > 1e-6 * np.maximum(np.abs(before.cash).sum(axis=0), 1.0)
    wrong |= (after.shares < 0).any(axis=(0, 1)) | (after.founders < 0).any(axis=0)
    wrong |= (np.abs(after.public - before.public) > 0).any(axis=0)
    return [
        Finding("lost", lane, step, -1, float(lost[lane]), tuple(tales[lane]))
        for lane in np.flatnonzero(wrong).tolist()
    ]


def tell(tales: list[list[str]], found: Settlement, kinds: list[str], ruleset: Ruleset) -> None:
    news = found.news.packages
    names = [company.uid for company in ruleset.companies]
    for row, lane in np.argwhere(found.news.settled).tolist():
        place = (row, lane)
        one, other = int(news.proposer[place]), int(news.counterparty[place])
        parts = [f"{kinds[lane]}: {names[one]} and {names[other]}"]
        for side, who in enumerate((one, other)):
            at = (side, *place)
            if news.cash[at] > 0.0:
                parts.append(f"{names[who]} pays {news.cash[at]:.2f}")
            if news.new_shares[at] > 0:
                parts.append(f"{names[who]} issues {news.new_shares[at]}")
            if news.old_shares[at] > 0:
                whose = names[int(news.old_issuer[at])]
                parts.append(f"{names[who]} hands over {news.old_shares[at]} of {whose}")
            if news.loan[at] > 0.0:
                parts.append(
                    f"{names[who]} lends {news.loan[at]:.2f} at {news.loan_rate[place]:.3f}"
                )
            for slot in np.flatnonzero(news.extra[(side, slice(None), *place)]).tolist():
                amount = float(news.extra[(side, slot, *place)])
                parts.append(f"{names[who]} gives {Extra(slot).name.lower()} {amount:.6g}")
            given = np.flatnonzero(news.pledge[(side, slice(None), *place)] > 0.0).tolist()
            if given:
                parts.append(f"{names[who]} pledges {given} for {int(news.term[place])}")
        tales[lane].append(", ".join(parts))
