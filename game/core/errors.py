"""The error tree. Every error says what is wrong, where, and what to try.

GameError
├── UserError        a person's mistake: bad file, bad name, bad flag
│   ├── ScenarioError    a scenario that cannot be used; carries all its faults
│   └── SaveError        a save or replay that cannot be read
└── RuleError        a program's mistake: wrong shape, illegal call
"""

from __future__ import annotations


class GameError(Exception):
    """Root of all errors of the game.

    Args:
        what: what is wrong, one sentence.
        where: file, field or place; empty when there is none.
        try_: what to try; empty when nothing helps.
    """

    def __init__(self, what: str, where: str = "", try_: str = "") -> None:
        self.what, self.where, self.try_ = what, where, try_
        super().__init__(self.line())

    def line(self) -> str:
        """The whole error in one line: where, what, what to try."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.try_})" if self.try_ else head


class UserError(GameError):
    """A person's mistake; shown as one clear line, exit code 2."""


class ScenarioError(UserError):
    """A scenario that cannot be used.

    Args:
        what, where, try_: as in :class:`GameError`.
        faults: every fault found, each a line ``file:line:column: path: what``.
    """

    def __init__(
        self, what: str, where: str = "", try_: str = "", faults: tuple[str, ...] = ()
    ) -> None:
        self.faults = faults
        super().__init__(what, where, try_)


class SaveError(UserError):
    """A save or replay that cannot be read."""


class RuleError(GameError):
    """A program's mistake, such as orders of the wrong shape."""
