"""Value to outside holders as a game: the company alone, what it holds, who holds it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Status
from game.finance.valuation import limited_values
from game.play import money, outcome
from game.play.explain.causes import Cause, Fact, Key, Lanes, Part
from game.play.explain.market_game import OTHER, ROUNDING, Switches
from game.play.explain.shared import Shared, share_out
from game.play.explain.watch import Watched
from game.play.macro import tax_rate

OWN = (Cause.CASH, Cause.DEBT, Cause.PLEDGED_INCOME, Cause.LOANS, Cause.BEYOND)
"""Parts of a company's worth alone that simply add, USD m."""
HOLDERS, HELD, CHAIN = Key(Cause.HOLDERS), Key(Cause.HELD), Key(Cause.CHAIN)


@dataclasses.dataclass(frozen=True)
class WorthInputs:
    """What a company's value was made of; axis G: the company and all that it holds, by chains."""

    alone: Array
    """[G] USD m, worth without holdings; the company's own is not read."""
    claims: Array
    """[N, G] fractions, any holder by issuer."""
    parts: Mapping[Cause, float]
    """Of the company's worth alone, USD m."""
    trend: float
    """Smoothed profit, USD m a quarter."""
    multiple: float
    """Quarters."""
    tax: float
    """Part of profit."""
    rest: float
    """USD m, what no row explains."""


def value_parts(before: Watched, after: Watched, company: int, lane: int) -> Shared:
    """What moved a company's value."""
    claims = [outcome.stakes(seen.valued)[..., lane] for seen in (before, after)]
    group = _held_by(claims, company)
    inputs = [
        _inputs(seen, held, company, group, lane)
        for seen, held in zip((before, after), claims, strict=True)
    ]
    game = _WorthGame(after, group, inputs[0], inputs[1])
    shared = share_out(game.payoff, game.keys())
    parts = tuple(_with_fact(part, inputs[0], inputs[1]) for part in shared.parts)
    return dataclasses.replace(shared, parts=parts)


def _held_by(claims: list[Array], company: int) -> Ints:
    """The company first, then all that it holds in either quarter, directly or by chains."""
    held = (claims[0] > 0.0) | (claims[1] > 0.0)
    group = [company]
    for holder in group:
        group += [int(one) for one in np.flatnonzero(held[holder]) if one not in group]
    return np.array(group)


def _inputs(seen: Watched, claims: Array, company: int, group: Ints, lane: int) -> WorthInputs:
    state, ruleset = seen.valued, seen.ruleset
    income = money.pledge_income_value(state, ruleset, seen.quarter.pledge_income)
    alone = money.fundamental(state, ruleset, income)[:, lane]
    owed = state.loan_owed[..., lane]
    parts = {
        Cause.CASH: float(state.cash[company, lane]),
        Cause.DEBT: -float(state.debt[company, lane]),
        Cause.PLEDGED_INCOME: float(income[company, lane]),
        Cause.LOANS: float(owed[:, company].sum() - owed[company].sum()),
        Cause.BEYOND: float(ruleset.other_value[company]),
    }
    trend = float(state.profit_trend[company, lane])
    if state.status[company, lane] == Status.FAILED:  # nothing is left of it
        parts, trend = dict.fromkeys(parts, 0.0), 0.0
    multiple = float(money.profit_multiple(ruleset, state.turn)[company])
    tax = float(np.broadcast_to(tax_rate(state, ruleset), state.cash.shape)[company, lane])
    earning = float(money.capitalised(np.array(trend), np.array(multiple), ruleset.rules, tax))
    return WorthInputs(
        alone=alone[group],
        claims=claims[:, group],
        parts=parts,
        trend=trend,
        multiple=multiple,
        tax=tax,
        rest=float(alone[company]) - sum(parts.values()) - earning,
    )


class _WorthGame:
    def __init__(self, seen: Watched, group: Ints, before: WorthInputs, after: WorthInputs) -> None:
        self.rules, self.group = seen.ruleset.rules, group
        self.before, self.after = before, after

    def keys(self) -> list[Key]:
        """What differs."""
        before, after, group = self.before, self.after, self.group
        found = [Key(cause) for cause in OWN if before.parts[cause] != after.parts[cause]]
        found += [Key(Cause.TREND)] * (before.trend != after.trend)
        found += [Key(Cause.MULTIPLE)] * (before.multiple != after.multiple)
        found += [Key(Cause.TAX_RATE)] * (before.tax != after.tax)
        found += [
            Key(Cause.HOLDING, int(group[place]))
            for place in range(1, len(group))
            if before.alone[place] != after.alone[place]
        ]
        found += [key for key in (HOLDERS, HELD, CHAIN) if self._entries_moved(key)]
        if abs(after.rest - before.rest) > ROUNDING * max(1.0, abs(before.rest)):
            found.append(OTHER)
        return sorted(found)

    def _entries(self, key: Key) -> Array:
        """Claims that a cause moves: [N, G]."""
        own = self.group[0]
        chosen = np.zeros(self.before.claims.shape, bool)
        if key == HOLDERS:
            chosen[:, 0] = True
        elif key == HELD:
            chosen[own, 1:] = True
        else:
            chosen[:, 1:] = True
            chosen[own] = False
        return chosen

    def _entries_moved(self, key: Key) -> bool:
        entries = self._entries(key)
        return bool((self.before.claims[entries] != self.after.claims[entries]).any())

    def payoff(self, on: Switches) -> Lanes:
        """Value to outside holders in every coalition: [W]."""
        before, after, group = self.before, self.after, self.group
        earning = money.capitalised(
            on.pick(Key(Cause.TREND), before.trend, after.trend),
            on.pick(Key(Cause.MULTIPLE), before.multiple, after.multiple),
            self.rules,
            on.pick(Key(Cause.TAX_RATE), before.tax, after.tax),
        )
        own = earning + on.pick(OTHER, before.rest, after.rest)
        for cause in OWN:
            own += on.pick(Key(cause), before.parts[cause], after.parts[cause])
        alone = [own] + [
            on.pick(Key(Cause.HOLDING, int(group[place])), before.alone[place], after.alone[place])
            for place in range(1, len(group))
        ]
        claims = np.repeat(after.claims[..., None], on.lanes, axis=-1)
        for key in (HOLDERS, HELD, CHAIN):
            if key in on.on:
                entries = self._entries(key)
                out = ~on.on[key]
                claims[entries] = np.where(
                    out, before.claims[entries][:, None], after.claims[entries][:, None]
                )
        return self._outside(np.stack(alone), claims)

    def _outside(self, alone: Array, claims: Array) -> Lanes:
        """The law among the group, in which equity ends at zero; what others hold of it stays
        outside their claims on it."""
        values = limited_values(alone, claims[self.group])
        return np.asarray(np.maximum(1.0 - claims[:, 0].sum(axis=0), 0.0) * values[0])


def _with_fact(part: Part, before: WorthInputs, after: WorthInputs) -> Part:
    if part.merged:
        return part
    cause, fact = part.key.cause, None
    if cause in OWN:
        fact = Fact(money=(abs(before.parts[cause]), abs(after.parts[cause])))
    elif cause == Cause.TREND:
        fact = Fact(money=(before.trend, after.trend))
    elif cause == Cause.MULTIPLE:
        fact = Fact(factor=(before.multiple, after.multiple))
    return dataclasses.replace(part, fact=fact)
