"""The app: scale, size, screens, hooks, drawing only what changed, the demonstration as a whole."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from game.ui.charts import Bar, BarChart, LineChart, Part, Series, Sparkline, Term, Waterfall
from game.ui.kit import Button, Column, Label, Screen, Widget, WrongPygame, require_ce
from game.ui.kit.plotting import apart, nice_ticks
from game.ui.theme import make_app
from game.ui.worldmap import KEYS, MapRegion, WorldMap

DEMO = Path(__file__).resolve().parents[3] / "tools" / "ui_demo.py"


class One(Screen):
    """A screen of one tree."""

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self.make = make

    def build(self) -> Widget:
        return self.make()


def load_demo() -> type[Screen]:
    spec = importlib.util.spec_from_file_location("ui_demo", DEMO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ui_demo"] = module
    spec.loader.exec_module(module)
    return module.Demo


@pytest.mark.parametrize("tab", ["widgets", "table", "charts", "map", "icons"])
@pytest.mark.parametrize(("size", "scale"), [((1024, 640), 1.0), ((1600, 900), 2.0)])
def test_everything_draws(app, tab: str, size: tuple[int, int], scale: float) -> None:
    app.resize(size)
    app.set_scale(scale)
    app.show(load_demo()(tab))
    app.pump()
    surface = app.window.surface
    spots = ((x, y) for x in range(0, size[0], 7) for y in range(120, size[1], 7))
    assert len({tuple(surface.get_at(spot)) for spot in spots}) > 8
    for _ in range(12):
        app.press("tab")
    for x in range(40, size[0], 97):
        app.pump(
            [pygame.event.Event(pygame.MOUSEMOTION, pos=(x, 400), rel=(0, 0), buttons=(0, 0, 0))]
        )


def test_scale_changes_sizes_and_the_window_may_be_resized(app, show) -> None:
    show(lambda: Column(Button("Go", None, name="go", align="start")))
    app.resize((2560, 1440))
    app.pump()
    before = app.find("go").rect
    app.set_scale(2.0)
    app.pump()
    after = app.find("go").rect
    assert after.height == 2 * before.height
    app.resize((1024, 640))
    app.pump()
    assert app.ctx.scale == 1.0
    assert app.find("go").rect.height == before.height


def test_nothing_is_drawn_when_nothing_changed(app, show, monkeypatch) -> None:
    show(lambda: Column(Button("a", None, name="a", align="start"), Label("b", name="b")))
    shown: list[pygame.Rect] = []
    monkeypatch.setattr(app.window, "show", lambda rects: shown.extend(rects))
    app.pump()
    assert shown == []
    app.hover("a")
    assert len(shown) == 1
    assert shown[0].width < 300
    app.find("b").color = "muted"
    app.pump()
    assert len(shown) == 2


def test_the_loop_sleeps_when_idle_and_polls_when_busy(app, show, clock) -> None:
    show(lambda: Label("x"))
    app.pump()
    assert app._wait() >= 1000
    app.after(50, lambda: None)
    assert app._wait() == 50
    work = [True, True, False]
    app.every_frame.append(lambda: work.pop(0))
    app.pump()
    assert app._wait() <= 100
    app.pump()
    app.pump()
    clock.now += 50
    app.every_frame.clear()
    app.pump()
    assert app._wait() >= 1000


def test_screens_stack(app) -> None:
    log: list[str] = []

    class Named(Screen):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def build(self) -> Label:
            return Label(self.name, name=self.name)

        def on_show(self) -> None:
            log.append("+" + self.name)

        def on_hide(self) -> None:
            log.append("-" + self.name)

    app.show(Named("a"))
    app.push(Named("b"))
    app.pop()
    app.show(Named("c"))
    assert log == ["+a", "-a", "+b", "-b", "+a", "-a", "+c"]
    assert app.has("c")
    assert not app.has("a")


def test_the_close_button_can_be_refused(app, show) -> None:
    show(lambda: Label("x"))
    app.running = True
    app.on_quit = lambda: False
    app.pump([pygame.event.Event(pygame.QUIT)])
    assert app.running
    app.on_quit = None
    app.pump([pygame.event.Event(pygame.QUIT)])
    assert not app.running


def test_run_ends_by_quit(app, show) -> None:
    show(lambda: Button("x", app.quit, name="x"))
    app.every_frame.append(lambda: bool(app.quit()))
    app.run()
    assert not pygame.display.get_init()


def test_screenshots(app, show, tmp_path) -> None:
    show(lambda: Label("x"))
    app.screenshot(tmp_path / "shot.png")
    assert pygame.image.load(tmp_path / "shot.png").get_size() == (1024, 640)


def test_the_wrong_pygame_is_named(monkeypatch) -> None:
    monkeypatch.delattr(pygame, "IS_CE")
    with pytest.raises(WrongPygame, match="pip install pygame-ce"):
        require_ce()


def test_labels_at_line_ends_keep_apart() -> None:
    places = apart([10.0, 11.0, 12.0, 50.0], 8, 0, 100)
    ordered = sorted(places)
    assert all(b - a >= 8 - 1e-9 for a, b in pairwise(ordered))
    assert ordered[0] >= 0
    assert ordered[-1] <= 100


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 0), (-3, 7), (1e6, 3e6), (0.0001, 0.0004)])
def test_ticks_cover_the_range(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= 9


def test_charts_say_their_numbers(app, show) -> None:
    nan = float("nan")
    show(
        lambda: Column(
            LineChart(
                [Series("Meizu", [1, nan, 3]), Series("None", [nan] * 3)],
                ["a", "b", "c"],
                unit="m",
                name="line",
            ),
            BarChart([Bar("Apple", [Part("China", 3), Part("India", 4)])], unit="%"),
            Waterfall(
                [Term("Before", 5, kind="start"), Term("OS", -2, "late")], total_label="After"
            ),
            Sparkline([1, 2, 3]),
        )
    )
    tree = app.tree()
    for line in (
        "line Meizu: 3 m",
        "line None: – m",
        "bar Apple: China 3, India 4",
        "term OS: −2 (late)",
        "term After: 3",
        "sparkline: 1 → 3",
    ):
        assert line in tree
    app.find("line").focus()
    app.press("left", "left")
    assert app.find("line").at == 1


def test_the_map_is_clicked_and_walked(app, show) -> None:
    heard: list[str] = []
    regions = [MapRegion(key, key.title(), float(i), f"{i} %") for i, key in enumerate(KEYS)]
    show(lambda: WorldMap(regions, "Share", on_select=heard.append, name="map"))
    for key in KEYS:
        app.click("map", key)
    assert heard == list(KEYS)
    app.press("left")
    assert heard[-1] == "southeast_asia"
    assert app.find("map").region_at((app.find("map").rect.left + 2, 300)) is None


def test_the_real_clock_runs() -> None:
    app = make_app("Test", size=(1024, 640))
    app.show(One(lambda: Label("x")))
    called: list[int] = []
    app.after(30, lambda: called.append(1))
    app.after(60, app.quit)
    app.run()
    assert called == [1]
