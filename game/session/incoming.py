"""Packages that others put on the seat's table: asked in one quarter, answered in the next."""

from __future__ import annotations

import numpy as np

from game.play.contracts import draft_package
from game.play.packages import DealFlag
from game.play.report import Report
from game.session.deals import Deal, read_deal
from game.session.draft import Draft
from game.session.foreseeing import Foreseeing
from game.session.headlines import settled_deals
from game.session.news import words
from game.session.record import Offer
from game.session.sight import Sight
from game.session.view_types import Result
from game.text.catalogue import reasons, say

DRAFT_TURNS = 2
"""Quarters for which a scenario's draft lies on the table."""


class Incoming(Foreseeing):
    """Verbs of incoming offers."""

    all_offers: list[tuple[Offer, ...]]

    def sound(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """Offers that could be settled as they lie there."""
        return tuple(offer for offer in offers if not self.flags_of(offer.deal))

    def scenario_offers(self) -> tuple[Offer, ...]:
        """Drafts that lie on the seat's table when the game starts."""
        found = []
        for draft in self.ruleset.drafts:
            if self.seat in (draft.proposer, draft.counterparty):
                packages = draft_package(draft, self.state, self.ruleset, 2 * draft.proposer)
                deal = read_deal(packages, 2 * draft.proposer)
                if deal is not None:
                    found.append(Offer(deal, dict(draft.title), dict(draft.story)))
        return tuple(found)

    def carried(self, report: Report) -> tuple[Offer, ...]:
        """The scenario's drafts that still lie there: neither settled nor declined."""
        if self.state.turn + 1 >= DRAFT_TURNS:
            return ()
        pairs = [{deal.proposer, deal.counterparty} for deal in settled_deals(report)]
        return tuple(
            offer
            for number, offer in enumerate(self.offers())
            if offer.title
            and number not in self.draft.declined
            and {offer.deal.proposer, offer.deal.counterparty} not in pairs
        )

    def offers(self) -> tuple[Offer, ...]:
        """Packages on the seat's table this quarter."""
        return self.all_offers[-1]

    def offered_deal(self, number: int) -> Deal | None:
        """The package of an incoming offer."""
        return self.offers()[number].deal if 0 <= number < len(self.offers()) else None

    def offer_state(self, number: int) -> str:
        """ "open", "accepted" or "declined"."""
        if number in self.draft.accepted:
            return "accepted"
        return "declined" if number in self.draft.declined else "open"

    def offer_problem(self, number: int) -> str:
        """Why an offer could not be accepted as it stands; empty when it could."""
        draft = self._accepting(number)
        if draft is None:
            return say("verb.nowhere", self.lang)
        flags = self.signature_flags(draft)
        if flags is None:
            return ""
        return " ".join(reasons(flags, DealFlag, "dealflag", self.lang))

    def _accepting(self, number: int) -> Draft | None:
        deal = self.offered_deal(number)
        if deal is None:
            return None
        return self._with(
            signed=(*self.draft.signed, deal), accepted=(*self.draft.accepted, number)
        )

    def offer_worth(self, number: int) -> str:
        """What an offer is worth to the seat by what it knows."""
        deal = self.offered_deal(number)
        if deal is None:
            return ""
        side = 0 if deal.proposer == self.seat else 1
        total = float(self.estimate(deal)[side].sum())
        return say("offer.worth", self.lang, money=Sight(self).money(total, sign=True))

    def accept_offer(self, number: int) -> Result:
        """Sign an incoming offer as it stands."""
        deal = self.offered_deal(number)
        if deal is None or self.offer_state(number) != "open":
            return self._wrong("verb.nowhere")
        return self.sign(deal, accepted=(*self.draft.accepted, number))

    def decline_offer(self, number: int) -> Result:
        """Say no to an incoming offer; free."""
        if self.offered_deal(number) is None or self.offer_state(number) != "open":
            return self._wrong("verb.nowhere")
        return self._change(self._with(declined=(*self.draft.declined, number)), free=True)

    def open_offer(self, number: int) -> Result:
        """Sit down over an incoming offer, to counter it."""
        if not 0 <= number < len(self.offers()):
            return self._wrong("verb.nowhere")
        offer = self.offers()[number]
        sight = Sight(self)
        title = sight.pick(offer.title) if offer.title else ""
        told = [sight.pick(offer.story)] if offer.story else []
        told += [sight.say(key, **words(sight, args)) for key, args in offer.why]
        return self.put_on_table(offer.deal, title, " ".join(told))

    def ending(self, company: int) -> tuple[tuple[int, int], ...]:
        """Pledges between the seat and a company that run out this quarter: (kind, giver)."""
        pair = (self.seat, company)
        announced, until = self.state.pledge_announced[..., 0], self.state.pledge_until[..., 0]
        ends = (announced > 0.0) & (until == self.state.turn + 1)
        return tuple(
            (kind, giver)
            for kind, giver, receiver in np.argwhere(ends).tolist()
            if giver in pair and receiver in pair
        )

    def open_renewal(self, company: int) -> Result:
        """Sit down with the pledges that run out between the two, as they were promised."""
        if not 0 <= company < self.count or company == self.seat:
            return self._wrong("verb.nowhere")
        deal = self.blank_deal(company)
        for kind, giver in self.ending(company):
            side = 0 if giver == self.seat else 1
            receiver = company if side == 0 else self.seat
            place = (kind, giver, receiver, 0)
            clauses = deal.gives[side].with_pledge(kind, float(self.state.pledge_announced[place]))
            clauses = clauses.with_exclusive(kind, bool(self.state.pledge_exclusive[place]))
            deal = deal.with_side(side, clauses)
        return self.put_on_table(deal)


def fresh_offers(
    asked: tuple[Offer, ...], report: Report, carried: tuple[Offer, ...] = ()
) -> tuple[Offer, ...]:
    """What was asked, but for companies that have settled a deal with the seat since, or whose
    draft lies on the table still."""
    pairs = [{deal.proposer, deal.counterparty} for deal in settled_deals(report)]
    pairs += [{offer.deal.proposer, offer.deal.counterparty} for offer in carried]
    return tuple(
        offer for offer in asked if {offer.deal.proposer, offer.deal.counterparty} not in pairs
    )
