"""What is known of the companies by which packages are valued.

All of it in a state, what a seat may know of it in an observation.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.macro import to_dollars
from game.play.cells import Cells
from game.play.claims import Claims, claims_of, claims_of_state
from game.play.countdown import danger_of
from game.play.in_force import InForce, running_of
from game.play.levers import credit_left, credit_line
from game.play.macro import market_rate
from game.play.money import fundamental
from game.play.observation import Observation
from game.play.outcome import shares_total, stakes, value_per_share


class LineFacts(NamedTuple):
    """Books of product lines, by which businesses are valued."""

    trend: Array
    """[N, W] USD m a quarter, smoothed operating profit of companies."""
    contribution: Array
    """[N, M, W] USD m a quarter."""
    unit_cost: Array
    """[N, M, W] USD a unit at the start's rates."""
    on_sale: Bools
    """[N, M, W]."""
    dollar: Array | None
    """[M, W] dollars of now for one at the start's rate; None while nothing moved."""


@dataclasses.dataclass(frozen=True)
class DealFacts:
    """Figures of companies and pairs as the valuing side knows them. Axis V: viewing seats."""

    turn: int
    equity: Array
    """[V, N, W] USD m, fundamental value of all shares, holdings looked through."""
    money: Array
    """[V, N, W] USD m of cash."""
    contribution: Array
    """[V, N, W] USD m a quarter, at least 0."""
    costs: Array
    """[N, W] USD m a quarter: cost of sales and overhead."""
    cushion: Array
    """[V, N, W] USD m: what profits and lenders add to cash in a squeeze."""
    credit: Array
    """[V, N, W] USD m: the lenders' part of it, which a loan of another company uses up."""
    authorisation: Array
    """[V, N, W] USD m left; of companies that do not look, what they are given a year."""
    total: Ints
    """[N, W] shares."""
    founders: Ints
    """[N, W] shares."""
    stake: Array
    """[N, N, W] fractions, holder by issuer."""
    held: Array | None
    """[V, N, W] exact stakes of the viewing seats; None when ``stake`` is exact."""
    seats: Ints
    """[V] companies of the viewing seats; empty for the state."""
    noise: Array
    """[N] log; standard error of outsiders' estimates of a company."""
    known: Array | None
    """[N, N, W] 0..1, how well the first knows the second's books; None: not at all."""
    board: Bools
    """[N, N, W]."""
    trust: Array
    """[N, N, W]."""
    danger: Array | None
    """[N, W] 0..1, how near a company is to ending the game; None: nobody is, or none minds."""
    last_issue: Ints
    """[N, W] quarter."""
    calls: Ints
    """[N, N, W] shares that holders may still call of issuers."""
    standstill: Ints
    """[N, N, W] quarter; the first buys no shares of the second before."""
    locked: Ints
    """[N, N, W] quarter; the first sells no shares of the second before."""
    loan_due: Ints
    """[N, N, W] quarter in which the first repays the second; 0 no loan."""
    pays_later: Bools
    """[N, W] an instalment of the company is open."""
    hosting: Bools
    """[N, W] a joint venture in one of its lines is open."""
    regions: Ints
    """[K, N, N, W] bits of the regions that pledges cover; 0 or below all."""
    announced: Array
    """[K, N, N, W]."""
    until: Ints
    """[K, N, N, W] quarter."""
    since: Ints
    """[K, N, N, W] quarter from which pledges work."""
    running: InForce
    """Pledges in force."""
    units: Array
    """[N, M, W]."""
    price: Array
    """[N, M, W]."""
    fringe_units: Array
    """[M, W]."""
    claims: Claims | None
    """Options, loans and instalments that are open; None without any."""
    lines: LineFacts | None = None
    """Of the state; None where the books are not known."""
    deficit: Array | None = None
    """[N, W] USD m by which companies that are worth nothing are below it, at most 0; None where
    no company is, or the books are not known."""
    board_until: Ints | None = None
    """[N, N, W] quarter in which a contract's seat ends; None where only seats are known."""
    noncompete: Ints | None = None
    """[N, M, W] quarter up to which companies have promised to stay out; None: not known."""

    def of(self, field: AnyArray, who: Ints, cells: Cells) -> AnyArray:
        """A company's figure [N, W] at a company of each cell: [L]."""
        return np.asarray(field.reshape(-1).take(who * field.shape[-1] + cells.lane))

    def seen(self, field: AnyArray, who: Ints, cells: Cells) -> AnyArray:
        """A figure [V, N, W] as the cell's viewer knows it: [L]."""
        count, worlds = field.shape[-2:]
        return np.asarray(
            field.reshape(-1).take((cells.viewer * count + who) * worlds + cells.lane)
        )

    def pair(self, field: AnyArray, first: Ints, second: Ints, cells: Cells) -> AnyArray:
        """A pair's figure [N, N, W]: [L]."""
        count, worlds = field.shape[-2:]
        return np.asarray(field.reshape(-1).take((first * count + second) * worlds + cells.lane))

    def stake_of(self, holder: Ints, issuer: Ints, cells: Cells) -> Array:
        """Stake of one in the other as the cell's viewer knows it: [L]."""
        public = self.pair(self.stake, holder, issuer, cells)
        if self.held is None:
            return np.asarray(public)
        own = self.seen(self.held, issuer, cells)
        return np.asarray(np.where(np.take(self.seats, cells.viewer) == holder, own, public))


def _noise(ruleset: Ruleset) -> Array:
    listed = np.array([company.listed for company in ruleset.companies])
    return np.where(listed, ruleset.rules.published_noise, ruleset.rules.estimate_noise)


def _contribution(trend: Array, ruleset: Ruleset) -> Array:
    """What the markets bring a quarter, from smoothed operating profit: at least 0."""
    outside = (ruleset.overhead - ruleset.other_profit)[:, None]
    return np.asarray(np.maximum(trend + outside, 0.0))


def _credit(left: Array) -> Array:
    """Half of the free credit: what lenders add to a firm short of cash."""
    return np.asarray(0.5 * np.maximum(left, 0.0))


def _squeeze(trend: Array, credit: Array) -> Array:
    """What helps a firm short of cash: two quarters of profit, and lenders."""
    return np.asarray(2.0 * np.maximum(trend, 0.0) + credit)


def _deficit(state: State, ruleset: Ruleset, equity: Array) -> Array | None:
    ruined = equity <= 0.0
    if not ruined.any():
        return None
    below = fundamental(state, ruleset) + (stakes(state) * equity).sum(axis=1)
    return np.where(ruined, np.minimum(below, 0.0), 0.0)


def _lines(state: State, ruleset: Ruleset) -> LineFacts:
    rate = market_rate(state, ruleset)
    dollar = None if rate is None else to_dollars(np.ones(rate.shape), rate)
    return LineFacts(state.profit_trend, state.contribution, state.unit_cost, state.on_sale, dollar)


def facts_of_state(state: State, ruleset: Ruleset, running: InForce | None = None) -> DealFacts:
    """Everything, as it is.

    Args:
        running: the pledges in force, when they are at hand.
    """
    total = shares_total(state)
    equity = np.maximum(value_per_share(state), 0.0) * total
    credit = _credit(credit_left(state, ruleset))
    return DealFacts(
        turn=state.turn,
        equity=equity[None],
        money=state.cash[None],
        contribution=_contribution(state.profit_trend, ruleset)[None],
        costs=(state.unit_cost * state.units).sum(axis=1) + ruleset.overhead[:, None],
        cushion=_squeeze(state.profit_trend, credit)[None],
        credit=credit[None],
        authorisation=state.authorisation[None],
        total=np.asarray(total),
        founders=state.founders,
        stake=stakes(state),
        held=None,
        seats=np.zeros(0, np.int64),
        noise=_noise(ruleset),
        known=state.insight,
        board=state.board,
        trust=state.trust,
        danger=danger_of(state.path_run, ruleset.rules),
        last_issue=state.last_issue,
        calls=state.call_shares,
        standstill=state.standstill_until,
        locked=state.locked_until,
        loan_due=state.loan_due,
        pays_later=state.instalment_until > 0,
        hosting=state.venture_until > state.turn,
        regions=state.pledge_regions,
        announced=state.pledge_announced,
        until=state.pledge_until,
        since=state.pledge_since,
        running=running_of(state) if running is None else running,
        units=state.units,
        price=state.price,
        fringe_units=state.fringe_units,
        claims=claims_of_state(state),
        lines=_lines(state, ruleset),
        deficit=_deficit(state, ruleset, equity),
        board_until=state.board_until,
        noncompete=state.noncompete_until,
    )


def facts_of_view(view: Observation, ruleset: Ruleset, running: InForce | None = None) -> DealFacts:
    """What each viewing seat may know: its own books, public figures, estimates of the rest.

    Args:
        running: as in :func:`facts_of_state`.
    """
    seats = np.asarray(view.seats, np.int64)
    rows = np.arange(seats.shape[0])
    yearly = np.broadcast_to(ruleset.yearly_authorisation[:, None], view.cash_guess.shape[1:])
    authorisation = np.repeat(yearly[None], seats.shape[0], axis=0)
    authorisation[rows, seats] = view.authorisation
    sales = (view.price * view.units).sum(axis=1) + np.maximum(ruleset.other_profit, 0.0)[:, None]
    credit = _credit(credit_line(ruleset.rules, sales, view.value_guess) - view.debt_guess)
    spent = (np.maximum(view.price - view.margin, 0.0) * view.units).sum(axis=1)
    return DealFacts(
        turn=view.turn,
        equity=np.maximum(view.value_guess, 0.0),
        money=view.cash_guess,
        contribution=_contribution(view.profit_guess, ruleset),
        costs=spent + ruleset.overhead[:, None],
        cushion=_squeeze(view.profit_guess, credit),
        credit=credit,
        authorisation=authorisation,
        total=view.shares_total,
        founders=view.founders,
        stake=view.stake,
        held=view.held,
        seats=seats,
        noise=_noise(ruleset),
        known=None,
        board=view.board,
        trust=view.trust,
        danger=danger_of(view.path_run, ruleset.rules),
        last_issue=view.last_issue,
        calls=view.call_shares,
        standstill=view.standstill_until,
        locked=view.locked_until,
        loan_due=view.loan_due,
        pays_later=view.pays_later,
        hosting=view.hosting,
        regions=view.pledge_regions,
        announced=view.pledge_announced,
        until=view.pledge_until,
        since=view.pledge_since,
        running=running_of(view) if running is None else running,
        units=view.units,
        price=view.price,
        fringe_units=view.fringe_units,
        claims=claims_of(view),
    )


def viewer_rows(view: Observation, company: Ints) -> Ints:
    """Row of each company among the viewing seats; 0 for companies that do not look: same shape."""
    rows = np.zeros(view.shares_total.shape[0], np.int64)
    rows[np.asarray(view.seats, np.int64)] = np.arange(len(view.seats))
    return np.asarray(np.take(rows, np.maximum(company, 0)))
