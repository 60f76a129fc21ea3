"""What every test gets: no real display, no sound, a home of its own, steady Hypothesis runs.

A test marked ``xserver`` asks for the ``xserver`` fixture and starts its window in a process of
its own, with the environment that the fixture gives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SCREEN = "1920x1080x24"
DUMMY = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}

# Before anything imports pygame.
os.environ.update(DUMMY)

# Slow machines are not wrong ones, and a failure must come back when it is looked into.
settings.register_profile(
    "test",
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", settings.get_profile("test"), derandomize=False, max_examples=2000
)


def pytest_configure(config: pytest.Config) -> None:
    """Long Hypothesis runs in ``make soak``, short and repeatable ones otherwise."""
    settings.load_profile("soak" if config.getoption("markexpr") == "soak" else "test")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for saves and settings that no person uses; child processes inherit it."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["MINORITY_STAKE_HOME"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def lesson_path() -> Path:
    """The smallest scenario: three companies, two markets, six quarters."""
    return ROOT / "scenarios" / "lesson.yaml"


@pytest.fixture(scope="session")
def xserver() -> Iterator[dict[str, str]]:
    """Environment of a process with a real window, on an X server of its own."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("needs Xvfb (Debian: apt-get install xvfb)")
    reading, writing = os.pipe()
    # Without -noreset the server starts anew when a test closes its only window.
    command = [program, "-displayfd", str(writing), "-screen", "0", SCREEN, "-noreset"]
    command += ["-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            pytest.fail("Xvfb did not start")
        kept = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"}
        yield kept | {"DISPLAY": f":{number}", "SDL_FRAMEBUFFER_ACCELERATION": "0"}
    finally:
        server.terminate()
        server.wait()
