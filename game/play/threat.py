"""Who threatens whom: a large holder that a company does not trust."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Status

THREAT_STAKE = 0.15
"""A holding from which an unfriendly holder is a threat: half the way to a blocking one."""
UNFRIENDLY = 0.0
"""Trust below which a holder is unfriendly."""
LESS = 1e-9
"""Of a holding: what distrust weighs between equals."""
NOBODY = -1


def raiders(stake: Array, trust: Array, status: Ints, issuers: Ints | None = None) -> Ints:
    """The largest unfriendly holder of each company that can still choose its friends.

    Args:
        stake: [N, N, W] fraction of the second that the first holds, as publicly known.
        trust: [N, N, W] of the first in the second, -1..1.
        status: [N, W] codes of :class:`Status`; controlled and failed companies have no threat,
            their fate is decided.
        issuers: [I] companies asked about; all when left out.

    Returns:
        [I, W] company index, -1 nobody. Of equal holders the less trusted one.
    """
    some = np.arange(len(status)) if issuers is None else issuers
    whole = len(some) == len(status) and np.array_equal(some, np.arange(len(status)))
    held = stake if whole else np.take(stake, some, axis=1)
    out = np.full((len(some), stake.shape[-1]), NOBODY)
    holder, issuer, lane = np.nonzero(held >= THREAT_STAKE)  # few hold so much
    trusted, codes = trust[some[issuer], holder, lane], status[some[issuer], lane]
    weight = held[holder, issuer, lane] - LESS * trusted
    hostile = (trusted < UNFRIENDLY) & (weight > 0.0)
    hostile &= (codes != Status.CONTROLLED) & (codes != Status.FAILED)
    found = np.flatnonzero(hostile)
    found = found[np.lexsort((-holder[found], weight[found]))]  # the last one stays
    out[issuer[found], lane[found]] = holder[found]
    return out
