"""The companies' part of a quarter: events, deals, actions, books, default, value, trust, goals."""

from __future__ import annotations

import numpy as np

from game.core.axes import BRAND, OFFLINE, ONLINE, PRODUCT, REACH, Array, Ints, any_over
from game.core.once import once
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.economy.lines import Lines
from game.economy.macro import to_dollars
from game.play import endings, events, legality, levers, macro, money, outcome, supply
from game.play.books import deal_books, holding_books
from game.play.bounty import bounty_amounts, paid_and_earned
from game.play.contracts import break_pledges, expire_pledges
from game.play.knowledge import first_knowledge
from game.play.pledges import in_force
from game.play.quarter import Quarter
from game.play.report import PROFIT_LINES, Line
from game.play.rights import sell_parents_shares
from game.play.settlement import settle
from game.play.winding_up import OF_A_LINE

ATTACK_TRUST = -0.25
ATTACK_BUMP = -0.08
PRAISE_TRUST = 0.1
EXPOSED_TRUST = -0.3
EXPOSED_BELOW = 0.85
INSIGHT = 0.8
INSIGHT_FADES = 0.6
EXIT_COST = 0.5
FIRST_PRICE = 1.5
"""A newcomer's first price guess, over cost; best reply takes over at once."""


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
    result = settle(state, ruleset, orders.proposals, orders.signed)
    quarter.settlement = result
    quarter.state = result.state
    moved = result.state.cash - state.cash + result.flows.advisers
    quarter.book(Line.DEAL_COST, -result.flows.advisers)
    if result.news.settled.any():
        books = deal_books(result.news.packages, state)
        for line, amount in books.lines.items():
            quarter.book(line, amount)
            moved = moved - amount
        quarter.update(carrying=books.carrying)
        quarter.add("raised", books.raised)
        quarter.add("gain", books.gain)
    quarter.book(Line.DEALS, moved)


def orders_checked(quarter: Quarter) -> None:
    """What is illegal is left out and reported; dials take hold."""
    quarter.running = in_force(quarter.state)
    checked = legality.check(quarter.state, quarter.ruleset, quarter.orders, quarter.running)
    quarter.orders = checked.orders
    quarter.note(refused=checked.refused, points=checked.points)
    orders = checked.orders
    quarter.update(
        notch=orders.notch,
        mix=orders.mix,
        stance=orders.stance,
        focus=orders.focus,
        pin_stance=orders.pin_stance,
        pin_spend=orders.pin_spend,
        attention=(quarter.state.attention - checked.points).astype("i1"),
    )


def actions_done(quarter: Quarter) -> None:
    """Pledges broken and integrated, entries and exits, projects, audits, statements."""
    _pledge_actions(quarter)
    _entries(quarter)
    _exits(quarter)
    _projects(quarter)
    _investigations(quarter)
    _statements(quarter)


def _pledge_actions(quarter: Quarter) -> None:
    state, ruleset, orders = quarter.state, quarter.ruleset, quarter.orders
    place = quarter.running
    breaks = np.take(orders.break_pledge.reshape(-1), place)
    if breaks.any():
        state, broken = break_pledges(state, orders.break_pledge, ruleset, quarter.start)
        quarter.state = state
        quarter.note(broken=broken)
        quarter.running = place = place[~breaks]
    told = np.take(orders.effort.reshape(-1), place)
    changed = ~np.isnan(told) & (told != np.take(state.pledge_effort.reshape(-1), place))
    if changed.any():
        quarter.own("pledge_effort").reshape(-1)[place[changed]] = told[changed]
    place = place[np.take(orders.integrate.reshape(-1), place)]
    since = np.take(state.pledge_since.reshape(-1), place)
    full = state.turn - ruleset.rules.ramp
    ready = (since <= state.turn) & (since > full)
    if ready.any():
        quarter.own("pledge_since").reshape(-1)[place[ready]] = full


def _entries(quarter: Quarter) -> None:
    state, ruleset, orders = quarter.state, quarter.ruleset, quarter.orders
    rules = ruleset.rules
    begun = (state.entry_due >= 0) & (state.entry_due <= state.turn)
    entering = orders.enter.any()
    if not entering and not begun.any():
        return
    due = state.entry_due.copy()
    due[begun] = -1
    if entering:
        at = np.flatnonzero(orders.enter)
        company, market, lane = np.unravel_index(at, due.shape)
        saved, helped = legality.entry_help(state, ruleset, company, market, lane, quarter.running)
        worlds = due.shape[2]
        cost = np.bincount(
            company * worlds + lane, ruleset.licence[market] * (1.0 - saved), state.cash.size
        )
        quarter.book(Line.ENTRIES, -cost.reshape(state.cash.shape))
        wait = np.where(helped, max(rules.entry_quarters - 1, 1), rules.entry_quarters)
        due.reshape(-1)[at] = state.turn + wait
    if begun.any():
        _open_lines(quarter, begun)
        quarter.note(entered=begun)
    quarter.update(entry_due=due)


def _open_lines(quarter: Quarter, begun: Array) -> None:
    """First coverage, quality and price of new product lines."""
    state, ruleset = quarter.state, quarter.ruleset
    rules = ruleset.rules
    at = np.nonzero(begun)
    company, market, lane = at
    knowledge = legality.local_knowledge(state, ruleset)[company, lane]
    abroad = np.where(ruleset.home[company, market], 0.0, rules.abroad_discount * (1.0 - knowledge))
    names = ("coverage", "price", "quality", "bump", "knowledge")
    fresh = {name: quarter.own(name) for name in names}
    for channel in (ONLINE, OFFLINE):
        fresh["coverage"][company, market, channel, lane] = rules.entry_coverage
    fresh["price"][at] = FIRST_PRICE * np.maximum(ruleset.cost_base[company, market], 1e-6)
    fresh["quality"][at] = state.frontier[market, lane]
    fresh["knowledge"][at] = first_knowledge(ruleset)[company, market]
    fresh["bump"][at] = -abroad
    quarter.update(on_sale=state.on_sale | begun)
    supply.first_contracts(quarter, at)


def _exits(quarter: Quarter) -> None:
    state, orders = quarter.state, quarter.orders
    leaving = orders.leave
    if not leaving.any():
        return
    fixed = quarter.ruleset.fixed_cost[..., None] * (leaving & state.on_sale)
    quarter.book(Line.ENTRIES, -EXIT_COST * fixed.sum(axis=1))
    at = np.nonzero(leaving)
    supply.write_off(quarter, at)
    for name in OF_A_LINE:
        quarter.own(name)[at] = 0.0
    quarter.own("coverage")[at[0], at[1], :, at[2]] = 0.0
    quarter.own("entry_due")[at] = -1
    quarter.own("on_sale")[at] = False
    quarter.note(left=leaving)


def _projects(quarter: Quarter) -> None:
    state, ruleset, orders = quarter.state, quarter.ruleset, quarter.orders
    if not (orders.project >= 0).any() and not (state.project_now >= 0).any():
        return
    now, due, done = state.project_now, state.project_due, state.projects_done
    ends = (now >= 0) & (due >= 0) & (due <= state.turn)
    touched = np.unique(np.concatenate((orders.project[orders.project >= 0], now[ends])))
    completed = []
    for index in touched.tolist():
        project = ruleset.projects[index]
        begun = orders.project == index
        quarter.book(Line.PROJECTS, -project.cost * begun)
        now = np.where(begun, index, now)
        due = np.where(begun, state.turn + project.quarters, due)
        finished = (now == index) & (due <= state.turn) & (due >= 0)
        if finished.any():
            completed.append((project, finished))
            done = np.where(finished, done | (1 << index), done)
            now, due = np.where(finished, -1, now), np.where(finished, -1, due)
    if completed:
        quarter.state, cash = events.projects_finished(state, ruleset, completed, quarter.start)
        quarter.book(Line.EVENTS, cash)
    quarter.update(
        project_now=now.astype("i1"), project_due=due.astype("i2"), projects_done=done.astype("i4")
    )


def _one_hot(target: Array, count: int) -> Array:
    """Actor by target: [N, N, W] bool."""
    return np.asarray(np.arange(count)[None, :, None] == target[:, None])


def _investigations(quarter: Quarter) -> None:
    state, orders = quarter.state, quarter.orders
    insight = state.insight * INSIGHT_FADES
    if (orders.investigate >= 0).any():
        looks = _one_hot(orders.investigate, insight.shape[0])
        insight = np.where(looks, INSIGHT, insight)
        half = np.zeros(insight.shape, bool)
        half.reshape(-1)[_half_given(state, quarter.running) % half.size] = True
        exposed = looks & np.swapaxes(half, 0, 1)
        quarter.note(exposed=exposed)
        quarter.update(trust=np.clip(state.trust + EXPOSED_TRUST * exposed, -1.0, 1.0))
    quarter.update(insight=insight)


def _half_given(state: State, place: Ints) -> Ints:
    """Places of pledges at work that are kept by half only, of those in force."""
    works = np.take(state.pledge_since.reshape(-1), place) <= state.turn
    half = np.take(state.pledge_effort.reshape(-1), place) < EXPOSED_BELOW
    return place[works & half]


def _statements(quarter: Quarter) -> None:
    state, orders = quarter.state, quarter.orders
    count = state.cash.shape[0]
    if not ((orders.attack >= 0).any() or (orders.praise >= 0).any()):
        return
    attack, praise = _one_hot(orders.attack, count), _one_hot(orders.praise, count)
    trust = state.trust + np.swapaxes(ATTACK_TRUST * attack + PRAISE_TRUST * praise, 0, 1)
    hurt = ATTACK_BUMP * any_over(attack, 0)
    quarter.update(trust=np.clip(trust, -1.0, 1.0), bump=state.bump + hurt[:, None] * state.on_sale)
    quarter.note(attacked=attack)


def accounts_closed(quarter: Quarter) -> None:
    """Revenue to net profit."""
    state, ruleset = quarter.state, quarter.ruleset
    live = quarter.live & quarter.alive
    lines = quarter.product_lines
    units = lines.gather(state.units)
    earned = lines.gather(state.revenue)
    made = quarter.dollars_on(lines, lines.gather(quarter.cost) * units)
    spent = quarter.spend[lines.company, :, lines.market]
    spent = quarter.dollars_on(lines, spent)
    fixed = quarter.dollars_on(lines, fixed_costs(quarter, lines))
    quarter.book(Line.REVENUE, lines.by_company(earned))
    quarter.book(Line.COST_OF_SALES, -lines.by_company(made))
    by_lever = lines.by_company(spent)
    for line, lever in ((Line.RESEARCH, PRODUCT), (Line.REACH, REACH), (Line.BRAND, BRAND)):
        quarter.book(line, -by_lever[:, lever])
    quarter.book(Line.FIXED, -lines.by_company(fixed))
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
    _tax(quarter)
    earned -= made
    earned -= spent.sum(axis=1)
    earned -= fixed
    operating = lines.by_company(earned) + (other - overhead) * quarter.alive
    operating -= quarter.effects.giving_cost
    if bounties is not None:
        operating += bounties
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
    loss = quarter.state.tax_loss
    used = np.minimum(loss, np.maximum(before, 0.0))
    quarter.book(
        Line.TAX, -macro.tax_rate(quarter.state, quarter.ruleset) * (np.maximum(before, 0.0) - used)
    )
    quarter.update(tax_loss=loss - used + np.maximum(-before, 0.0))


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
    kept = np.zeros(state.trust.shape, bool)
    place = (listed.receiver * count + listed.giver) * worlds + listed.lane
    kept.reshape(-1)[place[listed.strength > 0.0]] = True
    trust = state.trust * rules.trust_decay
    trust += rules.keep_trust * kept
    quarter.update(
        trust=np.clip(trust, -1.0, 1.0, out=trust),
        patience=np.minimum(state.patience + 0.25, 1.0),
        year_units=outcome.year_units(state, state.units, quarter.ruleset),
    )


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
        state = replace(state, authorisation=yearly)
    state = expire_pledges(state, ruleset, quarter.start)
    quarter.state = events.announce(state, ruleset)
