"""Saved, loaded, replayed: the same game."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from game.core.axes import first_difference
from game.core.errors import SaveError
from game.resources import find_scenario
from game.scenario.loader import load
from game.session import views
from game.session.game import Game
from game.session.record import meta_of
from game.session.replaying import replay_file
from game.session.view_start import save_cards
from game.storage.container import SAVE, wrap
from game.storage.saves import pack

Begin = Callable[..., Game]


@pytest.fixture
def played(begin: Begin) -> Game:
    """Some quarters with a deal, dials, a talk and a statement."""
    game = begin()
    game.accept_offer(0)
    game.set_notch(3)
    game.end_turn()
    game.attack(2)
    game.set_mix(0.2, 0.3, 0.5)
    game.open_table(2)
    game.set_cash(True, 1.0)
    game.set_pledge(False, 2, 1.0)
    game.table_offer()
    game.end_turn()
    game.set_stance(0, -1)
    return game


def same(one: Game, other: Game) -> None:
    assert one.draft == other.draft
    assert one.drafts == other.drafts
    assert one.all_offers == other.all_offers
    assert one.all_news == other.all_news
    assert (one.seat, one.seed, one.rivals, one.lang, one.rehearsed) == (
        other.seat, other.seed, other.rivals, other.lang, other.rehearsed,
    )  # fmt: skip
    for left, right in zip(
        [*one.states, *one.reports], [*other.states, *other.reports], strict=True
    ):
        assert first_difference(left, right) is None


def test_a_loaded_game_equals_the_saved_one_and_plays_on_alike(
    played: Game, tmp_path: Path
) -> None:
    path = tmp_path / "game.save"
    played.save(path)
    loaded = Game.load(path)
    loaded.autosaves = False
    same(played, loaded)
    # Written out: a view holds nan, which equals nothing, itself neither.
    assert repr(dataclasses.replace(views.desk(played), can_undo=False)) == repr(views.desk(loaded))
    assert repr(views.company(played, 0)) == repr(views.company(loaded, 0))
    for game in (played, loaded):
        game.end_turn()
    same(played, loaded)
    loaded.undo_turn()
    loaded.undo_turn()
    assert loaded.turn == 1


def test_a_replay_reproduces_the_game(played: Game, tmp_path: Path) -> None:
    while not played.over:
        played.end_turn()
    path = tmp_path / "game.replay"
    played.save_replay(path)
    assert path.stat().st_size < 8_000
    found = replay_file(path)
    assert found.differences == ()
    for one, other in zip(played.states, found.game.states, strict=True):
        assert first_difference(one, other) is None


def test_a_save_can_be_replayed(played: Game, tmp_path: Path) -> None:
    path = tmp_path / "game.save"
    played.save(path)
    assert replay_file(path).differences == ()


def test_a_replay_that_comes_out_otherwise_says_where(played: Game, tmp_path: Path) -> None:
    meta = meta_of(played)
    meta["final"]["score"][0] += 0.5
    path = tmp_path / "game.save"
    path.write_bytes(wrap(SAVE, pack(meta, played.states, played.reports)))
    differences = replay_file(path).differences
    assert len(differences) == 1
    assert differences[0].startswith("score")


@pytest.mark.parametrize(
    "change",
    [
        {"seat": 9}, {"seat": "x"}, {"lang": "fr"}, {"orders": []}, {"offers": [[]]},
        {"news": [[{"key": "x"}]]}, {"draft": {"notch": 1.5}}, {"draft": {"fly": 1}},
        {"rivals": "nobody", "orders": [[]]}, {"scenario": {}}, {"scenario": None},
    ],
)  # fmt: skip
def test_a_save_with_wrong_facts_is_one_clear_line(
    played: Game, tmp_path: Path, change: dict[str, object]
) -> None:
    meta = json.loads(json.dumps(meta_of(played))) | change
    path = tmp_path / "game.save"
    path.write_bytes(wrap(SAVE, pack(meta, played.states, played.reports)))
    with pytest.raises(SaveError) as caught:
        Game.load(path)
    assert "\n" not in caught.value.line()


def test_a_save_whose_scenario_changed_or_went(begin: Begin, tmp_path: Path) -> None:
    copy = tmp_path / "mine.yaml"
    shutil.copy(find_scenario("lesson"), copy)
    game = Game.new(load(copy), 1, 3)
    path = tmp_path / "game.save"
    game.save(path)
    assert Game.load(path).turn == 0
    copy.write_text(copy.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(SaveError, match="has changed"):
        Game.load(path)
    copy.unlink()
    with pytest.raises(SaveError, match="cannot be used"):
        Game.load(path)


def test_a_save_keeps_the_par_table_that_scored_it(played: Game, tmp_path: Path) -> None:
    ruleset = played.ruleset
    richer = ruleset.with_par(ruleset.par_mean + 0.3, ruleset.par_sd, ruleset.par_doors * 2.0)
    path = tmp_path / "game.save"
    meta = meta_of(played)
    meta["scenario"]["par"] = {
        "mean": richer.par_mean.tolist(),
        "sd": richer.par_sd.tolist(),
        "doors": richer.par_doors.tolist(),
    }
    path.write_bytes(wrap(SAVE, pack(meta, played.states, played.reports)))
    assert (Game.load(path).ruleset.par_mean == richer.par_mean).all()


def test_every_turn_is_saved_and_listed(begin: Begin, own_folder: Path) -> None:
    game = begin(lang="zh")
    game.autosaves = True
    game.end_turn()
    game.end_turn()
    assert game.trouble == ""
    files = sorted((own_folder / "saves").iterdir())
    assert [file.stem[-3:] for file in files] == ["t01", "t02"]
    cards = save_cards("en")
    assert [card.usable for card in cards] == [True, True]
    assert "Kite" in cards[0].detail
    files[0].write_bytes(b"broken")
    assert sum(not card.usable for card in views.title("zh").saves) == 1
    assert Game.load(files[1]).turn == 2


def test_an_autosave_that_fails_is_told_and_the_game_goes_on(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(file / "home"))
    game = begin()
    game.autosaves = True
    result = game.end_turn()
    assert result.ok
    assert "autosave failed" in result.reason
    assert game.turn == 1
