from __future__ import annotations

import gc
import pickle
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, picture, write, write_images

from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.decoded_frames import AHEAD, AHEAD_BYTES, DecodedFrames
from trackbench.datasets.readers.image_decoder import ImageDecoder
from trackbench.datasets.readers.images import list_images
from trackbench.errors import DataError


@pytest.fixture
def video(tmp_path: Path) -> AnnotatedVideo:
    write_images(tmp_path, numbered(1, 12))
    boxes, absent = np.tile([1.0, 2, 3, 4], (12, 1)), np.zeros(12, bool)
    images = list_images(tmp_path, tmp_path)
    return AnnotatedVideo(name="a", images=images, boxes=boxes, absent=absent)


@pytest.mark.parametrize("ahead", [0, 1, 4, 50])
def test_frames_in_any_order(video: AnnotatedVideo, ahead: int) -> None:
    frames = DecodedFrames.of(video, ahead)
    assert (len(frames), frames.shape) == (12, (12, 24, 32, 3))
    assert (frames.ndim, frames.dtype) == (4, np.uint8)
    for index in [0, 1, 2, 7, 8, 3, 2, 2, 11, 0, -1]:
        np.testing.assert_array_equal(frames[index], picture(index % 12))
    assert [frame.shape for frame in frames] == [(24, 32, 3)] * 12
    with pytest.raises(IndexError):
        frames[12]


def test_a_part_is_lazy_too(video: AnnotatedVideo) -> None:
    part = DecodedFrames.of(video)[3:9]
    assert part.shape == (6, 24, 32, 3)
    np.testing.assert_array_equal(part[0], picture(3))
    np.testing.assert_array_equal(part[2:][-1], picture(8))
    with pytest.raises(IndexError):
        part[6]
    with pytest.raises(ValueError, match="follow each other"):
        part[::2]


def test_frames_are_read_only(video: AnnotatedVideo) -> None:
    with pytest.raises(ValueError, match="read-only"):
        DecodedFrames.of(video)[0][0, 0, 0] = 1


def test_they_can_be_sent_to_another_process(video: AnnotatedVideo) -> None:
    frames = DecodedFrames.of(video)
    np.testing.assert_array_equal(frames[0], picture(0))
    sent = pickle.loads(pickle.dumps(frames))
    np.testing.assert_array_equal(sent[1], picture(1))


class Counting:
    """Says which frames were decoded, and holds on to none."""

    def __init__(self, shape: tuple[int, ...] = (2, 3)) -> None:
        self.frame_shape = shape
        self.decoded: list[int] = []

    def frame(self, index: int) -> Any:
        self.decoded.append(index)
        return np.full((2, 3), index, np.uint8)


def settled(decoder: Counting, count: int) -> list[int]:
    until = time.monotonic() + 10
    while len(decoder.decoded) < count and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    return decoder.decoded


def test_only_a_few_are_decoded_ahead_and_each_once() -> None:
    decoder = Counting()
    frames = DecodedFrames(decoder, 0, 100)
    assert frames[0].max() == 0
    assert settled(decoder, 1 + AHEAD) == list(range(1 + AHEAD))
    for index in range(1, 50):
        assert frames[index].max() == index
    assert settled(decoder, 50 + AHEAD) == list(range(50 + AHEAD))


def test_large_frames_are_decoded_one_ahead() -> None:
    decoder = Counting((1, AHEAD_BYTES))
    frames = DecodedFrames(decoder, 0, 100)
    assert frames[0].max() == 0
    assert settled(decoder, 2) == [0, 1]


def test_a_jump_decodes_nothing_ahead() -> None:
    decoder = Counting()
    frames = DecodedFrames(decoder, 0, 100)
    assert frames[40].max() == 40
    assert settled(decoder, 1) == [40]
    assert frames[41].max() == 41
    assert settled(decoder, 2 + AHEAD) == list(range(40, 42 + AHEAD))


def test_nothing_is_decoded_beyond_the_end() -> None:
    decoder = Counting()
    frames = DecodedFrames(decoder, 10, 13)
    assert [frame.max() for frame in frames] == [10, 11, 12]
    assert settled(decoder, 3) == [10, 11, 12]


def test_its_thread_ends_with_it() -> None:
    frames = DecodedFrames(Counting(), 0, 9)
    assert frames[0].max() == 0
    assert frames._thread is not None
    (thread,) = frames._thread._threads
    assert thread.is_alive()
    del frames
    gc.collect()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_damaged_image_spoils_its_own_frame_alone(video: AnnotatedVideo) -> None:
    broken = video.images[5]  # type: ignore[index]
    write(broken, "")
    frames = DecodedFrames.of(video)
    for index in range(5):
        np.testing.assert_array_equal(frames[index], picture(index))
    with pytest.raises(DataError, match=r"0006\.jpg: is empty"):
        frames[5]
    np.testing.assert_array_equal(frames[6], picture(6))


def test_an_image_unlike_the_first_is_refused(tmp_path: Path) -> None:
    write_images(tmp_path, ["1.png"])
    Image.fromarray(picture(0, (24, 33))).save(tmp_path / "2.png")
    Image.fromarray(picture(3, grey=True)).save(tmp_path / "3.png")
    decoder = ImageDecoder(list_images(tmp_path, tmp_path).texts)
    with pytest.raises(DataError, match=r"2\.png: is 33 x 24 pixels, colour, and the first"):
        decoder.frame(1)
    # a grey one among coloured ones: three equal channels
    np.testing.assert_array_equal(decoder.frame(2), np.dstack([picture(3, grey=True)] * 3))
    grey_first = ImageDecoder(decoder.images[::-1])
    with pytest.raises(DataError, match=r"2\.png: is 33 x 24 pixels, colour, and .* grey"):
        grey_first.frame(1)


def test_sizes_are_known_without_decoding(video: AnnotatedVideo) -> None:
    first = video.images[0]  # type: ignore[index]
    content = first.read_bytes()
    # its pixels are spoilt, its header is not
    first.write_bytes(content[:60] + bytes(len(content) - 72) + content[-12:])
    frames = DecodedFrames.of(video)
    assert frames.shape == (12, 24, 32, 3)
    with pytest.raises(DataError, match="is damaged"):
        frames[0]
