"""What the pages name is there: verbs, targets, files, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from game.cli.main import app

PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
VERB = re.compile(r"^(?:\S*[/\\])?stake ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
FILE = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:md|py|yaml|sh|toml))`")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
MADE_BY_A_RUN = {"my.yaml"}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, root: Path) -> str:
    return (root / request.param).read_text(encoding="utf-8")


def code(page: str) -> str:
    """What a page shows as code, a line each."""
    return "\n".join([*FENCED.findall(page), *INLINE.findall(FENCED.sub("", page))])


def verbs() -> set[str]:
    """Every verb of the command, those of a group after its name."""
    group = typer.main.get_command(app)
    found = set()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        found.add(name)
        found.update(f"{name} {inner}" for inner in getattr(command, "commands", ()))
    return found


def test_every_verb_that_a_page_shows_exists(page: str) -> None:
    known = verbs()
    for first, second in VERB.findall(code(page)):
        assert first in known
        assert first != "scenario" or f"scenario {second}" in known


def test_the_readme_shows_the_main_verbs(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    for verb in ("play", "sim", "bench", "scenario check", "scenario par", "scenario schema"):
        assert f"stake {verb}" in text
        assert verb in verbs()


def test_every_target_that_a_page_shows_is_in_the_makefile(page: str, root: Path) -> None:
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    assert {"play", "setup", "test", "check", "bench", "soak", "clean"} <= targets
    assert set(re.findall(r"^make ([a-z]+)", code(page), re.MULTILINE)) <= targets


def test_every_link_leads_somewhere(page: str, root: Path) -> None:
    for target in LINK.findall(page):
        assert (root / target).exists(), target


def test_every_file_that_a_page_names_is_there(page: str, root: Path) -> None:
    for name in set(FILE.findall(page)) - MADE_BY_A_RUN:
        assert (root / name).exists() or any(root.glob(f"*/{name}")) or "test_play_" in name, name
