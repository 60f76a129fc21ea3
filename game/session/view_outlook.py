"""What a package on the table is worth to both sides before it is tabled, and the odds of a yes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Array
from game.play.asking import Enough
from game.play.cells import cells_of
from game.play.dimensions import Name
from game.play.outcome import shares_total
from game.play.packages import Term
from game.session.deals import Clauses, Deal
from game.session.sight import NARROW, Sight
from game.session.view_clauses import further_lines, pledge_line
from game.session.view_deal_types import TermRow
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

BY_BOOKS = frozenset({Term.STAKE, Term.RISK, Term.OPTION, Term.LATER, Term.BUSINESS})
"""Terms of one's own that are as uncertain as what is known of the other's books."""
BY_FIT = frozenset({Term.EARNINGS, Term.RIVAL, Term.TRUST, Term.DEPENDENCE})
"""Terms of one's own that are as uncertain as how well two companies work together."""
SHOWN = 0.005
"""USD m under which a term is left out."""
BAND = (10.0, 90.0)
"""Percentiles of the imagined worlds that a band spans."""
HIDDEN = 0.5
"""Width of a band against its middle from which a term counts as hidden."""
SIGNS = {"known": "", "estimated": "≈ ", "hidden": "? "}
LIKELY, UNLIKELY = 0.8, 0.2
"""Odds from which a yes is likely, or unlikely."""


@dataclass(frozen=True)
class Outlook:
    """What the seat may expect of a package."""

    rows: tuple[TermRow, ...]
    total: str
    """Of the other side, a band."""
    sentence: str
    tone: str
    odds: float


def look_ahead(sight: Sight, game: Game, deal: Deal, something: bool) -> Outlook:
    """Terms of both sides with their bands, and the odds.

    Args:
        something: whether there is any clause.
    """
    cells = cells_of(deal.package(sight.ruleset, sight.full.cash.shape[-1]))
    if not something or cells is None:
        return Outlook((), "–", sight.say("outlook.empty"), "mute", math.nan)
    believed = game.believed(deal.counterparty)
    every = believed.terms(cells)[:, :, 0]
    theirs = every[1]
    mine = game.estimate(deal)[0]
    rows = [
        _row(sight, term, float(mine[term]), theirs[term], deal)
        for term in Term
        if abs(mine[term]) >= SHOWN or np.abs(theirs[term]).max() >= SHOWN
    ]
    if (every.sum(axis=(0, 1)) > SHOWN).any():
        rows.append(_asked(sight, deal, believed.shares_asked(cells)[0], every))
    odds = float(believed.odds(cells)[0])
    key, tone = "open", "warn"
    if odds >= LIKELY:
        key, tone = "likely", "good"
    elif odds <= UNLIKELY:
        key, tone = "unlikely", "bad"
    sentence = sight.say(
        f"outlook.{key}",
        company=sight.name(deal.counterparty),
        odds=sight.percent(round(20.0 * odds) / 20.0, digits=0),
    )
    return Outlook(tuple(rows), _band(sight, theirs.sum(axis=0))[0], sentence, tone, odds)


def _row(sight: Sight, term: Term, mine: float, theirs: Array, deal: Deal) -> TermRow:
    own = own_error(sight, term, deal.counterparty)
    written, low, high = _band(sight, theirs)
    mark = _mark(low, high)
    told = "≈ " if own >= NARROW else ""
    return TermRow(
        name=sight.say(f"term.{term.name}"),
        about=sight.say(f"term.{term.name}.about"),
        mine="–" if abs(mine) < SHOWN else told + sight.money(mine, sign=True),
        mine_value=mine,
        mine_certainty=sight.say(f"certainty.{'estimated' if own >= NARROW else 'known'}"),
        theirs=SIGNS[mark] + written,
        theirs_low=low,
        theirs_high=high,
        theirs_certainty=sight.say(f"certainty.{mark}"),
        mark=mark,
    )


def _asked(sight: Sight, deal: Deal, shares: Array, terms: Array) -> TermRow:
    """What the other side is thought to ask for: its target is never told."""
    total = terms.sum(axis=1)
    asked = shares * np.maximum(total[0] + total[1], 0.0)
    written, low, high = _band(sight, asked)
    return TermRow(
        name=sight.say("term.asked"),
        about=sight.say("term.asked.about", company=sight.name(deal.counterparty)),
        mine="",
        mine_value=math.nan,
        mine_certainty=sight.say("certainty.hidden"),
        theirs=SIGNS["hidden"] + written,
        theirs_low=low,
        theirs_high=high,
        theirs_certainty=sight.say("certainty.hidden"),
        mark="hidden",
    )


def _band(sight: Sight, values: Array) -> tuple[str, float, float]:
    """A band of imagined worlds, written, with its ends."""
    low, high = (float(end) for end in np.percentile(values, BAND))
    if max(abs(low), abs(high)) < SHOWN:
        return "–", 0.0, 0.0
    low_text, high_text = (sight.money(end, sign=True) for end in (low, high))
    if low_text == high_text:
        return low_text, low, high
    return fmt.band(low_text, high_text, sight.lang), low, high


def _mark(low: float, high: float) -> str:
    middle, width = 0.5 * abs(low + high), high - low
    if width <= NARROW * max(middle, SHOWN):
        return "known"
    return "hidden" if width > HIDDEN * middle else "estimated"


def own_error(sight: Sight, term: Term, other: int) -> float:
    """Standard error (log) of one's own term by what the seat knows."""
    if term in BY_FIT:
        return sight.ruleset.rules.fit_hidden
    return float(sight.noise[other]) if term in BY_BOOKS else 0.0


def enough_line(sight: Sight, deal: Deal, one: Enough) -> str:
    """A change of a package that would do, in words."""
    name, more = one.name, one.after - one.before
    giver, taker = (deal.proposer, deal.counterparty)[:: 1 if name.side == 0 else -1]
    said = {"company": sight.name(giver), "taker": sight.name(taker)}
    if name.key == "cash":
        key = "enough.cash" if one.after > 0.0 else "enough.cash_less"
        return sight.say(key, money=sight.money(abs(more)), **said)
    if name.key in ("new", "old"):
        issuer = giver if name.key == "new" else name.kind
        total = float(shares_total(sight.full)[issuer, 0])

        def part(count: float) -> float:
            return count / (total + count) if name.key == "new" else count / total

        said["company"] = sight.name(issuer)
        key = "enough.stake" if more > 0.0 else "enough.stake_less"
        return sight.say(key, part=sight.percent(abs(part(one.after) - part(one.before))), **said)
    if name.key == "term":
        key = "enough.longer" if more > 0.0 else "enough.shorter"
        pledged = _pledged(sight, deal)
        return sight.say(key, quarters=sight.quarters(int(abs(more))), pledges=pledged)
    if name.key != "pledge":
        return _further_line(sight, deal, one, (giver, deal.proposer + deal.counterparty - giver))
    said["pledge"] = sight.pick(sight.ruleset.pledges[name.kind].name)
    strength = sight.percent(one.after, digits=0)
    if name.side == 0:
        key = "enough.pledge" if one.before <= 0.0 else "enough.pledge_more"
    else:
        key = "enough.pledge_less" if one.after > 0.0 else "enough.pledge_none"
    return sight.say(key, part=strength, **said)


def _further_line(sight: Sight, deal: Deal, one: Enough, who: tuple[int, int]) -> str:
    """A further clause put in, changed or left out, in the words of packages.

    Args:
        who: giver and taker.
    """
    name = one.name
    key = "enough.with" if one.after else "enough.without"
    clauses = Clauses()
    if name.key in ("exclusive", "regions"):
        kept = deal.gives[name.side]
        clauses = Clauses().with_pledge(name.kind, kept.strength(name.kind))
        bits = int(one.after) if name.key == "regions" else kept.bound_to(name.kind)
        alone = bool(one.after) if name.key == "exclusive" else name.kind in kept.exclusive
        clauses = clauses.with_regions(name.kind, bits).with_exclusive(name.kind, alone)
        line = pledge_line(sight, clauses, name.kind)
        return sight.say("enough.bound", clause=line, company=sight.name(who[0]))
    value = one.after or one.before
    if name.key == "loan":
        rate = dict(one.tied).get(Name("rate"), deal.rate)
        parts = (
            sight.say("clause.loan", money=sight.money(value)),
            sight.say("deal.rate", rate=sight.percent(rate)),
        )
        line = sight.say("list.comma").join(parts)
    else:
        slots = {name.key: value, **{tied.key: worth for tied, worth in one.tied}}
        clauses = clauses.with_further(**slots)
        line = further_lines(sight, clauses, *who, deal.term)[0]
    return sight.say(key, clause=line, company=sight.name(who[0]))


def _pledged(sight: Sight, deal: Deal) -> str:
    """Names of the pledges of a package."""
    kinds = [kind for side in deal.gives for kind, _ in side.pledges]
    names = [sight.pick(sight.ruleset.pledges[kind].name) for kind in dict.fromkeys(kinds)]
    return sight.say("list.comma").join(names)


__all__ = ["Outlook", "enough_line", "look_ahead", "own_error"]
