"""Who owns whom: share counts, fractions, votes and claims of outside holders."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array


def fractions(shares: AnyArray, founders: AnyArray, public: AnyArray) -> Array:
    """Fraction of each issuer that each company holds.

    Args:
        shares: [N, N, W] share counts, holder by issuer; the diagonal is zero.
        founders: [N, W] share counts. public: [N, W] share counts.

    Returns:
        [N, N, W], holder by issuer; 0 where the issuer has no shares at all.
    """
    total = np.asarray(shares.sum(axis=0) + founders + public, float)
    return np.asarray(
        np.divide(
            shares,
            total,
            out=np.zeros(shares.shape),
            where=np.broadcast_to(total > 0, shares.shape),
        )
    )
