"""Pledges in force, with what they change."""

from __future__ import annotations

import math

import numpy as np

from game.core.axes import AnyArray
from game.session.draft import LEFT, put
from game.session.sight import Sight
from game.session.view_actions import changed, toggled, tried
from game.session.view_detail import PledgeView
from game.session.view_effects import giving_cost, pledge_lines, strength_now
from game.session.view_types import Action

EFFORTS = (LEFT, 1.0, 0.6)
"""Parts of a promise that the buttons offer; first that the delegates decide."""


def given(sight: Sight, company: int) -> tuple[PledgeView, ...]:
    """What a company has pledged to others."""
    running = _running(sight)[:, company]
    return tuple(
        pledge(sight, int(kind), company, int(receiver))
        for kind, receiver in zip(*np.nonzero(running), strict=True)
    )


def received(sight: Sight, company: int) -> tuple[PledgeView, ...]:
    """What others have pledged to a company."""
    running = _running(sight)[:, :, company]
    return tuple(
        pledge(sight, int(kind), int(giver), company)
        for kind, giver in zip(*np.nonzero(running), strict=True)
    )


def _running(sight: Sight) -> AnyArray:
    now = sight.now
    return np.asarray((now.pledge_announced > 0.0) & (now.pledge_until > sight.full.turn))


def pledge(sight: Sight, kind: int, giver: int, receiver: int) -> PledgeView:
    """One pledge; effort is known to the giver, reported to the receiver, hidden to others."""
    entry, now = sight.ruleset.pledges[kind], sight.now
    announced = float(now.pledge_announced[kind, giver, receiver])
    believed = _believed(sight, kind, giver, receiver)
    strength, working = strength_now(sight, kind, giver, receiver, believed)
    value, words = _effort(sight, kind, giver, receiver)
    cost = giving_cost(sight, kind, giver, receiver, strength) if giver == sight.seat else 0.0
    left = int(now.pledge_until[kind, giver, receiver]) - sight.full.turn
    return PledgeView(
        kind=kind,
        name=sight.pick(entry.name),
        about=sight.pick(entry.about),
        giver=sight.tag(giver),
        receiver=sight.tag(receiver),
        strength=sight.percent(announced, digits=0),
        effort=words,
        effort_value=value,
        by_hand=giver == sight.seat and _hand(sight, kind, receiver) is not None,
        advice=_advice(sight, kind, receiver) if giver == sight.seat else "",
        until=sight.say(
            "pledge.until",
            date=sight.date(int(now.pledge_until[kind, giver, receiver])),
            quarters=sight.quarters(left),
        ),
        exclusive=bool(now.pledge_exclusive[kind, giver, receiver]),
        effects=pledge_lines(sight, kind, giver, receiver, strength),
        cost=sight.say("pledge.cost", money=sight.money(cost)) if cost > 0.0 else "",
        working=working,
        actions=_actions(sight, kind, receiver) if giver == sight.seat else (),
    )


def _believed(sight: Sight, kind: int, giver: int, receiver: int) -> float:
    """Effort as the seat knows or believes it: its own, by report as a receiver, else full."""
    if giver == sight.seat:
        return float(sight.now.pledge_effort[kind, giver, receiver])
    working = int(sight.now.pledge_since[kind, giver, receiver]) <= sight.full.turn
    if receiver == sight.seat and working:
        return float(sight.view.report[kind, giver, 0])
    return 1.0


def _effort(sight: Sight, kind: int, giver: int, receiver: int) -> tuple[float, str]:
    if giver == sight.seat:
        hand = _hand(sight, kind, receiver)
        value = _left_to_delegates(sight, kind, receiver) if hand is None else hand
        key = "pledge.effort.delegates" if hand is None else "pledge.effort.own"
        return value, sight.say(key, part=sight.percent(value, digits=0))
    if (
        receiver == sight.seat
        and int(sight.now.pledge_since[kind, giver, receiver]) <= sight.full.turn
    ):
        value = float(sight.view.report[kind, giver, 0])
        return value, sight.say("pledge.effort.report", part=sight.percent(value, digits=0))
    return math.nan, ""


def _hand(sight: Sight, kind: int, receiver: int) -> float | None:
    """Effort that the seat has set itself for this quarter; None while delegates decide."""
    pair = (kind, receiver)
    drafted = dict(sight.game.draft.effort).get(pair)
    if drafted is not None:
        return None if drafted < 0.0 else drafted
    if pair in sight.game.by_hand():
        return float(sight.now.pledge_effort[kind, sight.seat, receiver])
    return None


def _left_to_delegates(sight: Sight, kind: int, receiver: int) -> float:
    advice = sight.game.advice.get((kind, receiver))
    now = float(sight.now.pledge_effort[kind, sight.seat, receiver])
    return now if advice is None else advice.part


def _advice(sight: Sight, kind: int, receiver: int) -> str:
    """What the delegates would give, and what they weigh."""
    advice = sight.game.advice.get((kind, receiver))
    if advice is None:
        return ""
    facts = {
        "part": sight.percent(advice.part, digits=0),
        "brings": sight.money(advice.brings),
        "costs": sight.money(abs(advice.costs)),
        "lost": sight.money(advice.lost),
        "stake": sight.percent(advice.stake),
        "receiver": sight.name(receiver),
    }
    words = [
        sight.say("advice.effort", **facts),
        sight.say("advice.costs" if advice.costs >= 0.0 else "advice.paid", **facts),
    ]
    if advice.stake > 0.0:
        words.append(sight.say("advice.stake", **facts))
    if advice.lost > 0.0:
        words.append(sight.say("advice.lost", **facts))
    return sight.say("list.stop").join(words)


def _actions(sight: Sight, kind: int, receiver: int) -> tuple[Action, ...]:
    rules, seat = sight.ruleset.rules, sight.seat
    pair = (kind, receiver)
    full = int(sight.now.pledge_since[kind, seat, receiver]) <= sight.full.turn - rules.ramp
    out = []
    if not full:
        out.append(
            toggled(
                sight, "integrate", pair, pair, sight.say("action.integrate"),
                rules.cost_integrate, sight.say("action.integrate.hint"),
            )
        )  # fmt: skip
    hand = _hand(sight, kind, receiver)
    for part in EFFORTS:
        draft = changed(sight, effort=put(sight.game.draft.effort, pair, part))
        if part == LEFT:
            label = sight.say("action.delegates")
            hint = _advice(sight, kind, receiver)
        else:
            label = sight.say("action.effort", part=sight.percent(part, digits=0))
            hint = sight.say("action.effort.hint")
        args = (kind, receiver, part)
        active = hand == part or (hand is None and part == LEFT)
        out.append(tried(sight, draft, "set_effort", args, label, active=active, note=hint))
    trust = f"−{rules.break_trust * float(sight.now.pledge_announced[kind, seat, receiver]):.2f}"
    out.append(
        toggled(
            sight, "break_pledge", pair, pair, sight.say("action.break"), 0,
            sight.say("action.break.hint", trust=trust),
        )
    )  # fmt: skip
    return tuple(out)
