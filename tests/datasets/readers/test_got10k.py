from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from got10k.datasets import GOT10k
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError

JPG = "{:08d}.jpg"


def sequence(folder: Path, boxes: str, images: int = 4, **labels: str) -> None:
    write_images(folder, numbered(1, images, JPG))
    write(folder / "groundtruth.txt", boxes)
    for name, text in labels.items():
        write(folder / f"{name}.label", text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    val = tmp_path / "val"
    sequence(
        val / "GOT-10k_Val_000002",
        "1,2,3.5,4\n-1,-1,-1,-1\n2,2,0,4\n3,2,3,4\n",
        cover="8\n0\n0\n7\n",
        absence="0\n1\n1\n0\n",
        cut_by_image="0\n0\n0\n1\n",
    )
    sequence(val / "GOT-10k_Val_000001", rows(4))
    sequence(val / "GOT-10k_Val_000009", rows(4))
    write(val / "list.txt", "GOT-10k_Val_000002\nGOT-10k_Val_000001\n")
    meta = "[METAINFO]\nurl: http://a.b/c\nobject_class: bear\nmotion_class: unknown\n"
    write(val / "GOT-10k_Val_000002" / "meta_info.ini", meta)
    sequence(tmp_path / "test" / "GOT-10k_Test_000001", "1.0000,2.0000,3.0000,4.0000\n")
    write(tmp_path / "test" / "list.txt", "GOT-10k_Test_000001\n")
    return tmp_path


def test_the_list_says_which_sequences_and_in_which_order(root: Path) -> None:
    names = [video.name for video in open_videos("got10k", root).videos]
    assert names == ["GOT-10k_Val_000002", "GOT-10k_Val_000001"]


def test_absent_rows_have_no_box_and_labels_are_attributes(root: Path) -> None:
    video = open_videos("got10k", root).videos[0].read()
    nowhere = [np.nan] * 4
    expected = [[1, 2, 3.5, 4], nowhere, nowhere, [3, 2, 3, 4]]
    np.testing.assert_array_equal(video.boxes, expected)
    assert video.absent.tolist() == [False, True, True, False]
    assert video.attributes["cover"].tolist() == [8, 0, 0, 7]
    assert video.attributes["visibility"].tolist() == [1, 0, 0, 0.95]
    assert video.attributes["absence"].tolist() == [False, True, True, False]
    assert video.attributes["cut_by_image"].tolist() == [False, False, False, True]
    assert video.tags == ("object_class: bear",)
    assert (video.scored, video.notes) == (True, ())


def test_test_has_one_row_and_is_not_scored(root: Path) -> None:
    video = open_videos("got10k", root, "test").videos[0].read()
    assert not video.scored
    np.testing.assert_array_equal(video.boxes[0], [1, 2, 3, 4])
    assert np.isnan(video.boxes[1:]).all()
    assert (len(video), video.absent.any()) == (4, False)
    assert video.notes == ("the truth is of frame 0 alone, of 4: run, not scored",)


def test_the_toolkit_reads_the_same(root: Path) -> None:
    theirs = GOT10k(str(root), "val")
    for (files, boxes), source in zip(theirs, open_videos("got10k", root).videos, strict=True):
        video = source.read()
        assert [str(image) for image in video.images] == files
        stands = ~np.isnan(video.boxes).any(axis=1)
        np.testing.assert_array_equal(video.boxes[stands], boxes[stands])


def test_labels_of_another_length_are_left_out_and_said(root: Path) -> None:
    write(root / "val" / "GOT-10k_Val_000001" / "cover.label", "8\n8\n")
    video = open_videos("got10k", root).videos[1].read()
    assert video.attributes == {}
    assert video.notes[0] == "cover left out: 2 values for 4 rows"


@pytest.mark.parametrize("level", ["9", "-1", "2.5", "nan"])
def test_a_level_that_is_none_is_refused(root: Path, level: str) -> None:
    write(root / "val" / "GOT-10k_Val_000001" / "cover.label", f"8\n8\n{level}\n8\n")
    with pytest.raises(DataError, match=r"cover\.label: has a level of cover that is none"):
        open_videos("got10k", root).videos[1].read()


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    names = [f"GOT-10k_Train_{index:06d}" for index in range(1000)]
    write(tmp_path / "train" / "list.txt", "\n".join(names))
    # there are no folders: only reading could tell
    videos = open_videos("got10k", tmp_path, "train").videos
    assert [video.name for video in videos] == names
    with pytest.raises(DataError, match=r"groundtruth.txt: is missing"):
        videos[7].read()


def test_frames_are_those_of_the_boxes(root: Path) -> None:
    video = open_videos("got10k", root).videos[1].read()
    np.testing.assert_array_equal(video.boxes, numbers(4))
    assert DecodedFrames.of(video).shape == (4, 24, 32, 3)


@pytest.mark.parametrize("missing", [1, 3])
def test_an_image_missing_from_test_is_said(root: Path, missing: int) -> None:
    (root / "test" / "GOT-10k_Test_000001" / f"{missing:08d}.jpg").unlink()
    with pytest.raises(DataError, match="1 row for 3 images, and an image is missing"):
        open_videos("got10k", root, "test").videos[0].read()


def test_a_first_row_alone_has_to_be_a_box(root: Path) -> None:
    write(root / "test" / "GOT-10k_Test_000001" / "groundtruth.txt", "0,0,0,0\n")
    with pytest.raises(DataError, match="has no box in any row"):
        open_videos("got10k", root, "test").videos[0].read()
