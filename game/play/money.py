"""Money in the turn: what a company is worth, what lenders do, how shares trade."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, any_over
from game.core.once import once
from game.core.rng import Purpose, normals
from game.core.ruleset import PledgeEffect, Rules, Ruleset, Status
from game.core.state import State, replace
from game.finance.valuation import (
    annuity,
    limited_value_to_outside_holders,
    market_price,
    mispricing_next,
    value_to_outside_holders,
)
from game.play.macro import tax_rate
from game.play.outcome import stakes
from game.play.pledges import promised
from game.play.rights import parents
from game.play.venture_value import venture_value

TREND = 0.25
MULTIPLE_FADES = 0.94
LEAST_QUOTE = 1e-12
LOSS_QUARTERS = 12.0
"""Quarters that a loss is thought to last."""


def natural_multiple(rules: Rules) -> float:
    """Worth of one dollar of profit a quarter that grows for ever, in quarters."""
    return 1.0 / max(rules.discount - rules.growth, 1e-3)


def capitalised(
    profit: Array, multiple: Array, rules: Rules, tax: Array | float | None = None
) -> Array:
    """Worth of smoothed profit: after tax by the multiple; losses for as long as they may last.

    Args:
        profit: USD m a quarter, before tax. multiple: quarters, broadcast.
        tax: rate where it is not the rules' own.
    """
    gains = np.maximum(profit, 0.0) * (1.0 - (rules.tax if tax is None else tax))
    return np.asarray(multiple * gains + LOSS_QUARTERS * np.minimum(profit, 0.0))


def profit_multiple(ruleset: Ruleset, turn: int) -> Array:
    """The one multiple on profit of each company in a quarter: [N] quarters.

    What the price at the start expects of a company's growth fades into what every profit is
    worth, so that growth is not paid for twice.
    """
    natural = natural_multiple(ruleset.rules)
    start = np.where(ruleset.multiple > 0.0, ruleset.multiple, natural)
    return np.asarray(natural + (start - natural) * MULTIPLE_FADES**turn)


def fundamental(state: State, ruleset: Ruleset, pledge_income: Array | float = 0.0) -> Array:
    """Worth of each company alone, holdings apart.

    Cash one for one, debt off, one multiple on smoothed after-tax profit, pledge income by its
    remaining term, and the constant that the start's market value leaves unexplained.

    Args:
        pledge_income: [N, W] USD m, present value of what pledges still bring.

    Returns:
        [N, W] USD m; negative where debts exceed all.
    """
    earning = capitalised(
        state.profit_trend,
        profit_multiple(ruleset, state.turn)[:, None],
        ruleset.rules,
        tax_rate(state, ruleset),
    )
    worth = state.cash - state.debt + earning + ruleset.other_value[:, None] + pledge_income
    shared = venture_value(state, ruleset)
    if shared is not None:
        worth += shared
    if state.loan_due.any():
        worth += state.loan_owed.sum(axis=0) - state.loan_owed.sum(axis=1)
    failed = state.status == Status.FAILED
    if failed.any():
        worth[failed] = 0.0
    return np.asarray(worth)


def pledge_income_value(state: State, ruleset: Ruleset, income: Array) -> Array:
    """Present value of preload income over the remaining terms: [N, W] USD m.

    Args:
        income: [N, W] USD m a quarter, all preload pledges together, bounties off; spread over
            the pledges by strength to weigh their terms.
    """
    shape = income.shape
    weight, worth = np.zeros_like(income), np.zeros_like(income)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.PRELOAD:
            giver, receiver, lane, strength = promised(state, index)
            who = receiver * shape[1] + lane
            left = state.pledge_until[index][giver, receiver, lane] - state.turn
            present = strength * annuity(ruleset.rules.discount, left)
            weight += np.bincount(who, strength, income.size).reshape(shape)
            worth += np.bincount(who, present, income.size).reshape(shape)
    after_tax = income * (1.0 - ruleset.rules.tax)
    return np.asarray(
        after_tax * np.divide(worth, weight, out=np.zeros_like(worth), where=weight > 0.0)
    )


def value_outside(
    state: State,
    ruleset: Ruleset,
    pledge_income: Array | float = 0.0,
    held: Array | None = None,
) -> Array:
    """Fundamental value to the outside holders of each company, cross-holdings solved: [N, W].

    Equity ends at zero: holders lose no more than they hold.

    Args:
        held: [N, N, W] stakes, where the caller has them in hand.
    """
    held = stakes(state) if held is None else held
    p = fundamental(state, ruleset, pledge_income)
    value = value_to_outside_holders(p, held)
    ruined = np.flatnonzero(any_over(p <= 0.0, 0))
    if ruined.size:
        alone = np.take(p, ruined, axis=1), np.take(held, ruined, axis=2)
        value[:, ruined] = limited_value_to_outside_holders(*alone)
    return value


def sentiment_next(state: State, ruleset: Ruleset, turn: int) -> Array:
    """Mispricing of each company's shares after the quarter: [N, W] log.

    Args:
        turn: the quarter, key of its chance; before the first one sentiment is drawn afresh.
    """
    rules = ruleset.rules
    draws = normals(state.seed, state.world, turn, Purpose.SENTIMENT, ruleset.company_uid)[:, 0]
    kept = rules.sentiment_persistence if turn >= 0 else 0.0
    return mispricing_next(state.sentiment, kept, rules.sentiment_sd, draws)


def quote(state: State, ruleset: Ruleset, per_share: Array) -> Array:
    """Price at which shares trade: value with sentiment; private shares at a discount.

    Args:
        per_share: [N, W] USD m, holdings looked through.
    """
    worth = np.maximum(per_share, LEAST_QUOTE)
    return market_price(worth, state.sentiment, _discount(ruleset))


@once
def _discount(ruleset: Ruleset) -> Array:
    """What a share trades at below its worth: nothing where it is listed. [N, 1]."""
    listed = np.array([company.listed for company in ruleset.companies])[:, None]
    return np.where(listed, 0.0, ruleset.rules.private_discount)


def control_status(state: State, ruleset: Ruleset, held: Array | None = None) -> State:
    """Mark controlled companies: some holder casts more than half of the votes, through chains.

    Args:
        held: [N, N, W] stakes, where the caller has them in hand.
    """
    own = np.arange(len(state.cash))[:, None]
    status = np.where(
        (parents(state, ruleset, held) != own) & (state.status != Status.FAILED),
        int(Status.CONTROLLED),
        np.where(state.status == Status.CONTROLLED, 0, state.status),
    )
    return replace(state, status=status.astype("i1"))
