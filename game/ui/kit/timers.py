"""Calls to be made later, by the app's clock."""

from __future__ import annotations

from collections.abc import Callable


class Timer:
    """A call that is due at a time."""

    def __init__(self, due: int, call: Callable[[], object]) -> None:
        self.due, self.call, self.live = due, call, True

    def cancel(self) -> None:
        """Never call."""
        self.live = False


class Timers:
    """Pending calls; times in milliseconds of the given clock."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._pending: list[Timer] = []

    def after(self, ms: int, call: Callable[[], object]) -> Timer:
        """Call once, ``ms`` milliseconds from now."""
        timer = Timer(self._clock() + ms, call)
        self._pending.append(timer)
        return timer

    def run_due(self) -> None:
        """Make the calls that are due."""
        now = self._clock()
        due = [t for t in self._pending if t.live and t.due <= now]
        self._pending = [t for t in self._pending if t.live and t.due > now]
        for timer in sorted(due, key=lambda t: t.due):
            if timer.live:
                timer.call()

    def wait(self) -> int | None:
        """Milliseconds to the next call; None if there is none."""
        live = [t.due for t in self._pending if t.live]
        return max(0, min(live) - self._clock()) if live else None
