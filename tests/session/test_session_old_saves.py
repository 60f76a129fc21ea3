"""Saves of earlier versions of the game: they play on, or are refused in one clear line.

``tests/data/saves/format-1.stakesave`` is a game of two quarters as the game wrote it before it
knew of deals that wait for competition authorities; its scenario lies beside it.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from game.core.errors import SaveError
from game.session.game import Game
from game.storage.container import FORMAT, SAVE, format_of, unwrap, wrap
from game.storage.saves import read_save_bytes

FOLDER = Path(__file__).parents[1] / "data" / "saves"
OLD = FOLDER / "format-1.stakesave"
UNKNOWN_THEN = ("review_until", "waiting_due", "waiting_proposer")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the save and its scenario in the folder in which the test runs."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / OLD.name


def entries(raw: bytes) -> dict[str, bytes]:
    _, contents = unwrap(raw, "here")
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_fixture_is_of_an_earlier_format_and_lacks_what_came_later() -> None:
    raw = OLD.read_bytes()
    assert format_of(raw) < FORMAT
    assert not {f"state/{name}.npy" for name in UNKNOWN_THEN} & entries(raw).keys()


def test_an_old_save_plays_on_with_what_it_lacks_neutral(old: Path, tmp_path: Path) -> None:
    game = Game.load(old)
    assert (game.turn, len(game.reports)) == (2, 2)
    assert not game.state.review_until.any()
    assert (game.state.waiting_proposer == -1).all()
    before = game.state.cash.copy()
    game.end_turn()
    assert game.turn == 3
    assert np.isfinite(game.state.value).all()
    assert (game.state.cash != before).any()
    again = tmp_path / "again.stakesave"
    game.save(again)
    assert format_of(again.read_bytes()) == FORMAT
    assert Game.load(again).turn == 3


def test_a_save_of_this_format_that_lacks_a_field_is_refused(old: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in entries(old.read_bytes()).items():
            archive.writestr(name, raw)
    with pytest.raises(SaveError, match="is missing from it"):
        read_save_bytes(wrap(SAVE, out.getvalue()), "here")


def test_an_old_save_whose_scenario_changed_is_refused(old: Path, tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.yaml"
    text = lesson.read_text("utf-8")
    lesson.write_text(text.replace("quarters: ", "quarters: 1", 1), "utf-8")
    with pytest.raises(SaveError, match="has changed since the game was saved"):
        Game.load(old)


def test_a_save_of_a_later_format_is_refused(old: Path) -> None:
    raw = old.read_bytes().replace(b"SAVE 1\n", b"SAVE %d\n" % (FORMAT + 1), 1)
    old.write_bytes(raw)
    with pytest.raises(SaveError, match="newer version of the game"):
        Game.load(old)
