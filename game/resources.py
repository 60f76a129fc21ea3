"""Where the game's own files are, and where a person's are kept.

A checkout keeps ``assets/`` and ``scenarios/`` beside the package; a wheel carries them in
``game/_data/``. Stands beside the floors: from floor 3 up may use it; it uses core alone.
"""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path

from game.core.errors import UserError

PACKAGE = Path(__file__).resolve().parent
HOME_VARIABLE = "MINORITY_STAKE_HOME"
SCENARIO_ENDINGS = (".yaml", ".yml")
_TITLE, _SLUG = "Minority Stake", "minority-stake"


def data_root(package: Path = PACKAGE) -> Path:
    """Folder that holds ``assets/`` and ``scenarios/``.

    Args:
        package: the installed ``game`` package.
    """
    carried = package / "_data"
    return carried if carried.is_dir() else package.parent


def asset_path(name: str) -> Path:
    """Path of an asset, such as ``fonts/Inter-Regular.ttf``; with an empty name, of all of them.

    Raises:
        UserError: the asset is not there.
    """
    path = data_root() / "assets" / name
    if not path.exists():
        raise UserError("an asset of the game is missing", str(path), "install the game again")
    return path


def asset_text(name: str) -> str:
    """Contents of a text asset, such as ``levels.json``.

    Raises:
        UserError: the asset is not there.
    """
    return asset_path(name).read_text(encoding="utf-8")


def scenario_dir() -> Path:
    """Folder of the shipped scenarios."""
    return data_root() / "scenarios"


def scenarios() -> list[Path]:
    """The shipped scenarios by name; par tables, which have a second dot, left out."""
    return sorted(path for path in scenario_dir().glob("*.yaml") if "." not in path.stem)


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a shipped scenario's name, or the path itself when there is such a file.

    Raises:
        UserError: neither a file nor a shipped scenario; names the nearest ones.
    """
    path, name = Path(name_or_path), str(name_or_path)
    try:
        if path.is_file():
            return path
    except OSError as error:  # a name too long, or a folder that may not be entered
        raise UserError(f"cannot be opened: {error.strerror}", name, "check the path") from error
    shipped = {found.stem: found for found in scenarios()}
    if name in shipped:
        return shipped[name]
    if path.is_dir():
        raise UserError("is a folder, not a scenario", str(path), "name one YAML file in it")
    raise UserError(_absence(path), name, _advice(path, list(shipped)))


def _absence(path: Path) -> str:
    written_as_path = path.suffix in SCENARIO_ENDINGS or len(path.parts) > 1
    return "no such file" if written_as_path else "no such scenario"


def _advice(path: Path, shipped: list[str]) -> str:
    near = difflib.get_close_matches(path.stem, shipped, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"shipped are: {', '.join(shipped)}" if shipped else "give the path of a YAML file"


def user_data_dir() -> Path:
    """Folder for saves and settings, made when missing.

    ``MINORITY_STAKE_HOME`` overrides the place that the system sets aside for such files.

    Raises:
        UserError: the folder cannot be made.
    """
    given = os.environ.get(HOME_VARIABLE)
    folder = Path(given).expanduser() if given else _system_data_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        advice = f"set {HOME_VARIABLE} to a folder that you may write"
        raise UserError("the folder for saves cannot be made", str(folder), advice) from error
    return folder


def _system_data_dir() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / _TITLE
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _TITLE
    shared = os.environ.get("XDG_DATA_HOME", "")
    root = Path(shared) if os.path.isabs(shared) else Path.home() / ".local" / "share"
    return root / _SLUG
