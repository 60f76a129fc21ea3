"""The wheel works where there is no checkout: built, installed elsewhere, and run.

Needs no network: the build uses the backend at hand, and the fresh environment borrows the
libraries of this one through a path file. The game itself is truly installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run([*command, str(root)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, outside the checkout."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv.create(place / "env", with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    done = subprocess.run(
        [*pip, "--python", str(program(place, "python")), *install], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Appended after the environment's own folder. The editable install's path file in there is
    # not read, so the checkout stays out.
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(place / "env")}))
    libraries = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "borrowed.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return place


def program(place: Path, name: str) -> Path:
    """A program of the fresh environment."""
    folder = Path(sysconfig.get_path("scripts", "venv", {"base": str(place / "env")}))
    return folder / f"{name}{sysconfig.get_config_var('EXE') or ''}"


def run(place: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the fresh environment there, with nothing of the checkout on its path."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(program(place, name)), *arguments]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)


def test_the_wheel_carries_code_assets_and_scenarios_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"game"}
    assert "game/_data/scenarios/lesson.yaml" in names
    assert "game/_data/scenarios/alibaba-meizu.yaml" in names
    assert any(name.startswith("game/_data/assets/fonts/") for name in names)
    assert not [name for name in names if "__pycache__" in name]


def test_the_installed_package_is_not_the_checkout(elsewhere: Path) -> None:
    done = run(elsewhere, "python", "-c", "import game; print(game.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(elsewhere / "env")


def test_its_assets_and_scenarios_are_found(elsewhere: Path) -> None:
    code = (
        "from game.resources import asset_path, scenarios\n"
        "print(asset_path('fonts'))\n"
        "print(*[path.stem for path in scenarios()])"
    )
    done = run(elsewhere, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    fonts, names = done.stdout.splitlines()
    assert Path(fonts).is_relative_to(elsewhere / "env")
    assert {"lesson", "alibaba-meizu"} <= set(names.split())


def test_it_plays_games(elsewhere: Path) -> None:
    done = run(elsewhere, "stake", "sim", "lesson", "--games", "4", "--seed", "7", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["games"] == 4
    assert sum(company["wins"] for company in facts["companies"]) == 4


def test_it_checks_a_scenario(elsewhere: Path) -> None:
    done = run(elsewhere, "stake", "scenario", "check", "lesson")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors" in done.stdout


def test_python_m_game_is_the_same_command(elsewhere: Path) -> None:
    done = run(elsewhere, "python", "-m", "game", "--help")
    assert done.returncode == 0, done.stderr
    assert "Minority Stake" in done.stdout


def test_without_a_display_it_plays_a_showcase(elsewhere: Path) -> None:
    done = run(elsewhere, "stake", "play", "lesson")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "There is no display" in done.stderr
    shown = elsewhere / "showcase"
    assert str(shown) in done.stdout + done.stderr
    assert (shown / "report.md").stat().st_size > 0
    assert list(shown.glob("*.png"))
