"""Drawing helpers: what is put together from pieces looks like what is drawn whole."""

from __future__ import annotations

import pygame
import pytest

from game.ui.kit import paint


@pytest.mark.parametrize(
    ("width", "height"), [(30, 20), (61, 61), (62, 300), (340, 62), (900, 500)]
)
@pytest.mark.parametrize(("radius", "blur"), [(4, 4), (11, 12)])
def test_a_shadow_of_pieces_is_the_blurred_one(
    app, width: int, height: int, radius: int, blur: int
) -> None:
    whole, pieces = (
        paint._blurred(width, height, radius, blur),
        paint._shadow(width, height, radius, blur),
    )
    assert pieces.get_size() == whole.get_size()
    assert pygame.image.tobytes(pieces, "RGBA") == pygame.image.tobytes(whole, "RGBA")
