from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from video_trees import numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


def sequence(folder: Path, names: list[str]) -> None:
    write_images(folder / "imgs", names)
    write(folder / "groundtruth.txt", rows(len(names)))
    write(folder / "language.txt", "\ufeffthe man\n")


def test_images_of_any_name_in_order_and_a_tag(tmp_path: Path) -> None:
    sequence(tmp_path / "advSamp_1", ["frame10.png", "frame2.jpg", "frame9.png"])
    write(tmp_path / "advSamp_1" / "imgs" / "._frame2.jpg", "left by macOS")
    write(tmp_path / "advSamp_1" / "imgs" / "Thumbs.db", "left by Windows")
    (source,) = open_videos("tnl2k", tmp_path).videos
    video = source.read()
    assert [image.name for image in video.images] == ["frame2.jpg", "frame9.png", "frame10.png"]
    np.testing.assert_array_equal(video.boxes, numbers(3))
    assert video.tags == ("language: the man",)


def test_words_of_another_encoding_spoil_nothing(tmp_path: Path) -> None:
    sequence(tmp_path / "a", ["1.jpg"])
    (tmp_path / "a" / "language.txt").write_bytes(b"the man\x92s hat\r\n")
    (source,) = open_videos("tnl2k", tmp_path).videos
    assert source.read().tags == ("language: the man\ufffds hat",)


def test_boxes_without_images_are_no_sequence_less(tmp_path: Path) -> None:
    sequence(tmp_path / "a", ["1.jpg"])
    write(tmp_path / "b" / "groundtruth.txt", rows(1))
    write(tmp_path / "TNL2K_test_subset_p2" / "c" / "groundtruth.txt", rows(1))
    videos = open_videos("tnl2k", tmp_path).videos
    assert [video.name for video in videos] == ["a", "b", "c"]
    with pytest.raises(DataError, match=r"b/imgs: is missing"):
        videos[1].read()


def test_archives_side_by_side_or_in_folders(tmp_path: Path) -> None:
    sequence(tmp_path / "b", ["1.jpg"])
    sequence(tmp_path / "TNL2K_test_subset_p2" / "a", ["1.jpg"])
    names = [video.name for video in open_videos("tnl2k", tmp_path).videos]
    assert names == ["a", "b"]
