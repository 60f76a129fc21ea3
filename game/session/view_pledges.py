"""Pledges in force, with what they change."""

from __future__ import annotations

import math

import numpy as np

from game.core.axes import AnyArray
from game.session.draft import put
from game.session.sight import Sight
from game.session.view_actions import changed, toggled, tried
from game.session.view_detail import PledgeView
from game.session.view_effects import giving_cost, pledge_lines, strength_now
from game.session.view_types import Action

EFFORTS = (1.0, 0.6)
"""Parts of a promise that the buttons offer."""


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
        drafted = dict(sight.game.draft.effort).get((kind, receiver))
        now = float(sight.now.pledge_effort[kind, giver, receiver])
        value = now if drafted is None else drafted
        return value, sight.say("pledge.effort.own", part=sight.percent(value, digits=0))
    if (
        receiver == sight.seat
        and int(sight.now.pledge_since[kind, giver, receiver]) <= sight.full.turn
    ):
        value = float(sight.view.report[kind, giver, 0])
        return value, sight.say("pledge.effort.report", part=sight.percent(value, digits=0))
    return math.nan, ""


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
    effort, _ = _effort(sight, kind, seat, receiver)
    for part in EFFORTS:
        draft = changed(sight, effort=put(sight.game.draft.effort, pair, part))
        label = sight.say("action.effort", part=sight.percent(part, digits=0))
        hint = sight.say("action.effort.hint")
        args = (kind, receiver, part)
        out.append(tried(sight, draft, "set_effort", args, label, active=effort == part, note=hint))
    trust = f"−{rules.break_trust * float(sight.now.pledge_announced[kind, seat, receiver]):.2f}"
    out.append(
        toggled(
            sight, "break_pledge", pair, pair, sight.say("action.break"), 0,
            sight.say("action.break.hint", trust=trust),
        )
    )  # fmt: skip
    return tuple(out)
