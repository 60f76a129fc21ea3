"""What a competition authority goes by."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Authority:
    """The competition authority of a region; it reviews who wins control of whom."""

    moderate: float = 1500.0
    """Points of the index after the merger up to which nothing is feared."""
    high: float = 2500.0
    """Points from which a market counts as highly concentrated."""
    screen: float = 100.0
    """Points of change up to which nothing is feared."""
    presumed: float = 200.0
    """Points of change from which harm is presumed."""
    file_each: float = 0.0
    """USD m of sales a year in the region that each of the two must have."""
    delays: float = 0.3
    """Chance of a long look where harm is presumed."""
    remedies: float = 0.4
    """Chance of clearance with remedies there."""
    blocks: float = 0.3
    """Chance of a ban there."""
    quarters: int = 2
    """That a long look takes."""
