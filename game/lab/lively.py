"""How lively a board is: who deals with what, who leads, who wins, and whether it turns.

Games of strategists are played and watched quarter by quarter; the gates are shares of games with
Wilson intervals, so that a run of other seeds can be held against them.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over, array_fields, take_worlds
from game.core.ruleset import EndCause, Ruleset, Status
from game.core.state import State
from game.lab.experiment import Plan, Tick, blocks, loaded
from game.lab.runner import Seating, orders_of
from game.lab.tables import wilson
from game.play.opening import first_state
from game.play.packages import BASIC, Packages
from game.play.report import Report
from game.play.turn import step

SIDES_ONLY = ("proposer", "counterparty", "term", "loan_rate", "disclosed", "old_issuer", "pledge")
"""Fields of packages that are no clause of their own, and pledges, which are counted by kind."""


OPENINGS = (
    "money alone", "lends", "borrows", "both lend",
    "shares alone", "lends, shares", "borrows, shares", "both lend, shares",
)  # fmt: skip
"""What a company's first deal is like."""


@dataclass(frozen=True)
class Games:
    """What happened in some games; worlds last, in the plan's order."""

    winner: Ints
    """[W] company."""
    end_cause: Ints
    """[W] core.ruleset.EndCause."""
    half_leader: Ints
    """[W] company ahead at half time."""
    lead_changes: Ints
    """[W] times that another company came to lead by score, from one quarter to the next."""
    score: Array
    """[N, W] points at the end."""
    deals: Ints
    """[N, W] deals signed."""
    opening: Ints
    """[N, W] what a company's first deal was like, see :data:`OPENINGS`; -1 no deal."""
    kinds: Bools
    """[K, W] pledge kinds used."""
    clauses: dict[str, Bools]
    """Clause to [W]."""
    defaults: Ints
    """[N, W] times that debts were restructured, or more."""
    failed: Bools
    """[N, W]."""
    taken_over: Bools
    """[N, W] came under control in the game."""
    choices: Ints
    """[V, O, W] times that an option of a card was chosen."""

    def joined(self, other: Games) -> Games:
        """Both, one after the other."""
        changed = {
            name: np.concatenate([value, getattr(other, name)], axis=-1)
            for name, value in vars(self).items()
            if name != "clauses"
        }
        both = {
            name: np.concatenate([used, other.clauses[name]]) for name, used in self.clauses.items()
        }
        return Games(**changed, clauses=both)


class Watcher:
    """Notes of a block of games while they are played."""

    def __init__(self, ruleset: Ruleset, opening: State, worlds: int) -> None:
        count, kinds = len(ruleset.companies), len(ruleset.pledges)
        self.ruleset, self.kinds = ruleset, np.zeros((kinds, worlds), bool)
        self.clauses = {name: np.zeros(worlds, bool) for name in clause_names(ruleset)}
        self.deals = np.zeros((count, worlds), np.int64)
        self.opening = np.full((count, worlds), -1)
        self.leader, self.half = np.full((2, worlds), -1)
        self.changes = np.zeros(worlds, np.int64)
        options = max([len(event.options) for event in ruleset.events], default=1)
        self.choices = np.zeros((len(ruleset.events), max(options, 1), worlds), np.int64)
        self.before = np.repeat((opening.status[:, :1] == Status.CONTROLLED), worlds, axis=1)
        self.taken = np.zeros((count, worlds), bool)

    def note(self, before: State, after: State, report: Report, places: Ints) -> None:
        """Note a quarter of the worlds that were still being played.

        Args:
            places: [W] of the state, where each world stands in the block.
        """
        live = np.flatnonzero(before.active)
        at = places[live]
        lead = after.score[:, live].argmax(axis=0)
        led = self.leader[at]
        self.changes[at] += (led >= 0) & (lead != led)
        self.leader[at] = lead
        if before.turn < self.ruleset.rules.quarters // 2:
            self.half[at] = lead
        self.taken[:, at] |= (after.status == Status.CONTROLLED)[:, live]
        self._cards(before, after, live, at)
        if report.settlement is not None:
            self._deals(report.settlement.news.packages, places, before.active)

    def _cards(self, before: State, after: State, live: Ints, at: Ints) -> None:
        for index, event in enumerate(self.ruleset.events):
            due = before.event_turn[index, live] == before.turn
            if not (event.options and due.any()):
                continue
            for company in event.deciders:
                taken = after.event_choice[index, company, live]
                some = due & (taken >= 0)
                np.add.at(self.choices[index], (taken[some], at[some]), 1)

    def _deals(self, packages: Packages, places: Ints, live: Bools) -> None:
        row, lane = np.nonzero((packages.proposer >= 0) & live)
        if not row.size:
            return
        here = places[lane]
        promised = np.asarray(packages.pledge > 0.0)
        pledged = any_over(promised, 0)[:, row, lane]
        kind, deal = np.nonzero(pledged)
        self.kinds[kind, here[deal]] = True
        for name, used in clauses_of(packages, row, lane).items():
            self.clauses[name][here[used]] = True
        lends = any_over(promised, 1)[:, row, lane]
        shares = ((packages.new_shares > 0) | (packages.old_shares > 0))[:, row, lane].any(axis=0)
        for side, seat in enumerate((packages.proposer, packages.counterparty)):
            who = seat[row, lane].astype(np.int64)
            fresh = self.deals[who, here] == 0
            first = lends[side] + 2 * lends[1 - side] + 4 * shares
            self.opening[who[fresh], here[fresh]] = first[fresh]
            np.add.at(self.deals, (who, here), 1)

    def games(self, final: State) -> Games:
        """What was noted, with how the games ended."""
        return Games(
            winner=final.winner.astype(np.int64),
            end_cause=final.end_cause.astype(np.int64),
            half_leader=self.half,
            lead_changes=self.changes,
            score=final.score,
            deals=self.deals,
            opening=self.opening,
            kinds=self.kinds,
            clauses=self.clauses,
            defaults=final.defaults.astype(np.int64),
            failed=np.asarray(final.status == Status.FAILED),
            taken_over=self.taken & ~self.before,
            choices=self.choices,
        )


def clause_names(ruleset: Ruleset) -> tuple[str, ...]:
    """Every kind of clause but pledges, by the fields of packages."""
    names = [field.name for field in array_fields(Packages) if field.name not in SIDES_ONLY]
    return (*[name for name in names if name != "extra"], *EXTRAS)


def _extras() -> dict[str, int]:
    from game.play import packages

    slots = getattr(packages, "Extra", None)
    return {slot.name.lower(): int(slot) for slot in slots} if slots is not None else {}


EXTRAS = _extras()
"""Clauses kept in slots, by name."""


def clauses_of(packages: Packages, row: Ints, lane: Ints) -> dict[str, Bools]:
    """Which deals have each kind of clause: name to [L]."""
    out: dict[str, Bools] = {}
    for field in array_fields(packages):
        if field.name in SIDES_ONLY:
            continue
        used = np.asarray(getattr(packages, field.name)[..., row, lane] != 0)
        if field.name == "extra":
            for name, slot in EXTRAS.items():
                out[name] = any_over(used[:, slot], 0)
            continue
        out[field.name] = any_over(used.reshape(-1, used.shape[-1]), 0)
    return out


def watch(
    ruleset: Ruleset,
    opening: State,
    seating: Seating,
    seed: int,
    worlds: AnyArray,
    tick: Tick = lambda games: None,
) -> Games:
    """Play these worlds to their end and note what happens."""
    numbers = np.asarray(worlds, np.uint64)
    padded = np.resize(numbers, max(len(numbers), 2))
    state = first_state(ruleset, opening, np.full(len(padded), seed, np.uint64), padded)
    whole, places = state, np.arange(len(padded))
    notes = Watcher(ruleset, state, len(padded))
    while state.active.any():
        before = state
        state, report = step(state, ruleset, orders_of(state, ruleset, seating))
        notes.note(before, state, report, places)
        tick(int((before.active & ~state.active)[places < len(numbers)].sum()))
        whole = _kept(whole, state, places)
        playing = np.flatnonzero(state.active)
        if len(playing) >= 2 and len(playing) * 2 <= len(places):
            state, places = take_worlds(state, playing), places[playing]
    found = notes.games(whole)
    if len(padded) == len(numbers):
        return found
    return _first(found, len(numbers))


FINAL = ("winner", "end_cause", "score", "defaults", "status")


def _kept(whole: State, state: State, places: Ints) -> State:
    """The block's figures with those of the worlds still at hand written in."""
    changed = {}
    for name in FINAL:
        field = getattr(whole, name).copy()
        field[..., places] = getattr(state, name)
        changed[name] = field
    return dataclasses.replace(whole, **changed)


def _first(games: Games, count: int) -> Games:
    cut = {name: value[..., :count] for name, value in vars(games).items() if name != "clauses"}
    return Games(**cut, clauses={name: used[:count] for name, used in games.clauses.items()})


def _work(plan: Plan, worlds: AnyArray) -> Games:
    ruleset, opening, seated = loaded(plan.scenario, plan.seats)
    if plan.advanced:
        rules = dataclasses.replace(ruleset.rules, advanced_deals=True)
        ruleset = dataclasses.replace(ruleset, rules=rules)
    return watch(ruleset, opening, seated, plan.seed, worlds)


def play(plan: Plan, tick: Tick = lambda games: None) -> Games:
    """All games of a plan, in world order, with any number of workers."""
    parts = list(_parts(plan, tick))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.joined(part)
    return whole


def _parts(plan: Plan, tick: Tick) -> Iterator[Games]:
    if plan.workers == 1:
        for worlds in blocks(plan):
            part = _work(plan, worlds)
            tick(len(worlds))
            yield part
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(plan.workers, mp_context=context) as pool:
        futures = [pool.submit(_work, plan, worlds) for worlds in blocks(plan)]
        for future in futures:
            part = future.result()
            tick(len(part.winner))
            yield part


# ------------------------------------------------------------------------------------- gates


@dataclass(frozen=True)
class Gate:
    """One line of the balance page."""

    group: str
    name: str
    want: str
    found: str
    met: bool | None
    """None: measured without a bar."""


def share(hits: AnyArray) -> tuple[float, float, float]:
    """Share of games with its 95 % interval."""
    count, games = int(np.count_nonzero(hits)), int(np.size(hits))
    low, high = wilson(count, games)
    return count / games, low, high


def told(hits: AnyArray) -> str:
    """A share in words: ``12.0 % (9.1 to 15.6)``."""
    part, low, high = (100.0 * value for value in share(hits))
    return f"{part:.1f} % ({low:.1f} to {high:.1f})"


def lively_gates(games: Games, ruleset: Ruleset) -> list[Gate]:
    """The gates of a lively board."""
    return [
        *_dealing(games, ruleset),
        *_tools(games, ruleset),
        *_winning(games, ruleset),
        *_turning(games),
    ]


def _dealing(games: Games, ruleset: Ruleset) -> Iterator[Gate]:
    for index, company in enumerate(ruleset.companies):
        signs = games.deals[index] > 0
        want = "signs deals in at least half of its games"
        yield Gate("deals", company.uid, want, told(signs), share(signs)[0] >= 0.5)


def _tools(games: Games, ruleset: Ruleset) -> Iterator[Gate]:
    want = "used in at least 2 % of games"
    for index, kind in enumerate(ruleset.pledges):
        used = games.kinds[index]
        yield Gate("pledge kinds", kind.uid, want, told(used), share(used)[0] >= 0.02)
    yield from _clauses("clauses", games, ruleset.rules.advanced_deals)


def _clauses(group: str, games: Games, advanced: bool) -> Iterator[Gate]:
    """How often each clause is used; those that the rules leave out are not asked for."""
    for name, used in games.clauses.items():
        if advanced or name not in EXTRAS or EXTRAS[name] in BASIC:
            found, part = told(used), share(used)[0]
            want = "used in at least 2 % of games"
            yield Gate(group, name.replace("_", " "), want, found, part >= 0.02)


def advanced_gates(games: Games) -> list[Gate]:
    """How often each clause is used in games whose deals may hold all of them."""
    return list(_clauses("clauses of games with advanced deals", games, True))


def _winning(games: Games, ruleset: Ruleset) -> Iterator[Gate]:
    count = len(ruleset.companies)
    fair = 1.0 / count
    want = f"wins at most twice its fair share, {200.0 * fair:.1f} %"
    for index, company in enumerate(ruleset.companies):
        won = games.winner == index
        yield Gate("temperaments", company.uid, want, told(won), share(won)[0] <= 2.0 * fair)
    won_by = games.opening[games.winner, np.arange(games.winner.size)]
    for number, name in zip((*range(len(OPENINGS)), -1), (*OPENINGS, "no deal"), strict=True):
        played = float((games.opening == number).sum()) / games.opening.size
        won = won_by == number
        bar = f"wins at most twice as often as it is played, {100.0 * played:.1f} %"
        if played > 0.0:  # rare ones are few games: the interval decides
            yield Gate("openings", name, bar, told(won), share(won)[1] <= 2.0 * played)


def _turning(games: Games) -> Iterator[Gate]:
    held = games.half_leader == games.winner
    yield Gate(
        "lead", "leader at half time", "wins less than 75 %", told(held), share(held)[0] < 0.75
    )
    median = float(np.median(games.lead_changes))
    least, most = np.quantile(games.lead_changes, [0.1, 0.9])
    found = f"{median:.0f} (10 to 90 %: {least:.0f} to {most:.0f})"
    yield Gate("lead", "changes of lead", "at least 2 in the median game", found, median >= 2.0)
    count = len(games.score)
    for name, hits, empty in (
        ("defaults", games.defaults > 0, 0.25),
        ("failures", games.failed, 0.25),
        ("takeovers", games.taken_over, 0.25),
    ):
        some, part = any_over(hits, 0), float(hits.mean())
        found = f"in {told(some)} of games, {part * count:.2f} companies a game"
        want = "happen, to less than a quarter of companies"
        yield Gate("upheaval", name, want, found, bool(some.any()) and part < empty)


PATHS = (
    EndCause.GATEKEEPER, EndCause.STANDARD, EndCause.HOUSE_OF_STAKES, EndCause.INDEPENDENT,
)  # fmt: skip


def path_gates(games: Games) -> list[Gate]:
    """How often the public paths end a game."""
    out = []
    for cause in PATHS:
        hit = games.end_cause == cause
        name = cause.name.lower().replace("_", " ")
        out.append(
            Gate("paths", name, "ends at least 3 % of games", told(hit), share(hit)[0] >= 0.03)
        )
    every = np.isin(games.end_cause, [int(cause) for cause in PATHS])
    part = share(every)[0]
    out.append(Gate("paths", "together", "40 to 60 %", told(every), 0.4 <= part <= 0.6))
    return out


def seat_gates(games: Games, ruleset: Ruleset) -> list[Gate]:
    """Whether every seat's median score lies within ten points of the others'."""
    median = np.median(games.score, axis=1)
    middle = float(np.median(median))
    out = [
        Gate(
            "seats", company.uid, f"median within 5 of the middle, {middle:.1f}",
            f"{median[index]:.1f}", abs(float(median[index]) - middle) <= 5.0,
        )
        for index, company in enumerate(ruleset.companies)
    ]  # fmt: skip
    spread = float(median.max() - median.min())
    out.append(Gate("seats", "spread", "within 10 points", f"{spread:.1f}", spread <= 10.0))
    return out


def card_gates(games: Games, ruleset: Ruleset) -> list[Gate]:
    """How often each option of a card is taken where the card came."""
    out = []
    for index, event in enumerate(ruleset.events):
        taken = games.choices[index].sum(axis=1)
        if len(event.options) < 2:
            continue
        count = int(taken.sum())
        if not count:
            out.append(Gate("cards", event.uid, "comes up", "never came up", False))
            continue
        most = int(taken.argmax())
        low, high = (100.0 * end for end in wilson(int(taken[most]), count))
        part = taken[most] / count
        found = f"{event.options[most].uid}: {100.0 * part:.0f} % ({low:.0f} to {high:.0f})"
        out.append(Gate("cards", event.uid, "no option over 60 %", found, part <= 0.6))
    return out
