from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbers, picture, rows, write, write_images

from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError, TrackbenchError

SAID = 'boxes = "xywh"\norigin = 0\n'


def sequence(folder: Path, boxes: str = rows(3), file: str = "groundtruth.txt") -> None:
    write_images(folder, ["1.png", "2.png", "10.png"])
    write(folder / file, boxes)


def only(root: Path, **options: Any) -> Any:
    (source,) = open_videos("folder", root, **options).videos
    return source.read()


def test_images_in_natural_order(tmp_path: Path) -> None:
    sequence(tmp_path / "clip 10")
    sequence(tmp_path / "clip 9")
    write(tmp_path / "dataset.toml", SAID)
    videos = open_videos("folder", tmp_path).videos
    assert [video.name for video in videos] == ["clip 9", "clip 10"]
    video = videos[0].read()
    assert [image.name for image in video.images] == ["1.png", "2.png", "10.png"]
    np.testing.assert_array_equal(video.boxes, numbers(3))
    for index, frame in enumerate(DecodedFrames.of(video)):
        np.testing.assert_array_equal(frame, picture(index))


@pytest.mark.parametrize("file", ["boxes.txt", "gt.txt", "groundtruth_rect.txt", "mine.csv"])
def test_the_only_file_has_the_boxes(tmp_path: Path, file: str) -> None:
    sequence(tmp_path / "a", file=file)
    write(tmp_path / "a" / "README.txt", "what this is")
    write(tmp_path / "dataset.toml", SAID)
    assert len(only(tmp_path)) == 3


def test_boxes_beside_the_folder_and_images_below_it(tmp_path: Path) -> None:
    write_images(tmp_path / "a" / "frames", ["1.png", "2.png", "3.png"])
    write(tmp_path / "a.txt", rows(3))
    write(tmp_path / "dataset.toml", SAID)
    assert len(only(tmp_path)) == 3


def test_names_may_be_said(tmp_path: Path) -> None:
    sequence(tmp_path / "a", file="first.txt")
    write(tmp_path / "a" / "second.txt", rows(3, first=5))
    write(tmp_path / "dataset.toml", SAID)
    with pytest.raises(DataError, match=r"has several: first\.txt, second\.txt"):
        only(tmp_path)
    write(tmp_path / "dataset.toml", SAID + 'annotations = "second.txt"\n')
    assert only(tmp_path).boxes[0, 0] == 5
    write_images(tmp_path / "a" / "night", ["1.png", "2.png", "3.png"])
    write(tmp_path / "dataset.toml", SAID + 'annotations = "second.txt"\nimages = "night"\n')
    assert only(tmp_path).images[0] == tmp_path / "a" / "night" / "1.png"


def test_one_sequences_own_folder(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "a" / "dataset.toml", SAID)
    assert only(tmp_path / "a").name == "a"


@pytest.mark.parametrize("separator", [",", "\t", " ", ";", ", "])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_corners_from_1_in_any_writing(tmp_path: Path, separator: str, ending: str) -> None:
    corners = [[left + 1, top + 1, left + w + 1, top + h + 1] for left, top, w, h in numbers(3)]
    text = "".join(separator.join(map(str, row)) + ending for row in corners)
    sequence(tmp_path / "a", "\ufeff" + text)
    write(tmp_path / "dataset.toml", 'boxes = "xyxy"\norigin = 1\n')
    (source,) = open_videos("folder", tmp_path).videos
    np.testing.assert_array_equal(source.read().boxes, numbers(3))
    assert source.settings == ("boxes=xyxy", "origin=1")


def test_absent_rows(tmp_path: Path) -> None:
    sequence(tmp_path / "a", "1,2,3,4\nnan,nan,nan,nan\n0,0,0,0\n")
    write(tmp_path / "dataset.toml", SAID)
    video = only(tmp_path)
    assert video.absent.tolist() == [False, True, True]
    assert np.isnan(video.boxes[1:]).all()


def test_a_tracker_begins_with_a_box(tmp_path: Path) -> None:
    sequence(tmp_path / "a", "0,0,0,0\n1,2,3,4\n1,2,3,4\n")
    write(tmp_path / "dataset.toml", SAID)
    video = only(tmp_path)
    assert [image.name for image in video.images] == ["2.png", "10.png"]
    assert video.notes == ("the first 1 frame left out: no box to begin with",)


@pytest.mark.parametrize(
    ("boxes", "looks"),
    [
        ("0,2,5,6\n1,2,5,6\n2,2,5,6\n", r"xywh.*origin 0: 1 row of 3 begin before pixel 1"),
        ("20,10,5,6\n21,10,5,6\n28,10,5,6\n", r"xywh: as corners, 3 of 3 rows.*origin 1"),
        ("20,10,30,20\n21,10,31,20\n22,10,32,20\n", r"xyxy: as sizes, 3 of 3 rows"),
        ("20,10,33,20\n21,10,31,20\n22,10,32,20\n", r"xyxy.*origin 1: 1 row of 3 end a pixel"),
        ("1,2,9,9\n4,3,12,10\n6,2,14,9\n", r"xyxy: so taken, sizes change less"),
    ],
)
def test_a_guess_is_shown_and_has_to_be_confirmed(tmp_path: Path, boxes: str, looks: str) -> None:
    sequence(tmp_path / "a", boxes)
    with pytest.raises(DataError, match=looks) as raised:
        only(tmp_path)
    (source,) = open_videos("folder", tmp_path, confirmed=True).videos
    confirmed = source.read()
    # what the message says to write down says the same
    written = str(raised.value).rpartition("into it: ")[2].partition(";")[0]
    two_lines = written.replace(" and ", "\n")
    write(tmp_path / "dataset.toml", two_lines)
    (said,) = open_videos("folder", tmp_path).videos
    assert said.settings == source.settings
    np.testing.assert_array_equal(said.read().boxes, confirmed.boxes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("boxes = xywh", r"dataset\.toml: is no TOML"),
        ("origin = 0", "boxes must be one of 'xywh', 'xyxy'"),
        ('boxes = "xyhw"\norigin = 0', "boxes must be one of"),
        ('boxes = "xywh"', "origin must be 0 or 1"),
        ('boxes = "xywh"\norigin = true', "origin must be 0 or 1"),
        (SAID + "imagse = 'a'", "'imagse' is unknown: did you mean images?"),
        (SAID + "zzz = 1", "'zzz' is unknown: known: boxes, origin, annotations, images"),
        (SAID + "images = '../x'", "images must be the name of a file or folder"),
    ],
)
def test_a_dataset_toml_that_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "dataset.toml", text)
    with pytest.raises(DataError, match=said):
        only(tmp_path)


def test_the_origin_is_said_in_one_place(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "dataset.toml", SAID)
    with pytest.raises(TrackbenchError, match=r"is said in dataset\.toml"):
        open_videos("folder", tmp_path, origin=1)


def test_one_row_for_images_of_any_numbers_runs_and_is_not_scored(tmp_path: Path) -> None:
    write_images(tmp_path / "a", ["250.png", "260.png"])
    write(tmp_path / "a" / "boxes.txt", rows(1))
    write(tmp_path / "dataset.toml", SAID)
    video = only(tmp_path)
    assert (len(video), video.scored) == (2, False)


def test_masks_are_images(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "dataset.toml", SAID)
    (tmp_path / "a" / "masks").mkdir()
    shown = np.zeros((24, 32), np.uint8)
    shown[2:8, 1:6] = 255
    for number in range(3):
        Image.fromarray(shown).save(tmp_path / "a" / "masks" / f"{number}.png")
    video = only(tmp_path)
    np.testing.assert_array_equal(video.masks.mask(1, (24, 32)), shown > 0)
    with pytest.raises(DataError, match=r"1\.png: is a mask of \(24, 32\) for a frame of"):
        video.masks.mask(1, (24, 33))
    (tmp_path / "a" / "masks" / "2.png").unlink()
    with pytest.raises(DataError, match="2 masks for 3 rows"):
        only(tmp_path)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("b/groundtruth.txt", r"/b: has boxes \(groundtruth\.txt\) and neither images \(bmp, gif"),
        ("b/whatever.csv", r"/b: has boxes \(whatever\.csv\) and neither images"),
        ("images/groundtruth.txt", r"/images: has boxes \(groundtruth\.txt\) and neither images"),
        ("drive.txt", r"/drive\.txt: has boxes, and beside it are neither a folder drive"),
        ("groundtruth.txt", r"/groundtruth\.txt: has boxes, and beside it are neither"),
    ],
)
def test_boxes_without_pictures_are_no_sequence_less(tmp_path: Path, file: str, said: str) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "dataset.toml", SAID)
    write(tmp_path / "notes" / "words.txt", "nothing to see\n")
    write(tmp_path / "a.txt", rows(9))  # the sequence has boxes already: this is something else
    assert len(only(tmp_path)) == 3
    write(tmp_path / file, rows(3))
    write(tmp_path / "drive.wmv", "a video of an unknown kind")
    with pytest.raises(DataError, match=said):
        only(tmp_path)


@pytest.mark.parametrize("place", ["drive.mp4", "a/drive.mp4"])
def test_a_video_is_a_file_in_the_data_folder(tmp_path: Path, place: str) -> None:
    root = tmp_path / "data"
    video = write(root / place, "x")
    write(video.with_suffix(".txt"), rows(3))
    write(root / "dataset.toml", SAID)
    outside = write(tmp_path / "outside.mp4", "x")
    for damage, said in (
        (lambda: video.symlink_to(outside), "leads out of the data folder"),
        (lambda: video.symlink_to("/dev/zero"), "leads out of the data folder"),
        (lambda: video.symlink_to(root / "nowhere.mp4"), "is a link that leads nowhere"),
        (lambda: os.mkfifo(video), "is called a video, and is no file"),
    ):
        video.unlink()
        damage()
        with pytest.raises(DataError, match=said) as raised:
            open_videos("folder", root)
        assert str(raised.value).startswith(f"{video}: ")
    video.unlink()
    video.symlink_to(outside)
    with pytest.raises(DataError, match="leads out of the data folder"):
        open_videos("folder", video)


def test_a_sequence_may_be_called_as_a_folder_of_images_is(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    sequence(tmp_path / "images")
    write(tmp_path / "dataset.toml", SAID)
    names = [video.name for video in open_videos("folder", tmp_path).videos]
    assert names == ["a", "images"]


def test_frames_of_gif_are_frames(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    for number, name in enumerate(("1", "2", "10")):
        (tmp_path / "a" / f"{name}.png").unlink()
        Image.fromarray(picture(number, grey=True)).save(tmp_path / "a" / f"{name}.gif")
    write(tmp_path / "dataset.toml", SAID)
    assert DecodedFrames.of(only(tmp_path))[1].shape == (24, 32, 3)


def test_masks_of_jpeg_are_refused(tmp_path: Path) -> None:
    sequence(tmp_path / "a")
    write(tmp_path / "dataset.toml", SAID)
    (tmp_path / "a" / "masks").mkdir()
    shown = np.zeros((24, 32), np.uint8)
    shown[2:8, 1:6] = 255
    for number in range(3):
        Image.fromarray(shown).save(tmp_path / "a" / "masks" / f"{number}.jpg")
    with pytest.raises(DataError, match=r"masks/0\.jpg: is a mask as a JPEG"):
        only(tmp_path)


def test_a_folder_without_videos(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", rows(3))
    with pytest.raises(DataError, match="holds no sequence"):
        only(tmp_path)
    write_images(tmp_path / "b", ["1.png"])
    with pytest.raises(DataError, match=r"/b: needs one file of boxes and has none"):
        only(tmp_path)
