"""Buttons: what the company can do now, and what this quarter's orders hold."""

from __future__ import annotations

import dataclasses
from typing import Any

from game.play import legality, levers
from game.play.orders import Exercise, Refusal
from game.play.outcome import shares_total
from game.play.venture_value import buy_out_price
from game.session.draft import Draft, put, toggle
from game.session.sight import Sight
from game.session.view_contests import drafted_contests
from game.session.view_types import Action
from game.text.catalogue import reasons

CAPITAL_STEP = 0.25
"""Part of what is possible that the buttons for capital move at once."""


def tried(
    sight: Sight, draft: Draft, verb: str, args: tuple[object, ...], label: str,
    points: int = 0, *, active: bool = False, note: str = "",
) -> Action:  # fmt: skip
    """A button that is enabled when the engine would carry the changed draft out."""
    if sight.game.over:
        return Action(verb, args, label, points, False, sight.say("turn.over"), active)
    flags = Refusal.NONE if active else sight.game.probe(draft)
    why = " ".join(reasons(flags, Refusal, "refusal", sight.lang)) if flags else note
    return Action(verb, args, label, points, not flags, why, active)


def changed(sight: Sight, **changes: Any) -> Draft:
    """The draft with these fields changed."""
    return dataclasses.replace(sight.game.draft, **changes)


def toggled(
    sight: Sight, field: str, item: Any, args: tuple[object, ...], label: str, points: int,
    note: str = "",
) -> Action:  # fmt: skip
    """A button that puts an item into a list of the draft, or takes it out."""
    items = getattr(sight.game.draft, field)
    draft = changed(sight, **{field: toggle(items, item)})
    return tried(sight, draft, field, args, label, points, active=item in items, note=note)


def targeted(sight: Sight, field: str, company: int, points: int) -> Action:
    """A button for an action on one company."""
    active = getattr(sight.game.draft, field) == company
    draft = changed(sight, **{field: -1 if active else company})
    note = sight.say(f"action.{field}.hint")
    label = sight.say(f"action.{field}")
    return tried(sight, draft, field, (company,), label, points, active=active, note=note)


def rights_in(sight: Sight, company: int) -> tuple[Action, ...]:
    """Buttons for the seat's option on a company's shares, and for its loan that may be shares."""
    state, seat = sight.full, sight.seat
    open_ = {
        Exercise.CALL: int(state.call_until[seat, company, 0]) > state.turn,
        Exercise.CONVERT: float(state.loan_price[company, seat, 0]) > 0.0,
        Exercise.BUY_OUT: int(state.venture_until[seat, 0]) > state.turn
        and int(state.venture_partner[seat, 0]) == company,
    }
    used, out = dict(sight.game.draft.exercise), []
    for right, there in open_.items():
        if not there:
            continue
        active = bool(used.get(company, 0) & right)
        draft = changed(
            sight,
            exercise=put(
                sight.game.draft.exercise, company, (used.get(company, 0) ^ int(right)) or None
            ),
        )
        label, args = sight.say(f"exercise.{right.name}"), (company, int(right))
        note = _right_note(sight, company, right)
        out.append(tried(sight, draft, "exercise", args, label, 0, active=active, note=note))
    return tuple(out)


def _right_note(sight: Sight, company: int, right: Exercise) -> str:
    """How many shares, for how much, until when."""
    state, seat = sight.full, sight.seat
    if right == Exercise.BUY_OUT:
        return sight.say(
            f"exercise.{right.name}.hint",
            money=sight.money(buy_out_price(state, sight.ruleset, seat, 0)),
            company=sight.name(company),
            where=sight.market(int(state.venture_market[seat, 0])),
            part=sight.percent(float(state.venture_share[seat, 0])),
            date=sight.date(int(state.venture_until[seat, 0]) - 1),
        )
    if right == Exercise.CALL:
        shares = int(state.call_shares[seat, company, 0])
        money = shares * float(state.call_price[seat, company, 0])
        until = int(state.call_until[seat, company, 0])
    else:
        money = float(state.loan_owed[company, seat, 0])
        shares = int(money / float(state.loan_price[company, seat, 0]))
        until = int(state.loan_due[company, seat, 0]) + 1
    total = float(shares_total(state)[company, 0])
    part = sight.percent(shares / max(total + shares, 1.0))
    words = {"part": part, "company": sight.name(company), "money": sight.money(money)}
    return sight.say(f"exercise.{right.name}.hint", date=sight.date(until - 1), **words)


def company_actions(sight: Sight) -> tuple[Action, ...]:
    """Capital and projects."""
    return (*_capital(sight), *_projects(sight))


def _capital(sight: Sight) -> list[Action]:
    points = sight.ruleset.rules.cost_capital
    most = capital_limits(sight)
    out = []
    for verb, limit in most.items():
        amount = float(round(limit * CAPITAL_STEP)) if verb != "repay" else limit
        now = _drafted_money(sight, verb)
        if now > 0.0:
            label = sight.say(f"action.{verb}", money=sight.money(now))
            out.append(
                Action(
                    verb,
                    (0.0,),
                    label,
                    0 if verb == "repay" else points,
                    True,
                    sight.say("action.undo"),
                    True,
                )
            )
            continue
        label = sight.say(f"action.{verb}", money=sight.money(amount))
        if amount <= 0.0:
            out.append(Action(verb, (0.0,), label, points, False, sight.say("action.nothing")))
            continue
        draft = changed(sight, **({"borrow": -amount} if verb == "repay" else {verb: amount}))
        note = sight.say("action.most", money=sight.money(limit))
        out.append(
            tried(sight, draft, verb, (amount,), label, 0 if verb == "repay" else points, note=note)
        )
    return out


def capital_limits(sight: Sight) -> dict[str, float]:
    """Most that each way of moving capital allows now, USD m."""
    seat, now = sight.seat, sight.now
    cash = max(float(now.cash[seat]), 0.0)
    worth = float(now.quote[seat]) * float(sight.view.shares_total[seat])
    limits = {
        "borrow": max(float(levers.credit_left(sight.full, sight.ruleset)[seat, 0]), 0.0),
        "repay": min(float(now.debt[seat]), cash),
        "issue": 0.25 * worth,
        "dividend": cash,
    }
    if sight.ruleset.companies[seat].listed:
        limits["buy_back"] = cash
    return limits


def _drafted_money(sight: Sight, verb: str) -> float:
    if verb == "repay":
        return max(-sight.game.draft.borrow, 0.0)
    return max(float(getattr(sight.game.draft, verb)), 0.0)


def _projects(sight: Sight) -> list[Action]:
    out = []
    for index, project in enumerate(sight.ruleset.projects):
        if project.companies and sight.seat not in project.companies:
            continue
        active = sight.game.draft.project == index
        draft = changed(sight, project=-1 if active else index)
        note = sight.say(
            "action.project.hint",
            money=sight.money(project.cost),
            quarters=sight.quarters(project.quarters),
            about=sight.pick(project.about),
        )
        label = sight.pick(project.name)
        points = sight.ruleset.rules.cost_project
        out.append(
            tried(sight, draft, "project", (index,), label, points, active=active, note=note)
        )
    return out


def entry_points(sight: Sight, market: int) -> int:
    """Attention that entering a market costs the seat."""
    rules = sight.ruleset.rules
    helped = legality.entry_ally(sight.full, sight.ruleset)[sight.seat, market, 0]
    return rules.cost_enter_ally if helped else rules.cost_enter


def drafted(sight: Sight) -> tuple[Action, ...]:
    """What this quarter's orders hold, each a button that takes it out."""
    draft, rules = sight.game.draft, sight.ruleset.rules
    out: list[Action] = []

    def add(verb: str, args: tuple[object, ...], label: str, points: int = 0) -> None:
        out.append(Action(verb, args, label, points, not sight.game.over, "", True))

    for market in draft.enter:
        label = sight.say("drafted.enter", market=sight.market(market))
        add("enter", (market,), label, entry_points(sight, market))
    for market in draft.leave:
        add(
            "leave",
            (market,),
            sight.say("drafted.leave", market=sight.market(market)),
            rules.cost_exit,
        )
    for name, points in (("integrate", rules.cost_integrate), ("break_pledge", 0)):
        for kind, receiver in getattr(draft, name):
            pledge = sight.pick(sight.ruleset.pledges[kind].name)
            label = sight.say(f"drafted.{name}", pledge=pledge, company=sight.name(receiver))
            add(name, (kind, receiver), label, points)
    for company, rights in draft.exercise:
        for right in Exercise:
            if rights & right:
                label = sight.say(f"exercise.{right.name}")
                told = sight.say("drafted.exercise", right=label, company=sight.name(company))
                add("exercise", (company, int(right)), told)
    targets = {
        "investigate": rules.cost_investigate,
        "attack": rules.cost_statement,
        "praise": rules.cost_statement,
    }
    for name, points in targets.items():
        company = getattr(draft, name)
        if company >= 0:
            add(name, (company,), sight.say(f"drafted.{name}", company=sight.name(company)), points)
    for company, _ in draft.direct:
        label = sight.say("drafted.direct", company=sight.name(company))
        add("direct", (company, "withdraw"), label)
    _drafted_capital(sight, add)
    out += drafted_contests(sight)
    _drafted_deals(sight, add)
    return tuple(out)


def _drafted_capital(sight: Sight, add: Any) -> None:
    points = sight.ruleset.rules.cost_capital
    for verb in ("borrow", "repay", "issue", "dividend", "buy_back"):
        amount = _drafted_money(sight, verb)
        if amount > 0.0:
            label = sight.say(f"action.{verb}", money=sight.money(amount))
            add(verb, (0.0,), label, 0 if verb == "repay" else points)
    project = sight.game.draft.project
    if project >= 0:
        name = sight.pick(sight.ruleset.projects[project].name)
        label = sight.say("drafted.project", project=name)
        add("project", (project,), label, sight.ruleset.rules.cost_project)


def _drafted_deals(sight: Sight, add: Any) -> None:
    draft, points = sight.game.draft, sight.ruleset.rules.cost_talk
    led = {deal.counterparty for deal in draft.signed if deal.proposer == sight.seat}
    for number, deal in enumerate(draft.signed):
        mine = deal.proposer == sight.seat
        partner = deal.counterparty if mine else deal.proposer
        label = sight.say("drafted.deal", company=sight.name(partner))
        add("unsign", (number,), label, points if mine else 0)
    for talk in draft.talks:
        if talk.rounds and talk.company not in led:
            label = sight.say("drafted.talk", company=sight.name(talk.company))
            add("open_table", (talk.company,), label, points)
