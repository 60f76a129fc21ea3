"""What the schema cannot say: sums, ranges against one another, dates, rules of deals."""

from __future__ import annotations

from game.scenario.faults import Fault
from game.scenario.source import Node


def check(tree: Node) -> list[Fault]:
    """Everything about a tree that does not hang together."""
    return []
