"""One person's game: history, this quarter's draft, offers, files.

    game = Game.new(scenario, seat=1, seed=2015)
    game.enter(market); game.end_turn(); game.undo_turn(); game.save(path)

Two identical lanes are played, since a block never holds fewer; lane 0 is shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from game.core.axes import AnyArray
from game.core.errors import GameError, SaveError, UserError
from game.core.ruleset import Ruleset, Status
from game.core.state import State
from game.play.explain.watch import Watched
from game.play.opening import first_state
from game.play.orders import Orders, merge_orders
from game.play.packages import Code, Packages
from game.play.policy import Policy
from game.play.report import Report
from game.play.turn import step
from game.scenario.loader import Scenario
from game.session import record
from game.session.aside import Aside
from game.session.courtship import Courtship
from game.session.deals import read_deal
from game.session.directing import Directing
from game.session.draft import Draft, to_orders
from game.session.headlines import headlines
from game.session.incoming import fresh_offers
from game.session.news import News, actor, tell
from game.session.record import Offer
from game.session.sight import Sight
from game.session.talks import rows_to
from game.session.thinking import machine
from game.session.view_moves import moves_of
from game.session.view_types import Action, Headline, Link, Result
from game.session.view_why import WhyView
from game.session.why import why_view
from game.storage.replays import write_replay
from game.text.catalogue import LANGUAGES, say

LANES = 2
VERBS = frozenset({
    "set_notch", "set_mix", "set_stance", "set_focus", "toggle_focus", "pin_stance", "pin_spend",
    "enter", "leave", "integrate", "break_pledge", "set_effort", "exercise", "investigate",
    "attack",
    "praise", "borrow", "repay", "issue", "dividend", "buy_back", "project", "choose", "undo",
    "stand_ready", "ready_most", "match_most", "open_bids",
    "redo", "undo_turn", "end_turn", "open_table", "open_offer", "open_renewal",
    "close_table", "set_cash", "set_loan", "set_rate",
    "set_new_stake", "set_old_stake", "set_pledge", "set_exclusive", "set_region",
    "set_further", "set_term",
    "set_disclosed", "table_offer", "accept_answer", "load_counter", "accept_offer",
    "decline_offer", "unsign", "direct", "lock", "ask_solver", "open_prospect",
})  # fmt: skip
"""What an :class:`Action` may name."""


class Game(Courtship, Directing, Aside):
    """A game as one seat plays it."""

    def __init__(
        self, scenario: Scenario, seat: int, seed: int, rivals: str = "strategist", lang: str = "en"
    ) -> None:
        """An empty shell; use :meth:`new` or :meth:`load`."""
        self.scenario = scenario
        self.ruleset: Ruleset = scenario.ruleset
        self.seat, self.seed, self.rivals, self.lang = seat, seed, rivals, lang
        self.states: list[State] = []
        self.reports: list[Report] = []
        self.drafts: list[Draft] = []
        self.all_offers: list[tuple[Offer, ...]] = []
        self.all_news: list[tuple[News, ...]] = []
        self.all_deeds, self.all_reasons = [], []
        self.draft = Draft()
        self.rehearsed = False
        self.autosaves = True
        self.delegates = True
        """Delegates decide what no hand has set; not where recorded orders are played again."""
        self.by_machine = False
        """A machine answers for the seat in the turn itself; nothing is asked of a person."""
        self.path: Path | None = None
        self.trouble = ""
        """Why the last autosave failed; empty when it did not."""
        self.seen: dict[int, tuple[State, Watched]] = {}
        """Quarters played again to be explained, each with the state that it led to."""
        self._undo: list[Draft] = []
        self._redo: list[Draft] = []
        self._policy: Policy | None = None

    @classmethod
    def new(
        cls, scenario: Scenario, seat: int, seed: int, rivals: str = "strategist", lang: str = "en"
    ) -> Game:
        """A game at its first quarter.

        Raises:
            UserError: no such seat, language or machine player.
        """
        if not 0 <= seat < len(scenario.ruleset.companies):
            raise UserError("no such company", str(seat), "choose one of the scenario's")
        if lang not in LANGUAGES:
            raise UserError("no such language", lang, f"one of {', '.join(LANGUAGES)}")
        game = cls(scenario, seat, seed, rivals, lang)
        game._policy = machine(rivals)
        seeds = np.full(LANES, seed, np.uint64)
        opening = first_state(scenario.ruleset, scenario.opening, seeds, np.zeros(LANES, np.uint64))
        game.states.append(opening)
        game.all_offers.append(game.scenario_offers())
        return game

    # ------------------------------------------------------------------------- facts

    @property
    def state(self) -> State:
        """The state at the start of this quarter."""
        return self.states[-1]

    @property
    def turn(self) -> int:
        """Quarter to be played next, from 0."""
        return self.state.turn

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return not self._goes_on()

    def _goes_on(self) -> bool:
        return bool(self.state.active[0]) and not self.failed

    @property
    def failed(self) -> bool:
        """Whether the seat's company was wound up: its game is over."""
        return int(self.state.status[self.seat, 0]) == Status.FAILED

    @property
    def policy(self) -> Policy:
        """The machine that plays all other seats."""
        if self._policy is None:
            self._policy = machine(self.rivals)
        return self._policy

    @property
    def can_undo(self) -> bool:
        """Whether this quarter's orders can be taken back by a step."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be done again."""
        return bool(self._redo)

    @property
    def can_undo_turn(self) -> bool:
        """Whether there is a quarter to rewind."""
        return bool(self.reports)

    def headlines(self, turn: int = -1) -> tuple[Headline, ...]:
        """News of a quarter, the heaviest first; -1 the last one played."""
        if not self.all_news or not -1 <= turn < len(self.all_news):
            return ()
        sight, turn = Sight(self), turn % len(self.all_news)
        return tuple(self._told(sight, item, turn) for item in self.all_news[turn])

    def _told(self, sight: Sight, item: News, turn: int) -> Headline:
        """News in words, with the way to why it was done."""
        line, company = tell(sight, item), actor(item, self.seat)
        if company >= 0 and moves_of(self, company, turn):
            return dataclasses.replace(line, moves=Link("moves", company, turn))
        return line

    def why(
        self, measure: str, company: int, market: int | None = None, turn: int | None = None
    ) -> WhyView:
        """What changed a figure since the quarter before, and by which cause.

        Args:
            measure: as of :func:`game.session.why.why_view`.
            company: index. market: index; share, units and price need one, profit and revenue may
                have one.
            turn: the quarter, from 0; the last one played by default.

        Raises:
            UserError: no such figure, or no quarter played yet.
        """
        return why_view(self, measure, company, market, turn)

    def by_hand(self) -> frozenset[tuple[int, int]]:
        """Own pledges (kind, receiver) whose effort was set by hand in quarters before."""
        last: dict[tuple[int, int], float] = {}
        for draft in self.drafts:
            last.update(draft.effort)
        return frozenset(pair for pair, part in last.items() if part >= 0.0)

    def _delegated(self) -> Draft:
        """The draft with the delegates' efforts for pledges that no hand has set."""
        told = {pair for pair, part in self.draft.effort if part >= 0.0}
        left = {pair for pair, part in self.draft.effort if part < 0.0}
        hands = (self.by_hand() | told) - left
        found = ((pair, advice.part) for pair, advice in self.advice.items() if pair not in hands)
        return dataclasses.replace(self.draft, delegated=tuple(sorted(found)))

    def do(self, action: Action) -> Result:
        """What a button says."""
        if action.verb not in VERBS:
            return self._wrong("verb.nowhere")
        if not action.enabled:
            return Result(False, action.reason, 0, self.points_left)
        found = getattr(self, action.verb)(*action.args)
        assert isinstance(found, Result)
        return found

    # -------------------------------------------------------------------- undo and redo

    def undo(self) -> Result:
        """Take back the last order of this quarter."""
        if not self._undo:
            return self._wrong("undo.nothing")
        return self._move(self._undo, self._redo)

    def redo(self) -> Result:
        """Do again what was taken back."""
        if not self._redo:
            return self._wrong("redo.nothing")
        return self._move(self._redo, self._undo)

    def _move(self, source: list[Draft], target: list[Draft]) -> Result:
        before = self.draft
        target.append(before)
        self.draft = source.pop()
        if _rounds(self.draft) < _rounds(before):
            self.rehearsed = True
            if self.table is not None:
                self.table.reply = None
        return Result(True, "", 0, self.points_left)

    def undo_turn(self) -> Result:
        """Rewind to the quarter before, its orders as they were."""
        if not self.reports:
            return self._wrong("undo.first")
        self.states.pop()
        self.reports.pop()
        self.all_offers.pop()
        self.all_news.pop()
        self.forget_quarter()
        self.draft = dataclasses.replace(self.drafts.pop(), delegated=())
        self._fresh()
        self.rehearsed = True
        self.think_ahead()
        return Result(True, say("undo.turn", self.lang), 0, self.points_left)

    def _fresh(self) -> None:
        self._undo.clear()
        self._redo.clear()
        self.table = None

    # ------------------------------------------------------------------------ the turn

    def end_turn(self) -> Result:
        """Play the quarter: the seat's draft and the machines' orders."""
        if self.over:
            return Result(False, say("turn.over", self.lang))
        before = self.state
        if self.delegates:
            self.draft = self._delegated()
        orders, asked = self.all_orders()
        ready = self.ready_state()
        after, report = step(ready, self.ruleset, orders)
        self.note_quarter(ready, after, report, orders)
        news = headlines(before, after, report, self.ruleset, self.seat, self.draft.signed)
        kept = self.carried(report)
        offers = (*kept, *fresh_offers(asked, report, kept))
        self.states.append(after)
        self.reports.append(dataclasses.replace(report, settlement=None))
        self.all_news.append(news)
        self.drafts.append(self.draft)
        self.draft = Draft()
        self._fresh()
        self.all_offers.append(self.new_offers(offers) if self._goes_on() else ())
        self._autosave()
        self.think_ahead()
        return Result(True, self.trouble, 0, self.points_left if self._goes_on() else 0)

    def all_orders(self) -> tuple[Orders, tuple[Offer, ...]]:
        """Orders of every seat, and what the machines ask of this one: that is theirs to answer
        in the next quarter."""
        others = self.others()
        orders = to_orders(self.draft, self.state, self.ruleset, self.seat)
        if others.size:
            orders = merge_orders(orders, self.machine_orders(others), others)
        asked = []
        proposer = orders.proposals.proposer.copy()
        for row in () if self.by_machine else rows_to(orders.proposals, self.seat):
            deal = read_deal(orders.proposals, row)
            if deal is not None:
                asked.append(Offer(deal))
            proposer[row] = -1
        proposer[self._outbid(orders.proposals)] = -1
        proposals = dataclasses.replace(orders.proposals, proposer=proposer)
        return dataclasses.replace(orders, proposals=proposals), tuple(asked)

    def _outbid(self, proposals: Packages) -> AnyArray:
        """Rows of machines that deal with a company that has signed with the seat: its word
        holds for this quarter. [P, W]"""
        pairs = [(deal.proposer, deal.counterparty) for deal in self.draft.signed]
        bound = [company for pair in pairs for company in pair if company != self.seat]
        return np.isin(proposals.proposer, bound) | np.isin(proposals.counterparty, bound)

    def _autosave(self) -> None:
        self.trouble = ""
        if not self.autosaves:
            return
        try:
            self.save(record.autosave_path(self))
            record.prune_autosaves()
        except (GameError, OSError) as error:
            line = error.line() if isinstance(error, GameError) else str(error)
            self.trouble = say("save.failed", self.lang, why=line)

    # ---------------------------------------------------------------------------- files

    def save(self, path: Path) -> None:
        """Write the game into one file.

        Raises:
            SaveError: it cannot be written.
        """
        record.save_game(self, Path(path))
        self.path = Path(path)

    @classmethod
    def load(cls, path: Path) -> Game:
        """Read a game.

        Raises:
            SaveError: the file, or its scenario, cannot be used.
        """
        game = record.load_game(Path(path), cls)
        game.path = Path(path)
        return game

    def save_replay(self, path: Path) -> None:
        """Write the game as orders.

        Raises:
            SaveError: it cannot be written.
        """
        write_replay(Path(path), record.replay_of(self))

    @property
    def can_be_signed(self) -> bool:
        """Whether the table's answer can be signed."""
        reply = self.table.reply if self.table is not None else None
        return reply is not None and reply.code != Code.REFUSE


def _rounds(draft: Draft) -> int:
    return sum(talk.rounds for talk in draft.talks)


def play_orders(game: Game, orders: Sequence[Draft]) -> Game:
    """Play recorded orders to the last of them.

    Raises:
        SaveError: the game ends before they do.
    """
    game.delegates = False
    for number, draft in enumerate(orders):
        if game.over:
            raise SaveError(f"the game ended before quarter {number + 1} of {len(orders)}")
        game.draft = draft
        game.end_turn()
    return game
