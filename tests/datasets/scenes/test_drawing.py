"""Objects are drawn on rectangles as small as they may be, and no pixel is lost by that."""

import numpy as np
import pytest

from trackbench.datasets.exact import cosine_sine
from trackbench.datasets.scenes import drawing
from trackbench.datasets.scenes.drawing import Drawn, blend, draw
from trackbench.datasets.scenes.look import Look, look
from trackbench.datasets.scenes.poses import PIXEL, Pose, pose
from trackbench.datasets.streams import Purpose, Stream

WORLD = np.zeros((200, 200, 3), np.uint8)


def on_a_canvas(drawn: Drawn) -> tuple[bytes, bytes]:
    """What there is of an object, and what it makes of a picture, wherever its rectangle ends."""
    height, width = drawn.opacity.shape
    opacity = np.zeros((400, 400), np.int32)
    opacity[drawn.row + 200 : drawn.row + 200 + height, drawn.column + 200 :][:, :width] = (
        drawn.opacity
    )
    picture = np.arange(400 * 400, dtype=np.uint32).reshape(400, 400) * np.uint32(2654435761)
    blend(picture, Drawn(drawn.row + 200, drawn.column + 200, *parts(drawn)))
    return opacity.tobytes(), picture.tobytes()


def parts(drawn: Drawn) -> tuple[np.ndarray, ...]:
    return drawn.opacity, drawn.under, drawn.even, drawn.odd


def poses(index: int, strength: int) -> list[Pose]:
    """Of three sizes, turned and bent anyhow."""
    stream = Stream(7, Purpose.BEND, index)
    found = []
    for size in (42, 84, 168):
        bends = stream.integers(-strength, strength + 1, 4).tolist()
        cosine, sine = (float(part[0]) for part in cosine_sine(stream.uniform(1)))
        centre = (9 * PIXEL + 77, 5 * PIXEL + 200)
        found.append(pose(centre, cosine, sine, float(size), tuple(bends)))
    return found


def in_its_whole_square(shape: Look, at: Pose, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    with monkeypatch.context() as whole:
        square = (-at.half, at.half, -at.half, at.half)
        whole.setattr(drawing, "extent", lambda _, __: square)
        (drawn,) = draw(shape, [at])
    return drawn


@pytest.mark.parametrize("strength", [0, 26, 77])
def test_nothing_of_an_object_lies_outside_its_rectangle(
    strength: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = 0
    for index in range(12):
        shape = look(7, index, 0, WORLD, 0.0)
        for at in poses(index, strength):
            (small,) = draw(shape, [at])
            large = in_its_whole_square(shape, at, monkeypatch)
            assert on_a_canvas(small) == on_a_canvas(large)
            smaller += small.opacity.size < 0.8 * large.opacity.size
    assert smaller > 0 or strength > 50


@pytest.mark.parametrize("strength", [0, 77, 256])
def test_what_is_drawn_at_once_is_what_is_drawn_one_by_one(strength: int) -> None:
    """However small it is beside another: far beyond its own square its numbers would overflow."""
    for index in range(12):
        shape = look(7, index, 0, WORLD, 0.0)
        several = [*poses(index, strength), *poses(index + 50, strength)]
        for together, at in zip(draw(shape, several), several, strict=True):
            (alone,) = draw(shape, [at])
            assert (together.row, together.column) == (alone.row, alone.column)
            for one, other in zip(parts(together), parts(alone), strict=True):
                assert np.array_equal(one, other)


def test_a_pixel_is_the_mean_of_two_colours_weighted_by_the_opacity() -> None:
    shape = look(7, 2, 0, WORLD, 0.0)
    (drawn,) = draw(shape, poses(2, 0)[1:2])
    row, column = np.argwhere((drawn.opacity > 0) & (drawn.opacity < 256))[0]
    share = int(drawn.opacity[row, column])
    results = []
    for level in (0, 255):
        picture = np.full((300, 300), level * 0x01010101, np.uint32)
        blend(picture, Drawn(100, 100, *parts(drawn)))
        results.append(picture[100 + row, 100 + column].tobytes())
    for dark, bright in zip(*results, strict=True):
        assert bright == pytest.approx(dark + 255 * (256 - share) / 256, abs=1)
