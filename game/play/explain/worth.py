"""Value to outside holders as a game: the company alone, what it holds, who holds it.

The price of a share is the same game, over the number of shares, times the market's mood.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset, Status
from game.finance.valuation import limited_values, market_price
from game.play import money, outcome
from game.play.explain.causes import Cause, Fact, Key, Lanes, Part
from game.play.explain.market_game import OTHER, ROUNDING, Switches
from game.play.explain.purse import FLOWS, LEVELS, Purse, purse_of
from game.play.explain.shared import Shared, share_out
from game.play.explain.watch import Watched
from game.play.macro import tax_rate
from game.play.venture_value import venture_value

OWN = LEVELS + FLOWS
"""Parts of a company's worth alone that simply add, USD m."""
HOLDERS, HELD, CHAIN = Key(Cause.HOLDERS), Key(Cause.HELD), Key(Cause.CHAIN)
FAILED, SHARES, SENTIMENT = Key(Cause.FAILED), Key(Cause.SHARES), Key(Cause.SENTIMENT)
MILLION = 1e6


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
    failed: bool
    rest: float
    """USD m, what no row explains."""
    shares: float
    """Held by outsiders."""
    sentiment: float
    """log."""

    @property
    def size(self) -> float:
        """Of the sums that make the worth, by which rounding is judged. USD m."""
        return 1.0 + sum(map(abs, self.parts.values())) + abs(self.trend * self.multiple)


def value_parts(before: Watched, after: Watched, company: int, lane: int) -> Shared:
    """What moved a company's value."""
    game = _game(before, after, company, lane)
    return _facts(share_out(game.payoff, game.keys()), game)


def quote_parts(before: Watched, after: Watched, company: int, lane: int) -> Shared:
    """What moved the price of a company's share: its worth, the count of shares, the mood."""
    game = _game(before, after, company, lane)
    keys = game.keys()
    keys += [SHARES] * (game.before.shares != game.after.shares)
    keys += [SENTIMENT] * (game.before.sentiment != game.after.sentiment)
    return _facts(share_out(game.quoted, sorted(keys)), game)


def _game(before: Watched, after: Watched, company: int, lane: int) -> _WorthGame:
    claims = [outcome.stakes(seen.valued)[..., lane] for seen in (before, after)]
    group = _held_by(claims, company)
    purses = purse_of(before, company, lane), purse_of(after, company, lane, fresh=True)
    inputs = [
        _inputs(seen, held, purse, group, lane)
        for seen, held, purse in zip((before, after), claims, purses, strict=True)
    ]
    return _WorthGame(after.ruleset, group, inputs[0], inputs[1])


def _facts(shared: Shared, game: _WorthGame) -> Shared:
    parts = tuple(_with_fact(part, game.before, game.after) for part in shared.parts)
    return dataclasses.replace(shared, parts=parts)


def _held_by(claims: list[Array], company: int) -> Ints:
    """The company first, then all that it holds in either quarter, directly or by chains."""
    held = (claims[0] > 0.0) | (claims[1] > 0.0)
    group = [company]
    for holder in group:
        group += [int(one) for one in np.flatnonzero(held[holder]) if one not in group]
    return np.array(group)


def _inputs(seen: Watched, claims: Array, purse: Purse, group: Ints, lane: int) -> WorthInputs:
    state, ruleset, company = seen.valued, seen.ruleset, int(group[0])
    income = money.pledge_income_value(state, ruleset, seen.quarter.pledge_income)
    alone = money.fundamental(state, ruleset, income)[:, lane]
    shared = venture_value(state, ruleset)
    parts = {
        **purse.parts,
        Cause.PLEDGED_INCOME: float(income[company, lane]),
        Cause.BEYOND: float(ruleset.other_value[company]),
        Cause.VENTURES: 0.0 if shared is None else float(shared[company, lane]),
    }
    multiple = float(money.profit_multiple(ruleset, state.turn)[company])
    tax = float(np.broadcast_to(tax_rate(state, ruleset), state.cash.shape)[company, lane])
    earning = _earning(purse.trend, multiple, tax, ruleset)
    failed = bool(state.status[company, lane] == Status.FAILED)
    outside = float((state.founders + state.public)[company, lane])
    return WorthInputs(
        alone=alone[group],
        claims=claims[:, group],
        parts=parts,
        trend=purse.trend,
        multiple=multiple,
        tax=tax,
        failed=failed,
        rest=0.0 if failed else float(alone[company]) - sum(parts.values()) - float(earning),
        shares=max(outside, 1.0),
        sentiment=float(seen.after.sentiment[company, lane]),
    )


def _earning(
    trend: Array | float, multiple: Array | float, tax: Array | float, ruleset: Ruleset
) -> Array:
    return money.capitalised(np.asarray(trend), np.asarray(multiple), ruleset.rules, tax)


class _WorthGame:
    def __init__(
        self, ruleset: Ruleset, group: Ints, before: WorthInputs, after: WorthInputs
    ) -> None:
        self.ruleset, self.group = ruleset, group
        self.before, self.after = before, after

    def keys(self) -> list[Key]:
        """What differs."""
        before, after, group = self.before, self.after, self.group
        found = [Key(cause) for cause in OWN if before.parts[cause] != after.parts[cause]]
        found += [Key(Cause.TREND)] * (before.trend != after.trend)
        found += [Key(Cause.MULTIPLE)] * (before.multiple != after.multiple)
        found += [Key(Cause.TAX_RATE)] * (before.tax != after.tax)
        found += [FAILED] * (before.failed != after.failed)
        found += [
            Key(Cause.HOLDING, int(group[place]))
            for place in range(1, len(group))
            if before.alone[place] != after.alone[place]
        ]
        found += [key for key in (HOLDERS, HELD, CHAIN) if self._entries_moved(key)]
        if abs(after.rest - before.rest) > ROUNDING * max(before.size, after.size):
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
        own = _earning(
            on.pick(Key(Cause.TREND), before.trend, after.trend),
            on.pick(Key(Cause.MULTIPLE), before.multiple, after.multiple),
            on.pick(Key(Cause.TAX_RATE), before.tax, after.tax),
            self.ruleset,
        )
        own = own + on.pick(OTHER, before.rest, after.rest)
        for cause in OWN:
            own += on.pick(Key(cause), before.parts[cause], after.parts[cause])
        own *= on.pick(FAILED, float(not before.failed), float(not after.failed))
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

    def quoted(self, on: Switches) -> Lanes:
        """Price of a share in every coalition, USD: [W]."""
        before, after, company = self.before, self.after, self.group[0]
        share = self.payoff(on) / on.pick(SHARES, before.shares, after.shares)
        listed = self.ruleset.companies[company].listed
        return MILLION * market_price(
            np.maximum(share, money.LEAST_QUOTE),
            on.pick(SENTIMENT, before.sentiment, after.sentiment),
            0.0 if listed else self.ruleset.rules.private_discount,
        )

    def _outside(self, alone: Array, claims: Array) -> Lanes:
        """The law among the group, in which equity ends at zero; what others hold of it stays
        outside their claims on it."""
        values = limited_values(alone, claims[self.group])
        return np.asarray(np.maximum(1.0 - claims[:, 0].sum(axis=0), 0.0) * values[0])


def _with_fact(part: Part, before: WorthInputs, after: WorthInputs) -> Part:
    if part.merged:
        return part
    cause, fact = part.key.cause, None
    if cause == Cause.TREND:
        fact = Fact(money=(before.trend, after.trend))
    elif cause == Cause.MULTIPLE:
        fact = Fact(quarters=(before.multiple, after.multiple))
    elif cause == Cause.SENTIMENT:
        fact = Fact(factor=(float(np.exp(before.sentiment)), float(np.exp(after.sentiment))))
    elif cause == Cause.PLEDGED_INCOME:
        fact = Fact(money=(before.parts[cause], after.parts[cause]))
    return dataclasses.replace(part, fact=fact)
