from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from got10k.datasets import TColor128
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_images(tmp_path / "Ball_ce1" / "img", numbered(1, 20), (2, 3))
    write(tmp_path / "Ball_ce1" / "Ball_ce1_gt.txt", rows(11))
    write(tmp_path / "Ball_ce1" / "Ball_ce1_frames.txt", "5,15\r\n")
    return tmp_path


def test_the_range_says_which_images(root: Path) -> None:
    (source,) = open_videos("tc128", root).videos
    video = source.read()
    assert [image.name for image in video.images] == numbered(5, 15)
    np.testing.assert_array_equal(video.boxes, numbers(11))


def test_the_toolkit_reads_the_same(root: Path) -> None:
    ((files, boxes),) = TColor128(str(root), download=False)
    (source,) = open_videos("tc128", root).videos
    video = source.read()
    assert [str(image) for image in video.images] == files
    np.testing.assert_array_equal(video.boxes, boxes)


@pytest.mark.parametrize("text", ["5", "5,3", "1.5,4", "-1,3", "1,2,3"])
def test_a_range_that_is_none(root: Path, text: str) -> None:
    write(root / "Ball_ce1" / "Ball_ce1_frames.txt", text)
    (source,) = open_videos("tc128", root).videos
    with pytest.raises(DataError, match=r"frames\.txt, line 1: must be the numbers"):
        source.read()


def test_a_range_beyond_the_images(root: Path) -> None:
    write(root / "Ball_ce1" / "Ball_ce1_frames.txt", "15,25")
    (source,) = open_videos("tc128", root).videos
    with pytest.raises(DataError, match="image 21 and 4 more of 15 to 25 is missing"):
        source.read()


def test_rows_for_all_images_and_a_range_of_some_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "Ball_ce1"
    write_images(folder / "img", numbered(1, 4))
    write(folder / "Ball_ce1_gt.txt", rows(4))
    write(folder / "Ball_ce1_frames.txt", "2,3\n")
    (source,) = open_videos("tc128", tmp_path).videos
    with pytest.raises(DataError, match=r"a row for each of 4 images, and .* says 2 to 3"):
        source.read()
