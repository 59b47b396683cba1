from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from got10k.datasets import NfS
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


def vatic(count: int, label: str = "ball") -> str:
    corners = ((left, top, left + w, top + h) for left, top, w, h in numbers(count))
    return "".join(
        f'0 {" ".join(map(str, each))} {frame} {frame % 2} 0 1 "{label}"\n'
        for frame, each in enumerate(corners)
    )


def sequence(root: Path, rate: str, text: str, images: int) -> None:
    write_images(root / "airboard" / rate / "airboard", numbered(1, images, "{:05d}.jpg"), (2, 3))
    write(root / "airboard" / rate / "airboard.txt", text)


def only(root: Path, *split: str) -> Any:
    (source,) = open_videos("nfs", root, *split).videos
    return source.read()


def test_corners_become_sizes_and_flags_attributes(tmp_path: Path) -> None:
    sequence(tmp_path, "240", vatic(5, "a red ball"), 5)
    video = only(tmp_path, "240")
    np.testing.assert_array_equal(video.boxes, numbers(5))
    assert video.attributes["lost"].tolist() == [False, True, False, True, False]
    assert not video.attributes["occluded"].any()


def test_four_corners_alone(tmp_path: Path) -> None:
    sequence(tmp_path, "30", "0 2 5 8\n1 2 6 8\n", 2)
    np.testing.assert_array_equal(only(tmp_path).boxes, numbers(2))


@pytest.mark.parametrize("count", [33, 40])
def test_every_eighth_row_of_240_frames_a_second(tmp_path: Path, count: int) -> None:
    sequence(tmp_path, "30", vatic(count), 5)
    video = only(tmp_path)
    np.testing.assert_array_equal(video.boxes, numbers(count)[::8])
    assert video.notes == (f"{count} rows of 240 frames a second: every eighth is used",)
    assert len(video.attributes["lost"]) == 5


@pytest.mark.parametrize(("count", "images"), [(41, 5), (33, 6)])
def test_a_row_or_an_image_more_is_left_out(tmp_path: Path, count: int, images: int) -> None:
    sequence(tmp_path, "30", vatic(count), images)
    video = only(tmp_path)
    assert (len(video), len(video.notes)) == (5, 2)
    np.testing.assert_array_equal(video.boxes, numbers(count)[::8][:5])


@pytest.mark.parametrize(("count", "images"), [(5, 5), (40, 5), (41, 5), (64, 9), (6, 5)])
def test_the_toolkit_reads_the_same(tmp_path: Path, count: int, images: int) -> None:
    sequence(tmp_path, "30", vatic(count), images)
    ((files, boxes),) = NfS(str(tmp_path), fps=30)
    video = only(tmp_path)
    assert [str(image) for image in video.images] == files
    np.testing.assert_array_equal(video.boxes, boxes)


def test_packed_anew(tmp_path: Path) -> None:
    write_images(tmp_path / "sequences" / "airboard_1", numbered(1, 3, "{:05d}.jpg"))
    write(tmp_path / "anno" / "nfs_airboard_1.txt", rows(3, "\t"))
    video = only(tmp_path)
    assert video.name == "airboard_1"
    np.testing.assert_array_equal(video.boxes, numbers(3))
    with pytest.raises(DataError, match="30 frames a second: choose the split 30"):
        only(tmp_path, "240")


@pytest.mark.parametrize("row", ["1 2 3 4 5", '0 1 2 3 4 5 0 0 1 "x"\n1 2 3 4'])
def test_rows_of_another_kind(tmp_path: Path, row: str) -> None:
    sequence(tmp_path, "30", row, 1)
    with pytest.raises(DataError, match=r"5 numbers, neither|mixed"):
        only(tmp_path)


def test_packed_anew_rows_of_240_frames_are_used_by_eights(tmp_path: Path) -> None:
    write_images(tmp_path / "sequences" / "a", numbered(1, 4, "{:05d}.jpg"))
    write(tmp_path / "anno" / "nfs_a.txt", rows(32, "\t"))
    (source,) = open_videos("nfs", tmp_path).videos
    video = source.read()
    np.testing.assert_array_equal(video.boxes, np.array(numbers(32))[::8])
    assert video.notes == ("32 rows of 240 frames a second: every eighth is used",)
