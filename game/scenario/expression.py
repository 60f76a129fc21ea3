"""Conditions of events: a small typed grammar, never evaluated as code.

    condition  = both { "or" both }
    both       = denied { "and" denied }
    denied     = [ "not" ] comparison
    comparison = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
    sum        = product { ("+" | "-") product }
    product    = atom { ("*" | "/") atom }
    atom       = number | "turn" | company "." ("cash" | "costs") | "(" condition ")" | "-" atom

A tree is nested tuples: ``("<", ("cash", "kite"), ("*", 2.0, ("costs", "kite")))``.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

Tree = Any
"""A float, or a tuple of an operator and its operands."""

QUANTITIES = ("cash", "costs")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)"
    r"|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)"
    r"|(?P<mark><=|>=|==|!=|[<>+\-*/()]))"
)
_COMPARE = ("<", "<=", ">", ">=", "==", "!=")
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_WORDS = ("and", "or", "not")
_DEPTH = 30
_LENGTH = 500


class ExpressionError(Exception):
    """What is wrong with a condition, and at which character.

    Args:
        what: what is wrong. column: from 0, in the condition. allowed: what may stand there.
        name: the unknown name, when that is what is wrong.
    """

    def __init__(self, what: str, column: int, allowed: str = "", name: str = "") -> None:
        super().__init__(what)
        self.what, self.column, self.allowed, self.name = what, column, allowed, name


@dataclasses.dataclass(frozen=True)
class Token:
    """A word, number or mark of a condition."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """The words of a condition, an end mark last."""
    if len(text) > _LENGTH:
        raise ExpressionError(f"condition is longer than {_LENGTH} characters", 0)
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            column = at + len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(f"{text[column]!r} has no meaning here", column)
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Token("end", "the end", len(text))]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        if self.now.kind != "end" and self.now.text in texts:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def condition(self) -> tuple[Tree, str]:
        self.depth += 1
        if self.depth > _DEPTH:
            raise ExpressionError("condition is nested too deep", self.now.column)
        left = self.both()
        while word := self.take("or"):
            left = ("or", _typed(left, "truth", word), _typed(self.both(), "truth", word)), "truth"
        self.depth -= 1
        return left

    def both(self) -> tuple[Tree, str]:
        left = self.denied()
        while word := self.take("and"):
            right = self.denied()
            left = ("and", _typed(left, "truth", word), _typed(right, "truth", word)), "truth"
        return left

    def denied(self) -> tuple[Tree, str]:
        if word := self.take("not"):
            return ("not", _typed(self.comparison(), "truth", word)), "truth"
        return self.comparison()

    def comparison(self) -> tuple[Tree, str]:
        left = self.sum()
        if mark := self.take(*_COMPARE):
            right = self.sum()
            tree = (mark.text, _typed(left, "number", mark), _typed(right, "number", mark))
            return tree, "truth"
        return left

    def sum(self) -> tuple[Tree, str]:
        left = self.product()
        while mark := self.take("+", "-"):
            left = _arithmetic(mark, left, self.product())
        return left

    def product(self) -> tuple[Tree, str]:
        left = self.atom()
        while mark := self.take("*", "/"):
            left = _arithmetic(mark, left, self.atom())
        return left

    def atom(self) -> tuple[Tree, str]:
        token = self.now
        if self.take("("):
            inner = self.condition()
            if not self.take(")"):
                raise ExpressionError(f"{self.now.text!r} where ')' is missing", self.now.column)
            return inner
        self.depth += 1
        if self.depth > _DEPTH:
            raise ExpressionError("condition is nested too deep", token.column)
        try:
            return self.leaf(token)
        finally:
            self.depth -= 1

    def leaf(self, token: Token) -> tuple[Tree, str]:
        if self.take("-"):
            return _arithmetic(token, (0.0, "number"), self.atom())
        if token.kind == "number":
            self.at += 1
            return float(token.text), "number"
        if token.kind == "name" and token.text not in _WORDS:
            self.at += 1
            return _named(token), "number"
        raise ExpressionError(
            f"{token.text!r} where a value is missing",
            token.column,
            "a number, turn, company.cash, company.costs, (",
        )


def _typed(side: tuple[Tree, str], kind: str, mark: Token) -> Tree:
    tree, found = side
    if found != kind:
        what = {"truth": "a comparison", "number": "a number"}
        raise ExpressionError(f"{mark.text!r} needs {what[kind]} on both sides", mark.column)
    return tree


def _arithmetic(mark: Token, left: tuple[Tree, str], right: tuple[Tree, str]) -> tuple[Tree, str]:
    a, b = _typed(left, "number", mark), _typed(right, "number", mark)
    if isinstance(a, float) and isinstance(b, float):
        if mark.text == "/" and b == 0.0:
            raise ExpressionError("division by zero", mark.column)
        done = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0.0}[mark.text]
        if abs(done) > 1e15:
            raise ExpressionError("the number is too large", mark.column)
        return done, "number"
    return (mark.text, a, b), "number"


def _named(token: Token) -> Tree:
    company, dot, quantity = token.text.partition(".")
    if not dot:
        if company == "turn":
            return ("turn",)
        raise ExpressionError(
            f"{company!r} is no quantity",
            token.column,
            "turn, company.cash, company.costs",
            company,
        )
    if quantity not in QUANTITIES:
        raise ExpressionError(
            f"{quantity!r} is no quantity of a company",
            token.column + len(company) + 1,
            ", ".join(QUANTITIES),
            quantity,
        )
    return (quantity, company, token.column)


def parse(text: str) -> Tree:
    """The tree of a condition.

    Raises:
        ExpressionError: with the place of what is wrong.
    """
    parser = _Parser(text)
    tree, kind = parser.condition()
    if parser.now.kind != "end":
        token = parser.now
        raise ExpressionError(f"{token.text!r} after the condition has ended", token.column)
    if kind != "truth":
        raise ExpressionError("is a number, not a condition", 0, "a comparison such as turn >= 4")
    return tree


def companies(tree: Tree) -> list[tuple[str, int]]:
    """Companies that a tree names, each with its column."""
    if not isinstance(tree, tuple):
        return []
    if tree[0] in QUANTITIES:
        return [(tree[1], tree[2])]
    return [found for part in tree[1:] for found in companies(part)]


@dataclasses.dataclass(frozen=True)
class Trigger:
    """A condition as the engine can wait for it."""

    company: str = ""
    """Whose cash; empty when it does not matter."""
    cash_below: float = 0.0
    """Quarters of its costs."""
    from_turn: int = 0


ABLE = "company.cash < number * company.costs, turn >= number, and both joined by 'and'"


def lower(tree: Tree) -> Trigger:
    """The condition in the engine's terms.

    Raises:
        ExpressionError: when the engine cannot wait for it.
    """
    trigger = Trigger()
    for part in _conjuncts(tree):
        trigger = _lower_turn(part, trigger) or _lower_cash(part, trigger) or _refuse()
    return trigger


def _refuse() -> Trigger:
    raise ExpressionError("the game cannot wait for this", 0, ABLE)


def _conjuncts(tree: Tree) -> list[Tree]:
    if tree[0] == "and":
        return [*_conjuncts(tree[1]), *_conjuncts(tree[2])]
    return [tree]


def _lower_turn(tree: Tree, trigger: Trigger) -> Trigger | None:
    sign, left, right = tree[0], tree[1], tree[-1]
    if isinstance(left, float) and right == ("turn",):
        sign, left, right = _MIRROR.get(sign, sign), right, left
    if left != ("turn",) or not isinstance(right, float) or sign not in (">", ">="):
        return None
    first = int(right) + 1 if sign == ">" or right != int(right) else int(right)
    return dataclasses.replace(trigger, from_turn=max(trigger.from_turn, first, 0))


def _lower_cash(tree: Tree, trigger: Trigger) -> Trigger | None:
    sign, left, right = tree[0], tree[1], tree[-1]
    if sign in (">", ">="):
        sign, left, right = _MIRROR[sign], right, left
    if sign not in ("<", "<=") or trigger.company:
        return None
    if isinstance(left, tuple) and left[0] == "/" and isinstance(right, float):
        left, right = left[1], ("*", right, left[2])
    factor, costs = _multiple(right)
    if not (isinstance(left, tuple) and left[0] == "cash" and costs and factor > 0.0):
        return None
    if left[1] != costs:
        return None
    return dataclasses.replace(trigger, company=left[1], cash_below=factor)


def _multiple(tree: Tree) -> tuple[float, str]:
    """(factor, company) of ``factor * company.costs``; ("" when it is not that)."""
    if not isinstance(tree, tuple):
        return 0.0, ""
    if tree[0] == "costs":
        return 1.0, tree[1]
    if tree[0] == "*":
        number, rest = (tree[1], tree[2]) if isinstance(tree[1], float) else (tree[2], tree[1])
        if isinstance(number, float) and isinstance(rest, tuple) and rest[0] == "costs":
            return number, rest[1]
    return 0.0, ""
