"""Objects are drawn on squares that are as small as they may be, and no pixel is lost by that."""

import numpy as np
import pytest

from trackbench.datasets.exact import cosine_sine
from trackbench.datasets.scenes import drawing
from trackbench.datasets.scenes.drawing import PIXEL, Drawn, draw, pose
from trackbench.datasets.scenes.look import look
from trackbench.datasets.streams import Purpose, Stream

WORLD = np.zeros((200, 200, 3), np.uint8)


def on_a_canvas(drawn: Drawn) -> tuple[bytes, bytes]:
    canvas = np.zeros((400, 400), np.int32)
    rows, columns = (
        slice(at + 200, at + 200 + len(drawn.opacity)) for at in (drawn.row, drawn.column)
    )
    canvas[rows, columns] = drawn.opacity
    colour = np.zeros((400, 400), np.uint32)
    colour[rows, columns] = np.where(drawn.opacity > 0, drawn.colour, 0)
    return canvas.tobytes(), colour.tobytes()


@pytest.mark.parametrize("strength", [0, 26, 77])
def test_nothing_of_an_object_lies_outside_its_square(
    strength: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = 0
    for index in range(6):
        shape = look(7, index, 0, WORLD, 0.0)
        stream = Stream(7, Purpose.BEND, index)
        for size in (42, 84, 168):
            bends = stream.integers(-strength, strength + 1, 4).tolist()
            cosine, sine = (float(part[0]) for part in cosine_sine(stream.uniform(1)))
            at = pose((9 * PIXEL + 77, 5 * PIXEL + 200), cosine, sine, float(size), tuple(bends))
            small = draw(shape, at)
            with monkeypatch.context() as whole:
                whole.setattr(drawing, "needed_half", lambda _, at: at.half)
                large = draw(shape, at)
            assert on_a_canvas(small) == on_a_canvas(large)
            smaller += len(small.opacity) < len(large.opacity)
    assert smaller > 0 or strength > 50
