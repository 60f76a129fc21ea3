"""Money: borrow when short, repay when rich, issue in distress, return what has no use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Metric
from game.policies.desk import Desk
from game.policies.goals import Goals, has

SHORT = 1.5
"""Quarters of safety below which money is raised."""
RICH = 8.0
"""Quarters of costs above which cash has no use."""
CHEAP = 0.96
"""A quote below so much of the fundamental value is worth buying back."""
PAY_OUT = 0.25
WAR_CHEST = 1.5
"""Years of deal authorisation that are kept in cash."""
DEAR_DEBT = 3.0
MOST_ISSUE = 0.15


@dataclass(frozen=True)
class Capital:
    """Capital measures of the quarter, each [A, W] USD m."""

    borrow: Array
    issue: Array
    dividend: Array
    buy_back: Array


def raise_or_return(desk: Desk, goals: Goals) -> Capital:
    """One measure a seat at most, if it has the point for it; repaying is free."""
    zero = np.zeros_like(desk.cash)
    missing = SHORT * desk.safety - desk.cash
    losing = (desk.profit < 0.0) & (missing > 0.0)
    borrow = np.where(losing, np.clip(missing, 0.0, 0.8 * np.maximum(desk.credit_left, 0.0)), 0.0)
    issue = _issue(desk, goals, losing, missing - borrow)
    kept = RICH * desk.costs + DEAR_DEBT * desk.debt + WAR_CHEST * desk.allowance
    spare = np.maximum(desk.cash - desk.debt - kept, 0.0) * PAY_OUT
    spare = np.where(desk.profit > 0.0, spare, 0.0)
    cheap = _cheap(desk)
    worth_it = spare > 0.05 * desk.costs
    act = desk.spend_points((borrow > 0.0) | (issue > 0.0) | worth_it, desk.rules.cost_capital)
    repay = np.where(losing, 0.0, np.clip(desk.cash - 2.0 * desk.safety, 0.0, desk.debt))
    out = Capital(
        borrow=np.where(act & (borrow > 0.0), borrow, -repay),
        issue=np.where(act, issue, 0.0),
        dividend=np.where(act & worth_it & ~cheap, spare, 0.0),
        buy_back=np.where(act & worth_it & cheap, spare, zero),
    )
    desk.money = np.maximum(desk.money - repay - out.dividend - out.buy_back, 0.0)
    return out


def _issue(desk: Desk, goals: Goals, losing: Bools, missing: Array) -> Array:
    """New shares for the public when credit does not reach: [A, W] USD m."""
    view = desk.view
    late = view.turn - desk.rows(view.last_issue) >= desk.rules.issue_gap
    worth = desk.rows(view.quote * view.shares_total)
    after = desk.rows(view.founders) / np.maximum(desk.rows(view.shares_total), 1)
    keep = has(goals, Metric.FOUNDER_VOTES) & (after * (1.0 - MOST_ISSUE) < 0.5)
    desperate = desk.runway < 1.5
    amount = np.clip(missing, 0.0, MOST_ISSUE * worth)
    return np.where(losing & late & (~keep | desperate) & (desk.runway < 4.0), amount, 0.0)


def _cheap(desk: Desk) -> Bools:
    """Whether the seat's own shares trade below their worth and may be bought. [A, W]."""
    view = desk.view
    worth = desk.value / np.maximum(desk.rows(view.shares_total), 1)
    listed = np.array([[desk.ruleset.companies[seat].listed] for seat in desk.seats])
    return np.asarray(listed & (desk.rows(view.quote) < CHEAP * worth))
