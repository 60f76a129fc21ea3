"""``stake play``, ``stake showcase`` and ``stake replay``."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.lab.par import QUICK_GAMES, par_of
from game.resources import find_scenario, user_data_dir
from game.scenario.loader import Scenario, load, save_par
from game.session.game import Game
from game.session.replaying import replay_file
from game.session.showcase import Showcase, Take
from game.session.showcase import run_showcase as play_showcase
from game.text.catalogue import LANGUAGES
from game.ui.settings import Settings

FLAGSHIP = "alibaba-meizu"
SHOWCASE = Path("showcase")
SMALLEST, LARGEST = (640, 360), (7680, 4320)
PICTURE_SIZE = (1280, 720)
HEADLESS_DRIVERS = ("dummy", "offscreen")
Progressed = Callable[[float], None]


def run_play(
    scenario: str | None,
    seat: str,
    seed: int,
    load_: Path | None,
    lang: str | None,
    scale: float | None,
    size: str,
    advanced: bool | None = None,
) -> None:
    """Open the window; without a display say so in one sentence and play a showcase.

    Language and scale are those set last where none are given.
    """
    kept = Settings.load()
    lang, scale = lang or kept.lang, scale or kept.scale
    window = parse_size(size)
    check_lang(lang)
    scenario = scenario or (FLAGSHIP if seat else None)
    path = find_scenario(scenario) if scenario else None
    if path and seat:
        seat_of(load(path).ruleset, seat)
    game = Game.load(load_) if load_ else None
    if not has_display():
        _without_window(scenario, seed, lang)
        return
    game = game or _begin(path, seat, seed, lang, advanced)
    try:
        _open_window(game, scenario, seat, seed, lang, scale, window)
    except Exception as error:
        if not is_window_trouble(error):
            raise
        _without_window(scenario, seed, lang)


def _open_window(
    game: Game | None,
    scenario: str | None,
    seat: str,
    seed: int,
    lang: str,
    scale: float,
    size: tuple[int, int],
) -> None:
    _quiet_pygame()
    from game.ui import app

    app.play(
        game, scenario=scenario or "", seat=seat, seed=seed, lang=lang, scale=scale, size=size,
        prepare=prepare,
    )  # fmt: skip


def _quiet_pygame() -> None:
    """Its greeting would stand in the middle of our own lines."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def _begin(
    path: Path | None, seat: str, seed: int, lang: str, advanced: bool | None
) -> Game | None:
    """A game at its first quarter when scenario and seat are named."""
    if path is None or not seat:
        return None
    ready = with_bar(path)
    if advanced is not None:
        ready = ready.with_advanced_deals(advanced)
    return Game.new(ready, seat_of(ready.ruleset, seat), seed, lang=lang)


def _without_window(scenario: str | None, seed: int, lang: str) -> None:
    out = SHOWCASE if os.access(Path.cwd(), os.W_OK) else user_data_dir() / SHOWCASE
    Console(stderr=True, soft_wrap=True, highlight=False).print(
        "There is no display to open a window on, so a showcase is played without one; "
        f"pictures and a report go to {out.resolve()}."
    )
    run_showcase(scenario or FLAGSHIP, seed, out, lang)


# ---------------------------------------------------------------------------- arguments


def parse_size(text: str) -> tuple[int, int]:
    """A window size from "1280x720".

    Raises:
        UserError: not two numbers in range.
    """
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
        raise UserError(f"{text!r} is not a window size", "--size", "write it as 1280x720")
    width, height = int(parts[0]), int(parts[1])
    inside = SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]
    if not inside:
        allowed = f"{SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}"
        raise UserError(f"a window of {text} cannot be opened", "--size", allowed)
    return width, height


def check_lang(lang: str) -> None:
    """Refuse languages that the game does not speak."""
    if lang not in LANGUAGES:
        raise UserError(f"the game does not speak {lang!r}", "--lang", " or ".join(LANGUAGES))


def seat_of(ruleset: Ruleset, seat: str) -> int:
    """Index of a company by its id.

    Raises:
        UserError: there is none; names the nearest.
    """
    uids = [company.uid for company in ruleset.companies]
    if seat in uids:
        return uids.index(seat)
    near = difflib.get_close_matches(seat, uids, n=1)
    advice = f"did you mean {near[0]}?" if near else f"one of {', '.join(uids)}"
    raise UserError(f"no company is called {seat!r}", "--seat", advice)


def has_display() -> bool:
    """Whether a window can be hoped for, by the environment alone."""
    if os.environ.get("SDL_VIDEODRIVER", "").lower() in HEADLESS_DRIVERS:
        return False
    if sys.platform in ("win32", "darwin") or os.environ.get("SDL_VIDEODRIVER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_window_trouble(error: BaseException) -> bool:
    """Whether an error says that no window could be opened."""
    return (type(error).__module__.split(".")[0] == "pygame" and "video" in str(error).lower()) or (
        type(error).__module__.split(".")[0] == "pygame" and "display" in str(error).lower()
    )


# ---------------------------------------------------------------------------- par tables


def prepare(path: Path, progress: Progressed = lambda part: None) -> Scenario:
    """A scenario ready to play; a missing par table is measured by a few quick games.

    Args:
        progress: called with the part done, 0..1.
    """
    scenario = load(path)
    if scenario.par_state == "shipped":
        return scenario
    done = 0

    def tick(games: int) -> None:
        nonlocal done
        done += games
        progress(done / QUICK_GAMES)

    par = par_of(path, QUICK_GAMES, tick=tick)
    with contextlib.suppress(OSError, UserError):  # a full disk is no reason not to play
        save_par(
            path, par.mean, par.sd, par.doors, par.mandates,
            games=par.games, seed=par.seed, beside=False,
        )  # fmt: skip
        kept = load(path)  # as every later start will read it
        if kept.par_state == "shipped":
            return kept
    ruleset = scenario.ruleset.with_par(par.mean, par.sd, par.doors, par.mandates)
    return dataclasses.replace(scenario, ruleset=ruleset)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("left"),
        TimeRemainingColumn(), console=Console(stderr=True),
    )  # fmt: skip


def with_bar(path: Path) -> Scenario:
    """:func:`prepare` under a progress bar on the error stream, where it takes a while."""
    with _bar() as bar:
        task = bar.add_task("measuring par", total=QUICK_GAMES, visible=False)

        def progress(part: float) -> None:
            bar.update(task, completed=round(part * QUICK_GAMES), visible=True)

        return prepare(path, progress)


# ------------------------------------------------------------------ showcase and replay


def run_showcase(scenario: str, seed: int, out: Path, lang: str) -> None:
    """Play a whole game by machine and leave pictures of the screens and a report."""
    check_lang(lang)
    path = find_scenario(scenario)
    ready = with_bar(path)
    out = out.resolve()
    take, trouble = _camera(out, lang)
    with _bar() as bar:
        task = bar.add_task("quarters", total=ready.ruleset.rules.quarters)
        made = play_showcase(
            ready, seed, out, take, lang, tick=lambda done, of: bar.update(task, completed=done)
        )
    _tell(made, trouble or made.trouble)


def _camera(out: Path, lang: str) -> tuple[Take | None, str]:
    """What takes pictures; None and the reason where the window's parts cannot be had."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        advice = "choose another folder"
        raise UserError(f"cannot be made: {error.strerror}", str(out), advice) from None
    try:
        _quiet_pygame()
        from game.ui.app import Camera

        return Camera(out, lang, PICTURE_SIZE).take, ""
    except Exception as error:  # the report does not need pictures
        return None, f"{type(error).__name__}: {error}"


def _tell(made: Showcase, trouble: str) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if trouble:
        console.print(f"Some pictures could not be drawn: {trouble}")
    console.print(f"Wrote {len(made.pictures)} pictures and {made.report}")


def run_replay(file: Path) -> None:
    """Play a recorded game again and say whether it comes out the same."""
    with _bar() as bar:
        task = bar.add_task("quarters", total=None)
        found = replay_file(file, lambda done, of: bar.update(task, completed=done, total=of))
    console = Console(soft_wrap=True, highlight=False, markup=False)
    game = found.game
    company = game.ruleset.companies[game.seat].name.get("en", "")
    score = float(game.state.score[game.seat, 0])
    told = f"{len(game.reports)} quarters as {company}, score {score:.1f} points"
    if not found.differences:
        console.print(f"The game came out the same: {told}.")
        return
    console.print(f"The game came out differently: {told}.")
    for line in found.differences:
        console.print(line)
    raise typer.Exit(1)
