"""The score with its reasons, mandates, and the countdowns of public paths."""

from __future__ import annotations

import math

import numpy as np

from game.core.ruleset import PAR_PART, Mandate, Metric, Mode
from game.play import outcome
from game.play.mandates import metric
from game.session.sight import Sight
from game.session.view_front import MandateView, ScoreTerm, ScoreView
from game.session.view_types import Ask, Link, Notice
from game.text import format as fmt

LEAST_USERS = 5e-4
"""m users; fewer are none."""
PATHS = ("GATEKEEPER", "STANDARD", "HOUSE_OF_STAKES", "INDEPENDENT")
_VOLUMES = {Metric.OS_DEVICES, Metric.YEAR_UNITS}
_PARTS = {Metric.SHARE, Metric.FOUNDER_VOTES, Metric.SERVICES_PROFIT, Metric.PROFIT_SHARE}
_COUNTS = {Metric.TOP_RANK_REGIONS, Metric.STAKES, Metric.FOREIGN_MARKETS, Metric.ALLIES}
_FACTORS = {Metric.REVENUE_GROWTH, Metric.VALUE_MULTIPLE}


def score(sight: Sight) -> ScoreView:
    """The seat's score and its three terms."""
    parts = outcome.score(sight.full, sight.ruleset)
    seat = sight.seat
    rules = sight.ruleset.rules
    terms = (
        _term(sight, "value", float(parts.value[seat, 0]), rules.score_value, _value_why(sight)),
        _term(
            sight, "mandates", float(parts.mandates[seat, 0]), rules.score_mandates,
            _mandates_why(sight),
        ),
        _term(sight, "doors", float(parts.doors[seat, 0]), rules.score_doors, _doors_why(sight)),
    )  # fmt: skip
    total = sum(term.points for term in terms)
    place = int((sight.now.score > sight.now.score[seat]).sum()) + 1
    rank = sight.say("score.rank", place=place, count=len(sight.ruleset.companies))
    ask = Ask("score", seat)
    return ScoreView(total, fmt.points(total, sight.lang), rank, terms, ask)


def _term(sight: Sight, key: str, points: float, of: float, why: tuple[str, ...]) -> ScoreTerm:
    text = sight.say("score.of", points=f"{points:.1f}", most=f"{of:.0f}")
    ask = Ask("value" if key == "value" else "score", sight.seat)
    return ScoreTerm(sight.say(f"score.{key}"), points, of, text, why, ask)


def _value_why(sight: Sight) -> tuple[str, ...]:
    seat, ruleset = sight.seat, sight.ruleset
    gain = float(outcome.return_to_holders(sight.full)[seat, 0])
    mean, spread = float(ruleset.par_mean[seat]), float(ruleset.par_sd[seat])
    start = float(sight.now.value_start[seat])
    share = float(outcome.value_per_share(sight.full)[seat, 0])
    return (
        sight.say("score.value.gain", gain=fmt.factor(gain, sight.lang)),
        sight.say(
            "score.value.share",
            now=_per_share(sight, share),
            start=_per_share(sight, start),
            paid=_per_share(sight, float(sight.now.dividends[seat])),
        ),
        sight.say(
            "score.value.par",
            middle=fmt.factor(math.exp(mean), sight.lang),
            low=fmt.factor(math.exp(mean - spread), sight.lang),
            high=fmt.factor(math.exp(mean + spread), sight.lang),
        ),
    )


def _mandates_why(sight: Sight) -> tuple[str, ...]:
    """Every task with its standing, and what the credit counts for."""
    seat, ruleset = sight.seat, sight.ruleset
    tasks = tuple(f"{task.text} {task.standing}" for task in mandates(sight, seat))
    if not tasks:
        return ()
    usual = float(ruleset.par_mandates[seat])
    at_par = ruleset.rules.score_mandates * PAR_PART
    return (
        *tasks,
        sight.say(
            "score.mandates.par",
            credit=sight.percent(float(outcome.mandate_credit(sight.full, ruleset)[seat, 0])),
            usual=sight.percent(usual),
            points=f"{at_par:.0f}",
            most=f"{ruleset.rules.score_mandates:.0f}",
        ),
    )


def _per_share(sight: Sight, value: float) -> str:
    """USD m a share as dollars a share."""
    return sight.price(value * 1e6)


def _doors_why(sight: Sight) -> tuple[str, ...]:
    seat = sight.seat
    own = float(outcome.own_doors(sight.full, sight.ruleset)[seat, 0])
    total = float(sight.now.doors[seat])
    par = float(sight.ruleset.par_doors[seat])
    return (
        sight.say("score.doors.own", doors=_users(sight, own)),
        sight.say("score.doors.allies", doors=_users(sight, total - own)),
        sight.say("score.doors.par", doors=sight.volume(par, sight.say("unit.users"))),
    )


def _users(sight: Sight, doors: float) -> str:
    """A number of users, or that there are none."""
    if doors < LEAST_USERS:
        return sight.say("score.doors.none")
    return sight.volume(doors, sight.say("unit.users"))


# ---------------------------------------------------------------------------- mandates


def mandates(sight: Sight, company: int) -> tuple[MandateView, ...]:
    """A company's tasks; they are public."""
    out = []
    for place, task in enumerate(sight.ruleset.mandates[company]):
        best = float(sight.now.mandate_best[company, place])
        out.append(
            MandateView(
                text=sight.pick(task.text),
                progress=_progress(sight, task, company, best),
                standing=_standing(sight, task, company, place),
                until=_until(sight, task),
                met=best >= 1.0 - 1e-9,
            )
        )
    return tuple(out)


def _progress(sight: Sight, task: Mandate, company: int, best: float) -> float:
    """Credit so far, 0..1; of own open tasks what the standing beside it says."""
    open_ = company == sight.seat and sight.full.turn <= _deadline(sight, task)
    if not open_ or task.mode == Mode.RUN:
        return min(max(best, 0.0), 1.0)
    reached = float(metric(sight.full, sight.ruleset, company, task)[0]) / task.target
    if task.mode == Mode.BY:
        reached = max(reached, best)
    return min(max(reached, 0.0), 1.0)


def measure(sight: Sight, task: Mandate, value: float) -> str:
    """A mandate's measure in its own unit."""
    if task.metric in _VOLUMES:
        return sight.volume(value, _unit(sight, task))
    if task.metric in _COUNTS:
        return sight.say(f"mandate.number.{task.metric.name}", count=f"{value:.0f}")
    if task.metric in _PARTS:
        return sight.percent(value)
    if task.metric in _FACTORS:
        return fmt.factor(value, sight.lang)
    if task.metric in (Metric.RANK, Metric.PROFITABLE, Metric.NO_EXCLUSIVE):
        return sight.say("mandate.yes" if value >= task.target - 1e-9 else "mandate.no")
    if task.metric == Metric.CASH_QUARTERS:
        return sight.quarters(int(value))
    return f"{value:.0f}"


def _unit(sight: Sight, task: Mandate) -> str:
    if task.metric == Metric.OS_DEVICES:
        return sight.say("unit.devices")
    return sight.sector_unit(task.sector) if task.sector >= 0 else sight.say("unit.units")


def _standing(sight: Sight, task: Mandate, company: int, place: int) -> str:
    """Own tasks in their own unit; of others only the progress is public."""
    best = float(sight.now.mandate_best[company, place])
    if company != sight.seat:
        return sight.say("mandate.progress", part=sight.percent(best, digits=0))
    settled = _settled(sight, task, best)
    if settled:
        return settled
    value = float(metric(sight.full, sight.ruleset, company, task)[0])
    now = measure(sight, task, value)
    if task.mode == Mode.RUN:
        run = int(sight.now.mandate_run[company, place])
        return sight.say("mandate.run", run=run, quarters=task.quarters, now=now)
    if task.metric in (Metric.RANK, Metric.PROFITABLE, Metric.NO_EXCLUSIVE):
        return sight.say("mandate.now", now=now)
    if task.metric in _COUNTS:
        key = f"mandate.count.{task.metric.name}"
        return sight.say(key, count=f"{value:.0f}", target=f"{task.target:.0f}")
    if task.metric in _VOLUMES:
        now = sight.volume(value)  # the target beside it has the unit
    return sight.say("mandate.of", now=now, target=measure(sight, task, task.target))


def _settled(sight: Sight, task: Mandate, best: float) -> str:
    """A task that is met for good, or can no longer be; else nothing."""
    met, closed = best >= 1.0 - 1e-9, sight.full.turn > _deadline(sight, task)
    if met and task.mode == Mode.RUN:
        return sight.say("mandate.done", quarters=task.quarters)
    if met and (closed or task.mode == Mode.BY):
        return sight.say("mandate.kept")
    if closed and not met:
        return sight.say("mandate.missed", part=sight.percent(best, digits=0))
    return ""


def _deadline(sight: Sight, task: Mandate) -> int:
    return task.deadline if task.deadline >= 0 else sight.ruleset.rules.quarters - 1


def _until(sight: Sight, task: Mandate) -> str:
    key = {Mode.BY: "mandate.by", Mode.AT: "mandate.at", Mode.RUN: "mandate.by"}[task.mode]
    return sight.say(key, date=sight.date(_deadline(sight, task)))


def path_about(sight: Sight, path: str) -> str:
    """What a public path asks for, in full."""
    rules = sight.ruleset.rules
    return sight.say(
        f"path.{path}.about",
        quarters=sight.quarters(rules.path_quarters),
        allies=rules.path_allies,
        stakes=rules.path_stakes,
        doors=sight.percent(rules.path_doors, digits=0),
        devices=sight.percent(rules.path_standard, digits=0),
        part=sight.percent(rules.path_stake_value, digits=0),
    )


def paths(sight: Sight) -> tuple[Notice, ...]:
    """Countdowns of public paths that somebody holds."""
    need = sight.ruleset.rules.path_quarters
    runs = sight.now.path_run
    found = []
    for company, path in zip(*np.nonzero(runs > 0), strict=True):
        left = need - int(runs[company, path])
        found.append(
            Notice(
                sight.say(
                    "path.countdown",
                    company=sight.name(int(company)),
                    path=sight.say(f"path.{PATHS[path]}"),
                    left=sight.quarters(max(left, 0)),
                ),
                "good" if company == sight.seat else "bad",
                Link("company", int(company)),
                path_about(sight, PATHS[path]),
            )
        )
    return tuple(found)
