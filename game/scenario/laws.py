"""Market laws as arrays: what a market leaves out is its sector's, and then a default."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Text
from game.scenario.market_schema import Channels, Laws, Market, Sector, SpendShare
from game.scenario.schema import Scenario

DEFAULTS: dict[str, Any] = {
    "potential_growth": 0.0, "innovation": 0.0, "imitation": 0.0, "life_months": 24.0,
    "life_growth": 0.0, "life_longest": 1e9,
    "season": [1.0, 1.0, 1.0, 1.0], "loyalty": 0.0, "fringe": None,
    "channel_reach": Channels(online=0.5, offline=0.8),
    "quality_weight": 1.0, "goodwill_weight": 0.0, "goodwill_ref": 1.0, "goodwill_decay": 0.25,
    "network_weight": 0.0, "network_ref": 0.1, "coverage_decay": 0.03,
    "acceptance_weight": 0.0, "acceptance_half": 0.1, "acceptance_elasticity": 1.0,
    "acceptance_speed": 0.2, "uses": 1.0, "own_services": {}, "carries": None,
    "apps_weight": 0.0, "apps_ref": 0.1, "apps_elasticity": 0.75, "apps_speed": 0.2,
    "lead_innovation": 0.02, "lead_imitation": 0.4,
    "learning": 0.0, "decline": 0.0, "cost_floor": 0.3,
    "spend_share": SpendShare(), "licence": 0.0, "entry_appeal": None, "door_weight": 0.0,
    "premium_price": 1e9, "coverage_limit": Channels(online=1.0, offline=1.0),
    "capacity_lead": 0.0, "capacity_decay": 0.05, "capacity_headroom": 0.2, "capacity_cost": 0.0,
    "shortage_hazard": 0.0, "shortage_depth": 0.3,
}  # fmt: skip
"""What holds where neither market nor sector says anything."""
SCALARS = (
    "potential_growth", "innovation", "imitation", "life_months", "life_growth", "life_longest",
    "loyalty", "quality_weight",
    "goodwill_weight", "goodwill_ref", "goodwill_decay", "network_weight", "network_ref",
    "acceptance_weight", "acceptance_half", "acceptance_elasticity", "acceptance_speed", "uses",
    "apps_weight", "apps_ref", "apps_elasticity", "apps_speed", "lead_innovation", "lead_imitation",
    "coverage_decay", "learning", "decline", "cost_floor",
    "licence", "door_weight", "premium_price",
    "capacity_lead", "capacity_decay", "capacity_headroom", "capacity_cost", "shortage_hazard",
    "shortage_depth",
)  # fmt: skip
"""Laws that are one number a market, named alike in the ruleset."""


@dataclasses.dataclass(frozen=True)
class Buyers:
    """Segments of a market."""

    alpha: Array
    """[S] utils a USD."""
    weight: Array
    """[S], sums to one."""
    names: tuple[Text, ...]


def law(name: str, market: Laws, sector: Laws) -> Any:
    """A law of a market."""
    own = getattr(market, name)
    if own is None:
        own = getattr(sector, name)
    return DEFAULTS[name] if own is None else own


def buyers_of(market: Laws, sector: Laws) -> Buyers:
    """Segments of a market, listed or cut from a lognormal spread.

    Raises:
        ValueError: neither is given.
    """
    for laws in (market, sector):
        if laws.segments is not None:
            alpha = np.array([segment.alpha for segment in laws.segments])
            weight = np.array([segment.weight for segment in laws.segments])
            names = tuple(dict(segment.name) for segment in laws.segments)
            return Buyers(alpha, weight / weight.sum(), names)
        if laws.spread is not None:
            spread = laws.spread
            alpha, weight = lognormal_nodes(spread.median, spread.sd, spread.nodes)
            named = tuple(dict(name) for name in spread.names or ())
            return Buyers(alpha, weight, named + _numbered(spread.nodes)[len(named) :])
    raise ValueError("a market without segments or spread")


def lognormal_nodes(median: float, sd: float, nodes: int) -> tuple[Array, Array]:
    """Price slopes and weights of a lognormal spread by Gauss-Hermite quadrature.

    Returns:
        (alpha [S] ascending, weight [S], sums to one).
    """
    points, mass = np.polynomial.hermite.hermgauss(nodes)
    return median * np.exp(np.sqrt(2.0) * sd * points), mass / mass.sum()


def _numbered(count: int) -> tuple[Text, ...]:
    """Names of segments that have none, from the least to the most price-sensitive."""
    return tuple(
        {"en": f"price sensitivity {place} of {count}", "zh": f"价格敏感度 {place}/{count}"}
        for place in range(1, count + 1)
    )


def market_parts(scenario: Scenario) -> list[tuple[str, Market, Sector]]:
    """(name, market, its sector) of every market, in the file's order."""
    sectors = {sector.id: sector for sector in scenario.sectors}
    return [
        (name, market, sectors[name.partition("/")[0]]) for name, market in scenario.markets.items()
    ]


def law_arrays(scenario: Scenario) -> dict[str, Array]:
    """The ruleset's arrays by market that need no fitting."""
    parts = market_parts(scenario)

    def each(name: str) -> list[Any]:
        return [law(name, market, sector) for _, market, sector in parts]

    made: dict[str, Array] = {name: np.array(each(name)) for name in SCALARS}
    made["potential"] = np.array([market.potential for _, market, _ in parts])
    made["durable"] = np.array([sector.durable for _, _, sector in parts])
    made["season"] = np.array(each("season"))
    made["channel_reach"] = np.array([(of.online, of.offline) for of in each("channel_reach")])
    made["coverage_limit"] = np.array([(of.online, of.offline) for of in each("coverage_limit")])
    made["spend_share"] = np.array([(of.product, of.reach, of.brand) for of in each("spend_share")])
    names = [sector.id for sector in scenario.sectors]
    made["own_services"] = np.array(
        [[leads.get(name, 0.0) for name in names] for leads in each("own_services")]
    )
    made["carries"] = np.array(
        [[rides is None or name in rides for name in names] for rides in each("carries")], bool
    )
    made["fringe_count"] = np.array([of.count if of else 0.0 for of in each("fringe")])
    return made | _segment_arrays([buyers_of(market, sector) for _, market, sector in parts])


def _segment_arrays(found: list[Buyers]) -> dict[str, Array]:
    """Segments of all markets side by side; short lists end in segments of weight zero."""
    longest = max(len(buyers.alpha) for buyers in found)
    alpha = np.stack(
        [np.pad(buyers.alpha, (0, longest - len(buyers.alpha)), mode="edge") for buyers in found]
    )
    weight = np.stack(
        [np.pad(buyers.weight, (0, longest - len(buyers.weight))) for buyers in found]
    )
    return {"alpha": alpha, "weight": weight}


def segment_names(scenario: Scenario) -> tuple[tuple[Text, ...], ...]:
    """By sector, the names of its segments: of the market that has the most."""
    named: dict[str, tuple[Text, ...]] = {sector.id: () for sector in scenario.sectors}
    for _, market, sector in market_parts(scenario):
        names = buyers_of(market, sector).names
        if len(names) > len(named[sector.id]):
            named[sector.id] = names
    return tuple(named.values())
