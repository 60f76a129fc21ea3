"""A real window on a real X server, moved by a real mouse and keyboard."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pytest

PATIENCE_SECONDS = 120.0
SIZE = (1280, 720)
END_TURN = (1150, 693)
"""The button at the lower right corner of a window of that size."""
CASH = (594, 30)
"""The figure at the top of the desk."""
DIMMED, BRIGHT = (1024, 680), 120.0
"""A spot of the button that ends the quarter, away from its words; its brightness, 0..255."""
LEAST_COLOURS = 50

pytestmark = [pytest.mark.xserver, pytest.mark.slow]


def until(found: Callable[[], object], what: str) -> object:
    """Wait for something to be there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.1)
    pytest.fail(f"{what} did not come")


class RealWindow:
    """A game in a process of its own and a hand that moves the mouse."""

    def __init__(self, env: dict[str, str], root: Path, *arguments: str) -> None:
        self.env = env
        width, height = SIZE
        command = [sys.executable, "-m", "game", "play", "--size", f"{width}x{height}", *arguments]
        self.process = subprocess.Popen(
            command, env=env, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.id = str(until(self._search, "the window"))

    def xdotool(self, *arguments: str) -> str:
        """Run one command of xdotool."""
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def _search(self) -> str:
        assert self.process.poll() is None, self.said()
        pid = str(self.process.pid)
        return self.xdotool("search", "--onlyvisible", "--pid", pid).split("\n")[0]

    def said(self) -> str:
        """What the process printed."""
        return self.process.communicate(timeout=30)[0].decode()

    def click(self, pos: tuple[int, int]) -> None:
        """Move and click, in the window's pixels."""
        self.xdotool("mousemove", "--window", self.id, str(pos[0]), str(pos[1]))
        self.xdotool("click", "1")

    def key(self, *chords: str) -> None:
        """Press keys."""
        self.xdotool("windowfocus", self.id)
        self.xdotool("key", *chords)


@pytest.fixture
def real(
    xserver: dict[str, str], tmp_path: Path, root: Path
) -> Iterator[Callable[..., RealWindow]]:
    """Opens real windows with a home of their own."""
    if shutil.which("xdotool") is None:
        pytest.skip("needs xdotool (Debian: apt-get install xdotool)")
    opened: list[RealWindow] = []

    def start(*arguments: str) -> RealWindow:
        env = xserver | {"MINORITY_STAKE_HOME": str(tmp_path), "PYTHONPATH": str(root)}
        opened.append(RealWindow(env, root, *arguments))
        return opened[-1]

    yield start
    for one in opened:
        one.process.kill()
        one.process.communicate()


def colours(path: Path) -> int:
    """How many colours a coarse grid of a picture holds."""
    picture = pygame.image.load(path)
    width, height = picture.get_size()
    spots = [(x, y) for x in range(0, width, 4) for y in range(0, height, 4)]
    return len({tuple(picture.get_at(spot)) for spot in spots})


def test_a_real_window_plays_by_mouse_and_keyboard(
    real: Callable[..., RealWindow], tmp_path: Path
) -> None:
    window = real("lesson", "--seat", "kite")
    pictures, saves = tmp_path / "pictures", tmp_path / "saves"

    def pictured() -> bool:
        window.key("F9")
        time.sleep(0.3)
        return pictures.is_dir() and any(pictures.iterdir())

    until(pictured, "a picture")
    first = min(pictures.iterdir())
    assert pygame.image.load(first).get_size() == SIZE
    assert colours(first) > LEAST_COLOURS

    def ended() -> bool:
        window.click(END_TURN)
        time.sleep(0.5)
        return saves.is_dir() and any(saves.glob("*.stakesave"))

    until(ended, "an autosave after a click on the end of the quarter")
    window.key("F2")
    window.key("ctrl+Return")
    until(lambda: len(list(saves.glob("*.stakesave"))) >= 2, "an autosave after a key")
    assert window.process.poll() is None


def test_what_is_seen_on_the_x_server_is_not_blank(
    real: Callable[..., RealWindow], tmp_path: Path
) -> None:
    grab = shutil.which("import")
    if grab is None:
        pytest.skip("needs import of ImageMagick")
    window = real("lesson", "--seat", "kite")
    shot = tmp_path / "shot.png"

    def seen() -> bool:
        command = [grab, "-window", window.id, str(shot)]
        subprocess.run(command, env=window.env, check=False, capture_output=True)
        return shot.exists() and colours(shot) > LEAST_COLOURS

    until(seen, "a picture of the window")


def test_a_click_on_a_number_opens_why_and_escape_closes_it(
    real: Callable[..., RealWindow], tmp_path: Path
) -> None:
    grab = shutil.which("import")
    if grab is None:
        pytest.skip("needs import of ImageMagick")
    window = real("lesson", "--seat", "kite")

    def brightness() -> float:
        """Of a corner of the window that a panel dims: 0..255."""
        shot = tmp_path / "shot.png"
        command = [grab, "-window", window.id, str(shot)]
        subprocess.run(command, env=window.env, check=False, capture_output=True)
        if not shot.exists():
            return 0.0
        return sum(pygame.image.load(shot).get_at(DIMMED)[:3]) / 3

    until(lambda: brightness() > BRIGHT, "the button that ends the quarter")

    def dimmed() -> bool:
        window.click(CASH)
        time.sleep(0.3)
        return brightness() < BRIGHT

    until(dimmed, "the panel")

    def bright() -> bool:
        window.key("Escape")
        time.sleep(0.3)
        return brightness() > BRIGHT

    until(bright, "the desk again")


def test_a_seat_that_is_not_there_gets_one_line(
    xserver: dict[str, str], root: Path, tmp_path: Path
) -> None:
    env = xserver | {"MINORITY_STAKE_HOME": str(tmp_path), "PYTHONPATH": str(root)}
    for arguments in (["lesson", "--seat", "nobody"], ["--load", "missing.stakesave"]):
        command = [sys.executable, "-m", "game", "play", *arguments]
        done = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
