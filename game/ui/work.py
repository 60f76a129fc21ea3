"""Work behind the window: a thread computes, a panel waits, the result comes back here."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from game.core.errors import GameError
from game.ui.kit import App, Column, Label, Modal, ProgressBar

AT_ONCE_SECONDS = 0.03
"""Work that is over so soon leaves no trace: shorter than a frame may be held up."""
QUIET_SECONDS = 0.15
"""Short work shows no panel: it would only flicker."""
SWEEP_SECONDS = 3.0
"""One run of the bar while nobody knows how long the work takes."""


class Errand:
    """One call on a thread of its own; the window goes on meanwhile.

    Args:
        call: the work; must not touch widgets.
        then: gets its result, on the window's thread.
        failed: gets one line when it failed, and the traceback of a crash ("" for a mistake).
    """

    def __init__(
        self,
        app: App,
        call: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[str, str], None],
    ) -> None:
        self.app, self.call, self.then, self.failed = app, call, then, failed
        self.over = False
        """Its result was handed over, or nobody waits for it any more."""
        self._result: Any = None
        self._error = ("", "")
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self.app.every_frame.append(self.poll)

    def cancel(self) -> None:
        """Drop the result; the thread runs out by itself."""
        if not self.over:
            self.over = True
            if self.poll in self.app.every_frame:
                self.app.every_frame.remove(self.poll)

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for the thread: for other threads only, never for the window's."""
        self._thread.join()

    @property
    def swept(self) -> float:
        """Where a bar stands that only says that something goes on, 0..1."""
        return (time.monotonic() - self._began) % SWEEP_SECONDS / SWEEP_SECONDS

    def _run(self) -> None:
        try:
            self._result = self.call()
        except GameError as error:
            self._error = (error.line(), "")
        except Exception as error:  # told and kept in a file: the window must live on
            self._error = (f"{type(error).__name__}: {error}", traceback.format_exc())

    def poll(self) -> bool:
        """Hand the result over when it is there; True while the work lasts."""
        if self._thread.is_alive():
            self.lasts()
            return True
        self.app.every_frame.remove(self.poll)
        self.finish()
        return False

    def lasts(self) -> None:
        """Called on every frame while the work lasts."""

    def finish(self) -> None:
        """Hand over."""
        self.over = True
        if self._error[0]:
            self.failed(*self._error)
        else:
            self.then(self._result)


class Work(Errand):
    """An errand that the person waits for: nothing else can be done meanwhile.

    Args:
        what: words to show while it lasts.
    """

    def __init__(
        self,
        app: App,
        what: str,
        call: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[str, str], None],
    ) -> None:
        super().__init__(app, call, then, failed)
        self.what = what
        self.progress = 0.0
        """Part done, 0..1; 0: unknown."""
        self._panel: Modal | None = None
        self._bar = ProgressBar(0.0, name="waiting/bar")

    def start(self) -> None:
        """Begin; work that is over at once leaves no trace on screen."""
        self._thread.start()
        self._thread.join(AT_ONCE_SECONDS)
        if not self._thread.is_alive():
            self.finish()
            return
        self.app.every_frame.append(self.poll)

    def lasts(self) -> None:
        """Show the panel when it takes long, and move the bar."""
        if self._panel is None:
            if time.monotonic() - self._began < QUIET_SECONDS:
                return
            content = Column(
                Label(self.what, style="heading", text_align="center"), self._bar, gap=16
            )
            self._panel = self.app.modal(content, name="waiting", width=420, closable=False)
        self._bar.fraction = self.progress or self.swept

    def finish(self) -> None:
        """Close the panel and hand over."""
        if self._panel is not None:
            self._panel.close()
        super().finish()
