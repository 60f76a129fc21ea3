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
    held = np.take(stake, some, axis=1)
    large = held >= THREAT_STAKE
    if not large.any():
        return np.full((len(some), stake.shape[-1]), NOBODY)
    trusted = np.swapaxes(np.take(trust, some, axis=0), 0, 1)
    held = np.where(large & (trusted < UNFRIENDLY), held - LESS * trusted, 0.0)
    found = held.argmax(axis=0)
    codes = np.take(status, some, axis=0)
    safe = (codes == Status.CONTROLLED) | (codes == Status.FAILED) | (held.max(axis=0) <= 0.0)
    return np.asarray(np.where(safe, NOBODY, found))
