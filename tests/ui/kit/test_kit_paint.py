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
    whole = paint._blurred(width, height, radius, blur)
    pieces = pygame.Surface(whole.get_size(), pygame.SRCALPHA)
    for piece, place in paint._shadow(width, height, radius, blur):
        pieces.blit(piece, place)
    assert pygame.image.tobytes(pieces, "RGBA") == pygame.image.tobytes(whole, "RGBA")


@pytest.mark.parametrize("size", [(30, 20), (340, 62), (900, 500)])
def test_a_box_hides_what_its_shadow_leaves_out(app, size: tuple[int, int]) -> None:
    radius, blur = 11, 12
    box = pygame.Rect((60, 60), size)
    sheets = [pygame.Surface((1020, 640)) for _ in range(2)]
    for sheet in sheets:
        sheet.fill((90, 120, 150))
    paint.shadow(sheets[0], box, radius, blur)
    whole = paint._blurred(*size, radius, blur)
    sheets[1].blit(whole, (box.left - 2 * blur, box.top - 2 * blur + blur // 2))
    for sheet in sheets:
        paint.round_rect(sheet, box, (20, 20, 20), radius)
    assert pygame.image.tobytes(sheets[0], "RGB") == pygame.image.tobytes(sheets[1], "RGB")
