"""What companies do by themselves: contracts, entries, exits, projects, audits, statements."""

from __future__ import annotations

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array, Bools, Ints
from game.play import events, legality, supply
from game.play.knowledge import first_knowledge
from game.play.pledge_ends import break_pledges
from game.play.quarter import Quarter
from game.play.report import Line
from game.play.winding_up import OF_A_LINE

FIRST_PRICE = 1.5
"""A newcomer's first price guess, over cost; best reply takes over at once."""


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
    changed &= np.take(quarter.live, place % len(quarter.live))
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
    quarter.book(Line.ENTRIES, -quarter.ruleset.rules.exit_cost * fixed.sum(axis=1))
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


def _pairs(target: Array, count: int) -> tuple[Ints, Ints]:
    """Actors and their targets as places in the flattened [N, N, W], actor by target and target
    by actor: [L] each; targets are [N, W], -1 none."""
    actor, lane = np.nonzero(target >= 0)
    whom, worlds = target[actor, lane].astype(np.int64), target.shape[1]
    return (actor * count + whom) * worlds + lane, (whom * count + actor) * worlds + lane


def _marked(place: Ints, like: Array) -> Bools:
    out = np.zeros(like.shape, bool)
    out.reshape(-1)[place] = True
    return out


def _investigations(quarter: Quarter) -> None:
    state, rules = quarter.state, quarter.ruleset.rules
    insight = state.insight * rules.insight_kept
    looks, back = _pairs(quarter.orders.investigate, insight.shape[0])
    if looks.size:
        insight.reshape(-1)[looks] = rules.insight
        half = _marked(_half_given(quarter) % insight.size, insight)
        found = half.reshape(-1)[back]
        quarter.note(exposed=_marked(looks[found], insight))
        trust = quarter.own("trust").reshape(-1)
        lost = looks[found]
        trust[lost] = np.clip(trust[lost] - rules.exposed_trust, -1.0, 1.0)
    quarter.update(insight=insight)


def _half_given(quarter: Quarter) -> Ints:
    """Places of pledges at work that are kept by less than an audit forgives, of those in force."""
    state, place = quarter.state, quarter.running
    works = np.take(state.pledge_since.reshape(-1), place) <= state.turn
    given = np.take(state.pledge_effort.reshape(-1), place)
    return place[works & (given < quarter.ruleset.rules.exposed_below)]


def _statements(quarter: Quarter) -> None:
    state, orders, rules = quarter.state, quarter.orders, quarter.ruleset.rules
    count = state.cash.shape[0]
    attack, attacked = _pairs(orders.attack, count)
    _, praised = _pairs(orders.praise, count)
    if not (attacked.size or praised.size):
        return
    change = np.zeros(state.trust.shape).reshape(-1)
    change[praised] = rules.praise_trust
    change[attacked] -= rules.attack_trust
    trust, touched = quarter.own("trust").reshape(-1), np.concatenate([praised, attacked])
    trust[touched] = np.clip(trust[touched] + change[touched], -1.0, 1.0)
    worlds = state.cash.shape[1]
    whom, lane = attacked // (count * worlds), attacked % worlds
    bump = quarter.own("bump")
    hurt = state.bump[whom, :, lane] - rules.attack_appeal * state.on_sale[whom, :, lane]
    bump[whom, :, lane] = hurt  # attacked by many hurts like by one
    quarter.note(attacked=_marked(attack, state.trust))
