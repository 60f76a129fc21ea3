"""How numbers are asked for their reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from game.session import views as vm

Go = Callable[[vm.Link], None]


@dataclass(frozen=True)
class Asking:
    """How a number is asked for its reasons: what a press on it does, and the words that say so."""

    open: Callable[[vm.Ask], object]
    hint: str

    def press(self, ask: vm.Ask | None) -> Callable[[], None] | None:
        """What a press on a number does; None when it cannot be asked."""
        if ask is None:
            return None

        def call() -> None:
            self.open(ask)

        return call
