"""Competition authorities: which deals they review, and with what odds of what.

A deal is reviewed when it lets somebody win control of a company: most of the votes, or a stake
that decides where founders do not; rights to buy shares count as shares. The two groups are
compared market by market, in every region whose authority both sell enough to.
"""

from __future__ import annotations

import dataclasses
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.once import once
from game.core.rng import Purpose, uniforms_at
from game.core.ruleset import Authority, Ruleset
from game.core.state import State
from game.economy import merger
from game.play.cells import Cells, pick_cells
from game.play.clauses import shares_for
from game.play.deal_facts import DealFacts
from game.play.packages import Extra
from game.play.rights import NEVER_BY_VOTES, control_stake

YEAR = 4.0
"""Quarters."""
_TINY = 1e-12


class Decision(IntEnum):
    """What authorities decide, by severity."""

    CLEARED = 0
    DELAYED = 1
    """A long look; cleared at its end."""
    REMEDIES = 2
    FORBIDDEN = 3


@dataclasses.dataclass(frozen=True)
class Reviews:
    """The reviews that deals would bring. Axis Q: reviews, several a deal at most."""

    cell: Ints
    """[Q] deal, by number in its list."""
    lane: Ints
    """[Q] world."""
    viewer: Ints
    """[Q] row of the facts' viewing seats."""
    buyer: Ints
    """[Q] company that wins control."""
    target: Ints
    """[Q] company that it wins control of."""
    index: Array
    """[M, Q] points of the index after the deal."""
    change: Array
    """[M, Q] points that the deal adds."""
    concern: Array
    """[M, Q] 0..1 of the region's authority; 0 where none looks."""
    odds: Array
    """[4, Q] of each :class:`Decision`."""
    quarters: Ints
    """[Q] that a long look takes."""
    seller: Ints
    """[M, Q] company of the target's group that sells most there."""
    apart: Bools
    """[N, Q] companies of neither group."""

    @property
    def market(self) -> Ints:
        """[Q] market that is feared for most."""
        return np.asarray(np.argmax(self.concern, axis=0))

    def picked(self, chosen: Ints) -> Reviews:
        """Some of them."""
        return Reviews(
            **{
                field.name: np.take(getattr(self, field.name), chosen, axis=-1)
                for field in dataclasses.fields(self)
            }
        )


class _Limits(NamedTuple):
    """What the authorities go by, by region [R, 1]."""

    looks: Bools
    moderate: Array
    high: Array
    screen: Array
    presumed: Array
    file_each: Array
    delays: Array
    remedies: Array
    blocks: Array
    quarters: Array


@once
def _limits(ruleset: Ruleset) -> _Limits:
    every = [one or Authority() for one in ruleset.authorities]
    names = (field.name for field in dataclasses.fields(Authority))
    given = {name: np.array([[getattr(one, name)] for one in every], float) for name in names}
    looks = np.array([[one is not None] for one in ruleset.authorities])
    return _Limits(looks=looks, **given)


def _reviewed(ruleset: Ruleset) -> bool:
    """Whether anybody reviews mergers in this scenario."""
    return any(ruleset.authorities)


# ---------------------------------------------------------------------------- who wins control


class _Won(NamedTuple):
    """Control won by deals: [Q] each."""

    cell: Ints
    buyer: Ints
    target: Ints


def _suspects(cells: Cells, holding: Array | None, facts: DealFacts, ruleset: Ruleset) -> Ints:
    """Cells that may win control of somebody, cheaply found: [L']."""
    least = min(ruleset.rules.decisive_stake, ruleset.rules.control)
    extra = cells.extra
    some = (extra[:, (Extra.WHOLE, Extra.CALL_STAKE, Extra.CONVERT_PRICE)] > 0.0).any(axis=(0, 1))
    gets = ((cells.new_shares + cells.old_shares) > 0)[::-1]
    if holding is None:
        some |= gets.any(axis=0)
    else:
        if facts.calls.any():
            gets = gets | (facts.pair(facts.calls, cells.who, cells.who[::-1], cells) > 0)
        some |= ((holding >= least) & gets).any(axis=0)
        others = (cells.old_shares > 0) & (cells.old_issuer != cells.who)
        some |= others.any(axis=0)
    return np.flatnonzero(some)


def _control_won(cells: Cells, some: Ints, facts: DealFacts, ruleset: Ruleset) -> _Won:
    few = pick_cells(cells, some)
    found: list[tuple[Ints, Ints, Ints]] = []
    for side in (0, 1):
        target, buyer = few.who[side], few.who[1 - side]
        old, issuer = few.old_shares[side], few.old_issuer[side]
        by_founders = np.where(issuer == target, old, 0)
        back = np.where(few.old_issuer[1 - side] == target, few.old_shares[1 - side], 0)
        merged = few.extra[1 - side, Extra.WHOLE] > 0.0  # there the shares go to its holders
        new = np.where(merged, 0, few.new_shares[side])
        extra = few.extra[side]
        before = facts.of(facts.total, target, few)
        count = before + new
        rights = shares_for(np.minimum(extra[Extra.CALL_STAKE], 0.99), count)
        owed = np.where(extra[Extra.CONVERT_PRICE] > 0.0, few.loan[1 - side], 0.0)
        rights = rights + np.floor(owed / np.maximum(extra[Extra.CONVERT_PRICE], 1e-300))
        rights = rights + facts.pair(facts.calls, buyer, target, few)
        moved = new + by_founders - back
        whole = extra[Extra.WHOLE] > 0.0
        whose = _Whose(few, buyer, target, facts, ruleset)
        won = whose.wins(moved, new, by_founders, rights, whole)
        found.append((some[won], buyer[won], target[won]))
        third = (old > 0) & (issuer != target) & (issuer != buyer)
        if third.any():
            at = np.flatnonzero(third)
            at = np.repeat(at, 2) if at.size == 1 else at
            part, nothing = pick_cells(few, at), np.zeros(at.size, np.int64)
            whose = _Whose(part, buyer[at], issuer[at], facts, ruleset)
            won = whose.wins(old[at], nothing, nothing, nothing, nothing > 0)
            at, place = np.unique(at[won], return_index=True)
            found.append((some[at], buyer[at], whose.target[won][place]))
    cell, buyer, target = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Won(cell, buyer, target)


class _Whose:
    """Buyers and the companies whose shares they get: [L] each."""

    def __init__(
        self, cells: Cells, buyer: Ints, target: Ints, facts: DealFacts, ruleset: Ruleset
    ) -> None:
        self.target, self.ruleset = target, ruleset
        self.count = facts.of(facts.total, target, cells)
        self.founders = facts.of(facts.founders, target, cells)
        self.held = facts.stake_of(buyer, target, cells) * self.count

    def _bar(self, count: Ints, founders: Ints) -> Array:
        """Stake from above which the holder decides, alone or in fact: [L]."""
        by_votes = control_stake(count, founders, self.ruleset, self.target)
        cast = np.take(self.ruleset.founder_votes, self.target) * founders
        led = cast > self.ruleset.rules.control * (count - founders + cast)
        led |= by_votes >= NEVER_BY_VOTES
        in_fact = np.where(led, NEVER_BY_VOTES, self.ruleset.rules.decisive_stake - _TINY)
        return np.minimum(by_votes, in_fact)

    def wins(self, moved: Ints, new: Ints, sold: Ints, rights: Array, whole: Bools) -> Bools:
        """Whether the buyer decides with these shares and did not before: [L]."""
        before = self.held > self._bar(self.count, self.founders) * self.count
        count = self.count + new + rights
        after = self.held + moved + rights
        decides = after > self._bar(count, self.founders - sold) * count
        gets = (moved > 0) | (rights > 0)
        return np.asarray(((decides & gets) | whole) & ~before)


# ------------------------------------------------------------------------------------- groups


def _parents(facts: DealFacts, lane: Ints, ruleset: Ruleset) -> Ints:
    """Who controls each company by votes of its own, itself where nobody does: [N, Q]."""
    total, founders, stake = (
        np.take(field, lane, axis=-1) for field in (facts.total, facts.founders, facts.stake)
    )
    decides = stake > control_stake(total, founders, ruleset)
    own = np.arange(len(total))[:, None]
    return np.where(decides.any(axis=0), np.argmax(decides, axis=0), own)


def _groups(won: _Won, lane: Ints, facts: DealFacts, ruleset: Ruleset) -> tuple[Ints, Bools, Bools]:
    """(group of each company [N, Q], members of the buyer's and of the target's [N, Q])."""
    parent = _parents(facts, lane, ruleset)
    at = np.arange(lane.size)
    top = parent
    for _ in range(len(parent)):
        above = np.take_along_axis(parent, top, axis=0)
        if (above == top).all():
            break
        top = above
    theirs = np.arange(len(parent))[:, None] == won.target
    for _ in range(len(parent)):
        more = theirs | np.take_along_axis(theirs, parent, axis=0)
        if (more == theirs).all():
            break
        theirs = more
    mine = (top == top[won.buyer, at]) & ~theirs
    return np.asarray(top), mine, theirs


# ------------------------------------------------------------------------------------- reviews


def reviews_of(
    cells: Cells,
    facts: DealFacts,
    ruleset: Ruleset,
    holding: Array | None = None,
    every: bool = False,
) -> Reviews | None:
    """The reviews that deals would bring, with what authorities fear and the odds.

    Args:
        holding: [X, L] the sides' stakes in each other after the deals, when they are at hand.
        every: with those of which nobody fears anything.

    Returns:
        None where no deal is reviewed.
    """
    if not _reviewed(ruleset):
        return None
    some = _suspects(cells, holding, facts, ruleset)
    if not some.size:
        return None
    won = _control_won(cells, some, facts, ruleset)
    if not won.cell.size:
        return None
    lane = cells.lane[won.cell]
    group, mine, theirs = _groups(won, lane, facts, ruleset)
    units = np.take(facts.units, lane, axis=-1)
    fringe = np.take(facts.fringe_units, lane, axis=-1)
    sold = np.maximum(units.sum(axis=0) + fringe, _TINY)
    index, change = merger.merged_concentration(
        units / sold, group, mine, theirs, fringe / sold, ruleset.fringe_count[:, None]
    )
    limits = _limits(ruleset)
    region = ruleset.market_region
    sales = YEAR * units * np.take(facts.price, lane, axis=-1)
    heard = limits.looks & _large(sales, mine, theirs, ruleset, limits)
    concern = merger.merger_concern(
        index, change, limits.moderate[region], limits.high[region],
        limits.screen[region], limits.presumed[region],
    ) * heard[region]  # fmt: skip
    worst = np.zeros(heard.shape)
    np.maximum.at(worst, region, concern)
    odds = merger.review_odds(worst, limits.delays, limits.remedies, limits.blocks)
    quarters = np.where(worst > 0.0, limits.quarters, 0.0).max(axis=0)
    found = Reviews(
        won.cell, lane, cells.viewer[won.cell], won.buyer, won.target, index, change, concern, odds,
        np.maximum(quarters, 1.0).astype(np.int64),
        np.argmax(units * theirs[:, None], axis=0), ~(mine | theirs),
    )  # fmt: skip
    if every:
        return found
    return found.picked(np.flatnonzero(concern.any(axis=0))) if concern.any() else None


def _large(sales: Array, mine: Bools, theirs: Bools, ruleset: Ruleset, limits: _Limits) -> Bools:
    """Whether both sell enough in each region to be reviewed there: [R, Q].

    Args:
        sales: [N, M, Q] USD m a year.
    """
    fine = np.ones((len(ruleset.regions), sales.shape[-1]), bool)
    for members in (mine, theirs):
        by_market = np.zeros(sales.shape[1:])
        for company in range(len(sales)):
            by_market += sales[company] * members[company]
        by_region = np.zeros(fine.shape)
        np.add.at(by_region, ruleset.market_region, by_market)
        fine &= by_region >= limits.file_each
    return fine


def decisions(reviews: Reviews, state: State, ruleset: Ruleset) -> Ints:
    """What authorities decide this quarter, by the two companies' chance: [Q]."""
    uid = ruleset.company_uid
    drawn = uniforms_at(
        np.take(state.seed, reviews.lane), np.take(state.world, reviews.lane), state.turn,
        Purpose.REVIEW, np.take(uid, reviews.buyer), np.take(uid, reviews.target),
    )  # fmt: skip
    return merger.decided(reviews.odds, drawn)
