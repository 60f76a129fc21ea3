"""Shared research: what of a product's new quality a partner brought, and what luck did."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping

from game.play.explain.causes import Key
from game.play.explain.lent import Lent, pledges_to
from game.play.explain.watch import Watched
from game.play.phases_market import quality_luck


def research_apart(
    seen: Watched, lent: Mapping[Key, Lent], company: int, market: int, lane: int, seat: int | None
) -> tuple[dict[Key, Lent], float, float]:
    """Count quality that pledges brought in the quarter with the pledges.

    Args:
        lent: in the market. seat: as of :func:`game.play.explain.lent.pledges_to`; it tells its
            own research from a partner's, but not a partner's from luck.

    Returns:
        (pledges with their quality as appeal, utils to take from the company's own quality, and
        utils of these that no pledge explains).
    """
    weight = float(seen.ruleset.quality_weight[market])
    if not any(one.quality for one in lent.values()) or seat not in (None, company):
        return dict(lent), 0.0, 0.0
    truth = list(lent.values())
    if seat is not None:
        truth = [one.at(market) for one in pledges_to(seen, company, lane).values()]
    moved = float(sum(one.quality for one in truth))
    if seat is not None and seen.turn > 0:
        quarter = copy.copy(seen.quarter)
        quarter.state = seen.early
        sector = seen.ruleset.market_sector[market]
        moved += float(quality_luck(quarter)[company, sector, lane])
    told = sum(float(one.quality) for one in lent.values())
    counted = {
        key: dataclasses.replace(one, appeal=one.appeal + weight * one.quality)
        for key, one in lent.items()
    }
    return counted, weight * moved, weight * (moved - told if seat is not None else 0.0)
