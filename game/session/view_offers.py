"""Packages as sentences, and the offers that lie on the person's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.core.axes import AnyArray
from game.play.outcome import shares_total
from game.session.deals import Clauses, Deal
from game.session.news import words
from game.session.record import Offer
from game.session.sight import Sight
from game.session.view_clauses import further_lines, pledge_line
from game.session.view_front import OfferView
from game.session.view_types import Action

if TYPE_CHECKING:
    from game.session.game import Game


def totals(sight: Sight) -> AnyArray:
    """All shares of each company: [N]."""
    return shares_total(sight.full)[:, 0]


def clause_lines(
    sight: Sight, clauses: Clauses, giver: int, *, taker: int = -1, term: int = 0
) -> tuple[str, ...]:
    """What a side gives, a line a clause.

    Args:
        taker: the other side. term: quarters.
    """
    lines = []
    if clauses.cash > 0.0:
        lines.append(sight.say("clause.cash", money=sight.money(clauses.cash)))
    if clauses.loan > 0.0:
        lines.append(sight.say("clause.loan", money=sight.money(clauses.loan)))
    every = totals(sight)
    if clauses.new_shares > 0:
        part = clauses.new_shares / max(every[giver] + clauses.new_shares, 1)
        lines.append(sight.say("clause.new", part=sight.percent(part), company=sight.name(giver)))
    if clauses.old_shares > 0 and clauses.old_issuer >= 0:
        part = clauses.old_shares / max(every[clauses.old_issuer], 1)
        key = "clause.founders" if clauses.old_issuer == giver else "clause.old"
        name = sight.name(clauses.old_issuer)
        lines.append(sight.say(key, part=sight.percent(part), company=name))
    lines += [pledge_line(sight, clauses, kind) for kind, _ in clauses.pledges]
    lines += further_lines(sight, clauses, giver, taker, term)
    return tuple(lines) or (sight.say("clause.nothing"),)


def footer(sight: Sight, deal: Deal) -> str:
    """Term and disclosure of a package in one line."""
    parts = []
    if any(side.loan for side in deal.gives):
        parts.append(sight.say("deal.rate", rate=sight.percent(deal.rate)))
    if any(side.pledges or side.loan or side.extra for side in deal.gives):
        parts.append(sight.say("deal.term", quarters=sight.quarters(deal.term)))
    if any(side.new_shares or side.old_shares for side in deal.gives):
        parts.append(sight.say("deal.disclosed" if deal.disclosed else "deal.undisclosed"))
    return sight.say("list.stop").join(parts)


def offers(sight: Sight, game: Game) -> tuple[OfferView, ...]:
    """What other companies have put on the seat's table this quarter."""
    return tuple(_offer(sight, game, number) for number in range(len(game.offers())))


def why_lines(sight: Sight, offer: Offer) -> tuple[str, ...]:
    """Why an offer is made, a sentence each."""
    return tuple(sight.say(key, **words(sight, args)) for key, args in offer.why)


def _offer(sight: Sight, game: Game, number: int) -> OfferView:
    offer = game.offers()[number]
    state = game.offer_state(number)
    mine = offer.deal.proposer == sight.seat
    sender = offer.deal.counterparty if mine else offer.deal.proposer
    gives, takes = offer.deal.seen_from(sender).gives
    open_ = state == "open" and not game.over
    title = (
        sight.pick(offer.title)
        if offer.title
        else sight.say("offer.title", company=sight.name(sender))
    )
    problem = game.offer_problem(number) if open_ else sight.say(f"offer.{state}")
    points = sight.ruleset.rules.cost_talk
    return OfferView(
        number=number,
        sender=sight.tag(sender),
        title=title,
        story=sight.pick(offer.story) if offer.story else "",
        gives=clause_lines(sight, gives, sender, taker=sight.seat, term=offer.deal.term),
        takes=clause_lines(sight, takes, sight.seat, taker=sender, term=offer.deal.term),
        footer=footer(sight, offer.deal),
        worth=game.offer_worth(number),
        why=why_lines(sight, offer),
        state=state,
        accept=Action(
            "accept_offer", (number,), sight.say("offer.accept"), points if mine else 0,
            open_ and not problem, problem,
        ),
        decline=Action(
            "decline_offer", (number,), sight.say("offer.decline"), 0, open_,
            "" if open_ else problem,
        ),
        counter=Action(
            "open_offer", (number,), sight.say("offer.counter"), points, open_,
            sight.say("offer.counter.hint") if open_ else problem,
        ),
    )  # fmt: skip
