"""Calibrate the price slopes of a phone market: which segments put every vendor at a maximum?

A mixed logit with a few segments can meet every vendor's first-order condition and still leave
one of them at a profit minimum, or make the price map explode. This tool tries sets of segments
on China's phones of early 2015 (figures and sources in scenarios/alibaba-meizu.yaml) and reports,
for each set, margins, elasticities, the market's elasticity, the second-order condition over a
wide range of prices, and the spectral radius of the price map.

    python tools/fit_segments.py                 # the set that the flagship uses
    python tools/fit_segments.py --search        # many sets, the good ones first
    python tools/fit_segments.py --file scenarios/alibaba-meizu.yaml   # every market of a file

Plain numpy, independent of the game's own laws. Method: Berry (1994) inversion, Bertrand-Nash
first-order conditions, Morrow and Skerlos (2011) for the price map.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

INVERSION_STEPS = 4000
INVERSION_TOLERANCE = 1e-12
GRID = np.exp(np.linspace(np.log(0.25), np.log(5.0), 400))
"""Prices tried for the second-order condition, as factors of the observed price."""
GAIN_ALLOWED = 1e-3
RADIUS_ALLOWED = 0.7
STEP = 1e-5
LOYAL_STEPS, LOYAL_SETTLED = 40, 1e-5
CHINA_LOYALTY = 1.0
"""Utils; typical_parameters.yaml: 0.8 to 2."""
CHINA_TOTAL = 98.8
"""Phones sold in China in the first quarter of 2015, m (IDC)."""
CHINA_BUYERS = 113.5
"""Buyers in the market in it, m (assumption; design: 118 to 126 m before the season)."""
CHOSEN = (0.028, 1.15, 5, 2.2)
"""The flagship's set: median (utils a USD), s.d. (log), segments, reach (s.d.)."""
TRIED_NODES = (4, 5, 6, 7, 9)
TRIED_MEDIANS = (2.2, 2.5, 2.8, 3.1, 3.4, 3.8, 4.3)
TRIED_SDS = (0.9, 1.0, 1.1, 1.2, 1.3)
TRIED_REACHES = (1.5, 1.7, 1.9, 2.2, 2.5, 2.8)
MARGINS = {
    "apple": (0.31, 0.45),
    "samsung": (0.24, 0.32),
    "xiaomi": (0.22, 0.27),
    "meizu": (0.19, 0.24),
    "lenovo": (0.10, 0.16),
    "coolpad": (0.08, 0.14),
}
"""Wanted margins, fractions of price: typical_parameters.yaml and asp_margins.csv."""
ELASTICITY = (-1.5, -0.5)
"""Wanted elasticity of the whole market (typical_parameters.yaml)."""
HEADER = (
    f"{'vendor':<10} {'price':>8} {'units':>8} {'margin':>7} {'elast.':>7} {'cost':>8} "
    f"{'best at':>8} {'gain':>8}"
)


@dataclass(frozen=True)
class Segments:
    """Price slopes and weights of the buyers of a market."""

    alpha: Array
    """[S] utils a USD."""
    weight: Array
    """[S] sums to one."""
    bonus: Array | float = 0.0
    """[N, S] utils that the previous brand is ahead, where buyers are loyal."""


@dataclass(frozen=True)
class Data:
    """A market as observed."""

    names: tuple[str, ...]
    price: Array
    """[N] USD a unit."""
    units: Array
    """[N] m."""
    size: float
    """Buyers in the market, m."""
    fringe_count: float = 0.0
    fringe_units: float = 0.0
    """Of all fringe firms together, m."""
    fringe_price: float = 1.0
    service_value: Array | float = 0.0
    loyalty: float = 0.0
    """Utils that leaving the previous brand costs."""
    bought_before: float = 0.95
    """Part of buyers who do not buy for the first time."""


@dataclass(frozen=True)
class Fit:
    """What a set of segments makes of a market."""

    data: Data
    segments: Segments
    utility: Array
    """[N] mean utility without price."""
    fringe_utility: float
    cost: Array
    margin: Array
    """[N] fraction of price."""
    elasticity: Array
    market_elasticity: float
    best_price: Array
    """[N] factor of the price at which the vendor's profit is highest, rivals fixed."""
    gain: Array
    """[N] profit there over profit here, less one."""
    radius: float

    @property
    def sound(self) -> bool:
        """Every vendor at its global maximum, costs positive, and the price map contracts."""
        best = bool((self.gain < GAIN_ALLOWED).all() and (self.cost > 0.0).all())
        return best and self.radius < RADIUS_ALLOWED


def hermite(median: float, sd: float, nodes: int) -> Segments:
    """Gauss-Hermite nodes of a lognormal slope. Median in utils a USD, sd in log."""
    place, weight = np.polynomial.hermite_e.hermegauss(nodes)
    return Segments(median * np.exp(sd * place), weight / weight.sum())


def even(median: float, sd: float, nodes: int, reach: float) -> Segments:
    """Evenly spaced nodes of a lognormal slope from -reach to +reach standard deviations.

    Each stands for the probability of its cell (half-way to its neighbours; the outer ones take
    the tails), so that weights fall off as the density does.
    """
    place = np.linspace(-reach, reach, nodes)
    density = np.exp(-0.5 * place**2)
    return Segments(median * np.exp(sd * place), density / density.sum())


def purchase(
    utility: Array, price: Array, fit_fringe: tuple[float, float, float], segments: Segments
) -> tuple[Array, Array]:
    """Probabilities by segment: ([N, S] of each vendor, [S] of the fringe together)."""
    count, fringe_utility, fringe_price = fit_fringe
    inside = np.exp(utility[:, None] + segments.bonus - price[:, None] * segments.alpha)
    outer = count * np.exp(fringe_utility - fringe_price * segments.alpha)
    total = 1.0 + outer + inside.sum(axis=0)
    return inside / total, outer / total


def invert(data: Data, segments: Segments) -> tuple[Array, float]:
    """Mean utilities at which the observed volumes sell. Source: Berry (1994)."""
    goal = np.append(data.units, data.fringe_units) / data.size
    utility = np.log(np.maximum(goal, 1e-12)) + 1.0
    utility = utility + np.median(segments.alpha) * np.append(data.price, data.fringe_price)
    fringed = data.fringe_units > 0.0
    count = data.fringe_count if fringed else 0.0
    for _ in range(INVERSION_STEPS):
        inside, outer = purchase(
            utility[:-1], data.price, (count, utility[-1], data.fringe_price), segments
        )
        now = np.append((inside * segments.weight).sum(axis=1), (outer * segments.weight).sum())
        gap = np.where(goal > 0.0, np.log(np.maximum(goal, 1e-300) / np.maximum(now, 1e-300)), 0.0)
        utility = utility + gap
        if np.abs(gap).max() < INVERSION_TOLERANCE:
            break
    return utility[:-1], float(utility[-1])


def slopes(inside: Array, segments: Segments) -> tuple[Array, Array]:
    """(sum of w alpha s, sum of w alpha s squared) of each vendor: [N], [N]."""
    steep = inside * segments.alpha * segments.weight
    return steep.sum(axis=1), (steep * inside).sum(axis=1)


def price_map(
    price: Array,
    cost: Array,
    utility: Array,
    fringe: tuple[float, float, float],
    segments: Segments,
) -> Array:
    """One step of the zeta form: cost + (share + Gamma (price - cost)) / Lambda. [N]."""
    inside, _ = purchase(utility, price, fringe, segments)
    share = (inside * segments.weight).sum(axis=1)
    whole, own = slopes(inside, segments)
    return np.asarray(cost + (share + own * (price - cost)) / whole)


def radius_of(
    price: Array,
    cost: Array,
    utility: Array,
    fringe: tuple[float, float, float],
    segments: Segments,
) -> float:
    """Spectral radius of the price map in logs at the fit."""
    count = price.size
    jacobian = np.empty((count, count))
    for vendor in range(count):
        shift = np.zeros(count)
        shift[vendor] = STEP
        ahead = price_map(price * np.exp(shift), cost, utility, fringe, segments)
        behind = price_map(price * np.exp(-shift), cost, utility, fringe, segments)
        jacobian[:, vendor] = (np.log(ahead) - np.log(behind)) / (2.0 * STEP)
    return float(np.abs(np.linalg.eigvals(jacobian)).max())


def best_replies(
    price: Array,
    cost: Array,
    utility: Array,
    fringe: tuple[float, float, float],
    segments: Segments,
) -> tuple[Array, Array]:
    """Where each vendor's profit is highest when the others stay: (factor of price, gain). [N]."""
    factor, gain = np.ones(price.size), np.zeros(price.size)
    inside, _ = purchase(utility, price, fringe, segments)
    share = (inside * segments.weight).sum(axis=1)
    for vendor in range(price.size):
        profit = np.empty(GRID.size)
        for place, scale in enumerate(GRID):
            tried = price.copy()
            tried[vendor] *= scale
            sold = (purchase(utility, tried, fringe, segments)[0][vendor] * segments.weight).sum()
            profit[place] = (tried[vendor] - cost[vendor]) * sold
        now = (price[vendor] - cost[vendor]) * share[vendor]
        top = int(profit.argmax())
        factor[vendor], gain[vendor] = GRID[top], profit[top] / now - 1.0
    return factor, gain


def loyal(data: Data, segments: Segments) -> Segments:
    """Segments with a kind of buyer for each previous brand: last time they bought as now."""
    if data.loyalty <= 0.0:
        return segments
    count, size = data.price.size, segments.alpha.size
    previous = np.outer(data.units / data.size, np.ones(size))
    bonus = np.zeros((count, count + 1, size))
    bonus[np.arange(count), np.arange(1, count + 1)] = data.loyalty
    for _ in range(LOYAL_STEPS):
        room = data.bought_before / np.maximum(previous.sum(axis=0), data.bought_before)
        parts = np.vstack([1.0 - (previous * room).sum(axis=0), previous * room])
        kinds = Segments(
            np.tile(segments.alpha, count + 1),
            (parts * segments.weight).reshape(-1),
            bonus.reshape(count, -1),
        )
        utility, wide = invert(data, kinds)
        outer = (data.fringe_count if data.fringe_units > 0.0 else 0.0, wide, data.fringe_price)
        inside, _ = purchase(utility, data.price, outer, kinds)
        bought = (inside * kinds.weight).reshape(count, count + 1, size).sum(axis=1)
        moved = bought / segments.weight - previous
        previous = previous + moved
        if np.abs(moved).max() < LOYAL_SETTLED:
            break
    return kinds


def fit(data: Data, segments: Segments) -> Fit:
    """Utilities, costs and checks of a market under a set of segments."""
    chosen, segments = segments, loyal(data, segments)
    utility, fringe_utility = invert(data, segments)
    fringe = (
        data.fringe_count if data.fringe_units > 0.0 else 0.0,
        fringe_utility,
        data.fringe_price,
    )
    inside, _ = purchase(utility, data.price, fringe, segments)
    share = (inside * segments.weight).sum(axis=1)
    whole, own = slopes(inside, segments)
    markup = share / (whole - own)
    cost = data.price - markup
    dearer = 1.01
    moved, outer = purchase(
        utility, data.price * dearer, (fringe[0], fringe[1], fringe[2] * dearer), segments
    )
    before = share.sum() + data.fringe_units / data.size
    after = ((moved.sum(axis=0) + outer) * segments.weight).sum()
    factor, gain = best_replies(data.price, cost, utility, fringe, segments)
    return Fit(
        data=data,
        segments=chosen,
        utility=utility,
        fringe_utility=fringe_utility,
        cost=cost + data.service_value,
        margin=markup / data.price,
        elasticity=-data.price / markup,
        market_elasticity=float(np.log(after / before) / np.log(dearer)),
        best_price=factor,
        gain=gain,
        radius=radius_of(data.price, cost, utility, fringe, segments),
    )


def report(result: Fit) -> str:
    """The fit as a table in words."""
    data = result.data
    lines = [
        "alpha per 100 USD: " + " ".join(f"{100 * value:.4g}" for value in result.segments.alpha),
        "weights:           " + " ".join(f"{value:.4f}" for value in result.segments.weight),
        HEADER,
    ]
    for place, name in enumerate(data.names):
        lines.append(
            f"{name:<10} {data.price[place]:8.2f} {data.units[place]:8.2f} "
            f"{result.margin[place]:7.1%} {result.elasticity[place]:7.2f} "
            f"{result.cost[place]:8.2f} {result.best_price[place]:8.3f} {result.gain[place]:8.2%}"
        )
    lines.append(
        f"market elasticity {result.market_elasticity:.2f}, radius {result.radius:.3f}, "
        f"{'sound' if result.sound else 'NOT SOUND'}"
    )
    return "\n".join(lines)


def china_phones() -> Data:
    """China, first quarter of 2015: the figures of the scenario, whose comments tell the source."""
    rows = {
        "meizu": (170.0, 4.5),
        "xiaomi": (169.0, 13.5),
        "apple": (687.0, 14.5),
        "samsung": (250.0, 9.6),
        "lenovo": (130.0, 8.2),
        "huawei": (190.0, 11.2),
        "oppo": (215.0, 5.3),
        "vivo": (210.0, 5.6),
        "coolpad": (120.0, 7.0),
    }
    table = np.array(list(rows.values()))
    fringe = CHINA_TOTAL - table[:, 1].sum()
    return Data(
        tuple(rows), table[:, 0], table[:, 1], CHINA_BUYERS, 15.0, fringe, 130.0,
        loyalty=CHINA_LOYALTY,
    )  # fmt: skip


def candidates() -> Iterator[tuple[str, Segments]]:
    """Sets of segments to try, by name."""
    for nodes, median, sd in itertools.product(TRIED_NODES, TRIED_MEDIANS, TRIED_SDS):
        yield f"hermite S={nodes} {median} {sd}", hermite(median / 100, sd, nodes)
        for reach in TRIED_REACHES:
            name = f"even    S={nodes} {median} {sd} to {reach}"
            yield name, even(median / 100, sd, nodes, reach)


def search() -> None:
    """Try many sets on China's phones; tell how many are sound, and the best of each size."""
    data = china_phones()
    found = [(name, fit(data, segments)) for name, segments in candidates()]
    for nodes in TRIED_NODES:
        of_size = [row for row in found if row[1].segments.alpha.size == nodes]
        good = [row for row in of_size if row[1].sound]
        print(f"{nodes} segments: {len(good)} of {len(of_size)} sets are sound")
        good.sort(key=lambda row: missed(row[1]))
        for name, result in good[:4]:
            margins = zip(data.names, result.margin, strict=True)
            print(
                f"  {name:<28} missed {missed(result):.2f} radius {result.radius:.2f} "
                f"market {result.market_elasticity:.2f} | "
                + " ".join(f"{who[:4]} {value:.0%}" for who, value in margins)
            )


def missed(result: Fit) -> float:
    """How far margins and the market's elasticity lie outside their ranges, summed."""
    margins = dict(zip(result.data.names, result.margin, strict=True))
    told = [(margins[name], *wanted) for name, wanted in MARGINS.items()]
    told.append((result.market_elasticity, *ELASTICITY))
    return float(sum(max(low - value, 0.0) + max(value - high, 0.0) for value, low, high in told))


def check_file(path: Path) -> bool:
    """Check every market of a scenario file, holdings apart; whether all are sound."""
    from game.play import market as view
    from game.scenario.loader import load

    scenario = load(path)
    ruleset, opening = scenario.ruleset, scenario.opening
    newcomers = view.new_adopters(opening, ruleset)
    size = view.buyers(opening, ruleset, newcomers)[:, 0]
    sound = True
    for place, name in enumerate(ruleset.markets):
        rows = np.flatnonzero(opening.on_sale[:, place, 0])
        if not rows.size:
            continue
        steep, wide = ruleset.alpha[place], ruleset.fringe_utility[place]
        slope = (wide[0] - wide[-1]) / (steep[-1] - steep[0]) if steep[-1] > steep[0] else 1.0
        data = Data(
            tuple(ruleset.companies[row].uid for row in rows),
            opening.price[rows, place, 0],
            opening.units[rows, place, 0],
            float(size[place]),
            float(ruleset.fringe_count[place]),
            float(opening.fringe_units[place, 0]),
            float(slope),
            ruleset.service_value[rows, place],
            float(ruleset.loyalty[place]),
        )
        result = fit(data, Segments(steep, ruleset.weight[place]))
        print(f"\n{name}\n{report(result)}")
        sound = sound and result.sound
    return sound


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--search", action="store_true", help="try many sets of segments")
    parser.add_argument("--file", type=Path, help="check every market of a scenario file")
    arguments = parser.parse_args()
    if arguments.search:
        search()
        return 0
    if arguments.file:
        return 0 if check_file(arguments.file) else 1
    print(report(fit(china_phones(), even(*CHOSEN))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
