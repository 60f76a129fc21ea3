"""Pledges bound to some regions: what they spare a giver that competes elsewhere, and which pay.

Two companies may sell against each other at home and not abroad. A pledge that covers the regions
alone where they do not meet strengthens no rival; what it brings there is worth more to the pair
than the whole. Figures are public: units and prices.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.once import once
from game.core.ruleset import Ruleset
from game.play.cells import Cells
from game.play.pairing import Pairing

_TINY = 1e-12
NARROW = 0.02
"""Overlap below which a giver does not look region by region."""


@once
def _region_rows(ruleset: Ruleset) -> Bools:
    """Markets of each region: [R, M]."""
    regions = np.arange(len(ruleset.regions))[:, None]
    return np.asarray(ruleset.market_region == regions)


def won_in(pairing: Pairing, giver: int, cell: Ints) -> tuple[Array, Array]:
    """What the side that is given to sells by region, and the part that it takes from the giver.

    Args:
        cell: [C] numbers of cells.

    Returns:
        (revenue of the receiver [R, C] USD m a quarter, overlap with the giver [R, C] 0..1).
    """
    if cell.size == 1:  # a lone column would be summed in another order
        sales, part = won_in(pairing, giver, np.repeat(cell, 2))
        return sales[:, :1], part[:, :1]
    facts = pairing.facts
    markets, worlds = facts.units.shape[1:]
    who, lane = pairing.cells.who[:, cell], pairing.cells.lane[cell]
    step = np.arange(markets)[:, None] * worlds + lane
    everybody = pairing.everybody.take(step)
    units, price = facts.units.reshape(-1), facts.price.reshape(-1)
    place = who[1 - giver] * (markets * worlds) + step
    revenue = units.take(place) * price.take(place)
    share = units.take(who[giver] * (markets * worlds) + step) / np.maximum(everybody, _TINY)
    share *= revenue
    rows = _region_rows(pairing.ruleset)
    sales, won = np.empty((2, len(rows), cell.size))
    for region, mine in enumerate(rows):
        sales[region] = revenue[mine].sum(axis=0)
        won[region] = share[mine].sum(axis=0)
    return sales, won / np.maximum(sales, _TINY)


def spared(cells: Cells, side: int, gain: Array, pairing: Pairing) -> Array:
    """What a giver does not lose to a rival since its pledges stop at some regions: [L] USD m.

    Args:
        gain: [K, L] USD m, what each pledge of the side brings the other, effort apart.
    """
    kind, cell = np.nonzero((cells.regions[side] > 0) & (cells.pledge[side] > 0.0))
    out = np.zeros(cells.size)
    if not kind.size:
        return out
    sales, part = won_in(pairing, side, cell)
    bits = cells.regions[side, kind, cell].astype(np.int64)
    inside = (bits >> np.arange(len(sales))[:, None]) & 1
    sold, won = np.zeros((2, kind.size))
    for here, lost, covered in zip(sales, part, inside, strict=True):
        sold += here * covered
        won += here * lost * covered
    within = won / np.maximum(sold, _TINY)
    less = pairing.overlap[side, cell] - within
    np.add.at(out, cell, np.maximum(gain[kind, cell], 0.0) * less)
    return out


def best_regions(
    pledge: Array, may: Bools, effort: Array, rivalry: Array, pairing: Pairing
) -> tuple[Array, Ints]:
    """Pledges narrowed to the regions in which they gain the pair more than they cost.

    Args:
        pledge: [X, K, L] strengths that pay everywhere. may: [X, K, L] kinds that may be promised.
        effort: [X, L] part of a promise that is counted on, by giver.
        rivalry: [X, L] part of the other's gain that the giver counts as its own loss anywhere.

    Returns:
        (strengths [X, K, L], bits of the regions [X, K, L], 0 everywhere).
    """
    regions = np.zeros(pledge.shape, np.int16)
    hoped = pairing.worth * (effort * (1.0 - rivalry))[:, None]
    harmed = pairing.worth * (effort * pairing.overlap)[:, None]
    spare = hoped - pairing.cost  # without the giver's own loss of sales
    near = may & (spare > 0.0) & (spare < 2.0 * harmed)
    near &= (pairing.overlap > NARROW)[:, None]
    if not near.any():
        return pledge, regions
    pledge = pledge.copy()
    for side in (0, 1):
        kind, cell = np.nonzero(near[side])
        if kind.size:
            bits, some = _paying(pairing, side, kind, cell, effort[side], rivalry[side])
            pledge[side, kind, cell] = some
            regions[side, kind, cell] = bits
    return pledge, regions


def _paying(
    pairing: Pairing, side: int, kind: Ints, cell: Ints, effort: Array, rivalry: Array
) -> tuple[Ints, Bools]:
    """(bits of the regions in which pledges pay, 0 for all of them; whether there are any)."""
    sales, overlap = won_in(pairing, side, cell)
    ratio = pairing.cost[side, kind, cell] / np.maximum(pairing.worth[side, kind, cell], _TINY)
    gain = effort[cell] * (1.0 - rivalry[cell] - overlap) - ratio
    sells = sales > 0.0
    pays = sells & (gain > 0.0)
    bits = (pays * (1 << np.arange(len(sales)))[:, None]).sum(axis=0)
    whole = (pays == sells).all(axis=0)
    return np.where(whole, 0, bits).astype(np.int16), pays.any(axis=0)
