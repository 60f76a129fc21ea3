"""Make the pictures of this folder anew: ``python docs/pictures/make.py``."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy")

from game.resources import find_scenario
from game.scenario.loader import load
from game.session.game import Game
from game.ui.app import Camera

HERE = Path(__file__).resolve().parent
SIZE = (1280, 800)
QUARTERS = 6


def main() -> None:
    """The first desk and the deal on the table, then the board some quarters later."""
    scenario = load(find_scenario("alibaba-meizu"))
    game = Game.new(scenario, scenario.ruleset.company("meizu"), 2015)
    game.autosaves = False
    camera = Camera(HERE, size=SIZE)
    camera.take(game, "desk", "desk")
    game.open_offer(0)
    game.table_offer()
    camera.take(game, "deal", "deal")
    game.accept_answer()
    for _ in range(QUARTERS):
        game.end_turn()
    camera.take(game, "pledges", "pledges")
    camera.take(game, "market", "market")
    camera.take(game, "why", "why")


if __name__ == "__main__":
    main()
