"""The state of a block of worlds: what a save must hold, and nothing else.

Money is in millions of US dollars, volumes in millions of units (phones, sets) or of active
users a quarter (services), prices in dollars a unit, shares in whole counts.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from game.core.axes import AnyArray, Array, Bools, Ints, axis

NEVER = -1
LET_IN = -2
"""In ``barred_until``: may enter whatever the scenario says."""
NOBODY = -1


@dataclasses.dataclass(frozen=True)
class State:
    """A block of worlds at the start of a quarter, before its orders."""

    turn: int
    """Quarter to be played next, from 0."""

    # identity of each world
    seed: AnyArray = axis("W", "-", "the game's seed", dtype="u8")
    world: AnyArray = axis("W", "-", "number of the world under its seed", dtype="u8")
    active: Bools = axis("W", "-", "still being played", dtype="?", fill=1)
    end_turn: Ints = axis(
        "W", "quarter", "when the game ended; -1 while it runs", dtype="i2", fill=-1
    )
    end_cause: Ints = axis("W", "code", "core.ruleset.EndCause", dtype="i1")
    winner: Ints = axis("W", "company", "-1 while the game runs", dtype="i2", fill=-1)

    # product lines
    on_sale: Bools = axis("N M W", "-", "sells in this market", dtype="?")
    entry_due: Ints = axis("N M W", "quarter", "sales begin then; -1 none", dtype="i2", fill=-1)
    price: Array = axis("N M W", "USD a unit", "positive where on sale")
    quality: Array = axis(
        "N M W", "utils", "position relative to the frontier of the start; neutral 0"
    )
    goodwill: Array = axis("N M W", "USD a head", "stock of brand spending")
    coverage: Array = axis("N M H W", "fraction", "own build-out of each channel, 0..1")
    bump: Array = axis("N M W", "utils", "passing appeal: launches, quarrels, campaigns; fades")
    cost_shock: Array = axis("N M W", "log", "passing change of unit cost; fades")
    levy: Array = axis(
        "N M W", "USD a unit", "royalties and duties on every unit sold; lasts", dtype="f4"
    )
    subsidy: Array = axis(
        "N M W", "USD a unit", "that others pay of the buyer's price; lasts", dtype="f4"
    )
    barred_until: Ints = axis(
        "N M W",
        "quarter",
        "neither sells nor enters before; -1 never barred, -2 let in",
        dtype="i2",
        fill=-1,
    )
    noncompete_until: Ints = axis(
        "N M W", "quarter", "promised not to begin selling before; 0 free", dtype="i2"
    )
    capacity: Array = axis(
        "N M W", "m units a quarter", "that can be made, where the market limits it"
    )
    capacity_ordered: Array = axis("N M W", "m units a quarter", "ordered and not working yet")
    knowledge: Array = axis("N M W", "USD m", "stock of research, allies' spillover with it")
    cumulative: Array = axis("N M W", "m units", "made since the beginning; drives learning")
    unit_cost: Array = axis("N M W", "USD a unit", "last quarter's")
    units: Array = axis("N M W", "m units", "sold (or served) last quarter")
    base: Array = axis("N M W", "m units", "installed base or active users")
    acceptance: Array = axis(
        "N M W", "0..1", "part of the other side (shops, sellers) that takes part; two-sided only"
    )
    led: Array = axis(
        "N M W", "0..1", "part of the users of the company's other services who are led to this one"
    )
    base_mix: Array = axis(
        "N M S W", "fraction", "of the base in each segment, where buyers are loyal", dtype="f4"
    )
    revenue: Array = axis("N M W", "USD m", "last quarter's, from this market")
    sensitivity: Array = axis("N M W", "m units a util", "last quarter's own sales to own appeal")
    slope: Array = axis(
        "N M W", "m units a USD", "last quarter's sales lost to a dearer price; at least 0"
    )
    contribution: Array = axis(
        "N M W", "USD m", "last quarter's: margin less spending and fixed cost"
    )

    # markets
    frontier: Array = axis("M W", "utils", "quality that is standard now; 0 at the start")
    adopters: Array = axis("M W", "m people", "have ever bought (or use); at most the potential")
    market_size: Array = axis("M W", "m buyers", "in the market last quarter")
    fringe_units: Array = axis("M W", "m units", "sold by the small firms together")
    system_base: Array = axis(
        "Y M W", "m units", "devices in use by home system, the fringe's with them"
    )
    apps: Array = axis("Y M W", "-", "stock of apps by home system: 1 where everybody is a user")
    demand_shock: Array = axis("M W", "log", "passing change of market size; reverts")
    channel_shift: Array = axis(
        "M W", "fraction", "buyers moved from online to offline since the start"
    )

    potential_shift: Array = axis("M W", "log", "lasting change of who could ever use it")

    # regions
    fx: Array = axis(
        "R W", "log", "value of the region's money against the dollar since the start; reverts"
    )

    # companies
    cash: Array = axis("N W", "USD m", "negative only within a quarter")
    plant: Array = axis("N W", "USD m", "capacity, working and on order, at cost less wear")
    debt: Array = axis("N W", "USD m", "owed to outside lenders, at least 0")
    tax_shift: Array = axis("N W", "fraction", "added to the tax rate; lasts")
    tax_loss: Array = axis("N G W", "USD m", "losses carried forward, by the year they were made")
    profit: Array = axis("N W", "USD m", "net, last quarter")
    profit_trend: Array = axis(
        "N W", "USD m", "smoothed operating profit a quarter, without pledge income"
    )
    value: Array = axis("N W", "USD m", "fundamental, to outside holders (founders and public)")
    value_start: Array = axis("N W", "USD m a share", "fundamental value per share at the start")
    quote: Array = axis("N W", "USD m a share", "price at which shares trade")
    instalment: Array = axis("N W", "USD m", "that the company pays when a milestone is met")
    instalment_to: Ints = axis(
        "N W", "company", "paid then, whose figures count; -1 none", dtype="i2", fill=-1
    )
    instalment_until: Ints = axis("N W", "quarter", "it lapses then; 0 none", dtype="i2")
    instalment_on: Ints = axis("N W", "code", "play.packages.Milestone", dtype="i2")
    instalment_target: Array = axis("N W", "by milestone", "to be reached", dtype="f4")
    venture_partner: Ints = axis(
        "N W", "company", "in the company's joint venture; -1 none", dtype="i2", fill=-1
    )
    venture_market: Ints = axis("N W", "market", "of it; -1 none", dtype="i2", fill=-1)
    venture_share: Array = axis(
        "N W", "fraction", "of the line's profit that the partner gets", dtype="f4"
    )
    venture_until: Ints = axis("N W", "quarter", "it runs before; 0 none", dtype="i2")
    venture_fund: Array = axis("N W", "USD m", "left of the partner's money, for the line")
    sentiment: Array = axis("N W", "log", "by which the market misprices the shares; reverts")
    dividends: Array = axis("N W", "USD m a share", "paid out since the start")
    status: Ints = axis("N W", "code", "core.ruleset.Status", dtype="i1")
    defaults: Ints = axis("N W", "count", "times its debts had to be restructured", dtype="i2")
    attention: Ints = axis("N W", "points", "to spend this quarter", dtype="i1")
    authorisation: Array = axis("N W", "USD m", "left this year for deals without the board")
    last_issue: Ints = axis(
        "N W", "quarter", "of the last primary issue; -9 none", dtype="i2", fill=-9
    )
    score: Array = axis("N W", "points", "0..100, as of now")
    doors: Array = axis("N W", "m users", "consumer activity through the company and its allies")
    project_due: Ints = axis(
        "N W", "quarter", "running project ends then; -1 none", dtype="i2", fill=-1
    )
    projects_done: Ints = axis("N W", "bits", "projects finished, one bit each", dtype="i4")
    project_now: Ints = axis("N W", "project", "running; -1 none", dtype="i1", fill=-1)

    # dials
    notch: Ints = axis("N W", "0..4", "spending level, 2 is normal", dtype="i1", fill=2)
    mix: Array = axis("N L W", "fraction", "of spending; sums to one", fill=1 / 3)
    stance: Ints = axis(
        "N C W", "-2..2", "price stance: penetrate, best reply 0, harvest", dtype="i1"
    )
    focus: Ints = axis("N F W", "market", "two focus markers; -1 none", dtype="i2", fill=-1)
    pin_stance: Ints = axis("N M W", "-2..2", "stance of one market; -9 none", dtype="i1", fill=-9)
    pin_spend: Array = axis(
        "N M W", "factor", "of the delegate's spending in one market; nan none", fill=float("nan")
    )

    # ownership
    shares: Ints = axis("N N W", "shares", "holder, issuer; zero on the diagonal", dtype="i8")
    disclosed: Bools = axis("N N W", "-", "size of this stake is public", dtype="?")
    carrying: Array = axis(
        "N N W", "USD m", "what the holder's stake in the issuer stands at in its books"
    )
    locked_until: Ints = axis(
        "N N W", "quarter", "stake cannot be sold before", dtype="i2", fill=-1
    )
    loan_owed: Array = axis(
        "N N W", "USD m", "debtor to creditor, interest so far with it; one loan a pair"
    )
    loan_due: Ints = axis("N N W", "quarter", "repaid in it; 0 no loan", dtype="i2")
    loan_rate: Array = axis("N N W", "a quarter", "interest on it", dtype="f4")
    loan_price: Array = axis(
        "N N W", "USD m a share", "at which it may become shares of the debtor; 0 never", dtype="f4"
    )
    board: Bools = axis("N N W", "-", "holder sits on the issuer's board", dtype="?")
    board_until: Ints = axis(
        "N N W", "quarter", "holder's seat by contract ends with it; 0 none", dtype="i2"
    )
    standstill_until: Ints = axis(
        "N N W", "quarter", "the first buys no shares of the second before; 0 free", dtype="i2"
    )
    call_shares: Ints = axis(
        "N N W", "shares", "new ones that the holder may buy of the issuer", dtype="i8"
    )
    call_price: Array = axis("N N W", "USD m a share", "for them", dtype="f4")
    call_until: Ints = axis("N N W", "quarter", "the option ends with it; 0 none", dtype="i2")
    founders: Ints = axis("N W", "shares", "held by founders", dtype="i8")
    public: Ints = axis("N W", "shares", "held by everybody else outside", dtype="i8")

    # relations and pledges: giver, receiver
    trust: Array = axis("N N W", "-1..1", "of the first in the second")
    fit: Array = axis(
        "N N W", "factor", "how well the second uses what the first lends; partly hidden", fill=1
    )
    pledge_announced: Array = axis("K N N W", "0..1", "strength promised; 0 none")
    pledge_effort: Array = axis(
        "K N N W", "0..1", "part of the promise truly given; known to the giver alone"
    )
    pledge_until: Ints = axis(
        "K N N W", "quarter", "in force before it; -1 none", dtype="i2", fill=-1
    )
    pledge_since: Ints = axis(
        "K N N W", "quarter", "works from it on; -1 none", dtype="i2", fill=-1
    )
    pledge_exclusive: Bools = axis("K N N W", "-", "giver may lend this to nobody else", dtype="?")
    pledge_regions: Ints = axis("K N N W", "bits", "regions covered, one bit each", dtype="i2")
    insight: Array = axis("N N W", "0..1", "how well the first knows the second's books; fades")
    patience: Array = axis("N N W", "0..1", "of the first in talks with the second", fill=1)
    last_talk: Ints = axis(
        "N N W", "quarter", "the first last tabled to the second; -9 none", dtype="i2", fill=-9
    )

    # deals before competition authorities
    review_until: Ints = axis(
        "N N W", "quarter", "the first may not buy shares of the second before; 0 free", dtype="i2"
    )
    undertaking_until: Ints = axis(
        "N W", "quarter", "undertakings to an authority bind before; 0 free", dtype="i2"
    )
    waiting_due: Ints = axis("Z W", "quarter", "decided in it; 0 no deal waits", dtype="i2")
    waiting_proposer: Ints = axis("Z W", "company", "-1 none", dtype="i2", fill=-1)
    waiting_counterparty: Ints = axis("Z W", "company", "-1 none", dtype="i2", fill=-1)
    waiting_cash: Array = axis("X Z W", "USD m", "paid by the side")
    waiting_new_shares: Ints = axis("X Z W", "shares", "newly issued by the side", dtype="i8")
    waiting_old_shares: Ints = axis("X Z W", "shares", "handed over by the side", dtype="i8")
    waiting_old_issuer: Ints = axis("X Z W", "company", "whose; -1 none", dtype="i2", fill=-1)
    waiting_pledge: Array = axis("X K Z W", "0..1", "strength promised by the side", dtype="f4")
    waiting_exclusive: Bools = axis("X K Z W", "-", "lent to nobody else", dtype="?")
    waiting_loan: Array = axis("X Z W", "USD m", "lent by the side")
    waiting_loan_rate: Array = axis("Z W", "a quarter", "interest on the loan", dtype="f4")
    waiting_term: Ints = axis("Z W", "quarters", "of what lasts", dtype="i2")
    waiting_disclosed: Bools = axis("Z W", "-", "the size of the stake is announced", dtype="?")
    waiting_regions: Ints = axis("X K Z W", "bits", "regions of a pledge; 0 all", dtype="i2")
    waiting_extra: Array = axis("X E Z W", "by slot", "play.packages.Extra", dtype="f4")

    # events
    event_turn: Ints = axis("V W", "quarter", "card is open in it; -1 not yet", dtype="i2", fill=-1)
    event_choice: Ints = axis("V N W", "option", "chosen; -1 none", dtype="i1", fill=-1)

    # goals
    mandate_run: Ints = axis("N J W", "quarters", "held in a row", dtype="i2")
    mandate_best: Array = axis("N J W", "0..1", "partial credit so far; 1 is met")
    path_run: Ints = axis("N D W", "quarters", "path held in a row", dtype="i2")
    year_units: Array = axis("N C W", "m units", "sold in the last four quarters (smoothed sum)")


def replace(state: State, **changes: Any) -> State:
    """The state with these fields changed.

    Raises:
        TypeError: no such field.
    """
    held = state.__dict__
    if not changes.keys() <= held.keys():
        raise TypeError(f"no such field: {', '.join(sorted(changes.keys() - held.keys()))}")
    # asking every field for its value again, as dataclasses.replace does, costs more than a phase
    changed = object.__new__(State)
    changed.__dict__.update(held, **changes)
    return changed
