"""The person's orders of one quarter while they are being written: only what differs.

A draft is small and frozen, so that undo is a stack of drafts and a replay is a list of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.orders import Orders, no_orders
from game.session.deals import Deal, deal_json, deal_of

NO_PIN = -9
OWN_VALUE = -1.0
"""In place of a sum: as far as the advisers hold it to be worth while."""
LEFT = -1.0
"""An effort that is left to the delegates."""
MOST_SIGNED = 2
"""Deals that a company can sign in a quarter: its two rows of the table."""

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclasses.dataclass(frozen=True)
class Talk:
    """Rounds spent with one counterparty in this quarter."""

    company: int
    rounds: int = 0
    worn: float = 0.0
    """Patience that refused offers cost."""
    agreed: bool = False
    """They said yes to an offer of these talks: to ask for more then costs patience."""


@dataclasses.dataclass(frozen=True)
class Draft:
    """Orders of one seat; neutral values leave things as they are."""

    notch: int | None = None
    mix: tuple[float, ...] | None = None
    focus: tuple[int, ...] | None = None
    stance: tuple[tuple[int, int], ...] = ()
    """(sector, stance)."""
    pin_stance: tuple[tuple[int, int], ...] = ()
    """(market, stance); -9 unpins."""
    pin_spend: tuple[tuple[int, float], ...] = ()
    """(market, factor of normal spending); -1 unpins."""
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    integrate: tuple[tuple[int, int], ...] = ()
    """(kind, receiver)."""
    break_pledge: tuple[tuple[int, int], ...] = ()
    effort: tuple[tuple[tuple[int, int], float], ...] = ()
    """((kind, receiver), part given) by hand, from now on; -1 leaves it to the delegates again."""
    delegated: tuple[tuple[tuple[int, int], float], ...] = ()
    """((kind, receiver), part given) as the delegates decided when the quarter was played."""
    exercise: tuple[tuple[int, int], ...] = ()
    """(company, rights in it that are used: bits of ``Exercise``)."""
    investigate: int = -1
    attack: int = -1
    praise: int = -1
    borrow: float = 0.0
    """USD m; negative repays."""
    issue: float = 0.0
    dividend: float = 0.0
    buy_back: float = 0.0
    project: int = -1
    ready: int = -1
    """Company whose shares the seat bids for once another has agreed to buy them; -2 anybody."""
    ready_most: float = OWN_VALUE
    """USD m that it pays for them at most."""
    match_most: float = OWN_VALUE
    """USD m that it adds at most to a deal of its own that is topped."""
    open_bids: bool = False
    """Shares that it agrees to sell may go to a better bid."""
    choice: tuple[tuple[int, int], ...] = ()
    """(event, option)."""
    signed: tuple[Deal, ...] = ()
    """Agreed; the proposer pays the point of the talk."""
    proposed: tuple[Deal, ...] = ()
    """Tabled in the turn's own round; only machines do so."""
    talks: tuple[Talk, ...] = ()
    direct: tuple[tuple[int, Draft], ...] = ()
    """(controlled company, its dials): the parent's word wins this quarter."""
    accepted: tuple[int, ...] = ()
    """Numbers of incoming offers said yes to; their deals are in ``signed``."""
    declined: tuple[int, ...] = ()

    def talk(self, company: int) -> Talk:
        """The talk with a company, untouched when there was none."""
        return next((talk for talk in self.talks if talk.company == company), Talk(company))

    def with_talk(self, talk: Talk) -> Draft:
        """With this talk in place of the one with the same company."""
        others = tuple(one for one in self.talks if one.company != talk.company)
        return dataclasses.replace(self, talks=(*others, talk))

    @property
    def paid_talks(self) -> int:
        """Talks that were truly held but ended without a deal: the session charges them."""
        signed = {deal.counterparty for deal in self.signed}
        return sum(talk.rounds > 0 and talk.company not in signed for talk in self.talks)


def put(
    pairs: Iterable[tuple[Key, Value]], key: Key, value: Value | None
) -> tuple[tuple[Key, Value], ...]:
    """Pairs with one key set; ``None`` takes it out. Order is that of the keys."""
    known = dict(pairs)
    if value is None:
        known.pop(key, None)
    else:
        known[key] = value
    return tuple(sorted(known.items(), key=lambda pair: pair[0]))  # type: ignore[arg-type,return-value]


def toggle(items: tuple[Key, ...], item: Key) -> tuple[Key, ...]:
    """Items with this one put in, or taken out when it was there."""
    if item in items:
        return tuple(one for one in items if one != item)
    return (*items, item)


def before_orders(state: State, ruleset: Ruleset, draft: Draft, seat: int) -> State:
    """The state after talks that led to no deal: attention spent, patience worn."""
    if not draft.talks:
        return state
    attention, patience = state.attention.copy(), state.patience.copy()
    spent = draft.paid_talks * ruleset.rules.cost_talk
    attention[seat] = np.maximum(attention[seat] - spent, 0)
    for talk in draft.talks:
        worn = patience[talk.company, seat] - talk.worn
        patience[talk.company, seat] = np.maximum(worn, 0.0)
    return replace(state, attention=attention, patience=patience)


def to_orders(draft: Draft, state: State, ruleset: Ruleset, seat: int) -> Orders:
    """The draft as orders of its seat; all other rows change nothing."""
    orders = no_orders(state, ruleset)
    _write_dials(draft, orders, seat)
    for company, dials in draft.direct:
        _write_dials(dials, orders, company)
        orders.directed_by[company] = seat
    for name in ("enter", "leave"):
        for market in getattr(draft, name):
            getattr(orders, name)[seat, market] = True
    for name in ("integrate", "break_pledge"):
        for kind, receiver in getattr(draft, name):
            getattr(orders, name)[kind, seat, receiver] = True
    for (kind, receiver), part in (*draft.delegated, *draft.effort):
        if part >= 0.0:
            orders.effort[kind, seat, receiver] = part
    for company, rights in draft.exercise:
        orders.exercise[seat, company] = rights
    for name in _NUMBERS:
        getattr(orders, name)[seat] = getattr(draft, name)
    orders.open_bids[seat] = draft.open_bids
    for name in ("ready_most", "match_most"):
        most = getattr(draft, name)
        getattr(orders, name)[seat] = np.nan if most < 0.0 else most
    for event, option in draft.choice:
        orders.choice[event, seat] = option
    for place, deal in enumerate(draft.signed[:MOST_SIGNED]):
        deal.write(orders.signed, 2 * seat + place)
    for place, deal in enumerate(draft.proposed[:MOST_SIGNED]):
        deal.write(orders.proposals, 2 * seat + place)
    return orders


_NUMBERS = (
    "investigate", "attack", "praise", "borrow", "issue", "dividend", "buy_back", "project",
    "ready",
)  # fmt: skip


def _write_dials(draft: Draft, orders: Orders, seat: int) -> None:
    if draft.notch is not None:
        orders.notch[seat] = draft.notch
    if draft.mix is not None:
        orders.mix[seat] = np.asarray(draft.mix)[:, None]
    if draft.focus is not None:
        orders.focus[seat] = np.asarray(draft.focus)[:, None]
    for sector, stance in draft.stance:
        orders.stance[seat, sector] = stance
    for market, stance in draft.pin_stance:
        orders.pin_stance[seat, market] = stance
    for market, spend in draft.pin_spend:
        orders.pin_spend[seat, market] = np.nan if spend < 0.0 else spend


def draft_json(draft: Draft) -> dict[str, Any]:
    """Plain JSON: only the fields that say something."""
    facts: dict[str, Any] = {}
    for field in dataclasses.fields(Draft):
        value = getattr(draft, field.name)
        if value == field.default:
            continue
        if field.name in ("signed", "proposed"):
            value = [deal_json(deal) for deal in value]
        elif field.name == "direct":
            value = [[company, draft_json(dials)] for company, dials in value]
        elif field.name == "talks":
            value = [[talk.company, talk.rounds, talk.worn, talk.agreed] for talk in value]
        facts[field.name] = value
    return facts


def draft_of(facts: Mapping[str, Any]) -> Draft:
    """A draft from plain JSON.

    Raises:
        KeyError, TypeError, ValueError: the facts are not a draft.
    """
    unknown = facts.keys() - _READERS.keys()
    if unknown:
        raise ValueError(f"unknown order {sorted(unknown)[0]!r}")
    return Draft(**{name: _READERS[name](value) for name, value in facts.items()})


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(f"{value!r} is not a whole number")
    return int(value)


def _wholes(values: Any) -> tuple[int, ...]:
    return tuple(_whole(value) for value in values)


def _pairs(values: Any) -> tuple[tuple[int, int], ...]:
    return tuple((_whole(one), _whole(two)) for one, two in values)


_READERS: Mapping[str, Any] = {
    "notch": _whole,
    "mix": lambda values: tuple(float(value) for value in values),
    "focus": _wholes,
    "stance": _pairs,
    "pin_stance": _pairs,
    "pin_spend": lambda values: tuple((_whole(market), float(part)) for market, part in values),
    "enter": _wholes,
    "leave": _wholes,
    "integrate": _pairs,
    "break_pledge": _pairs,
    **dict.fromkeys(
        ("effort", "delegated"),
        lambda values: tuple(
            ((_whole(pair[0]), _whole(pair[1])), float(part)) for pair, part in values
        ),
    ),
    **dict.fromkeys(("borrow", "issue", "dividend", "buy_back", "ready_most", "match_most"), float),
    **dict.fromkeys(("investigate", "attack", "praise", "project", "ready"), _whole),
    "open_bids": bool,
    "choice": _pairs,
    "exercise": _pairs,
    "signed": lambda values: tuple(deal_of(value) for value in values),
    "proposed": lambda values: tuple(deal_of(value) for value in values),
    "talks": lambda values: tuple(
        Talk(_whole(company), _whole(rounds), float(worn), any(agreed))
        for company, rounds, worn, *agreed in values
    ),
    "direct": lambda values: tuple((_whole(company), draft_of(dials)) for company, dials in values),
    "accepted": _wholes,
    "declined": _wholes,
}
