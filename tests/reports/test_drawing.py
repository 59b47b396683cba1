from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from trackbench.reports.drawing import BACKGROUND, GAP, Outline, draw, save_gif, tile

RED, BLUE = (255, 0, 0), (0, 0, 255)
GREY = np.full((10, 12), 80, np.uint8)
FRAMES = np.stack([np.full((30, 40), 20 + 30 * t, np.uint8) for t in range(6)])
STILL = np.tile([20.0, 15.0, 8.0, 6.0], (6, 1))


def pixels(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("RGB"))


def coloured(picture: Image.Image, colour: tuple[int, int, int]) -> set[tuple[int, int]]:
    """Return the (column, row) of each pixel of a colour."""
    found = (pixels(picture) == colour).all(axis=-1)
    return {(int(column), int(row)) for row, column in np.argwhere(found)}


def ring(left: int, top: int, right: int, bottom: int) -> set[tuple[int, int]]:
    """Return the pixels of an outline from its first to its last column and row."""
    across = {(column, row) for column in range(left, right + 1) for row in (top, bottom)}
    down = {(column, row) for row in range(top, bottom + 1) for column in (left, right)}
    return across | down


def drawn(box: list[float], zoom: int = 1, frame: NDArray[np.uint8] = GREY) -> Image.Image:
    return draw(frame, [Outline(np.array(box, np.float64), RED)], zoom)


@pytest.mark.parametrize(
    ("zoom", "outline"), [(1, (2, 1, 7, 5)), (2, (5, 3, 14, 10)), (3, (8, 5, 21, 15))]
)
def test_an_outline_runs_just_outside_the_box(
    zoom: int, outline: tuple[int, int, int, int]
) -> None:
    # The box covers columns 3 to 6 and rows 2 to 4 of the frame.
    picture = drawn([3, 2, 4, 3], zoom)
    assert picture.size == (12 * zoom, 10 * zoom)
    assert coloured(picture, RED) == ring(*outline)
    untouched = ring(*outline) ^ {(c, r) for c in range(12 * zoom) for r in range(10 * zoom)}
    assert coloured(picture, (80, 80, 80)) == untouched


def test_an_outline_hides_no_pixel_that_the_box_touches_even_in_part() -> None:
    assert coloured(drawn([2.5, 2.4, 3.3, 3.3]), RED) == ring(1, 1, 6, 6)
    assert coloured(drawn([2.5, 2.5, 3.0, 3.0], zoom=2), RED) == ring(4, 4, 11, 11)


def test_what_lies_outside_the_frame_is_not_seen() -> None:
    assert coloured(drawn([-5, 2, 10, 3]), RED) == {
        pixel for pixel in ring(-6, 1, 5, 5) if pixel[0] >= 0
    }
    assert coloured(drawn([0, 0, 12, 10]), RED) == set()


@pytest.mark.parametrize(
    "box",
    [
        [np.nan, 2, 4, 3],
        [3, 2, np.inf, 3],
        [3, 2, -4, 3],
        [3, 2, 4, -3],
        [3, 2, 0, 3],
        [1e300, 1e300, 4, 3],
        [-1e300, 2, 4, 3],
        [1e7, 1e7, 1e7, 1e7],
        [-2e300, -2e300, 1e300, 1e300],
    ],
)
def test_invalid_and_far_away_boxes_leave_the_frame_alone(box: list[float]) -> None:
    assert coloured(drawn(box, zoom=2), (80, 80, 80)) == {
        (c, r) for c in range(24) for r in range(20)
    }


def test_colour_frames_keep_their_colours() -> None:
    frame = np.random.default_rng(1).integers(0, 256, (10, 12, 3), np.uint8)
    inside = pixels(drawn([3, 2, 4, 3], frame=frame))[2:5, 3:7]
    assert (inside == frame[2:5, 3:7]).all()


def test_through_a_dashed_outline_is_seen_what_is_under_it() -> None:
    box = np.array([10.0, 8, 20, 14])
    picture = draw(FRAMES[0], [Outline(box, RED), Outline(box, BLUE, dashed=True)], 1)
    blue, red = coloured(picture, BLUE), coloured(picture, RED)
    assert blue | red == ring(9, 7, 30, 22)
    assert min(len(blue), len(red)) > 20


def test_what_is_made_smaller_keeps_its_outline() -> None:
    picture = draw(
        np.zeros((100, 200), np.uint8), [Outline(np.array([40.0, 20, 40, 40]), RED)], 0.5
    )
    assert picture.size == (100, 50)
    assert coloured(picture, RED) == ring(19, 9, 40, 30)


def test_boxes_are_drawn_one_over_the_other_each_in_its_colour() -> None:
    boxes = [
        Outline(np.array([3.0, 2, *side]), colour)
        for side, colour in (((4, 3), RED), ((6, 3), BLUE))
    ]
    picture = draw(GREY, boxes, 1)
    assert coloured(picture, BLUE) == ring(2, 1, 9, 5)
    assert coloured(picture, RED) == ring(2, 1, 7, 5) - ring(2, 1, 9, 5)


@pytest.mark.parametrize(
    ("shown", "size"), [([0, 2, 3, 5], (3, 2)), ([1, 4], (2, 1)), ([5], (1, 1))]
)
def test_a_sheet_shows_the_chosen_frames_row_by_row(
    tmp_path: Path, shown: list[int], size: tuple[int, int]
) -> None:
    path = tmp_path / "sheet.png"
    drawn = [draw(FRAMES[t], [Outline(STILL[t], RED)], 2) for t in shown]
    tile(drawn, columns=3).save(path)
    with Image.open(path) as picture:
        columns, rows = size
        assert picture.format == "PNG"
        assert picture.size == (GAP + columns * (80 + GAP), GAP + rows * (60 + GAP))
        found = pixels(picture)
    assert (found[:GAP] == BACKGROUND).all()
    for place, t in enumerate(shown):
        row, column = divmod(place, 3)
        top, left = GAP + row * (60 + GAP), GAP + column * (80 + GAP)
        expected = pixels(draw(FRAMES[t], [Outline(STILL[t], RED)], 2))
        assert (found[top : top + 60, left : left + 80] == expected).all()


def test_an_animation_plays_every_frame_for_its_time_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "video.gif"
    moving = STILL + np.arange(6)[:, None] * [1, 0, 0, 0]
    save_gif(
        [draw(FRAMES[t], [Outline(moving[t], RED)], 2) for t in range(6)], path, milliseconds=80
    )
    with Image.open(path) as video:
        assert (video.format, video.size) == ("GIF", (80, 60))
        assert video.n_frames == 6  # type: ignore[attr-defined]  # Pillow's GIF class is not exported
        assert video.info["loop"] == 0
        for t in range(6):
            video.seek(t)
            assert video.info["duration"] == 80
            expected = pixels(draw(FRAMES[t], [Outline(moving[t], RED)], 2))
            assert (pixels(video) == expected).all()


def test_the_outline_keeps_its_colour_beside_every_grey(tmp_path: Path) -> None:
    path = tmp_path / "video.gif"
    greys = np.tile(np.arange(256, dtype=np.uint8), (2, 40, 1))
    save_gif([draw(grey, [Outline(STILL[0], RED)], 1) for grey in greys], path, milliseconds=50)
    with Image.open(path) as video:
        assert coloured(video, RED) == ring(19, 14, 28, 21)


def test_a_still_scene_is_no_shorter(tmp_path: Path) -> None:
    path = tmp_path / "video.gif"
    save_gif([draw(np.zeros((2, 2), np.uint8), [], 1)] * 4, path, milliseconds=50)
    with Image.open(path) as video:
        total = 0
        for t in range(video.n_frames):  # type: ignore[attr-defined]  # as above
            video.seek(t)
            total += video.info["duration"]
    assert total == 4 * 50
