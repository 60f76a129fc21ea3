"""A game to and from files: saves with every turn, replays with orders alone."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from game.core.axes import array_fields
from game.core.errors import GameError, SaveError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.report import Line
from game.resources import find_scenario, user_data_dir
from game.scenario.loader import Scenario, load
from game.session.chronicle_json import deeds_json, deeds_of, reasons_json, reasons_of
from game.session.deals import Deal, deal_json, deal_of
from game.session.draft import draft_json, draft_of
from game.session.news import Lines, lines_of, news_json, news_of
from game.storage.replays import Replay
from game.storage.saves import Save, read_save, write_save
from game.text.catalogue import LANGUAGES, pick

if TYPE_CHECKING:
    from game.session.game import Game

KEPT_AUTOSAVES = 60
ENDING = ".stakesave"


@dataclasses.dataclass(frozen=True)
class Offer:
    """A package that another company (or the scenario) has put on the seat's table."""

    deal: Deal
    title: Mapping[str, str] | None = None
    story: Mapping[str, str] | None = None
    why: Lines = ()
    """Why its sender makes it: keys of the catalogue with their arguments."""


def scenario_facts(scenario: Scenario) -> dict[str, Any]:
    """What identifies a scenario, with the par table that scores the game."""
    ruleset = scenario.ruleset
    return {
        "uid": ruleset.uid,
        "digest": scenario.digest,
        "file": str(scenario.path),
        "naming": getattr(scenario, "naming", "real"),
        "advanced_deals": ruleset.rules.advanced_deals,
        "par": {
            "mean": ruleset.par_mean.tolist(),
            "sd": ruleset.par_sd.tolist(),
            "doors": ruleset.par_doors.tolist(),
            "mandates": ruleset.par_mandates.tolist(),
        },
    }


def final_facts(state: State) -> dict[str, Any]:
    """Figures by which a replay is compared."""
    return {
        "turn": int(state.turn),
        "score": state.score[:, 0].tolist(),
        "value": state.value[:, 0].tolist(),
        "cash": state.cash[:, 0].tolist(),
        "winner": int(state.winner[0]),
        "cause": int(state.end_cause[0]),
    }


def meta_of(game: Game) -> dict[str, Any]:
    """Everything of a game but its states and reports, as plain JSON."""
    company = game.ruleset.companies[game.seat]
    return {
        "title": {lang: pick(game.ruleset.title, lang) for lang in LANGUAGES},
        "company": {lang: pick(company.name, lang) for lang in LANGUAGES},
        "first": [game.ruleset.rules.first_year, game.ruleset.rules.first_quarter],
        "saved": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "turn": game.state.turn,
        "over": game.over,
        "scenario": scenario_facts(game.scenario),
        "seat": game.seat,
        "seed": game.seed,
        "rivals": game.rivals,
        "lang": game.lang,
        "rehearsed": game.rehearsed,
        "orders": [draft_json(draft) for draft in game.drafts],
        "draft": draft_json(game.draft),
        "offers": [[_offer_json(offer) for offer in offers] for offers in game.all_offers],
        "news": [[news_json(item) for item in items] for items in game.all_news],
        "deeds": [deeds_json(moves) for moves in game.all_deeds],
        "reasons": [reasons_json(found) for found in game.all_reasons],
        "final": final_facts(game.state),
    }


def _offer_json(offer: Offer) -> dict[str, Any]:
    return {
        "deal": deal_json(offer.deal),
        "title": dict(offer.title) if offer.title else None,
        "story": dict(offer.story) if offer.story else None,
        "why": [[key, [list(arg) for arg in args]] for key, args in offer.why],
    }


def _offer_of(facts: Mapping[str, Any]) -> Offer:
    why = lines_of(facts.get("why", ()))
    return Offer(deal_of(facts["deal"]), facts["title"], facts["story"], why)


def save_game(game: Game, path: Path) -> None:
    """Write a game into one file.

    Raises:
        SaveError: it cannot be written.
    """
    write_save(path, meta_of(game), game.states, game.reports)


def replay_of(game: Game) -> Replay:
    """The game as orders."""
    return Replay(
        scenario_facts(game.scenario), game.seat, game.seed, game.rivals,
        tuple(draft_json(draft) for draft in game.drafts), final_facts(game.state),
    )  # fmt: skip


def load_game(path: Path, kind: type[Game]) -> Game:
    """Read a game.

    Raises:
        SaveError: the file, or its scenario, cannot be used; one clear line.
    """
    save = read_save(path, lambda meta: _sizes(scenario_of(meta["scenario"], str(path)).ruleset))
    try:
        scenario = scenario_of(save.meta["scenario"], str(path))
        _check_sizes(save, scenario.ruleset, str(path))
        return _game_of(save, scenario, kind)
    except SaveError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        what = f"the contents cannot be understood ({type(error).__name__})"
        raise SaveError(what, str(path), "open an earlier autosave") from None


def _game_of(save: Save, scenario: Scenario, kind: type[Game]) -> Game:
    meta = save.meta
    game = kind(
        scenario, int(meta["seat"]), int(meta["seed"]), str(meta["rivals"]), str(meta["lang"])
    )
    game.states = list(save.states)
    game.reports = list(save.reports)
    game.drafts = [draft_of(facts) for facts in meta["orders"]]
    game.draft = draft_of(meta["draft"])
    game.all_offers = [tuple(_offer_of(facts) for facts in offers) for offers in meta["offers"]]
    game.all_news = [tuple(news_of(facts) for facts in items) for items in meta["news"]]
    game.rehearsed = bool(meta["rehearsed"])
    played = len(game.reports)
    none: list[Any] = [[]] * played  # a save from before games kept these
    game.all_deeds = [deeds_of(rows) for rows in meta.get("deeds", none)]
    game.all_reasons = [reasons_of(rows) for rows in meta.get("reasons", none)]
    counts = (
        len(game.drafts), len(game.all_news), len(game.all_offers) - 1, len(game.all_deeds),
        len(game.all_reasons),
    )  # fmt: skip
    if any(count != played for count in counts):
        raise ValueError("turns do not match")
    if not 0 <= game.seat < len(scenario.ruleset.companies) or game.lang not in LANGUAGES:
        raise ValueError("no such seat or language")
    return game


def scenario_of(facts: Mapping[str, Any], where: str) -> Scenario:
    """The scenario that a save or replay names, with its own par table.

    Raises:
        SaveError: it is missing, broken, or has changed since.
    """
    try:
        found = _search(facts)
        scenario = load(found, "invented" if facts["naming"] == "invented" else "real")
    except GameError as error:
        raise SaveError(
            f"its scenario {facts['uid']!r} cannot be used: {error.line()}", where
        ) from None
    if scenario.digest != facts["digest"]:
        what = f"its scenario {facts['uid']!r} has changed since the game was saved"
        raise SaveError(what, where, f"put the old file back at {found}, or begin a new game")
    par = facts["par"]
    names = ["mean", "sd", "doors", *(["mandates"] if "mandates" in par else [])]  # older: without
    arrays = [np.asarray(par[name], np.float64) for name in names]
    if any(array.shape != (len(scenario.ruleset.companies),) for array in arrays):
        raise SaveError("its par table does not fit the scenario", where)
    scenario = dataclasses.replace(scenario, ruleset=scenario.ruleset.with_par(*arrays))
    usual = scenario.ruleset.rules.advanced_deals  # saves from before there was a choice
    return scenario.with_advanced_deals(bool(facts.get("advanced_deals", usual)))


def _search(facts: Mapping[str, Any]) -> Path:
    """The file where it was, or the shipped scenario of the same name."""
    given = Path(str(facts["file"]))
    return given if given.is_file() else find_scenario(given.stem)


def _sizes(ruleset: Ruleset) -> dict[str, int]:
    return {**ruleset.sizes, "B": len(Line)}


def _check_sizes(save: Save, ruleset: Ruleset, where: str) -> None:
    sizes = _sizes(ruleset)
    for records in (save.states, save.reports):
        for field in array_fields(records[0]) if records else ():
            letters = field.metadata["axes"][:-1]
            shape = getattr(records[0], field.name).shape[:-1]
            if shape != tuple(sizes[letter] for letter in letters):
                raise SaveError(f"{field.name} does not fit the scenario", where)


# --------------------------------------------------------------------------- autosaves


def saves_folder() -> Path:
    """Where autosaves are kept; made when missing."""
    folder = user_data_dir() / "saves"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def autosave_path(game: Game) -> Path:
    """One file a game and turn."""
    company = game.ruleset.companies[game.seat].uid
    name = f"auto-{game.ruleset.uid}-{company}-{game.seed}-t{game.state.turn:02d}{ENDING}"
    return saves_folder() / name


def prune_autosaves() -> None:
    """Keep the newest autosaves."""
    found = sorted(saves_folder().glob(f"auto-*{ENDING}"), key=lambda file: -file.stat().st_mtime)
    for old in found[KEPT_AUTOSAVES:]:
        old.unlink(missing_ok=True)
