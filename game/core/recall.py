"""What was worked out last, to be used once more by whoever asks for the very same.

Seats and turn look at the same public figures, and arrays of a finished state are never written
into: the same arrays mean the same figures, so that no bit depends on what is remembered.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Fact = TypeVar("Fact")


class Recall(Generic[Fact]):
    """Remembers one answer, until it is asked for or another is kept."""

    def __init__(self) -> None:
        self._held: tuple[tuple[object, ...], Fact] | None = None

    def keep(self, key: tuple[object, ...], fact: Fact) -> Fact:
        """Remember an answer by the objects that it follows from; the answer itself."""
        self._held = (key, fact)
        return fact

    def look(self, key: tuple[object, ...]) -> Fact | None:
        """The answer if it follows from these very objects."""
        held = self._held
        if held is None or len(held[0]) != len(key):
            return None
        same = all(one is other for one, other in zip(held[0], key, strict=True))
        return held[1] if same else None

    def take(self, key: tuple[object, ...]) -> Fact | None:
        """As :meth:`look`; whatever is held is then forgotten."""
        found = self.look(key)
        self._held = None
        return found
