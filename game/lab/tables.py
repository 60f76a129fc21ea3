"""Tables of an experiment: win shares, one row a game and company, quantiles by turn."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from game.core.axes import AnyArray
from game.core.errors import UserError
from game.core.ruleset import EndCause, Ruleset
from game.lab.experiment import Plan
from game.lab.metrics import GAME_COLUMNS, TURN_METRICS
from game.lab.runner import BlockResult

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
GAMES_FILE, TURNS_FILE, MANIFEST_FILE, SUMMARY_FILE = (
    "games.parquet",
    "turns.parquet",
    "manifest.json",
    "summary.json",
)


def wilson(wins: float, games: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """95 % interval of a share. Source: Wilson (1927).

    Args:
        wins: successes. games: trials, at least 1.
    """
    share = wins / games
    scale = 1.0 + z * z / games
    middle = (share + z * z / (2 * games)) / scale
    half = z * math.sqrt(share * (1 - share) / games + z * z / (4 * games * games)) / scale
    return max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0)


def summary(result: BlockResult, ruleset: Ruleset) -> list[dict[str, Any]]:
    """One row a company: wins with interval, mean score with interval, typical figures."""
    games = len(result.world)
    rows = []
    for index, company in enumerate(ruleset.companies):
        wins = int((result.winner == index).sum())
        low, high = wilson(wins, games)
        score = result.final["score"][index]
        spread = 1.96 * float(score.std(ddof=1)) / math.sqrt(games) if games > 1 else math.nan
        rows.append(
            {
                "company": company.uid,
                "wins": wins,
                "win_share": wins / games,
                "win_low": low,
                "win_high": high,
                "score_mean": float(score.mean()),
                "score_half_width": spread,
                "score_median": float(np.median(score)),
                "return_median": float(np.median(result.final["return"][index])),
                "cash_median_usd_m": float(np.median(result.final["cash"][index])),
                "deals_mean": float(result.final["deals"][index].mean()),
                "default_share": float((result.final["defaults"][index] > 0).mean()),
            }
        )
    return rows


def ends(result: BlockResult) -> dict[str, int]:
    """How many games ended by each cause."""
    return {
        cause.name.lower(): int((result.end_cause == cause).sum()) for cause in EndCause if cause
    }


def games_table(result: BlockResult, ruleset: Ruleset) -> dict[str, AnyArray]:
    """Columns of the table with one row a game and company, games in world order."""
    companies, games = result.final["score"].shape
    uids = np.array([company.uid for company in ruleset.companies])
    columns: dict[str, AnyArray] = {
        "world": np.repeat(result.world.astype(np.int64), companies),
        "company": np.tile(uids, games),
        "winner": (result.winner[:, None] == np.arange(companies)[None, :]).ravel(),
        "end_turn": np.repeat(result.end_turn, companies),
        "end_cause": np.repeat(
            np.array([EndCause(int(code)).name.lower() for code in result.end_cause]), companies
        ),
    }
    for name in GAME_COLUMNS:
        columns[name] = np.ascontiguousarray(result.final[name].T).ravel()
    return columns


def turns_table(result: BlockResult, ruleset: Ruleset) -> dict[str, AnyArray]:
    """Columns of the table with one row a turn, company and metric: count, mean and quantiles."""
    turns, metrics, companies, _ = result.trace.shape
    uids = np.array([company.uid for company in ruleset.companies])
    rows: dict[str, AnyArray] = {
        "turn": np.repeat(np.arange(turns), metrics * companies),
        "metric": np.tile(np.repeat(np.array(TURN_METRICS), companies), turns),
        "company": np.tile(uids, turns * metrics),
    }
    trace = result.trace.astype(np.float64)
    playing = ~np.isnan(trace)
    count = playing.sum(axis=-1)
    rows["games"] = count.ravel()
    total = np.where(playing, trace, 0.0).sum(axis=-1)
    rows["mean"] = np.divide(
        total, count, out=np.full(total.shape, np.nan), where=count > 0
    ).ravel()
    for level in QUANTILES:
        rows[f"q{round(level * 100):02d}"] = _quantile(trace, playing, count, level).ravel()
    return rows


def _quantile(trace: AnyArray, playing: AnyArray, count: AnyArray, level: float) -> AnyArray:
    """Quantile over worlds of the games still played; nan where none is."""
    ordered = np.sort(np.where(playing, trace, np.inf), axis=-1)
    place = level * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    left = np.take_along_axis(ordered, low[..., None], axis=-1)[..., 0]
    right = np.take_along_axis(ordered, high[..., None], axis=-1)[..., 0]
    left, right = (np.where(count > 0, end, 0.0) for end in (left, right))
    return np.where(count > 0, left + (place - low) * (right - left), np.nan)


def digest(result: BlockResult) -> str:
    """Hash of all final figures and traces: equal digests mean equal games, bit for bit."""
    hasher = hashlib.sha256()
    for name in GAME_COLUMNS:
        hasher.update(np.ascontiguousarray(result.final[name]).tobytes())
    hasher.update(np.ascontiguousarray(result.trace).tobytes())
    hasher.update(result.winner.tobytes())
    return hasher.hexdigest()


def manifest(plan: Plan, ruleset: Ruleset, result: BlockResult, command: str) -> dict[str, Any]:
    """What made the tables: enough to make them again."""
    return {
        "scenario": ruleset.uid,
        "scenario_digest": ruleset.digest,
        "par_digest": _par_digest(ruleset),
        "games": plan.games,
        "seed": plan.seed,
        "seats": plan.seats,
        "command": command,
        "result_digest": digest(result),
        "versions": {
            "minority-stake": metadata.version("minority-stake"),
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def _par_digest(ruleset: Ruleset) -> str:
    """Hash of the par table by which the games were scored."""
    parts = (ruleset.par_mean, ruleset.par_sd, ruleset.par_doors, ruleset.par_mandates)
    return hashlib.sha256(
        b"".join(np.ascontiguousarray(part).tobytes() for part in parts)
    ).hexdigest()


def need_parquet() -> Any:
    """The Parquet library, or a friendly word about how to get it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UserError(
            "writing tables needs pyarrow, which is not installed",
            "--out",
            "pip install 'minority-stake[lab]'",
        ) from error
    return pyarrow


def make_folder(directory: Path) -> None:
    """Make the folder for tables, before games are played for them.

    Raises:
        UserError: it cannot be made or written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / f".{GAMES_FILE}.part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"cannot write tables: {error.strerror}",
            str(directory),
            "name a folder that you may write",
        ) from error


def write(
    directory: Path, plan: Plan, ruleset: Ruleset, result: BlockResult, command: str
) -> dict[str, Path]:
    """Write both Parquet tables, the summary and the manifest.

    Args:
        directory: made when missing.

    Raises:
        UserError: the directory cannot be written, or Parquet is missing.
    """
    arrow = need_parquet()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, columns in (
            (GAMES_FILE, games_table(result, ruleset)),
            (TURNS_FILE, turns_table(result, ruleset)),
        ):
            arrow.parquet.write_table(arrow.table(columns), directory / name, compression="zstd")
        facts = {"ends": ends(result), "companies": summary(result, ruleset)}
        (directory / SUMMARY_FILE).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        record = json.dumps(manifest(plan, ruleset, result, command), indent=2)
        (directory / MANIFEST_FILE).write_text(record + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"cannot write tables: {error.strerror}",
            str(directory),
            "name a folder that you may write",
        ) from error
    return {
        name: directory / name for name in (GAMES_FILE, TURNS_FILE, SUMMARY_FILE, MANIFEST_FILE)
    }
