"""The companies' part of a quarter: events, deals, actions, books, default, value, trust, goals."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.core.once import once
from game.core.ruleset import Ruleset, Status
from game.core.state import replace
from game.economy.lines import Lines
from game.economy.macro import to_dollars
from game.finance.accounts import losses_aged, losses_used
from game.play import (
    endings,
    events,
    legality,
    levers,
    macro,
    money,
    outcome,
    remedies,
    venture_duties,
)  # fmt: skip
from game.play.books import holding_books
from game.play.bounty import bounty_amounts, paid_and_earned
from game.play.clauses import end_clauses
from game.play.later import end_later
from game.play.pledge_ends import expire_pledges
from game.play.pledges import in_force
from game.play.quarter import Quarter
from game.play.report import PROFIT_LINES, Line
from game.play.rights import sell_parents_shares
from game.play.settlement import settle
from game.play.topping import Standing


def events_due(quarter: Quarter) -> None:
    """Open cards come to pass with the options that companies chose."""
    choice = legality.checked_choices(quarter.state, quarter.ruleset, quarter.orders)
    state, cash, fired = events.happen(quarter.state, quarter.ruleset, choice)
    cash = cash * quarter.alive
    quarter.state = state
    quarter.update(cash=state.cash + cash)
    quarter.book(Line.EVENTS, cash)
    quarter.note(fired=fired)


def deals_settled(quarter: Quarter) -> None:
    """Packages are answered and settled; talks cost attention and advisers."""
    ruleset, orders = quarter.ruleset, quarter.orders
    state, sold = sell_parents_shares(quarter.state, ruleset)
    if sold.any():
        moved = state.shares != quarter.state.shares
        stood = np.where(moved, state.carrying, 0.0)
        state = replace(state, cash=state.cash + sold, carrying=state.carrying - stood)
        quarter.book(Line.LIQUIDATED, sold)
        quarter.add("gain", -stood.sum(axis=1))
    standing = Standing(orders.ready, orders.ready_most, orders.match_most, orders.open_bids)
    result = settle(state, ruleset, orders.proposals, orders.signed, standing=standing)
    quarter.settlement = result
    quarter.state = result.state
    moved = result.state.cash - state.cash + result.flows.advisers
    quarter.book(Line.DEAL_COST, -result.flows.advisers)
    if result.news.settled.any():
        remedies.book_deals(quarter, result.news.packages, state, moved)
        remedies.remedies_made(quarter, result.reviewed)
    else:
        quarter.book(Line.DEALS, moved)


def orders_checked(quarter: Quarter) -> None:
    """What is illegal is left out and reported; dials take hold."""
    quarter.running = in_force(quarter.state)
    checked = legality.check(quarter.state, quarter.ruleset, quarter.orders, quarter.running)
    quarter.orders = checked.orders
    refused = checked.refused if quarter.unable is None else checked.refused | quarter.unable
    quarter.note(refused=refused, points=checked.points)
    orders = checked.orders
    stance, pins = remedies.capped_stances(quarter.state, orders.stance, orders.pin_stance)
    quarter.update(
        notch=orders.notch,
        mix=orders.mix,
        stance=stance,
        focus=orders.focus,
        pin_stance=pins,
        pin_spend=orders.pin_spend,
        attention=(quarter.state.attention - checked.points).astype("i1"),
    )


BY_LINE = (Line.COST_OF_SALES, Line.RESEARCH, Line.REACH, Line.BRAND, Line.FIXED)
"""Costs that belong to a product line; those of the levers in the levers' order."""


def accounts_closed(quarter: Quarter) -> None:
    """Revenue to net profit."""
    state, ruleset = quarter.state, quarter.ruleset
    live = quarter.live & quarter.alive
    lines = quarter.product_lines
    kinds = np.empty((len(lines.market), len(BY_LINE) + 2, state.cash.shape[-1]))
    kinds[:, 0] = lines.gather(state.revenue)
    np.multiply(lines.gather(quarter.cost), lines.gather(state.units), out=kinds[:, 1])
    kinds[:, 2:5] = quarter.line_spend
    kinds[:, 5] = fixed_costs(quarter, lines)
    quarter.dollars_on(lines, kinds[:, 1:6])
    earned = np.subtract(kinds[:, 0], kinds[:, 1], out=kinds[:, -1])
    earned -= kinds[:, 2:5].sum(axis=1)
    earned -= kinds[:, 5]
    by_company = lines.by_company(kinds)
    quarter.book(Line.REVENUE, by_company[:, 0])
    for place, line in enumerate(BY_LINE, start=1):
        quarter.book(line, -by_company[:, place])
    overhead, other = home_money(quarter)
    quarter.book(Line.OVERHEAD, -overhead * live)
    quarter.book(Line.OTHER_PROFIT, other * live)
    quarter.book(Line.PLEDGE_INCOME, quarter.effects.preload_income)
    quarter.book(Line.PLEDGE_COST, -quarter.effects.giving_cost)
    bounties = _bounties(quarter)
    rules = ruleset.rules
    quarter.book(
        Line.INTEREST, rules.deposit * np.maximum(state.cash, 0.0) - rules.interest * state.debt
    )
    _loan_interest(quarter)
    by_funds = venture_duties.share_profits(quarter, lines, earned)
    _tax(quarter)
    operating = by_company[:, -1] + (other - overhead) * quarter.alive
    operating -= quarter.effects.giving_cost
    if bounties is not None:
        operating += bounties
    if by_funds is not None:  # a partner's money, which is spent once
        operating += by_funds
    operating += quarter.lines[Line.DEPRECIATION]
    trend = (1.0 - money.TREND) * state.profit_trend + money.TREND * operating
    quarter.update(
        contribution=lines.scatter(earned),
        profit_trend=trend,
        profit=quarter.lines[PROFIT_LINES].sum(axis=0),
    )


def _bounties(quarter: Quarter) -> Array | None:
    """Allies pay for devices that carry their services; what makers get of it: [N, W] USD m.

    The maker's prices have fallen by it, so it is part of the profit that its value is made of; the
    owner of the services sets it against what preloaded users bring.
    """
    found = quarter.effects.bounties
    if not found:
        return None
    amounts = bounty_amounts(quarter.state, quarter.ruleset, found)
    paid, earned = paid_and_earned(amounts, found, quarter.state.cash.shape)
    quarter.book(Line.BOUNTY_INCOME, earned)
    quarter.book(Line.BOUNTY_COST, -paid)
    quarter.bounty_paid = paid
    return earned


def home_money(quarter: Quarter) -> tuple[Array, Array]:
    """Overhead and other profit of each company, earned and spent at home: USD m, [N, W]."""
    ruleset = quarter.ruleset
    both = ruleset.overhead[:, None], ruleset.other_profit[:, None]
    if macro.market_rate(quarter.state, ruleset) is None:
        return both
    home = macro.home_rate(quarter.state, ruleset)
    return to_dollars(both[0], home), to_dollars(both[1], home)


def _loan_interest(quarter: Quarter) -> None:
    """Interest among companies is earned and owed every quarter, and paid with the loan."""
    state = quarter.state
    if not state.loan_due.any():
        return
    accrued = state.loan_owed * state.loan_rate
    net = accrued.sum(axis=0) - accrued.sum(axis=1)
    quarter.book(Line.INTEREST, net)
    quarter.book(Line.LOAN_INTEREST, -net)
    quarter.update(loan_owed=state.loan_owed + accrued)


def fixed_costs(quarter: Quarter, lines: Lines) -> Array:
    """Fixed cost of every line on sale; an entrant's is a part of the licence. [L, W] USD m."""
    cost = np.take(_fixed(quarter.ruleset), lines.company * lines.shape[1] + lines.market)
    return np.asarray(cost[:, None] * lines.gather(quarter.state.on_sale))


@once
def _fixed(ruleset: Ruleset) -> Array:
    started = ruleset.revenue_start > 0.0
    return np.where(started, ruleset.fixed_cost, levers.ENTRANT_FIXED * ruleset.licence[None, :])


def _tax(quarter: Quarter) -> None:
    """Tax on profit after losses carried forward."""
    before = quarter.lines[: Line.TAX].sum(axis=0)
    used, left = losses_used(quarter.state.tax_loss, before)
    rate = macro.tax_rate(quarter.state, quarter.ruleset)
    quarter.book(Line.TAX, -rate * (np.maximum(before, 0.0) - used))
    quarter.update(tax_loss=left)


def capital_moves(quarter: Quarter) -> None:
    """Dividends, what holdings earn, shares sold to and bought from the public, credit."""
    _holdings(quarter, _dividends(quarter))
    _share_trades(quarter)
    quarter.book(Line.BORROWED, quarter.orders.borrow)


def _holdings(quarter: Quarter, dividend: Array | None) -> None:
    """Holdings take their part in the issuers' profit."""
    level = quarter.ruleset.rules.board_stake
    books = holding_books(quarter.state, quarter.stakes(), level, dividend)
    quarter.update(carrying=books.carrying)
    quarter.note(associates=books.associates, paid_back=books.paid_back)


def _dividends(quarter: Quarter) -> Array | None:
    """Paid per share to founders, the public and holders among the companies: [N, W], or None."""
    paid = quarter.orders.dividend
    if not (paid > 0.0).any():
        return None
    state = quarter.state
    per_share = paid / np.maximum(outcome.shares_total(state), 1)
    received = (state.shares * per_share[None]).sum(axis=1)
    quarter.book(Line.DIVIDENDS_PAID, -paid)
    quarter.book(Line.DIVIDENDS_RECEIVED, received)
    quarter.update(dividends=state.dividends + per_share)
    return np.asarray(per_share)


def _share_trades(quarter: Quarter) -> None:
    """Issues to and buy-backs from the public, at the quote, in whole shares."""
    state, ruleset, orders = quarter.state, quarter.ruleset, quarter.orders
    if not ((orders.issue > 0.0) | (orders.buy_back > 0.0)).any():
        return
    total = outcome.shares_total(state)
    outside = state.founders + state.public
    bought = np.floor(np.where(orders.buy_back > 0.0, orders.buy_back, 0.0) / state.quote).astype(
        np.int64
    )
    most = np.maximum(outside - np.ceil(ruleset.rules.outside_floor * total).astype(np.int64), 0)
    bought = np.minimum(np.minimum(bought, most), np.maximum(state.public, 0))
    issued = np.floor(np.where(orders.issue > 0.0, orders.issue, 0.0) / state.quote).astype(
        np.int64
    )
    quarter.book(Line.ISSUED, issued * state.quote)
    quarter.book(Line.BOUGHT_BACK, -(bought * state.quote))
    last = np.where(issued > 0, state.turn, state.last_issue)
    quarter.update(public=state.public + issued - bought, last_issue=last.astype("i2"))


def valuation(quarter: Quarter) -> None:
    """Fundamental value to outside holders, and the quote that follows it."""
    state, ruleset = quarter.state, quarter.ruleset
    income = money.pledge_income_value(state, ruleset, quarter.pledge_income)
    value = money.value_outside(state, ruleset, income, quarter.stakes())
    quarter.update(value=value, sentiment=money.sentiment_next(state, ruleset, state.turn))
    per_share = outcome.value_per_share(quarter.state)
    quarter.update(quote=money.quote(quarter.state, ruleset, per_share))


def control(quarter: Quarter) -> None:
    """Who controls whom now."""
    quarter.state = money.control_status(quarter.state, quarter.ruleset, quarter.stakes())


def reputation(quarter: Quarter) -> None:
    """Kept pledges build trust, time forgets, ended pledges lapse."""
    state, rules = quarter.state, quarter.ruleset.rules
    listed = quarter.listed
    count, worlds = state.cash.shape
    place = (listed.receiver * count + listed.giver) * worlds + listed.lane
    place = place[listed.strength > 0.0]
    trust = _after_arrears(quarter) * rules.trust_decay
    pair = trust.reshape(-1)
    pair[place] = np.clip(pair[place] + rules.keep_trust, -1.0, 1.0)
    quarter.update(
        trust=trust,
        patience=np.minimum(state.patience + 0.25, 1.0),
        year_units=outcome.year_units(state, state.units, quarter.ruleset),
    )


def _after_arrears(quarter: Quarter) -> Array:
    """Trust once creditors know who has not paid: [N, N, W]."""
    trust, start = quarter.state.trust, quarter.start
    lost = quarter.ruleset.rules.late_trust
    if lost <= 0.0 or not start.loan_due.any():
        return trust
    due = (
        (start.loan_due > 0) & (start.loan_due <= start.turn) & quarter.noted("defaulted")[:, None]
    )
    if not due.any():
        return trust
    return np.asarray(np.maximum(trust - lost * np.swapaxes(due, 0, 1), -1.0))


def outcome_settled(quarter: Quarter) -> None:
    """Mandates, doors, paths, score; games that are over stop here."""
    quarter.state, quarter.score = endings.settle_outcome(
        quarter.state, quarter.ruleset, quarter.listed, quarter.stakes(), quarter.running
    )
    quarter.note(
        value_term=quarter.score.value,
        mandate_term=quarter.score.mandates,
        door_term=quarter.score.doors,
    )


def next_quarter(quarter: Quarter) -> None:
    """Turn the page: attention and authorisation are dealt anew, pledges expire, cards open."""
    state, ruleset = quarter.state, quarter.ruleset
    rules = ruleset.rules
    dealt = rules.points + np.minimum(state.attention, rules.carry)
    dealt = np.where(state.status == Status.FAILED, 0, dealt).astype("i1")
    state = replace(state, turn=state.turn + 1, attention=dealt, fx=macro.fx_next(state, ruleset))
    if levers.quarter_of_year(state.turn, ruleset) == 0:
        yearly = np.repeat(ruleset.yearly_authorisation[:, None], state.cash.shape[-1], axis=1)
        state = replace(state, authorisation=yearly, tax_loss=losses_aged(state.tax_loss))
    state = end_clauses(expire_pledges(state, ruleset, quarter.start), ruleset)
    state = end_later(state)
    quarter.state = events.announce(state, ruleset)
