"""What authorities may do to a deal, as a term of what it is worth to both sides."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Ints
from game.play.cells import Cells, pick_cells
from game.play.packages import Extra, Term
from game.play.pairing import Pairing
from game.play.regulator import Decision, Reviews, reviews_of

Weighed = tuple[Reviews | None, Array, Array]
"""Reviews, the part that they leave of what each deal gains, and what remedies cost."""
REMEDY_LOSS = 0.25
"""Of a business that may have to be sold: what a forced sale loses of its worth."""


def weigh_reviews(
    terms: Array, slope: Array, holding: Array, cells: Cells, pairing: Pairing
) -> Array:
    """Write what authorities may do into the terms of deals that win control.

    What a side gains, advisers apart, is lost with a ban and comes late with a long look; remedies
    cost the buyer a part of the line that it would have to sell.

    Args:
        terms: [X, T, L] USD m, written into. slope: [L] that a side gains when the other pays it
            one more. holding: [X, L] stakes after the deal.

    Returns:
        [L] the slope with the reviews counted.
    """
    if not any(pairing.ruleset.authorities):
        return slope
    moved = (cells.new_shares, cells.old_shares, cells.old_issuer, cells.loan, cells.extra)
    found = pairing.reviewed.look(moved)  # other prices for the same shares bring the same
    if found is None:
        found = pairing.reviewed.keep(moved, _weighed(cells, holding, pairing))
    reviews, kept, cost = found
    if reviews is None:
        return slope
    gained = terms.sum(axis=1) - terms[:, Term.NEGOTIATION]
    terms[:, Term.REGULATOR] = (kept - 1.0) * gained
    side = (cells.who[1, reviews.cell] == reviews.buyer).astype(np.int64)
    np.subtract.at(terms[:, Term.REGULATOR], (side, reviews.cell), cost)
    return np.asarray(slope * kept)


def _weighed(cells: Cells, holding: Array, pairing: Pairing) -> Weighed:
    reviews = reviews_of(cells, pairing.facts, pairing.ruleset, holding)
    if reviews is None:
        return None, np.ones(0), np.zeros(0)
    return reviews, *_parts(reviews, cells.size, pairing)


def _parts(reviews: Reviews, size: int, pairing: Pairing) -> tuple[Array, Array]:
    """(part of what is gained that reviews leave of each deal [L], what remedies are expected to
    cost the buyer of each review [Q] USD m)."""
    rules, odds = pairing.ruleset.rules, reviews.odds
    late = 1.0 - (1.0 + rules.discount) ** -reviews.quarters.astype(float)
    kept = (1.0 - odds[Decision.FORBIDDEN]) - odds[Decision.DELAYED] * late
    part = np.ones(size)
    np.minimum.at(part, reviews.cell, kept)
    return part, odds[Decision.REMEDIES] * REMEDY_LOSS * _overlap(reviews, pairing)


def whole_reviewed(
    cells: Cells, chosen: Ints, target: int, pairing: Pairing
) -> tuple[Array, Array] | None:
    """(part of the gain left, expected cost of remedies USD m) were a side of some cells sold whole
    to the other, [len(chosen)] each; None where nobody would mind.

    Args:
        target: side that would be sold.
    """
    if not any(pairing.ruleset.authorities):
        return None
    place = np.repeat(chosen, 2) if chosen.size == 1 else chosen
    few = pick_cells(cells, place)
    extra = np.zeros_like(few.extra)
    extra[target, Extra.WHOLE] = 1.0
    nothing = np.zeros_like(few.new_shares)
    few = dataclasses.replace(few, extra=extra, new_shares=nothing, old_shares=nothing)
    reviews = reviews_of(few, pairing.facts, pairing.ruleset)
    if reviews is None:
        return None
    kept, cost = _parts(reviews, few.size, pairing)
    paid = np.zeros(few.size)
    np.maximum.at(paid, reviews.cell, cost)
    return kept[: chosen.size], paid[: chosen.size]


def _overlap(reviews: Reviews, pairing: Pairing) -> Array:
    """Worth of the target's lines where harm is feared, by their part of its revenue: [Q] USD m."""
    facts = pairing.facts
    revenue = facts.units[reviews.target, :, reviews.lane].T
    revenue = revenue * facts.price[reviews.target, :, reviews.lane].T
    feared = (revenue * (reviews.concern > 0.0)).sum(axis=0)
    part = feared / np.maximum(revenue.sum(axis=0), 1e-12)
    count, worlds = facts.equity.shape[-2:]
    place = (reviews.viewer * count + reviews.target) * worlds + reviews.lane
    return np.asarray(part * facts.equity.reshape(-1).take(place))
