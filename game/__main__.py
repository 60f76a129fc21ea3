"""``python -m game`` is ``stake``."""

from game.cli.main import run

if __name__ == "__main__":
    run()
