from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from got10k.datasets import OTB
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.layouts import reader_named
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError


def sequence(root: Path, name: str, first: int, last: int, boxes: dict[str, str]) -> None:
    write_images(root / name / "img", numbered(first, last), (4, 5))
    for file, text in boxes.items():
        write(root / name / file, text)


def only(root: Path, **options: Any) -> Any:
    (source,) = open_videos("otb", root, **options).videos
    return source.read()


@pytest.mark.parametrize("separator", [",", "\t", " ", ", ", "   "])
def test_numbers_are_parted_in_every_way(tmp_path: Path, separator: str) -> None:
    sequence(tmp_path, "Boy", 1, 3, {"groundtruth_rect.txt": rows(3, separator)})
    np.testing.assert_array_equal(only(tmp_path).boxes, numbers(3))


def test_boxes_stand_as_they_stand_unless_1_is_to_be_taken_off(tmp_path: Path) -> None:
    sequence(tmp_path, "Boy", 1, 3, {"groundtruth_rect.txt": rows(3)})
    np.testing.assert_array_equal(only(tmp_path).boxes, numbers(3))
    np.testing.assert_array_equal(only(tmp_path, origin=0).boxes, numbers(3))
    np.testing.assert_array_equal(
        only(tmp_path, origin=1).boxes, np.array(numbers(3)) - [1, 1, 0, 0]
    )
    (source,) = open_videos("otb", tmp_path, origin=1).videos
    assert "origin=1" in source.settings


@pytest.mark.parametrize(
    ("name", "images", "first", "last"),
    [
        ("David", 770, 300, 770),
        ("Football1", 90, 1, 74),
        ("Freeman3", 470, 1, 460),
        ("Freeman4", 290, 1, 283),
        ("Diving", 231, 1, 215),
    ],
)
def test_sequences_that_are_a_part_of_their_images(
    tmp_path: Path, name: str, images: int, first: int, last: int
) -> None:
    count = last - first + 1
    sequence(tmp_path, name, 1, images, {"groundtruth_rect.txt": rows(count)})
    video = only(tmp_path)
    assert video.images[0].name == f"{first:04d}.jpg"
    assert video.images[-1].name == f"{last:04d}.jpg"
    assert len(video) == count
    (note,) = video.notes
    assert note == (
        f"{images} images, {count} rows: images {first} to {last} are the sequence, as OTB defines "
        f"it; {images - count} left out"
    )


def test_images_before_the_first_of_a_sequence_are_left_out(tmp_path: Path) -> None:
    sequence(tmp_path, "BlurCar4", 1, 30, {"groundtruth_rect.txt": rows(13)})
    video = only(tmp_path)
    assert (video.images[0].name, video.images[-1].name, len(video)) == ("0018.jpg", "0030.jpg", 13)
    assert video.notes[0].startswith("30 images, 13 rows: images 18 to 30 are the sequence")


def test_splits_are_of_50_and_100_sequences_and_tags_are_theirs(tmp_path: Path) -> None:
    sizes = [len(reader_named("otb").expected(split)) for split in ("otb2013", "otb50", "otb100")]
    assert sizes == [51, 50, 100]
    sequence(tmp_path, "Boy", 1, 3, {"groundtruth_rect.txt": rows(3)})
    sequence(tmp_path, "Biker", 1, 3, {"groundtruth_rect.txt": rows(3)})
    sequence(tmp_path, "Mine", 1, 3, {"groundtruth_rect.txt": rows(3)})
    assert len(open_videos("otb", tmp_path).videos) == 3
    opened = open_videos("otb", tmp_path, "otb50")
    assert [video.name for video in opened.videos] == ["Biker"]
    assert opened.videos[0].read().tags == ("SV", "OCC", "MB", "FM", "OPR", "OV", "LR")
    assert len(opened.missing) == 49
    assert opened.notes == (
        "49 of 50 sequences are not there: Basketball, Bird1, BlurBody and 46 more",
    )
    two = {"groundtruth_rect.1.txt": rows(3), "groundtruth_rect.2.txt": rows(3)}
    sequence(tmp_path, "Jogging", 1, 3, two)
    assert len(open_videos("otb", tmp_path, "otb2013").missing) == 51 - 3


def test_images_that_are_already_that_part_are_all_used(tmp_path: Path) -> None:
    sequence(tmp_path, "David", 300, 770, {"groundtruth_rect.txt": rows(471)})
    video = only(tmp_path)
    assert (video.images[0].name, len(video), video.notes) == ("0300.jpg", 471, ())


@pytest.mark.parametrize(("name", "first"), [("BlurCar1", 247), ("BlurCar3", 3), ("BlurCar4", 18)])
def test_images_may_begin_anywhere(tmp_path: Path, name: str, first: int) -> None:
    sequence(tmp_path, name, first, first + 9, {"groundtruth_rect.txt": rows(10)})
    video = only(tmp_path)
    assert (video.images[0].name, len(video), video.notes) == (f"{first:04d}.jpg", 10, ())


def test_five_digits(tmp_path: Path) -> None:
    write_images(tmp_path / "Board" / "img", numbered(9_998, 10_001, "{:05d}.jpg"), (4, 5))
    write(tmp_path / "Board" / "groundtruth_rect.txt", rows(4))
    names = [image.name for image in only(tmp_path).images]
    assert names == ["09998.jpg", "09999.jpg", "10000.jpg", "10001.jpg"]


def test_two_targets_are_two_sequences_and_an_empty_file_is_none(tmp_path: Path) -> None:
    two = {"groundtruth_rect.1.txt": rows(3), "groundtruth_rect.2.txt": rows(3, first=9)}
    sequence(tmp_path, "Jogging", 1, 3, two)
    human = {"groundtruth_rect.1.txt": "", "groundtruth_rect.2.txt": rows(3, "\t", first=4)}
    sequence(tmp_path, "Human4", 1, 3, human)
    videos = open_videos("otb", tmp_path).videos
    assert [video.name for video in videos] == ["Human4", "Jogging.1", "Jogging.2"]
    assert [video.read().boxes[0, 0] for video in videos] == [4, 0, 9]


def test_got10k_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = {"groundtruth_rect.1.txt": rows(3), "groundtruth_rect.2.txt": rows(3, first=9)}
    sequence(tmp_path, "Jogging", 1, 3, two)
    sequence(tmp_path, "Diving", 1, 231, {"groundtruth_rect.txt": rows(215, "\t")})
    known = ["Diving", "Jogging"]
    monkeypatch.setitem(OTB._OTB__version_dict, "ours", known)
    theirs = OTB(str(tmp_path), "ours", download=False)
    ours = open_videos("otb", tmp_path).videos
    assert [video.name for video in ours] == theirs.seq_names
    for source, (files, boxes) in zip(ours, theirs, strict=True):
        video = source.read()
        assert [str(image) for image in video.images] == files
        np.testing.assert_array_equal(video.boxes, boxes)


def test_an_only_file_that_is_empty_is_said(tmp_path: Path) -> None:
    sequence(tmp_path, "Boy", 1, 3, {"groundtruth_rect.txt": ""})
    with pytest.raises(DataError, match=r"Boy/groundtruth_rect\.txt: is empty"):
        only(tmp_path)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("Jogging-1", "Jogging.1"), ("Skating2_2", "Skating2.2"), ("Human4-2", "Human4")],
)
def test_a_folder_of_one_target_is_known_by_its_sequence(
    tmp_path: Path, folder: str, name: str
) -> None:
    write_images(tmp_path / folder / "img", numbered(1, 3))
    write(tmp_path / folder / "groundtruth_rect.txt", rows(3).replace("\n", ",\n"))
    opened = open_videos("otb", tmp_path, "otb100")
    assert [source.name for source in opened.videos] == [name]
    assert name not in opened.missing
    np.testing.assert_array_equal(opened.videos[0].read().boxes, numbers(3))
