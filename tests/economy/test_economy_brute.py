"""The laws of demand and prices against a solver by brute force: lists and ``math``, no numpy.

It enumerates segments and previous brands, tries prices one firm at a time, and knows no
first-order condition; derivatives are differences of what it finds.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from game.economy.adoption import bass_fit
from game.economy.one_market import equilibrium, market
from game.economy.pricing_checks import profit_weights

CLOSE = 1e-7
SETTLED = 1e-10
STEP = 1e-3
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
PLAIN = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@dataclasses.dataclass(frozen=True)
class Plain:
    """A market in plain numbers; previous brands by firm and segment."""

    mean: Sequence[float]
    cost: Sequence[float]
    alpha: Sequence[float]
    weight: Sequence[float] = (1.0,)
    reach: Sequence[float] = (1.0, 1.0, 1.0)
    fringe_utility: Sequence[float] | None = None
    fringe_count: float = 0.0
    loyalty: float = 0.0
    previous: Sequence[Sequence[float]] | None = None

    def shares(self, price: Sequence[float]) -> list[float]:
        """Of all buyers: each kind of buyer chooses on its own."""
        found = [0.0] * len(price)
        for segment, slope in enumerate(self.alpha):
            for brand, part in self._kinds(segment):
                chosen = self._values(price, slope, brand)
                total = 1.0 + self._fringe(segment) + sum(chosen)
                for firm, value in enumerate(chosen):
                    found[firm] += self.weight[segment] * part * value / total
        return found

    def surplus(self, price: Sequence[float]) -> float:
        """USD a buyer."""
        found = 0.0
        for segment, slope in enumerate(self.alpha):
            for brand, part in self._kinds(segment):
                total = 1.0 + self._fringe(segment) + sum(self._values(price, slope, brand))
                found += self.weight[segment] * part * math.log(total) / slope
        return found

    def _values(self, price: Sequence[float], slope: float, brand: int) -> list[float]:
        stays = [self.loyalty if firm == brand else 0.0 for firm in range(len(price))]
        return [
            self.reach[firm] * math.exp(self.mean[firm] - slope * price[firm] + stays[firm])
            for firm in range(len(price))
        ]

    def _kinds(self, segment: int) -> list[tuple[int, float]]:
        """Previous brand, -1 none, and the part of the segment's buyers."""
        if self.previous is None:
            return [(-1, 1.0)]
        bound = [(firm, parts[segment]) for firm, parts in enumerate(self.previous)]
        return [(-1, 1.0 - sum(part for _, part in bound)), *bound]

    def _fringe(self, segment: int) -> float:
        if self.fringe_utility is None:
            return 0.0
        return self.fringe_count * math.exp(self.fringe_utility[segment])

    def aim(self, firm: int, price: Sequence[float], kappa: Sequence[Sequence[float]]) -> float:
        """Own profit and the weighed profit of others, a buyer."""
        shares = self.shares(price)
        weighed = (
            (1.0 if other == firm else kappa[firm][other]) * (price[other] - self.cost[other])
            for other in range(len(price))
        )
        return sum(part * share for part, share in zip(weighed, shares, strict=True))

    def prices(self, kappa: Sequence[Sequence[float]] = PLAIN) -> list[float]:
        """Best replies in turn until nobody moves."""
        price = [cost + 1.0 / self.alpha[0] for cost in self.cost]
        for round_ in range(2000):
            moved = 0.0
            for firm in range(len(price)):
                aim = self._with(firm, price, kappa)
                low, high = self.cost[firm], self.cost[firm] + 40.0 / min(self.alpha)
                best = _highest(aim, low, high) if round_ < 2 else price[firm]
                best = _level(aim, best)
                moved = max(moved, abs(best - price[firm]))
                price[firm] = best
            if moved < SETTLED:
                return price
        raise AssertionError("best replies do not settle")

    def _with(
        self, firm: int, price: Sequence[float], kappa: Sequence[Sequence[float]]
    ) -> Callable[[float], float]:
        def aim(own: float) -> float:
            return self.aim(firm, [*price[:firm], own, *price[firm + 1 :]], kappa)

        return aim

    def law(self) -> dict[str, object]:
        """Arguments of the laws in question."""
        given = {
            "alpha": self.alpha, "weight": self.weight, "reach": self.reach,
            "fringe_count": self.fringe_count, "loyalty": self.loyalty,
            "previous": None if self.previous is None else np.array(self.previous),
        }  # fmt: skip
        if self.fringe_utility is not None:
            given["fringe_utility"] = self.fringe_utility
        return given


def _highest(aim: Callable[[float], float], low: float, high: float) -> float:
    """The highest of a fine row of points, then golden section around it."""
    count = 400
    row = [low + (high - low) * (place / count) ** 2 for place in range(count + 1)]
    top = max(range(1, count), key=lambda place: aim(row[place]))
    low, high = row[top - 1], row[top + 1]
    while high - low > 1e-6:
        width = GOLDEN * (high - low)
        if aim(high - width) > aim(low + width):
            high = low + width
        else:
            low = high - width
    return 0.5 * (low + high)


def _slope(function: Callable[[float], float], at: float, step: float = STEP) -> float:
    """Central differences at two steps, extrapolated."""
    near, far = (
        (function(at + width) - function(at - width)) / (2.0 * width) for width in (step, 2 * step)
    )
    return (4.0 * near - far) / 3.0


def _level(function: Callable[[float], float], at: float) -> float:
    """Where the function is level near a maximum, by secants: values alone tell only 1e-8."""
    before, here = at + 1e-4, at
    steep, slope = _slope(function, before), _slope(function, here)
    for _ in range(30):
        if abs(here - before) < 1e-12 or slope == steep:
            break
        before, here, steep = here, here - slope * (here - before) / (slope - steep), slope
        slope = _slope(function, here)
    return here


def _segments(count: int) -> dict[str, list[float]]:
    """Price slopes from thrifty to careless buyers, and their parts."""
    slopes = [1.6 * 0.8**place for place in range(count)]
    parts = [1.0 + 0.5 * math.sin(1.0 + 2.0 * place) for place in range(count)]
    return {"alpha": slopes, "weight": [part / sum(parts) for part in parts]}


SINGLE = Plain([2.0, 1.5, 1.0], [1.0, 0.8, 0.9], [1.2])
FRINGE = {"fringe_count": 5.0, "reach": (0.9, 0.5, 0.7)}
LOYAL = {"loyalty": 1.1}


def _mixed(count: int, *, fringe: bool = False, loyal: bool = False) -> Plain:
    case = dataclasses.replace(SINGLE, **_segments(count))
    if fringe:
        case = dataclasses.replace(
            case, **FRINGE, fringe_utility=[-1.0 - 0.3 * place for place in range(count)]
        )
    if loyal:
        held = [[0.3 - 0.03 * place, 0.2, 0.1 + 0.04 * place] for place in range(count)]
        case = dataclasses.replace(
            case, **LOYAL, previous=[[row[firm] for row in held] for firm in range(3)]
        )
    return case


CASES = {
    "one segment": SINGLE,
    "one segment, loyal": _mixed(1, loyal=True),
    "one segment, fringe": _mixed(1, fringe=True),
    "three segments": _mixed(3),
    "three segments, fringe": _mixed(3, fringe=True),
    "three segments, fringe, loyal": _mixed(3, fringe=True, loyal=True),
    "four segments": _mixed(4),
    "four segments, fringe": _mixed(4, fringe=True),
    "four segments, loyal": _mixed(4, loyal=True),
    "seven segments": _mixed(7),
    "seven segments, fringe": _mixed(7, fringe=True),
    "seven segments, fringe, loyal": _mixed(7, fringe=True, loyal=True),
}


def _weights(*entries: tuple[int, int, float]) -> list[list[float]]:
    kappa = [[1.0 if one == other else 0.0 for other in range(3)] for one in range(3)]
    for holder, issuer, weight in entries:
        kappa[holder][issuer] = weight
    return kappa


def _agrees(case: Plain, kappa: Sequence[Sequence[float]]) -> None:
    found = equilibrium(case.mean, case.cost, kappa=np.array(kappa), **case.law())
    price = case.prices(kappa)
    np.testing.assert_allclose(found.price, price, rtol=CLOSE)
    np.testing.assert_allclose(found.shares, case.shares(price), rtol=CLOSE)


@pytest.mark.parametrize("name", CASES)
def test_prices_of_single_firms(name: str) -> None:
    _agrees(CASES[name], PLAIN)


@pytest.mark.parametrize("name", ["one segment", "four segments", "seven segments, fringe, loyal"])
def test_prices_after_a_merger_of_two_in_three(name: str) -> None:
    _agrees(CASES[name], _weights((0, 1, 1.0), (1, 0, 1.0)))


@pytest.mark.parametrize("stake", [0.10, 0.25, 0.40])
@pytest.mark.parametrize("name", ["one segment", "three segments, fringe", "four segments, loyal"])
def test_prices_with_a_silent_stake(name: str, stake: float) -> None:
    _agrees(CASES[name], _weights((0, 1, stake)))


@pytest.mark.parametrize("name", ["one segment", "three segments, fringe, loyal"])
def test_prices_with_proportional_control(name: str) -> None:
    held = [[0.7, 0.25, 0.0], [0.3, 0.75, 0.0], [0.0, 0.0, 1.0]]
    owners = range(len(held))
    weighed = [
        [sum(held[owner][one] * held[owner][other] for owner in owners) for other in range(3)]
        for one in range(3)
    ]
    kappa = [[weighed[one][other] / weighed[one][one] for other in range(3)] for one in range(3)]
    np.testing.assert_allclose(profit_weights(np.array(held), np.array(held)), kappa, rtol=1e-12)
    assert 0.0 < kappa[0][1] < 1.0
    _agrees(CASES[name], kappa)


@pytest.mark.parametrize("name", ["one segment", "four segments, fringe", "three segments"])
def test_prices_with_total_control_over_a_firm_of_which_one_owns_a_quarter(name: str) -> None:
    found = profit_weights([[1.0, 0.25, 0.0], [0.0, 0.75, 0.0], [0.0, 0.0, 1.0]],
                           [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # fmt: skip
    np.testing.assert_allclose(found, _weights((0, 1, 0.25), (1, 0, 4.0)), rtol=1e-12)
    _agrees(CASES[name], found.tolist())


@pytest.mark.parametrize("name", ["one segment", "seven segments, fringe, loyal"])
def test_prices_when_one_owner_has_the_whole_market(name: str) -> None:
    _agrees(CASES[name], [[1.0] * 3] * 3)


@pytest.mark.parametrize("name", ["one segment", "four segments, fringe"])
def test_service_value_acts_as_a_lower_cost(name: str) -> None:
    case, worth = CASES[name], [0.25, 0.0, 0.1]
    cheaper = [cost - each for cost, each in zip(case.cost, worth, strict=True)]
    found = equilibrium(case.mean, case.cost, service_value=worth, **case.law())
    price = dataclasses.replace(case, cost=cheaper).prices()
    np.testing.assert_allclose(found.price, price, rtol=CLOSE)


@pytest.mark.parametrize("name", CASES)
def test_responses_are_the_differences_of_the_plain_market(name: str) -> None:
    case, price = CASES[name], [2.1, 1.7, 1.9]
    law = market(case.mean, price, **case.law())
    slopes = [[_price_slope(case, price, one, other) for other in range(3)] for one in range(3)]
    shares = case.shares(price)
    for one in range(3):
        for other in range(3):
            wanted = slopes[one][other] * price[other] / shares[one]
            assert law.elasticities[one, other] == pytest.approx(wanted, rel=CLOSE)
            if one != other:
                goes = -slopes[other][one] / slopes[one][one]
                assert law.diversion[one, other] == pytest.approx(goes, rel=CLOSE)
    assert law.surplus == pytest.approx(case.surplus(price), rel=1e-10)


def _price_slope(case: Plain, price: Sequence[float], share: int, of: int) -> float:
    def sold(own: float) -> float:
        return case.shares([*price[:of], own, *price[of + 1 :]])[share]

    return _slope(sold, price[of])


@pytest.mark.parametrize("name", CASES)
def test_a_dearer_price_takes_its_sales_from_the_surplus(name: str) -> None:
    case, price = CASES[name], [2.1, 1.7, 1.9]
    for firm, share in enumerate(case.shares(price)):

        def surplus(own: float, firm: int = firm) -> float:
            given = [*price[:firm], own, *price[firm + 1 :]]
            return market(case.mean, given, **case.law()).surplus

        assert _slope(surplus, price[firm]) == pytest.approx(-share, rel=CLOSE)


def _bass_sales(p: float, q: float, periods: int) -> list[float]:
    """Parts of the potential that adopt in each period."""
    reached = []
    for time in range(periods + 1):
        fading = math.exp(-(p + q) * time)
        reached.append((1.0 - fading) / (1.0 + q / p * fading))
    return [after - before for before, after in pairwise(reached)]


def _bass_error(sales: Sequence[float], p: float, q: float) -> tuple[float, float]:
    """Squared error with the best potential, and that potential."""
    curve = _bass_sales(p, q, len(sales))
    size = sum(one * other for one, other in zip(sales, curve, strict=True))
    size /= sum(part * part for part in curve)
    return sum((one - size * part) ** 2 for one, part in zip(sales, curve, strict=True)), size


def _bass_search(sales: Sequence[float]) -> tuple[float, float, float]:
    """A grid of rates, then ever smaller steps along axes and diagonals."""
    grid = [(0.002 * 1.6**one, 0.05 * 1.3**other) for one in range(10) for other in range(12)]
    p, q = min(grid, key=lambda rates: _bass_error(sales, *rates)[0])
    error, width = _bass_error(sales, p, q)[0], 0.2
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
    while width > 1e-9:
        tried = [(p * math.exp(width * a), q * math.exp(width * b)) for a, b in steps]
        best = min(tried, key=lambda rates: _bass_error(sales, *rates)[0])
        found = _bass_error(sales, *best)[0]
        if found < error:
            (p, q), error = best, found
        else:
            width /= 2.0
    return _bass_error(sales, p, q)[1], p, q


@pytest.mark.parametrize(
    ("potential", "p", "q", "periods"), [(120.0, 0.012, 0.42, 14), (800.0, 0.035, 0.21, 20)]
)
def test_bass_fit_of_a_rough_series(potential: float, p: float, q: float, periods: int) -> None:
    rough = [1.0 + 0.08 * math.sin(3.7 * period) for period in range(periods)]
    curve = _bass_sales(p, q, periods)
    sales = [potential * part * noise for part, noise in zip(curve, rough, strict=True)]
    found = bass_fit(np.array(sales))
    np.testing.assert_allclose([found.m, found.p, found.q], _bass_search(sales), rtol=1e-6)
