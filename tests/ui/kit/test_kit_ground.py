"""The screen below a dialogue is a picture: it is drawn again where it changed, and only there."""

from __future__ import annotations

import pygame

from game.ui.kit import App, Button, Column, Label, Widget
from tests.ui.kit.conftest import Show


class Counted(Label):
    """Counts how often it is drawn."""

    drawn = 0

    def paint(self, surface: pygame.Surface) -> None:
        """Draw and count."""
        self.drawn += 1
        super().paint(surface)


def pixels(app: App) -> bytes:
    """What the window shows."""
    app.draw()
    return pygame.image.tobytes(app.window.surface, "RGB")


def test_a_dialogue_moves_without_drawing_the_screen(app: App, show: Show) -> None:
    under = Counted("below", name="below")
    show(lambda: Column(under, Button("go", lambda: None, name="go")))
    bare = pixels(app)
    before = under.drawn
    inside: list[Widget] = [Label("one", name="inside/0")]
    holder = Column(*inside, name="holder")
    box = app.modal(holder, name="box", title="Box")
    app.pump()
    assert pixels(app) != bare
    holder.set_children([Label("one"), Label("two"), Label("three")])
    app.pump()
    assert under.drawn == before
    box.close()
    assert pixels(app) == bare


def test_what_changes_below_a_dialogue_is_drawn(app: App, show: Show) -> None:
    under = Counted("below", name="below")
    show(lambda: Column(under))
    app.draw()
    app.modal(Label("one"), name="box", title="Box")
    app.pump()
    before, seen = under.drawn, pixels(app)
    under.text = "something else altogether"
    assert pixels(app) != seen
    assert under.drawn > before


def test_a_picture_of_pieces_is_the_screen_drawn_whole(app: App, show: Show) -> None:
    names = [f"b{n}" for n in range(9)]
    show(lambda: Column(*[Button(name, lambda: None, name=name) for name in names], gap=20))
    app.draw()
    app.show_focus()
    for name in names:
        app.set_focus(app.find(name))
    partial = pixels(app)
    app.ground.forget()
    app.window.damage_all()
    assert pixels(app) == partial
