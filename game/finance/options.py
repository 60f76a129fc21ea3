"""What a right to buy shares later is worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.finance.commitment import normal_part

_TINY = 1e-12


def call_worth(
    spot: AnyArray, strike: AnyArray, quarters: AnyArray, rate: float, sd: float
) -> Array:
    """Worth of the right to buy one share: S N(d1) - K e^(-rT) N(d2), the spot's unit.

    Args:
        spot: worth of a share now, at least 0. strike: price agreed, above 0. quarters: that the
            right lasts. rate: riskless, a quarter. sd: of the share's moves, log a quarter, above
            0. All broadcast together.

    Limits: at no time or no spot it is the gain of using it at once, at least 0.

    Source: Black and Scholes (1973).
    """
    spot, strike, quarters = (np.asarray(part, float) for part in (spot, strike, quarters))
    lasts = (spot > _TINY) & (strike > _TINY) & (quarters > 0.0)
    value = np.where(lasts, spot, 1.0)
    price = np.where(lasts, strike, 1.0)
    time = np.where(lasts, quarters, 1.0)
    spread = sd * np.sqrt(time)
    growth = np.log1p(rate) * time
    first = (np.log(value / price) + growth) / spread + 0.5 * spread
    found = value * normal_part(first) - price * np.exp(-growth) * normal_part(first - spread)
    now = np.maximum(spot - strike, 0.0)
    return np.asarray(np.where(lasts, np.maximum(found, 0.0), now))


def warrant_worth(
    value: AnyArray, count: AnyArray, new: AnyArray, strike: AnyArray, quarters: AnyArray,
    rate: float, sd: float,
) -> Array:  # fmt: skip
    """Worth of the right to buy new shares of a company: n C / (1 + n / N), USD m.

    Args:
        value: of all shares, USD m. count: N shares. new: n shares under the right. strike: USD m
            a share. The rest as in :func:`call_worth`.

    Source: Galai and Schneller (1978): using it dilutes all shares alike.
    """
    total, new = np.maximum(np.asarray(count, float), 1.0), np.asarray(new, float)
    each = call_worth(np.maximum(value, 0.0) / total, strike, quarters, rate, sd)
    return np.asarray(new * each / (1.0 + new / total))
