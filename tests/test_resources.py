"""Files of the game in a checkout and in a wheel; files of a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from game import resources
from game.core.errors import UserError


def test_a_checkout_keeps_its_files_beside_the_package(root: Path) -> None:
    assert resources.data_root() == root
    assert resources.scenario_dir() == root / "scenarios"


def test_a_wheel_carries_them_inside(tmp_path: Path) -> None:
    package = tmp_path / "game"
    (package / "_data").mkdir(parents=True)
    assert resources.data_root(package) == package / "_data"


def test_a_shipped_scenario_is_found_by_name(lesson_path: Path) -> None:
    assert resources.find_scenario("lesson") == lesson_path
    assert lesson_path in resources.scenarios()


def test_par_tables_are_no_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "scenario_dir", lambda: tmp_path)
    for name in ("b.yaml", "a.yaml", "a.par.yaml", "schema.json"):
        (tmp_path / name).touch()
    assert [path.name for path in resources.scenarios()] == ["a.yaml", "b.yaml"]


def test_a_path_to_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.touch()
    assert resources.find_scenario(mine) == mine
    assert resources.find_scenario(str(mine)) == mine


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("leson", "leson: no such scenario (did you mean lesson?)"),
        ("nowhere/lesson.yaml", "nowhere/lesson.yaml: no such file"),
        ("qqqq", "shipped are: "),
        ("x" * 5000, "cannot be opened"),
        ("", ".: is a folder"),
    ],
)
def test_what_is_not_there_is_named_with_advice(name: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        resources.find_scenario(name)
    assert says in caught.value.line()
    assert "\n" not in caught.value.line()


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        resources.find_scenario(str(tmp_path))


def test_a_missing_asset_is_named() -> None:
    with pytest.raises(UserError, match=r"no-such\.png"):
        resources.asset_path("no-such.png")


def test_the_home_of_saves_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "deep" / "home"
    monkeypatch.setenv(resources.HOME_VARIABLE, str(chosen))
    assert resources.user_data_dir() == chosen
    assert chosen.is_dir()


def test_a_home_that_cannot_be_made_is_a_persons_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(resources.HOME_VARIABLE, str(tmp_path / "file" / "home"))
    with pytest.raises(UserError, match="MINORITY_STAKE_HOME"):
        resources.user_data_dir()


@pytest.mark.parametrize(
    ("system", "variables", "place"),
    [
        ("linux", {"XDG_DATA_HOME": "{home}/data"}, "data/minority-stake"),
        ("linux", {"XDG_DATA_HOME": "relative"}, ".local/share/minority-stake"),
        ("linux", {}, ".local/share/minority-stake"),
        ("darwin", {}, "Library/Application Support/Minority Stake"),
        ("win32", {"APPDATA": "{home}/Roaming"}, "Roaming/Minority Stake"),
        ("win32", {}, "AppData/Roaming/Minority Stake"),
    ],
)
def test_each_system_has_its_place_for_saves(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    variables: dict[str, str],
    place: str,
) -> None:
    for name in (resources.HOME_VARIABLE, "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(home=tmp_path))
    monkeypatch.setattr(resources.sys, "platform", system)  # type: ignore[attr-defined]
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert resources.user_data_dir() == tmp_path / place
