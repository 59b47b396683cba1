from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.layouts import reader_named
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


def sequence(root: Path, name: str, boxes: str, images: int = 4, **flags: str) -> None:
    folder = root / name.rpartition("-")[0] / name
    write_images(folder / "img", numbered(1, images, "{:08d}.jpg"))
    write(folder / "groundtruth.txt", boxes)
    for flag, text in flags.items():
        write(folder / f"{flag}.txt", text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("airplane-9", "airplane-13", "airplane-2", "zebra-10", "airplane-1"):
        sequence(tmp_path, name, rows(4))
    return tmp_path


def test_the_split_says_which(root: Path) -> None:
    def names(split: str) -> list[str]:
        return [video.name for video in open_videos("lasot", root, split).videos]

    assert names("") == names("test") == ["airplane-1", "airplane-9", "airplane-13", "zebra-10"]
    assert names("train") == ["airplane-2"]
    assert len(names("all")) == 5


def test_the_splits_are_of_280_and_1120() -> None:
    expected = reader_named("lasot").expected
    test, train = expected("test"), expected("train")
    assert (len(test), len(train)) == (280, 1120)
    assert not set(test) & set(train)
    assert set(test) | set(train) == set(expected("all"))
    assert "monkey-17" in test


def test_what_is_not_there_is_said(root: Path) -> None:
    opened = open_videos("lasot", root)
    assert len(opened.missing) == 276
    (note,) = opened.notes
    expected = "276 of 280 sequences are not there: airplane-15, basketball-1, basketball-6 and 273"
    assert note == f"{expected} more"


def test_flags_in_one_row_are_attributes_and_boxes_stand(tmp_path: Path) -> None:
    sequence(
        tmp_path,
        "bear-2",
        "1,2,3,4\n5,6,7,8\n0,0,0,0\n1,2,3,4\n",
        full_occlusion="0,1,0,0",
        out_of_view="0,0,1,0\r\n",
        nlp="a bear\n",
    )
    video = open_videos("lasot", tmp_path).videos[0].read()
    assert video.attributes["full_occlusion"].tolist() == [False, True, False, False]
    assert video.attributes["out_of_view"].tolist() == [False, False, True, False]
    np.testing.assert_array_equal(video.boxes[1], [5, 6, 7, 8])
    assert video.absent.tolist() == [False, False, True, False]
    assert video.tags == ("class: bear", "language: a bear")


@pytest.mark.parametrize(
    ("images", "count", "note"),
    [
        (4, 3, "4 images, 3 rows: the last 1 image left out"),
        (4, 6, "4 images, 6 rows: the last 2 rows left out"),
    ],
)
def test_images_and_rows_that_differ(tmp_path: Path, images: int, count: int, note: str) -> None:
    flags = {"out_of_view": ",".join("0" * count)}
    sequence(tmp_path, "monkey-17", rows(count), images, **flags)
    video = open_videos("lasot", tmp_path).videos[0].read()
    shorter = min(images, count)
    assert len(video) == len(video.images) == len(video.attributes["out_of_view"]) == shorter
    np.testing.assert_array_equal(video.boxes, numbers(shorter))
    assert video.notes == (note,)


def test_the_extension_is_read_as_a_whole(tmp_path: Path) -> None:
    for name in ("atv-10", "atv-2", "jianzi-1"):
        sequence(tmp_path, name, rows(4))
    names = [video.name for video in open_videos("lasot-ext", tmp_path).videos]
    assert names == ["atv-2", "atv-10", "jianzi-1"]
    with pytest.raises(DataError, match=r"has no sequence of test.*it looks like lasot-ext:"):
        open_videos("lasot", tmp_path)


@pytest.mark.parametrize("flags", ["0,2,0,0", "0,nan,0,0"])
def test_a_flag_is_0_or_1(tmp_path: Path, flags: str) -> None:
    folder = tmp_path / "bird" / "bird-2"
    write_images(folder / "img", numbered(1, 4, "{:08d}.jpg"))
    write(folder / "groundtruth.txt", rows(4))
    write(folder / "full_occlusion.txt", flags)
    (source,) = open_videos("lasot", tmp_path, "all").videos
    with pytest.raises(DataError, match=r"value 2 is .*, neither 0"):
        source.read()
