"""A screen: builds a tree of widgets from plain data, and hears actions and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.ui.kit.widget import Widget

if TYPE_CHECKING:
    from game.ui.kit.app import App


class Screen:
    """Base of all screens: override ``build``."""

    name = "screen"

    def __init__(self) -> None:
        self._app: App | None = None

    @property
    def app(self) -> App:
        """The app that shows it.

        Raises:
            RuntimeError: not shown yet.
        """
        if self._app is None:
            raise RuntimeError(f"the screen {self.name!r} is not shown yet")
        return self._app

    @property
    def shown(self) -> bool:
        """Whether it is in an app."""
        return self._app is not None

    def enter(self, app: App | None) -> None:
        """Called by the app when the screen comes and, with None, when it is gone for good."""
        self._app = app

    def build(self) -> Widget:
        """The tree, made anew."""
        raise NotImplementedError

    def rebuild(self) -> None:
        """Build again; focus, scroll places and sort orders stay by widget name."""
        if self._app is not None:
            self._app.rebuild(self)

    def find(self, name: str) -> Widget:
        """A widget by name."""
        return self.app.find(name)

    def on_show(self) -> None:
        """It became the top screen."""

    def on_hide(self) -> None:
        """It is no longer the top screen."""

    def on_action(self, action: str) -> bool:
        """An action of the key map; True when used."""
        return False

    def on_link(self, target: str) -> bool:
        """A link was clicked; True when used."""
        return False
