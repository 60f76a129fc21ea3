"""Answers to "why" of the present quarter, and the threads that look for more."""

from __future__ import annotations

from game.session import views as vm
from game.session.game import Game
from game.ui.work import Errand


class Answers:
    """What was found for a state of a game; another state, or another language, begins anew."""

    def __init__(self) -> None:
        self._key: tuple[object, str] = (None, "")
        self._found: dict[vm.Ask, vm.WhyView] = {}
        self._errands: list[Errand] = []

    def _of(self, game: Game) -> dict[vm.Ask, vm.WhyView]:
        if self._key[0] is not game.state or self._key[1] != game.lang:
            self._key, self._found = (game.state, game.lang), {}
        return self._found

    def known(self, game: Game, ask: vm.Ask) -> vm.WhyView | None:
        """An answer that was found before."""
        return self._of(game).get(ask)

    def keep(self, game: Game, ask: vm.Ask, view: vm.WhyView) -> None:
        """Keep an answer."""
        self._of(game)[ask] = view

    def started(self, errand: Errand) -> None:
        """A thread looks for an answer, wanted or not."""
        self._errands = [one for one in self._errands if one.alive]
        self._errands.append(errand)

    def settle(self) -> None:
        """Wait for all threads; not on the window's thread."""
        for errand in self._errands:
            errand.join()
