"""What a stream, a company and a claim are worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.finance.linear import solve_leontief
from game.finance.ownership import checked_claims, outside_fractions


def annuity(rate: Array | float, quarters: AnyArray | float) -> Array:
    """Present value of one dollar at the end of each quarter: (1 - (1 + r)^-n) / r.

    Args:
        rate: discount rate a quarter, above -1; 0 gives the plain count.
        quarters: number of payments, at least 0; any shape.

    Returns:
        Quarters' worth, in the shape of the arguments.
    """
    rate, count = np.broadcast_arrays(np.asarray(rate, float), np.asarray(quarters, float))
    flat = rate == 0.0
    safe = np.where(flat, 1.0, rate)
    worth = -np.expm1(-count * np.log1p(safe)) / safe
    return np.asarray(np.where(flat, count, worth))


def growing_annuity(
    rate: Array | float, growth: Array | float, quarters: AnyArray | float
) -> Array:
    """Present value of payments 1, 1 + g, (1 + g)^2, … at the end of each quarter.

    Args:
        rate, growth: a quarter, above -1. quarters: number of payments.

    Returns:
        Quarters' worth of the first payment.
    """
    step = (1.0 + np.asarray(rate, float)) / (1.0 + np.asarray(growth, float))
    return np.asarray(annuity(step - 1.0, quarters) / (1.0 + np.asarray(growth, float)))


def perpetuity(rate: Array | float, growth: Array | float = 0.0) -> Array:
    """Worth of one dollar a quarter for ever, growing from the second: 1 / (r - g).

    Args:
        rate: a quarter, above ``growth``.

    Source: Gordon (1959).
    """
    return np.asarray(1.0 / np.subtract(rate, growth))


def discount(rate: Array | float, quarters: AnyArray | float) -> Array:
    """Present value of one dollar after some quarters: (1 + r)^-n."""
    return np.asarray(np.exp(-np.asarray(quarters, float) * np.log1p(rate)))


def present_value(flows: Array, rate: Array | float) -> Array:
    """Worth now of flows at the end of each quarter: [T, ...] -> [...], the flows' unit."""
    flows = np.asarray(flows, float)
    worth = np.zeros(flows.shape[1:])
    factor = 1.0 + np.asarray(rate, float)
    for flow in flows[::-1]:
        worth = (worth + flow) / factor
    return np.asarray(worth)


def post_money(cash: Array | float, stake: Array | float) -> Array:
    """Worth of a company after it took cash for new shares that make this stake: cash / stake."""
    return np.asarray(np.divide(cash, stake))


def pre_money(cash: Array | float, stake: Array | float) -> Array:
    """Worth of a company before it took that cash: cash / stake - cash."""
    return np.asarray(post_money(cash, stake) - cash)


def mispricing_next(mispricing: AnyArray, persistence: float, sd: float, draw: AnyArray) -> Array:
    """Sentiment that reverts: log of price over value after a period, rho m + sd sqrt(1 - rho^2) z.

    Args:
        mispricing: log, before. persistence: 0 to 1, part that is left after a period; 0 is noise
            anew each period. sd: its lasting standard deviation, log. draw: standard normal.

    Source: the transitory part of prices in Poterba and Summers (1988).
    """
    fresh = sd * np.sqrt(1.0 - persistence**2)
    return np.asarray(persistence * np.asarray(mispricing) + fresh * np.asarray(draw))


def market_price(
    value: AnyArray, mispricing: AnyArray | float = 0.0, discount: AnyArray | float = 0.0
) -> Array:
    """Price at which a share trades: value (1 - discount) e^mispricing, never below nothing.

    Args:
        value: USD a share, holdings looked through. discount: fraction, of shares that are not
            listed.
    """
    return np.asarray(np.maximum(value, 0.0) * np.subtract(1.0, discount) * np.exp(mispricing))


def value_to_outside_holders(p: Array, claims: Array) -> Array:
    """What the holders outside the group of companies own of each: v = Ĉ (I - C)^-1 p.

    Sums to the fundamentals: nothing is counted twice. Linear, so a company below zero draws its
    holders down with it; see :func:`limited_values` for equity that ends at zero.

    Args:
        p: [N, W] or [N] worth without holdings, USD m.
        claims: [N, N, W] or [N, N] fractions, holder by issuer.

    Returns:
        The shape of ``p``, USD m.

    Source: Elliott, Golub and Jackson (2014).
    """
    p, claims = _aligned(p, claims)
    return np.asarray(outside_fractions(claims) * solve_leontief(claims, p))


def limited_values(p: Array, claims: Array) -> Array:
    """Worth of each company's equity when holders lose no more than they hold.

    V = max(0, p + C V), one solution while outside holders keep something everywhere. Companies
    worth something alone come first; those whom their holdings lift above zero join, round by
    round.

    Args:
        as in :func:`book_values`.

    Returns:
        The shape of ``p``, USD m, at least 0.

    Source: the equity side of Eisenberg and Noe (2001), with cross-holdings as in Brioschi,
    Buzzacchi and Colombo (1989).
    """
    p, claims = _aligned(p, claims)
    alive = np.broadcast_to(p > 0.0, np.broadcast_shapes(p.shape, claims.shape[1:]))
    for _ in range(len(claims)):
        value = solve_leontief(np.where(alive[:, None], claims, 0.0), np.where(alive, p, 0.0))
        lifted = p + (claims * value).sum(axis=1) > 0.0
        if (lifted <= alive).all():
            break
        alive = alive | lifted
    return np.asarray(np.maximum(value, 0.0))


def limited_value_to_outside_holders(p: Array, claims: Array) -> Array:
    """What outside holders own of each company when equity ends at zero. The shape of ``p``."""
    p, claims = _aligned(p, claims)
    return np.asarray(outside_fractions(claims) * limited_values(p, claims))


def _aligned(p: Array, claims: Array) -> tuple[Array, Array]:
    """Both with a world axis when one of them has it."""
    p, claims = np.asarray(p, float), checked_claims(claims)
    if claims.ndim == p.ndim + 1:
        return p, claims
    return (p, claims[..., None]) if claims.ndim == p.ndim else (p[:, None], claims)
