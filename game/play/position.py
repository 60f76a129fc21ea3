"""Position: what contracts in force will still bring that the worth of companies does not show.

A company's worth follows its profit, and a pledge shows in profit only once it works. Until then
it is known to everybody, and whoever trades shares counts it: one valuation for all, with
whomever the pledge was signed. So no deal is cheaper for being cut into slices, and nothing that
profits show already is paid for twice. The same goes for claims that are open.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.once import once
from game.core.ruleset import PledgeEffect, Ruleset
from game.finance.valuation import annuity
from game.play.claims import claims_worth
from game.play.deal_facts import DealFacts
from game.play.in_force import InForce
from game.play.lending import works
from game.play.money import LOSS_QUARTERS, TREND, natural_multiple
from game.play.pledge_plan import plan_of
from game.play.promises import expected_effort

_TINY = 1e-12
GAINING, LOSING, AT_ONCE = range(3)
"""How a pledge comes to show: in profit that is capitalised, in a loss that is, or at once with
what is left of its term, as the income of preloaded users does."""


class RunningQuotes(Protocol):
    """Where the worth and cost of pledges in force come from."""

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """(worth, cost) of some pledges in force, [L] USD m a quarter at full strength each."""


class Ahead(NamedTuple):
    """What contracts in force will still bring beyond what worth shows."""

    brought: Array
    """[N, N, W] USD m, giver by receiver, of pledges if they are kept in full, shown or not: all
    of it hangs on how well they are kept."""
    value: Array
    """[V, N, W] or [1, N, W] USD m that all of it adds to the worth of all shares, holdings looked
    through."""
    taken: Array | None
    """[N, N, W] part of a dollar more of the second's worth that goes to rights of the first."""


@once
def still_ahead(ruleset: Ruleset) -> Array:
    """Quarters' worth, after tax, of what a pledge will still bring: [worked, left].

    Args by axis:
        worked: quarters that it has. left: quarters that it still works.
    """
    rules = ruleset.rules
    ramp = max(rules.ramp, 1)
    longest = len(plan_of(ruleset).fresh) - 1
    worked, later = np.arange(4 * ramp + 24), np.arange(1, longest + 1)
    part = np.minimum((worked[:, None] + later) / ramp, 1.0) * (1.0 + rules.discount) ** -later
    ahead = np.zeros((worked.size, longest + 1))
    np.cumsum(part * (1.0 - rules.tax), axis=1, out=ahead[:, 1:])
    return ahead


@once
def unshown(ruleset: Ruleset) -> Array:
    """The part of :func:`still_ahead` that worth does not show: [way, worked, left].

    What a pledge will still bring less what its part of smoothed profit is capitalised at; never
    below nothing, since what profit shows beyond is the affair of how companies are valued.

    Args by axis:
        way: :data:`GAINING`, :data:`LOSING` or :data:`AT_ONCE`.
    """
    rules = ruleset.rules
    ahead, ramp, kept = still_ahead(ruleset), max(rules.ramp, 1), 1.0 - rules.tax
    trend = np.zeros((len(ahead), 1))
    for worked in range(1, len(ahead)):
        now = min(worked / ramp, 1.0)
        trend[worked] = trend[worked - 1] * (1.0 - TREND) + TREND * now
    at_work = np.minimum(np.arange(len(ahead)) / ramp, 1.0)[:, None]
    income = annuity(rules.discount, np.arange(ahead.shape[1])) * kept
    shown = (trend * natural_multiple(rules) * kept, trend * LOSS_QUARTERS, at_work * income)
    return np.stack([np.maximum(ahead - part, 0.0) for part in shown])


@once
def at_once(ruleset: Ruleset) -> Bools:
    """[K] kinds whose income counts at once."""
    return np.array([kind.effect == PledgeEffect.PRELOAD for kind in ruleset.pledges])


def ways(facts: DealFacts) -> Ints:
    """How pledges show in each company's profit, :data:`GAINING` or :data:`LOSING`: [N, W]."""
    return np.where(facts.cushion[0] > facts.credit[0], GAINING, LOSING)


def ahead_of(facts: DealFacts, ruleset: Ruleset, quotes: RunningQuotes) -> Ahead | None:
    """What pledges and claims will still bring; None where worth shows all of it.

    Worked out once for facts and quotes.
    """
    known = facts.__dict__.get("_ahead")
    if known is None or known[0] is not quotes:
        known = facts.__dict__["_ahead"] = (quotes, _ahead(facts, ruleset, quotes))
    found: Ahead | None = known[1]
    return found


def _ahead(facts: DealFacts, ruleset: Ruleset, quotes: RunningQuotes) -> Ahead | None:
    count, worlds = facts.total.shape
    own, brought, taken = np.zeros((1, count, worlds)), None, None
    if facts.running.place.size:
        pledges = facts.running
        own[0], brought = _of_pledges(facts, ruleset, pledges, *quotes.of_running(pledges))
    if facts.claims is not None:
        equity = np.maximum(facts.equity + own, 0.0)
        more, taken = claims_worth(facts.claims, equity, facts.total, facts, ruleset)
        own = own + more
    elif brought is None:
        return None
    brought = np.zeros((count, count, worlds)) if brought is None else brought
    return Ahead(brought, own + _through(facts.stake, own), taken)


def _through(stake: Array, own: Array) -> Array:
    """What holders have of what is added to companies: [S, N, W].

    Args:
        stake: [N, N, W] fractions. own: [S, N, W] USD m.
    """
    out = np.zeros(own.shape)
    for held in np.flatnonzero(stake.any(axis=(0, 2))).tolist():
        holders = np.flatnonzero(stake[:, held].any(axis=1))
        out[:, holders] += stake[holders, held] * own[:, held, None]
    return out


def _of_pledges(
    facts: DealFacts, ruleset: Ruleset, running: InForce, worth: Array, cost: Array
) -> tuple[Array, Array]:
    """What pledges add to companies [N, W] beyond what worth shows, and all that they will still
    bring if kept in full [N, N, W], USD m.

    Args:
        worth, cost: [L] USD m a quarter at full strength.
    """
    count, worlds = facts.total.shape
    table, since = unshown(ruleset), running.pick(facts.since).astype(np.int64)
    waits = (since > facts.turn).astype(np.int64)
    left = np.minimum(running.left, ruleset.rules.quarters - facts.turn) - waits
    left = np.clip(left, 0, table.shape[2] - 1)
    worked = np.clip(facts.turn - since, 0, table.shape[1] - 1)
    receiver, giver = (who * worlds + running.lane for who in (running.receiver, running.giver))
    taking, giving = (ways(facts).reshape(-1).take(end) for end in (receiver, giver))
    taking = np.where(at_once(ruleset)[running.kind], AT_ONCE, taking)
    strength = running.announced * _inside(facts, ruleset, running)
    brought = worth * strength * table[taking, worked, left]
    given = cost * strength * table[giving, worked, left]
    pair = (running.giver * count + running.receiver) * worlds + running.lane
    back = (running.receiver * count + running.giver) * worlds + running.lane
    trust, seat = (whole.reshape(-1).take(back) for whole in (facts.trust, facts.board))
    effort = expected_effort(trust, facts.stake.reshape(-1).take(pair), seat)
    size = count * worlds
    own = np.bincount(receiver, brought * effort, size) - np.bincount(giver, given, size)
    whole = worth * strength * still_ahead(ruleset)[worked, left]
    by_pair = np.bincount(pair, whole, count * size)
    return own.reshape(count, worlds), by_pair.reshape(count, count, worlds)


def _inside(facts: DealFacts, ruleset: Ruleset, running: InForce) -> Array:
    """Part of what pledges in force bring that lies in their regions: [L]."""
    bits = running.pick(facts.regions).astype(np.int64)
    out = np.ones(bits.shape)
    some = np.flatnonzero(bits > 0)
    if some.size:
        one = running.only(some)
        out[some] = covered_part(
            facts, ruleset, one.kind, one.giver, one.receiver, one.lane, bits[some]
        )
    return out


def covered_part(
    facts: DealFacts,
    ruleset: Ruleset,
    kind: Ints,
    giver: Ints,
    receiver: Ints,
    lane: Ints,
    bits: Ints,
) -> Array:
    """Part of what pledges bring that lies in some regions: [L] 0..1.

    By the receiver's revenue in the markets where the kind works, of preloading by the giver's
    devices.

    Args:
        kind, giver, receiver, lane: [L] pledges. bits: [L] of the regions, above 0.
    """
    preload = at_once(ruleset)[kind]
    where = np.stack([works(ruleset, index) for index in range(len(ruleset.pledges))])[kind]
    where = np.where(preload[:, None], ruleset.durable, where)
    who = np.where(preload, giver, receiver)
    worth: AnyArray = facts.units[who, :, lane]
    worth = np.where(preload[:, None], worth, worth * facts.price[who, :, lane]) * where
    inside = (bits[:, None] >> ruleset.market_region) & 1
    total, within = worth.sum(axis=1), (worth * inside).sum(axis=1)
    count = len(ruleset.regions)
    plain: Array = ((bits[:, None] >> np.arange(count)) & 1).sum(axis=1) / count
    return np.asarray(np.where(total > _TINY, within / np.maximum(total, _TINY), plain))
