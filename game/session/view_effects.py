"""What pledges, events and projects change, in named quantities with units."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array
from game.core.ruleset import Effect, EffectKind
from game.core.state import replace
from game.play.bounty import bounty_amounts
from game.play.market import channel_reach
from game.play.pledges import PledgeEffects, live, pledge_effects, ramp
from game.session.sight import Sight
from game.text import format as fmt

MOST_LINES = 4
LEAST_APPEAL = 0.005
LEAST_PART = 0.001
LEAST_MONEY = 0.05


def alone(sight: Sight, kind: int, giver: int, receiver: int, strength: float) -> PledgeEffects:
    """What one pledge does by itself at a delivered strength, as the seat may know it.

    How well the pair works together shows in the seat's own figures once the pledge runs;
    before, and between others, it is the analysts' guess.
    """
    state = sight.full
    running = bool(live(state)[kind, giver, receiver, 0])
    if not (running and sight.seat in (giver, receiver)):
        state = replace(state, fit=sight.observation.fit_guess)
    given = np.zeros_like(state.pledge_announced)
    given[kind, giver, receiver] = strength
    return pledge_effects(state, sight.ruleset, given)


def strength_now(
    sight: Sight, kind: int, giver: int, receiver: int, effort: float
) -> tuple[float, str]:
    """Strength of a pledge in force that arrives (or will, when it has not begun), and how far
    it has been put to work, in words.

    Args:
        effort: part of the promise that is given, as the seat knows or believes it, 0..1.
    """
    state = sight.full
    worked = float(ramp(state, sight.ruleset)[kind, giver, receiver, 0])
    promised = float(state.pledge_announced[kind, giver, receiver, 0]) * effort
    full = offered_strength(sight, kind, giver, receiver, promised)
    if worked >= 1.0:
        return full, sight.say("pledge.full")
    if worked <= 0.0:
        return full, sight.say("pledge.begins")
    return full * worked, sight.say("pledge.building", part=sight.percent(worked, digits=0))


def offered_strength(sight: Sight, kind: int, giver: int, receiver: int, strength: float) -> float:
    """Strength that would arrive once a promised pledge is built up, shared with the partners
    that the giver serves already."""
    running = live(sight.full)[kind, giver, :, 0]
    served = int(running.sum()) + (0 if running[receiver] else 1)
    return strength * min(sight.ruleset.pledges[kind].partners / max(served, 1), 1.0)


def pledge_lines(
    sight: Sight, kind: int, giver: int, receiver: int, strength: float
) -> tuple[str, ...]:
    """A pledge's effects as lines, the largest first.

    Args:
        strength: delivered, 0..1.
    """
    if strength <= 0.0:
        return ()
    effects = alone(sight, kind, giver, receiver, strength)
    found = [
        *_appeal(sight, effects, receiver),
        *_lent(sight, effects, receiver),
        *_preload(sight, effects, giver, receiver),
        *_bounty(sight, effects, giver, receiver),
        *_research(sight, effects, receiver),
        *_knowledge(sight, effects, receiver),
        *_cost(sight, effects, receiver),
    ]
    found.sort(key=lambda pair: -pair[0])
    lines = [line for _, line in found]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES + 1
        lines = [*lines[: MOST_LINES - 1], sight.say("effect.more", count=rest)]
    return tuple(lines) or (sight.say("effect.none"),)


def giving_cost(sight: Sight, kind: int, giver: int, receiver: int, strength: float) -> float:
    """What a pledge costs its giver, USD m a quarter."""
    return float(alone(sight, kind, giver, receiver, strength).giving_cost[giver, 0])


Lines = Iterable[tuple[float, str]]


def _selling(sight: Sight, company: int) -> list[int]:
    there = sight.now.on_sale[company] | (sight.now.entry_due[company] >= 0)
    return [int(market) for market in np.flatnonzero(there)]


def _appeal(sight: Sight, effects: PledgeEffects, receiver: int) -> Lines:
    for market in _selling(sight, receiver):
        gain = float(effects.appeal[receiver, market, 0])
        if abs(gain) < LEAST_APPEAL:
            continue
        sold = gain * float(sight.now.sensitivity[receiver, market])
        worth = sold * float(sight.now.price[receiver, market])
        yield (
            abs(worth),
            sight.say(
                "effect.appeal",
                utils=fmt.utils(gain, sight.lang),
                market=sight.market(market),
                sold=fmt.volume(sold, sight.unit(market), sight.lang, sign=True),
            ),
        )


def _lent(sight: Sight, effects: PledgeEffects, receiver: int) -> Lines:
    reach: Array = channel_reach(sight.full, sight.ruleset)
    for market in _selling(sight, receiver):
        for channel, key in ((ONLINE, "effect.online"), (OFFLINE, "effect.offline")):
            more = float(effects.lent[receiver, market, channel, 0])
            if more < LEAST_PART:
                continue
            full = float(reach[market, channel, 0])
            own = float(sight.now.coverage[receiver, market, channel])
            yield (
                more * full * float(sight.now.revenue[receiver, market]),
                sight.say(
                    key,
                    before=sight.percent(full * own),
                    after=sight.percent(full * min(own + more, 1.0)),
                    market=sight.market(market),
                ),
            )


def _preload(sight: Sight, effects: PledgeEffects, giver: int, receiver: int) -> Lines:
    carried = float(effects.preload[receiver, giver, 0])
    if carried < LEAST_PART:
        return
    users = float(effects.preload_users[receiver, giver, 0])
    income = float(effects.preload_income[receiver, 0])
    yield (
        1e6 + users,
        sight.say(
            "effect.preload",
            devices=sight.volume(users),
            giver=sight.name(giver),
            receiver=sight.name(receiver),
            part=sight.percent(carried, digits=0),
        ),
    )
    if income >= LEAST_MONEY:
        yield (1e6, sight.say("effect.income", money=sight.money(income, sign=True)))


def _bounty(sight: Sight, effects: PledgeEffects, giver: int, receiver: int) -> Lines:
    """What the receiver pays by device, at last quarter's sales."""
    rates, amount = [0.0], 0.0
    amounts = bounty_amounts(sight.full, sight.ruleset, effects.bounties)
    for one, money in zip(effects.bounties, amounts, strict=True):
        mine = (one.giver == giver) & (one.receiver == receiver) & (one.lane == 0)
        rates += one.rate[mine].tolist()
        amount += float(money[mine].sum())
    if amount >= LEAST_MONEY:
        yield (
            1e6,
            sight.say(
                "effect.bounty",
                giver=sight.name(giver),
                receiver=sight.name(receiver),
                rate=sight.price(max(rates)),
                money=sight.money(amount),
            ),
        )


def _research(sight: Sight, effects: PledgeEffects, receiver: int) -> Lines:
    best: dict[int, float] = {}
    for market in _selling(sight, receiver):
        gain = float(effects.research[receiver, market, 0]) - 1.0
        sector = int(sight.ruleset.market_sector[market])
        if gain >= LEAST_PART:
            best[sector] = max(best.get(sector, 0.0), gain)
    for sector, gain in best.items():
        line = sight.say(
            "effect.research", gain=sight.percent(gain, sign=True), sector=sight.sector(sector)
        )
        yield gain, line


def _knowledge(sight: Sight, effects: PledgeEffects, receiver: int) -> Lines:
    """One line for all regions that are lent the same."""
    same: dict[str, list[int]] = {}
    for region in range(len(sight.ruleset.regions)):
        lent = float(effects.knowledge[receiver, region, 0])
        if lent >= LEAST_PART and region != sight.ruleset.companies[receiver].home:
            same.setdefault(sight.percent(lent, digits=0), []).append(region)
    for part, regions in same.items():
        names = sight.say("list.comma").join(sight.region(region) for region in regions)
        yield float(len(regions)), sight.say("effect.knowledge", part=part, region=names)


def _cost(sight: Sight, effects: PledgeEffects, receiver: int) -> Lines:
    for market in _selling(sight, receiver):
        less = float(effects.cost[receiver, market, 0])
        if less >= LEAST_PART:
            saved = 1.0 - float(np.exp(-less))
            worth = saved * float(sight.now.unit_cost[receiver, market])
            yield (
                worth * float(sight.now.units[receiver, market]),
                sight.say(
                    "effect.cost",
                    part=sight.percent(-saved, sign=True),
                    market=sight.market(market),
                ),
            )


# --------------------------------------------------------------- events and projects


def effect_line(sight: Sight, effect: Effect, decider: int) -> str:
    """A consequence of a card or project in one line, with its odds."""
    who = _meant(effect, decider)
    mutual = effect.kind == EffectKind.TRUST and len(who) > 1 and set(who) == set(effect.others)
    line = sight.say(
        f"event.{effect.kind.name}" + (".among" if mutual else ""),
        who=sight.names(who) if who else sight.say("list.everybody"),
        amount=_amount(sight, effect),
        where=_where(sight, effect),
        whom=_whom(sight, effect, who),
    )
    if effect.odds < 1.0:
        line = sight.say("event.odds", line=line, odds=sight.percent(effect.odds, digits=0))
    return line


def _meant(effect: Effect, decider: int) -> tuple[int, ...]:
    """Companies that an effect is about; none means all."""
    return (decider,) if effect.by_decider and decider >= 0 else tuple(effect.companies)


def _whom(sight: Sight, effect: Effect, who: tuple[int, ...]) -> str:
    """In whom trust changes: a company's trust in itself is no matter."""
    others = [one for one in effect.others if who != (one,)]
    return sight.names(others) if others else sight.say("list.all_others")


def _where(sight: Sight, effect: Effect) -> str:
    parts = [sight.sector(sector) for sector in effect.sectors]
    parts += [sight.region(region) for region in effect.regions]
    return sight.say("list.comma").join(parts) if parts else sight.say("list.everywhere")


def _amount(sight: Sight, effect: Effect) -> str:
    kind, amount = effect.kind, effect.amount
    if kind == EffectKind.CASH and effect.relative:
        return sight.say("event.of_revenue", part=sight.percent(amount, sign=True))
    if kind in (EffectKind.CASH, EffectKind.AUTHORISATION):
        return sight.money(amount, sign=True)
    if kind in (EffectKind.BUMP, EffectKind.QUALITY, EffectKind.GENERATION):
        return fmt.utils(amount, sight.lang)
    if kind in (EffectKind.DEMAND, EffectKind.COST, EffectKind.FX, EffectKind.POTENTIAL):
        return sight.percent(float(np.exp(amount)) - 1.0, sign=True)
    if kind == EffectKind.GOODWILL:
        return sight.percent(amount, sign=True)
    if kind == EffectKind.SHORTAGE:
        return sight.percent(-amount, sign=True)
    if kind == EffectKind.TRUST:
        return f"{amount:+.2f}".replace("-", fmt.MINUS)
    if kind == EffectKind.ATTENTION:
        return f"{int(amount):+d}".replace("-", fmt.MINUS)
    if kind in (EffectKind.BAN, EffectKind.ENTRY_BARRED):
        return _how_long(sight, round(amount))
    if kind in (EffectKind.LEVY, EffectKind.SUBSIDY):
        return fmt.price(amount, sight.lang, sign=True)
    return fmt.percentage_points(amount, sight.lang)


def _how_long(sight: Sight, quarters: int) -> str:
    if quarters > sight.ruleset.rules.quarters:
        return sight.say("event.for_good")
    return fmt.quarters(quarters, sight.lang)
