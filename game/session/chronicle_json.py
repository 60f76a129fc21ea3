"""What a game remembers, to and from plain JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

from game.play.memories import Deed, Move
from game.policies.reasons import Act, DealTerm, Ground, Motive, Reason

DIGITS = 6
"""Significant digits of logged figures in a save."""


def deeds_json(moves: Iterable[Move]) -> list[list[Any]]:
    """Plain JSON of moves of trust."""
    return [
        [int(one.deed), one.truster, one.trusted, _short(one.amount), one.about, one.early]
        for one in moves
    ]


def deeds_of(rows: Iterable[Any]) -> tuple[Move, ...]:
    """Moves from plain JSON.

    Raises:
        TypeError, ValueError: the facts are not moves.
    """
    return tuple(
        Move(Deed(deed), int(one), int(other), float(amount), int(about), int(early))
        for deed, one, other, amount, about, early in rows
    )


def reasons_json(found: Iterable[Reason]) -> list[dict[str, Any]]:
    """Plain JSON of reasons: only what says something."""
    out = []
    for one in found:
        facts: dict[str, Any] = {"act": int(one.act), "company": one.company}
        for name in ("other", "about", "choice"):
            if getattr(one, name) >= 0:
                facts[name] = getattr(one, name)
        if not one.public:
            facts["public"] = False
        if one.grounds:
            facts["grounds"] = [
                [int(ground.motive), _short(ground.value), int(ground.public), _short(ground.seen)]
                for ground in one.grounds
            ]
        if one.terms:
            facts["terms"] = [
                [term.term, *map(_short, dataclasses.astuple(term)[1:])] for term in one.terms
            ]
        out.append(facts)
    return out


def reasons_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons from plain JSON.

    Raises:
        KeyError, TypeError, ValueError: the facts are not reasons.
    """
    return tuple(
        Reason(
            Act(row["act"]), int(row["company"]), int(row.get("other", -1)),
            int(row.get("about", -1)), int(row.get("choice", -1)), bool(row.get("public", True)),
            tuple(
                Ground(Motive(motive), float(value), bool(public), _long(seen))
                for motive, value, public, seen in row.get("grounds", ())
            ),
            tuple(
                DealTerm(int(term), *map(float, values)) for term, *values in row.get("terms", ())
            ),
        )
        for row in rows
    )  # fmt: skip


def _short(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def _long(value: Any) -> float:
    return math.nan if value is None else float(value)
