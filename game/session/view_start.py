"""Title and new game: scenarios, seats, saves."""

from __future__ import annotations

import datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from game.core.errors import GameError, SaveError
from game.core.ruleset import Ruleset
from game.policies.registry import level_names, names
from game.resources import scenarios
from game.scenario.loader import Scenario, load
from game.scenario.par import par_paths
from game.scenario.reference import read_reference
from game.session.record import ENDING, saves_folder
from game.session.sight import fill, tag
from game.session.view_front import (
    CompanyCard,
    MandateView,
    NewGameView,
    SaveCard,
    ScenarioCard,
    TitleView,
)
from game.session.view_types import Figure
from game.storage.saves import read_meta
from game.text import format as fmt
from game.text.catalogue import pick, say

MOST_SAVES = 30
USUAL = "level-2"
"""Rivals unless the player chooses others: strategists."""
HARD, EASY = 600.0, 6000.0
"""USD m of cash under which a seat is called hard, and over which it is called rich."""


def title_view(lang: str) -> TitleView:
    """The first screen."""
    try:
        version = metadata.version("minority-stake")
    except metadata.PackageNotFoundError:
        version = ""
    return TitleView(
        say("title.name", lang), say("title.subtitle", lang), version, tuple(save_cards(lang))
    )


def save_cards(lang: str, folder: Path | None = None) -> list[SaveCard]:
    """Saved games of a folder, newest first; damaged ones say so."""
    try:
        where = saves_folder() if folder is None else folder
        files = sorted(where.glob(f"*{ENDING}"), key=lambda file: -file.stat().st_mtime)
    except (OSError, GameError):
        return []
    return [_save_card(file, lang) for file in files[:MOST_SAVES]]


def _save_card(path: Path, lang: str) -> SaveCard:
    try:
        meta = read_meta(path)
        year, quarter = meta["first"]
        key = "save.over" if meta["over"] else "save.detail"
        saved = datetime.datetime.fromisoformat(meta["saved"]).astimezone()
        detail = say(
            key, lang, company=pick(meta["company"], lang),
            date=fmt.date(int(meta["turn"]), int(year), int(quarter), lang),
            saved=f"{saved:%Y-%m-%d %H:%M}",
        )  # fmt: skip
        return SaveCard(str(path), pick(meta["title"], lang), detail, True)
    except SaveError as error:
        return SaveCard(str(path), path.stem, error.what, False, error.line())
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        what = f"cannot be understood ({type(error).__name__})"
        return SaveCard(str(path), path.stem, what, False, what)


# --------------------------------------------------------------------------- new game


def new_game_view(lang: str, seed: int) -> NewGameView:
    """Scenarios to choose from; those with faults say so."""
    return NewGameView(
        scenarios=tuple(scenario_card(path, lang) for path in _in_order(scenarios())),
        rivals=tuple((name, say(f"rivals.{name}", lang)) for name in _offered()),
        seed=seed,
        seed_hint=say("seed.hint", lang),
    )


def _offered() -> list[str]:
    """The usual level first, then the other levels and the yardsticks."""
    same = {USUAL, "strategist", "planner"}
    others = dict.fromkeys((*level_names(), *names()))
    return [USUAL, *(name for name in others if name not in same)]


def _in_order(paths: list[Path]) -> list[Path]:
    """The flagship first, the lesson last."""
    return sorted(paths, key=lambda path: (path.stem == "lesson", path.stem))


@lru_cache(maxsize=8)
def _loaded(path: Path, stamp: float) -> Scenario:
    return load(path)


def loaded(path: Path) -> Scenario:
    """A scenario, kept while its file stays the same.

    Raises:
        ScenarioError: it has faults.
    """
    files = {*path.parent.glob(f"{path.stem}*"), *par_paths(path)}
    return _loaded(path, sum(file.stat().st_mtime for file in files if file.is_file()))


def scenario_card(path: Path, lang: str) -> ScenarioCard:
    """A scenario with its seats."""
    try:
        scenario = loaded(path)
    except (GameError, OSError) as error:
        line = error.line() if isinstance(error, GameError) else str(error)
        return ScenarioCard(str(path), path.stem, path.stem, "", "", False, line, (), False)
    ruleset = scenario.ruleset
    rules = ruleset.rules
    last = rules.quarters - 1
    period = say(
        "scenario.period", lang,
        start=fmt.date(0, rules.first_year, rules.first_quarter, lang),
        end=fmt.date(last, rules.first_year, rules.first_quarter, lang),
        quarters=fmt.quarters(rules.quarters, lang),
    )  # fmt: skip
    return ScenarioCard(
        path=str(path),
        uid=ruleset.uid,
        title=fill(pick(ruleset.title, lang), ruleset, lang),
        about=fill(pick(ruleset.about, lang), ruleset, lang),
        period=period,
        usable=True,
        problem="",
        companies=tuple(
            company_card(scenario, company, lang) for company in range(len(ruleset.companies))
        ),
        par_ready=scenario.par_state == "shipped",
        advanced=rules.advanced_deals,
    )


def company_card(scenario: Scenario, company: int, lang: str) -> CompanyCard:
    """A seat with what makes it easy or hard."""
    ruleset = scenario.ruleset
    entry = ruleset.companies[company]
    return CompanyCard(
        company=tag(ruleset, company, lang),
        uid=entry.uid,
        about=fill(pick(entry.about, lang), ruleset, lang),
        playable=entry.playable,
        facts=_facts(scenario, company, lang),
        mandates=tuple(
            MandateView(fill(pick(task.text, lang), ruleset, lang), 0.0, "", "", False)
            for task in ruleset.mandates[company]
        ),
        difficulty=_difficulty(scenario, company, lang),
        draft=_draft(ruleset, company, lang),
        reference=reference_words(scenario, company, lang),
    )


def _facts(scenario: Scenario, company: int, lang: str) -> tuple[Figure, ...]:
    ruleset, opening = scenario.ruleset, scenario.opening
    total = opening.founders + opening.public + opening.shares.sum(axis=0)
    founders = float(opening.founders[company, 0]) / max(float(total[company, 0]), 1.0)
    sold = float(ruleset.revenue_start[company].sum())
    return (
        Figure(say("figure.cash", lang), fmt.money(float(opening.cash[company, 0]), lang)),
        Figure(say("figure.debt", lang), fmt.money(float(opening.debt[company, 0]), lang)),
        Figure(say("figure.revenue", lang), fmt.money(sold, lang)),
        Figure(say("figure.markets", lang), str(int(opening.on_sale[company, :, 0].sum()))),
        Figure(say("figure.founders", lang), fmt.percent(founders, lang)),
    )


def _difficulty(scenario: Scenario, company: int, lang: str) -> str:
    """What a seat has to live on, and what its kind usually reaches."""
    cash = float(scenario.opening.cash[company, 0])
    key = "hard" if cash < HARD else "easy" if cash > EASY else "middle"
    words = say(f"difficulty.{key}", lang)
    if scenario.par_state != "shipped":
        return words
    mean = float(scenario.ruleset.par_mean[company])
    usual = fmt.factor(2.718281828**mean, lang)
    return words + say("list.stop", lang) + say("difficulty.par", lang, gain=usual)


def reference_words(scenario: Scenario, company: int, lang: str) -> dict[str, str]:
    """How often a reference player wins from a seat, in words by level of the rivals."""
    table = read_reference(scenario.path)
    uid = scenario.ruleset.companies[company].uid
    found = {}
    for number, level in enumerate(level_names(), 1):
        cell = table.cells.get((uid, level)) if table is not None else None
        if table is None or cell is None:
            found[level] = say("reference.missing", lang)
            continue
        rate, low, high = (
            fmt.percent(part, lang, digits=0) for part in (cell.rate, cell.low, cell.high)
        )
        words = say(
            "reference.rate", lang, level=number, player=table.player.removeprefix("level-"),
            rate=rate, games=cell.games, low=low, high=high,
        )  # fmt: skip
        stale = "" if table.fresh(scenario.ruleset) else say("reference.stale", lang)
        found[level] = " ".join(filter(None, (words, stale)))
    return found


def _draft(ruleset: Ruleset, company: int, lang: str) -> str:
    for draft in ruleset.drafts:
        if company in (draft.proposer, draft.counterparty):
            return fill(pick(draft.title, lang), ruleset, lang)
    return ""
