from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from video_trees import numbers, picture, rows, write, write_images

from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


def sequence(root: Path, part: str, name: str, boxes: str, images: int = 12) -> None:
    names = [f"{number}.jpg" for number in range(images)]
    write_images(root / part / "frames" / name, names)
    write(root / part / "anno" / f"{name}.txt", boxes)


def test_numbers_are_not_padded(tmp_path: Path) -> None:
    sequence(tmp_path, "TRAIN_0", "-0Bsi_0", rows(12))
    video = open_videos("trackingnet", tmp_path, "train").videos[0].read()
    assert [image.name for image in video.images][:3] == ["0.jpg", "1.jpg", "2.jpg"]
    assert [image.name for image in video.images][-2:] == ["10.jpg", "11.jpg"]
    np.testing.assert_array_equal(DecodedFrames.of(video)[10], picture(10))
    np.testing.assert_array_equal(video.boxes, numbers(12))


def test_parts_follow_each_other(tmp_path: Path) -> None:
    for part, name in (("TRAIN_10", "a_0"), ("TRAIN_2", "c_0"), ("TRAIN_2", "b_0"), ("TEST", "t")):
        sequence(tmp_path, part, name, rows(12))
    names = [video.name for video in open_videos("trackingnet", tmp_path, "train").videos]
    assert names == ["b_0", "c_0", "a_0"]
    assert [video.name for video in open_videos("trackingnet", tmp_path).videos] == ["t"]


def test_test_has_one_row_and_is_not_scored(tmp_path: Path) -> None:
    sequence(tmp_path, "TEST", "a_0", "1,2,3,4\n")
    video = open_videos("trackingnet", tmp_path).videos[0].read()
    assert (len(video), video.scored) == (12, False)
    assert np.isnan(video.boxes[1:]).all()


def test_a_part_that_is_not_there_is_said(tmp_path: Path) -> None:
    sequence(tmp_path, "TEST", "a_0", "1,2,3,4\n")
    with pytest.raises(DataError, match="has no TRAIN_0/anno"):
        open_videos("trackingnet", tmp_path, "train")
