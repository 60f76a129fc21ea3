"""Machines open talks with the person, and say why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from game.core.ruleset import Metric, PledgeEffect
from game.core.state import State, replace
from game.play.deal_facts import DealFacts, facts_of_state, facts_of_view
from game.play.deal_laws import PREMIUM, SAFE_QUARTERS
from game.play.observation_build import observe
from game.play.packages import Term
from game.play.rivals import named_rivals
from game.play.terms import estimated_terms
from game.policies.courting import openings, order
from game.session.chronicle import Chronicle
from game.session.deals import Deal, read_deal
from game.session.draft import Draft
from game.session.news import Lines
from game.session.record import Offer

EVERY = 2
"""Some machine opens talks at least once in so many quarters, where any has a package to offer."""
LATELY = 4
"""Who has opened talks within so many quarters lets the others speak first."""
MOST_WHY = 3


class Courtship(Chronicle):
    """Offers that machines make of their own accord."""

    states: list[State]
    by_machine: bool

    def new_offers(self, asked: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """What lies on the table in the quarter that begins.

        Args:
            asked: by drafts and machines in the quarter before.
        """
        standing = tuple(offer for offer in self.sound(asked) if offer.title or self.stands(offer))
        return self.with_openings(self.explained(standing))

    def stands(self, offer: Offer) -> bool:
        """Whether its sender would still sign an offer as it lies there."""
        return self.signature_flags(dataclasses.replace(Draft(), signed=(offer.deal,))) is None

    def with_openings(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """A new quarter's offers, with one more where no machine has come for long enough.

        Whoever opens talks pays its point of attention for them.
        """
        silent = self.all_offers[-(EVERY - 1) :] if EVERY > 1 else []
        if offers or any(silent) or self.by_machine:
            return offers
        found = self._opening()
        if found is None:
            return offers
        self.states[-1] = charged(
            self.state, found.deal.proposer, self.seat, self.ruleset.rules.cost_talk
        )
        return (found,)

    def _opening(self) -> Offer | None:
        """The package of the keenest machine whose package could be settled as it lies there."""
        others = self.others()
        if not others.size:
            return None
        view = observe(self.state, self.ruleset, others)
        found = openings(view, self.ruleset, others, self.seat)
        for company in order(found, self.state.value[:, 0], self._lately()):
            deal = read_deal(found.packages, 2 * company)
            if deal is not None and self.sound((Offer(deal),)) and self.stands(Offer(deal)):
                return Offer(deal, why=self.why_offered(deal))
        return None

    def _lately(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Companies whose offers the seat has seen not long ago: [N]."""
        out = np.zeros(self.count, bool)
        for offers in self.all_offers[-LATELY:]:
            for offer in offers:
                out[offer.deal.proposer] = True
        return out

    # --------------------------------------------------------------------------- reasons

    def why_offered(self, deal: Deal) -> Lines:
        """Why a machine makes an offer, as it says itself: the weightiest grounds first."""
        return tuple(self._grounds(deal))[:MOST_WHY]

    def _grounds(self, deal: Deal) -> Iterator[tuple[str, tuple[tuple[str, str, Any], ...]]]:
        sender, me = deal.proposer, ("company", "company", deal.proposer)
        gives, takes = deal.seen_from(sender).gives
        task = self._helped(deal)
        if task >= 0:
            yield "offer.why.mandate", (me, ("mandate", "mandate", (sender, task)))
        wanted = self._wanted(deal)
        if wanted >= 0:
            yield "offer.why.pledge", (me, ("pledge", "pledge", wanted))
        if takes.cash > gives.cash and self.squeezed(sender):
            yield "offer.why.cash", (me,)
        if takes.new_shares or takes.old_shares:
            yield "offer.why.stake", (me,)
        elif gives.new_shares or gives.old_shares:
            yield "offer.why.sell", (me,)
        elif takes.cash > gives.cash:
            yield "offer.why.money", (me,)
        rival = int(named_rivals(self.state, self.ruleset)[sender, 0])
        if rival >= 0 and rival != self.seat and (takes.pledges or takes.new_shares):
            yield "offer.why.rival", (me, ("rival", "company", rival))

    def _wanted(self, deal: Deal) -> int:
        """The pledge of the seat that the sender would earn most by; -1 none."""
        worth, _ = self.pledge_values
        _, takes = deal.seen_from(deal.proposer).gives
        earns = {
            kind: strength * float(worth[kind, self.seat, deal.proposer, 0])
            for kind, strength in takes.pledges
        }
        best = max(earns, key=lambda kind: earns[kind], default=-1)
        return best if best >= 0 and earns[best] > 0.0 else -1

    def _helped(self, deal: Deal) -> int:
        """The open mandate of the sender that the deal brings nearer; -1 none."""
        sender, state = deal.proposer, self.state
        _, takes = deal.seen_from(sender).gives
        kinds = [self.ruleset.pledges[kind].effect for kind, _ in takes.pledges]
        helps = {
            Metric.STAKES: takes.new_shares > 0 and state.shares[sender, self.seat, 0] == 0,
            Metric.ALLIES: bool(deal.gives[0].pledges or deal.gives[1].pledges),
            Metric.OS_DEVICES: PledgeEffect.PRELOAD in kinds,
        }
        for place, task in enumerate(self.ruleset.mandates[sender]):
            if helps.get(task.metric) and state.mandate_best[sender, place, 0] < 1.0 - 1e-9:
                return place
        return -1

    def squeezed(self, company: int) -> bool:
        """Whether a dollar is worth more than a dollar to a company."""
        facts = facts_of_state(self.state, self.ruleset)
        return _quarters(facts, company) < SAFE_QUARTERS

    def squeeze_seen(self, company: int) -> tuple[float, float]:
        """How short of cash a company is, as the seat reckons it.

        Returns:
            (quarters of costs that it can pay, what the first dollar is worth to it beyond itself);
            nothing beyond from two quarters on.
        """
        facts = facts_of_view(self.observation, self.ruleset)
        quarters = _quarters(facts, company)
        beyond = PREMIUM * max(1.0 - quarters / SAFE_QUARTERS, 0.0)
        return quarters, min(beyond, PREMIUM)

    def worth_to_sender(self, deal: Deal) -> float:
        """What an offer is worth to the company that made it, by its own reckoning: USD m."""
        view = observe(self.state, self.ruleset, np.array([deal.proposer]))
        packages = deal.package(self.ruleset, self.state.cash.shape[-1])
        terms = estimated_terms(packages, view, self.ruleset, *self.pledge_values)
        return float(terms[0, : len(Term), 2 * deal.proposer, 0].sum())

    def explained(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """Machines' offers with why they are made; drafts of the scenario tell their own story."""
        return tuple(
            offer
            if offer.title or offer.why or offer.deal.proposer == self.seat
            else dataclasses.replace(offer, why=self.why_offered(offer.deal))
            for offer in offers
        )


def _quarters(facts: DealFacts, company: int) -> float:
    """Quarters of costs that can be paid from cash and what helps in a squeeze."""
    spendable = float(facts.money[0, company, 0] + facts.cushion[0, company, 0])
    return max(spendable, 0.0) / max(float(facts.costs[company, 0]), 1e-9)


def charged(state: State, company: int, other: int, points: int) -> State:
    """The state after a company has opened talks with another."""
    attention, talked = state.attention.copy(), state.last_talk.copy()
    attention[company] = np.maximum(attention[company] - points, 0)
    talked[company, other] = state.turn
    return replace(state, attention=attention, last_talk=talked)
