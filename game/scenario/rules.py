"""The scalars of the game as a part of a scenario file, each with its unit."""

from __future__ import annotations

import dataclasses
import typing
from collections import defaultdict
from typing import Annotated, Any

from pydantic import Field, create_model

from game.core import ruleset
from game.scenario.kinds import Part

RULE_UNITS: dict[str, str] = {
    "points": "Attention for every company, points a quarter.",
    "carry": "Attention that may be kept for the next quarter, points.",
    "cost_talk": "Talking to a counterparty, points.",
    "cost_enter": "Entering a market, points.",
    "cost_enter_ally": "Entering with a local ally, points.",
    "cost_exit": "Leaving a market, points.",
    "cost_integrate": "Integrating a pledge, points.",
    "cost_investigate": "An investigation, points.",
    "cost_statement": "A public statement, points.",
    "cost_capital": "A capital measure, points.",
    "cost_project": "Starting a project, points.",
    "free_regions": "Foreign regions before each costs a point, count.",
    "notches": "Spending at the five notches, factors of normal.",
    "stances": "Margin at the five price stances, factors of best reply.",
    "spend_cap": "Spending in a market at most, factor of normal.",
    "price_step": "Price change in one pricing step at most, log.",
    "price_floor": "Lowest price, fraction of cost.",
    "price_iterations": "Pricing steps a quarter at most, count.",
    "price_tolerance": "Prices have converged below this change, log.",
    "research_ceiling": "Largest quality gain, utils a quarter.",
    "research_half": "Research for half that gain, fraction of market revenue.",
    "knowledge_depreciation": "Stock of research lost, fraction a quarter; 1: no stock.",
    "frontier_drift": "Rise of standard quality, utils a quarter.",
    "reversion": "Return of quality to the frontier, fraction a quarter.",
    "quality_luck": "Luck in research, s.d. in utils a quarter.",
    "demand_luck": "Luck in market size, s.d. in log a quarter.",
    "demand_reversion": "Return of market size to normal, fraction a quarter.",
    "bump_decay": "Passing appeal lost, fraction a quarter.",
    "shock_decay": "Passing cost change lost, fraction a quarter.",
    "fx_reversion": "Return of exchange rates to the start's, fraction a quarter.",
    "parts_in_dollars": "Durables' unit cost paid in dollars, the rest at home, fraction.",
    "service_cap": "A buyer's worth to other services at most, fraction of the unit cost.",
    "working_capital": "Cash or credit needed to order capacity, quarters of the added unit cost.",
    "entry_capacity": "First contract of an entrant, fraction of the market's last sales.",
    "fit_sd": "Spread of pair fit between worlds, s.d. in log.",
    "fit_hidden": "Error of a company's guess of a fit, s.d. in log.",
    "estimate_noise": "Error of outsiders' estimates, s.d. in log.",
    "published_noise": "Error of estimates of companies that publish, s.d. in log.",
    "report_noise": "Error of what is heard of a partner's effort, s.d. of a fraction.",
    "board_hears": "Of that error, taken away by a seat on the giver's board, fraction.",
    "insight": "Of the errors about a company, taken away by an audit, fraction.",
    "insight_kept": "Of an audit's insight, left after a quarter, fraction.",
    "suspect_below": "Effort heard below which machine seats audit, fraction.",
    "exposed_below": "Effort below which an audit exposes the giver, fraction.",
    "exposed_trust": "Trust lost by being found out, -1 to 1 scale.",
    "trust_missed": "For which machine seats think that lost trust is missed, quarters.",
    "attack_trust": "Trust that a public attack costs, -1 to 1 scale.",
    "attack_appeal": "Passing appeal lost by being attacked, utils.",
    "praise_trust": "Trust won by public praise, -1 to 1 scale.",
    "refusal_trust": "Trust lost in who turns an offer down, -1 to 1 scale.",
    "topped_trust": "Trust lost in who tops a bid for a stake, by who had agreed, -1 to 1 scale.",
    "late_trust": "Trust that creditors lose in who does not pay on time, -1 to 1 scale.",
    "countdown_rivalry": "Rivalry felt towards who is a quarter from ending the game, fraction.",
    "interest": "On debt, fraction a quarter.",
    "deposit": "On cash, fraction a quarter.",
    "tax": "On profit, fraction.",
    "loss_years": "A loss may be set against profit for so many years more; 0: for ever.",
    "discount": "Discount rate, fraction a quarter.",
    "growth": "Of profit in the continuation value, fraction a quarter.",
    "credit_quarters": "Credit line on sales, quarters of revenue.",
    "credit_value": "Credit line on value, fraction of fundamental value.",
    "restructurings": "Defaults that end in a restructuring before one ends in a sale, count.",
    "haircut": "Claims that a restructuring turns into shares, fraction.",
    "creditor_share": "Of a restructured company held by its creditors, fraction.",
    "rescue": "Cash that creditors leave in it, fraction of its credit line.",
    "loan_rate_most": "Highest interest on loans among companies, fraction a quarter.",
    "default_loss": "Of a loan that is feared lost to a debtor worth nothing, fraction.",
    "loan_extension": "Until a restructured company repays other companies, quarters.",
    "line_quarters": "Worth of a failed company's business to a bidder, quarters of contribution.",
    "line_kept": "Of a bought business kept by a buyer who sells there already, fraction.",
    "bid_cash": "Of its cash that a company bids for businesses at most, fraction.",
    "private_discount": "On shares that are not listed, fraction.",
    "sentiment_sd": "Mispricing of shares, s.d. in log.",
    "sentiment_persistence": "Mispricing that is left, fraction a quarter.",
    "deal_cost": "Cost of a deal, USD m.",
    "deal_cost_share": "Cost of a deal, fraction of both sides' quarterly contribution.",
    "break_trust": "Trust lost by breaking a pledge, -1 to 1 scale.",
    "keep_trust": "Trust won by keeping one, a quarter.",
    "trust_decay": "Trust kept, fraction a quarter.",
    "disclosure": "Stake that must be disclosed, fraction.",
    "board_stake": "Stake that brings a board seat, fraction.",
    "control": "Stake that brings control, fraction.",
    "contest_stake": "Stake whose sale may be topped once and matched once, fraction; 2: none.",
    "decisive_stake": "Stake that authorities review like control where founders do not decide, "
    "fraction; 2: none.",
    "breakup_fee": "Paid by whoever cannot complete a cleared deal, fraction of the price.",
    "refile": "Until a forbidden deal may be tried anew, quarters.",
    "undertaking": "For which undertakings to an authority bind, quarters.",
    "lockup": "A bought stake cannot be sold for, quarters.",
    "issue_gap": "Between two primary issues, quarters.",
    "outside_floor": "Outside holders keep at least, fraction.",
    "bargaining": "Share of the joint surplus that a side wants, fraction.",
    "user_value": "Worth of a preloaded user, USD a quarter.",
    "preload_bump": "Appeal that full preload adds to services, utils.",
    "ramp": "Until a pledge works fully without integration, quarters.",
    "entry_quarters": "From the decision to the first sale, quarters.",
    "entry_coverage": "Coverage of an entrant, fraction.",
    "exit_cost": "Cost of leaving a market, quarters of its fixed cost.",
    "abroad_discount": "Appeal that a newcomer abroad lacks, utils.",
    "score_value": "Points for value at most.",
    "score_mandates": "Points for mandates at most.",
    "score_doors": "Points for doors at most.",
    "path_quarters": "A path must be held for, quarters in a row.",
    "path_doors": "Gatekeeper: fraction of doors in a region.",
    "path_standard": "Standard: fraction of devices.",
    "path_allies": "Standard: through so many allies, count.",
    "path_stakes": "House of stakes: profitable holdings, count.",
    "path_stake_value": "House of stakes: their part of group value, fraction.",
    "path_return": "Independent: ln R above what is usual from the seat, in spreads of par.",
    "terms": "Terms that pledges may have, quarters.",
    "share_sd": "Moves of a share's value by which options are priced, s.d. in log a quarter.",
    "advanced_deals": "Instalments, convertibles, businesses, mergers, ventures: yes or no.",
}
"""Unit and meaning of each scalar of :class:`game.core.ruleset.Rules`."""
POSITIVE = ("knowledge_depreciation",)
"""Rules that divide something."""
AT_LEAST_ONE = ("price_iterations", "terms", "path_quarters")
"""Rules that count something that must be there."""
SIGNED = ("growth",)
"""Rules that may be negative."""
LENGTHS = defaultdict(lambda: (1, 12), notches=(5, 5), stances=(5, 5))
"""How many values a list of rules may hold."""
CALENDAR_RULES = ("quarters", "first_year", "first_quarter")


def _rule_fields() -> dict[str, Any]:
    hints = typing.get_type_hints(ruleset.Rules)
    return {
        field.name: _rule_field(field.name, hints[field.name], field.default)
        for field in dataclasses.fields(ruleset.Rules)
        if field.name not in CALENDAR_RULES
    }


def _rule_field(name: str, kind: Any, default: Any) -> tuple[Any, Any]:
    """Annotation and description of one scalar, or of a list of them."""
    words = f"{RULE_UNITS[name]} Default {_shown(default)}."
    if kind is bool:
        return bool | None, Field(None, description=words)
    annotate: Any = Annotated
    several: Any = list
    bounds = Field(**_range(name, RULE_UNITS[name]))
    if typing.get_origin(kind) is not tuple:
        return annotate[kind, bounds] | None, Field(None, description=words)
    least, most = LENGTHS[name]
    items = several[annotate[typing.get_args(kind)[0], bounds]]
    return items | None, Field(None, min_length=least, max_length=most, description=words)


def _range(name: str, words: str) -> dict[str, Any]:
    """Bounds of a scalar: a fraction lies in 0 to 1, nothing is negative."""
    if name in AT_LEAST_ONE:
        return {"ge": 1}
    if name in POSITIVE:
        return {"gt": 0, "le": 1}
    if name in SIGNED:
        return {"ge": -1, "le": 1}
    return {"ge": 0, "le": 1} if "fraction" in words else {"ge": 0}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "[" + ", ".join(f"{item:g}" for item in value) + "]"
    return f"{value:g}"


Rules: type[Part] = create_model(
    "Rules",
    __base__=Part,
    __doc__="Scalars of the game; keys left out keep their default.",
    **_rule_fields(),
)
