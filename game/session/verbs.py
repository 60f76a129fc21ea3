"""What a person can order in a quarter, each checked by the engine as it is written."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import legality
from game.play.legality import Checked
from game.play.observation import Observation
from game.play.observation_build import observe
from game.play.orders import Exercise, Refusal
from game.play.pledge_value import pledge_worth_of_state
from game.play.settlement import Settlement, settle
from game.play.topping import ANYBODY
from game.policies.effort import Advice, advise
from game.session.draft import LEFT, NO_PIN, OWN_VALUE, Draft, before_orders, put, to_orders, toggle
from game.session.view_types import Result
from game.text.catalogue import reasons, say

NOTCHES = 4
STANCES = 2
CAPITAL = ("borrow", "issue", "dividend", "buy_back")


class Verbs:
    """Dials and actions of the quarter; :class:`game.session.game.Game` adds the rest."""

    ruleset: Ruleset
    seat: int
    lang: str
    draft: Draft
    _undo: list[Draft]
    _redo: list[Draft]
    _settled: tuple[object, Settlement] | None = None
    _checked: tuple[State, Draft, Checked] | None = None
    _worth: tuple[State, tuple[Array, Array]] | None = None
    _seen: tuple[State, Observation] | None = None
    _advice: tuple[State, dict[tuple[int, int], Advice]] | None = None

    @property
    def state(self) -> State:
        """The state at the start of this quarter."""
        raise NotImplementedError

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        raise NotImplementedError

    # ------------------------------------------------------------------ the draft

    def checked(self, draft: Draft | None = None) -> Checked:
        """What the engine says to a draft, signed deals counted in; the last answer for the
        quarter's own draft is kept, since every button asks for it."""
        own = draft is None or draft is self.draft
        draft = self.draft if draft is None else draft
        if own and self._checked is not None:
            state, known, found = self._checked
            if state is self.state and known is draft:
                return found
        orders = to_orders(draft, self.state, self.ruleset, self.seat)
        found = legality.check(self.expected_state(draft), self.ruleset, orders)
        if own:
            self._checked = (self.state, draft, found)
        return found

    def expected_state(self, draft: Draft | None = None) -> State:
        """The state as actions will meet it: talks held, signed deals settled."""
        draft = self.draft if draft is None else draft
        settlement = self.settled(draft)
        if settlement is None:
            return before_orders(self.state, self.ruleset, draft, self.seat)
        return settlement.state

    def settled(self, draft: Draft) -> Settlement | None:
        """What the engine makes of a draft's signed deals; None without any."""
        if not draft.signed:
            return None
        key = (self.state.turn, draft.signed, draft.talks)
        if self._settled is None or self._settled[0] != key:
            state = before_orders(self.state, self.ruleset, draft, self.seat)
            orders = to_orders(draft, state, self.ruleset, self.seat)
            found = settle(
                state, self.ruleset, orders.proposals, orders.signed, *self.pledge_values,
                reviewing=False,  # what an authority decides is not known before the turn
            )  # fmt: skip
            self._settled = (key, found)
        return self._settled[1]

    @property
    def pledge_values(self) -> tuple[Array, Array]:
        """What pledges of each kind would bring and cost each pair, by public figures."""
        if self._worth is None or self._worth[0] is not self.state:
            found = pledge_worth_of_state(self.state, self.ruleset)
            self._worth = (self.state, found)
        return self._worth[1]

    @property
    def advice(self) -> dict[tuple[int, int], Advice]:
        """What the delegates would give of the seat's pledges, by (kind, receiver)."""
        if self._advice is None or self._advice[0] is not self.state:
            self._advice = (self.state, advise(self.observation, self.ruleset))
        return self._advice[1]

    @property
    def observation(self) -> Observation:
        """What the seat may know at the start of this quarter."""
        if self._seen is None or self._seen[0] is not self.state:
            seen = observe(self.state, self.ruleset, np.array([self.seat]))
            self._seen = (self.state, seen)
        return self._seen[1]

    def refusals(self, draft: Draft | None = None) -> Refusal:
        """Why parts of a draft would not be carried out."""
        return Refusal(int(self.checked(draft).refused[self.seat, 0]))

    @property
    def points_left(self) -> int:
        """Attention that this quarter's orders leave."""
        return max(self._left(self.draft), 0)

    def _left(self, draft: Draft) -> int:
        spent = int(self.checked(draft).points[self.seat, 0])
        return int(self.expected_state(draft).attention[self.seat, 0]) - spent

    def probe(self, draft: Draft) -> Refusal:
        """Reasons that a changed draft adds to those of the present one."""
        if self.over:
            return Refusal.NOT_OPEN
        return self.refusals(draft) & ~self.refusals()

    def _change(self, draft: Draft, *, free: bool = False) -> Result:
        """Take a changed draft, unless it adds a refusal."""
        if self.over:
            return Result(False, say("turn.over", self.lang))
        if draft == self.draft:
            return Result(True, "", 0, self.points_left)
        flags = Refusal.NONE if free else self.probe(draft)
        if flags:
            return self._refuse(flags)
        self._undo.append(self.draft)
        self._redo.clear()
        self.draft = draft
        return Result(True, "", 0, self.points_left)

    def take_directions(self, direct: tuple[tuple[int, Draft], ...]) -> Result:
        """Take what controlled companies are told to do."""
        return self._change(self._with(direct=direct))

    def _refuse(self, flags: Refusal) -> Result:
        why = " ".join(reasons(flags, Refusal, "refusal", self.lang))
        return Result(False, why, int(flags), self.points_left)

    def _wrong(self, key: str, **args: object) -> Result:
        return Result(False, say(key, self.lang, **args), int(Refusal.NOT_THERE), self.points_left)

    def _with(self, **changes: Any) -> Draft:
        return dataclasses.replace(self.draft, **changes)

    # ------------------------------------------------------------------ dials

    def set_notch(self, notch: int) -> Result:
        """Spending level, 0..4."""
        now = int(self.state.notch[self.seat, 0])
        wanted = min(max(int(notch), 0), NOTCHES)
        return self._change(self._with(notch=None if wanted == now else wanted), free=True)

    def set_mix(self, product: float, reach: float, brand: float) -> Result:
        """Parts of spending; made to sum to one."""
        parts = np.maximum([product, reach, brand], 0.0)
        total = float(parts.sum())
        if not np.isfinite(total) or total <= 0.0:
            return self._wrong("verb.mix")
        return self._change(self._with(mix=tuple((parts / total).tolist())), free=True)

    def set_stance(self, sector: int, stance: int) -> Result:
        """Price stance of a sector, -2..2."""
        if not 0 <= sector < len(self.ruleset.sectors):
            return self._wrong("verb.nowhere")
        wanted = min(max(int(stance), -STANCES), STANCES)
        now = int(self.state.stance[self.seat, sector, 0])
        pairs = put(self.draft.stance, sector, None if wanted == now else wanted)
        return self._change(self._with(stance=pairs), free=True)

    def set_focus(self, slot: int, market: int) -> Result:
        """Focus marker 0 or 1 on a market; -1 takes it away."""
        if slot not in (0, 1) or not -1 <= market < len(self.ruleset.markets):
            return self._wrong("verb.nowhere")
        focus = list(self.focus())
        focus[slot] = market
        if market >= 0 and focus[1 - slot] == market:
            focus[1 - slot] = -1
        return self._change(self._with(focus=tuple(focus)), free=True)

    def toggle_focus(self, market: int) -> Result:
        """Mark a market, or unmark it; takes the free slot, else the second."""
        focus = self.focus()
        if market in focus:
            return self.set_focus(focus.index(market), -1)
        return self.set_focus(0 if focus[0] < 0 else 1, market)

    def focus(self) -> tuple[int, int]:
        """Markets in focus as drafted, -1 none."""
        if self.draft.focus is not None:
            return self.draft.focus[0], self.draft.focus[1]
        now = self.state.focus[self.seat, :, 0]
        return int(now[0]), int(now[1])

    def pin_stance(self, market: int, stance: int | None) -> Result:
        """Price stance of one market; ``None`` gives it back to the sector's."""
        if not 0 <= market < len(self.ruleset.markets):
            return self._wrong("verb.nowhere")
        wanted = NO_PIN if stance is None else min(max(int(stance), -STANCES), STANCES)
        now = int(self.state.pin_stance[self.seat, market, 0])
        pairs = put(self.draft.pin_stance, market, None if wanted == now else wanted)
        return self._change(self._with(pin_stance=pairs), free=True)

    def pin_spend(self, market: int, factor: float | None) -> Result:
        """Spending in one market as a factor of normal; ``None`` gives it to the delegate."""
        if not 0 <= market < len(self.ruleset.markets):
            return self._wrong("verb.nowhere")
        if factor is not None and not np.isfinite(factor):
            return self._wrong("verb.number")
        most = self.ruleset.rules.spend_cap
        wanted = -1.0 if factor is None else min(max(float(factor), 0.0), most)
        now = float(self.state.pin_spend[self.seat, market, 0])
        same = np.isnan(now) if wanted < 0.0 else wanted == now
        pairs = put(self.draft.pin_spend, market, None if same else wanted)
        return self._change(self._with(pin_spend=pairs), free=True)

    # ------------------------------------------------------------------ actions

    def enter(self, market: int) -> Result:
        """Enter a market; again: take it back."""
        return self._toggle("enter", market, len(self.ruleset.markets))

    def leave(self, market: int) -> Result:
        """Leave a market; again: take it back."""
        return self._toggle("leave", market, len(self.ruleset.markets))

    def _toggle(self, name: str, item: int, count: int) -> Result:
        if not 0 <= item < count:
            return self._wrong("verb.nowhere")
        return self._change(self._with(**{name: toggle(getattr(self.draft, name), item)}))

    def integrate(self, kind: int, receiver: int) -> Result:
        """Put full work into an own pledge; again: take it back."""
        return self._pledge("integrate", kind, receiver)

    def break_pledge(self, kind: int, receiver: int) -> Result:
        """End an own pledge before its term; again: take it back."""
        return self._pledge("break_pledge", kind, receiver)

    def _pledge(self, name: str, kind: int, receiver: int) -> Result:
        if not self._is_pledge(kind, receiver):
            return self._wrong("verb.nowhere")
        pairs = toggle(getattr(self.draft, name), (kind, receiver))
        return self._change(self._with(**{name: pairs}))

    def _is_pledge(self, kind: int, receiver: int) -> bool:
        return 0 <= kind < len(self.ruleset.pledges) and 0 <= receiver < self.count

    def set_effort(self, kind: int, receiver: int, part: float) -> Result:
        """Part of an own pledge that is truly given, 0..1; below 0 the delegates decide."""
        if not self._is_pledge(kind, receiver) or not np.isfinite(part):
            return self._wrong("verb.number")
        running = self.state.pledge_announced[kind, self.seat, receiver, 0] > 0.0
        if not running:
            return self._refuse(Refusal.NOT_THERE)
        pair = (kind, receiver)
        wanted = min(float(part), 1.0) if part >= 0.0 else None
        if wanted is None and pair in self.by_hand():
            wanted = LEFT
        return self._change(self._with(effort=put(self.draft.effort, pair, wanted)))

    def by_hand(self) -> frozenset[tuple[int, int]]:
        """Own pledges (kind, receiver) whose effort was set by hand in quarters before."""
        return frozenset()

    def investigate(self, company: int) -> Result:
        """Look into a company's books; again: take it back."""
        return self._target("investigate", company)

    def exercise(self, company: int, right: int) -> Result:
        """Use an option on a company's shares, or turn a loan to it into shares; again: not."""
        if not 0 <= company < self.count or right not in tuple(Exercise):
            return self._wrong("verb.nowhere")
        rights = dict(self.draft.exercise).get(company, 0) ^ int(right)
        changed = put(self.draft.exercise, company, rights or None)
        return self._change(self._with(exercise=changed))

    def attack(self, company: int) -> Result:
        """Belittle a company in public; again: take it back."""
        return self._target("attack", company)

    def praise(self, company: int) -> Result:
        """Back a company in public; again: take it back."""
        return self._target("praise", company)

    @property
    def count(self) -> int:
        """Number of companies."""
        return len(self.ruleset.companies)

    def others(self) -> Ints:
        """Seats of the machines."""
        return np.array([n for n in range(self.count) if n != self.seat], np.int64)

    def _target(self, name: str, company: int) -> Result:
        if not 0 <= company < self.count:
            return self._wrong("verb.nowhere")
        wanted = -1 if getattr(self.draft, name) == company else company
        return self._change(self._with(**{name: wanted}))

    # ------------------------------------------------------------------ contests

    def stand_ready(self, company: int) -> Result:
        """Bid for a company's shares once another has agreed to buy a large stake of it;
        ``ANYBODY`` for any company's, -1 for nobody's; again: not."""
        if company not in (ANYBODY, -1) and not self._other(company):
            return self._wrong("verb.nowhere")
        wanted = -1 if self.draft.ready == company else company
        return self._change(self._with(ready=wanted, ready_most=OWN_VALUE))

    def ready_most(self, amount: float) -> Result:
        """USD m that a bid may cost at most; below 0 as the advisers value it."""
        return self._most("ready_most", amount)

    def match_most(self, amount: float) -> Result:
        """USD m added at most to an own deal that is topped; below 0 as the advisers value it."""
        return self._most("match_most", amount)

    def _most(self, name: str, amount: float) -> Result:
        if not np.isfinite(amount):
            return self._wrong("verb.number")
        return self._change(self._with(**{name: float(amount) if amount >= 0.0 else OWN_VALUE}))

    def open_bids(self) -> Result:
        """Let a better bid take shares that the company agrees to sell; again: not."""
        return self._change(self._with(open_bids=not self.draft.open_bids))

    def _other(self, company: int) -> bool:
        return 0 <= company < self.count and company != self.seat

    # ------------------------------------------------------------------ money and projects

    def borrow(self, amount: float) -> Result:
        """Borrow USD m; 0 takes it back."""
        return self._money("borrow", amount)

    def repay(self, amount: float) -> Result:
        """Repay USD m, free; 0 takes it back."""
        owed = float(self.state.debt[self.seat, 0])
        if not np.isfinite(amount) or amount < 0.0:
            return self._wrong("verb.number")
        return self._change(self._with(borrow=-min(float(amount), owed)))

    def issue(self, amount: float) -> Result:
        """Sell new shares to the public for USD m; 0 takes it back."""
        return self._money("issue", amount)

    def dividend(self, amount: float) -> Result:
        """Pay USD m to all holders; 0 takes it back."""
        return self._money("dividend", amount)

    def buy_back(self, amount: float) -> Result:
        """Buy shares from the public for USD m; 0 takes it back."""
        return self._money("buy_back", amount)

    def _money(self, name: str, amount: float) -> Result:
        if not np.isfinite(amount) or amount < 0.0:
            return self._wrong("verb.number")
        return self._change(self._with(**{name: float(amount)}))

    def project(self, index: int) -> Result:
        """Begin an irreversible project; again: take it back."""
        if not 0 <= index < len(self.ruleset.projects):
            return self._wrong("verb.nowhere")
        return self._change(self._with(project=-1 if self.draft.project == index else index))

    def choose(self, event: int, option: int) -> Result:
        """Answer an open card with one of its options."""
        if not 0 <= event < len(self.ruleset.events):
            return self._wrong("verb.nowhere")
        if not 0 <= option < len(self.ruleset.events[event].options):
            return self._wrong("verb.nowhere")
        return self._change(self._with(choice=put(self.draft.choice, event, option)))
