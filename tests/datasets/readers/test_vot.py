from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.reader import PolygonBox
from trackbench.datasets.readers.vot_region import RunLengths, region_of
from trackbench.errors import DataError

JPG = "{:08d}.jpg"
HERE = Path("groundtruth.txt")


def sequence(folder: Path, boxes: str, images: int = 3, **files: str) -> None:
    write_images(folder / "color", numbered(1, images, JPG))
    write(folder / "sequence", "channels.color=color/%08d.jpg\nfps=30\nname=a\n")
    write(folder / "groundtruth.txt", boxes)
    for name, text in files.items():
        write(folder / name.replace("__", "."), text)


def only(root: Path, **options: Any) -> Any:
    (source,) = open_videos("vot", root, **options).videos
    return source.read()


def test_rectangles_in_the_order_of_the_list(tmp_path: Path) -> None:
    sequence(tmp_path / "b", rows(3))
    sequence(tmp_path / "a", rows(3, first=7))
    sequence(tmp_path / "unlisted", rows(3))
    write(tmp_path / "list.txt", "b\na\n")
    videos = [source.read() for source in open_videos("vot", tmp_path).videos]
    assert [video.name for video in videos] == ["b", "a"]
    np.testing.assert_array_equal(videos[1].boxes, numbers(3, 7))
    assert (videos[0].masks, videos[0].polygons) == (None, ())


def test_a_workspace_is_read_in_its_sequences(tmp_path: Path) -> None:
    sequence(tmp_path / "sequences" / "a", rows(3))
    write(tmp_path / "sequences" / "list.txt", "a")
    assert len(only(tmp_path)) == 3


@pytest.mark.parametrize("place", [".", "color", "img", "imgs"])
def test_older_sequences_say_nothing_of_their_images(tmp_path: Path, place: str) -> None:
    write_images(tmp_path / "bag" / place, numbered(1, 3, JPG))
    write(tmp_path / "bag" / "groundtruth.txt", rows(3))
    video = only(tmp_path)
    assert (video.name, len(video.images)) == ("bag", 3)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("channels.ir=ir/%08d.png\nchannels.color=color/%08d.jpg", "color/00000001.jpg"),
        ("channels.color=color/", "color/00000001.jpg"),
        ("channels.color=color\\%08d.jpg", "color/00000001.jpg"),
        ("channels.ir=ir/%08d.png", "ir/00000001.png"),
        ("channels.ir=ir/%08d.png\nchannels.depth=color/%08d.jpg", "color/00000001.jpg"),
        ("fps=30", "color/00000001.jpg"),
    ],
)
def test_the_first_channel_there_is(tmp_path: Path, said: str, first: str) -> None:
    sequence(tmp_path / "a", rows(3))
    write(tmp_path / "a" / "sequence", said)
    write_images(tmp_path / "a" / "ir", numbered(1, 3, "{:08d}.png"))
    assert only(tmp_path).images[0] == tmp_path / "a" / first


def test_images_without_boxes_are_no_sequence_less(tmp_path: Path) -> None:
    sequence(tmp_path / "a", rows(3))
    write_images(tmp_path / "b" / "color", numbered(1, 3, "{:08d}.jpg"))
    write_images(tmp_path / "c", numbered(1, 3, "{:08d}.jpg"))
    write(tmp_path / "docs" / "readme.txt", "words")
    videos = open_videos("vot", tmp_path).videos
    assert [video.name for video in videos] == ["a", "b", "c"]
    with pytest.raises(DataError, match=r"b/groundtruth\.txt: is missing"):
        videos[1].read()


def test_a_polygon_becomes_its_extent_or_a_box_of_its_area(tmp_path: Path) -> None:
    # an upright square of 20 pixels and a diamond of extent 20
    square, diamond = "5,5,25,5,25,25,5,25", "15,5,25,15,15,25,5,15"
    sequence(tmp_path / "a", f"{square}\n{diamond}\n{square}\n")
    video = only(tmp_path)
    np.testing.assert_array_equal(video.boxes, [[5, 5, 20, 20]] * 3)
    np.testing.assert_array_equal(video.polygons[1], [[15, 5], [25, 15], [15, 25], [5, 15]])
    sized = only(tmp_path, polygons=PolygonBox.SAME_AREA).boxes
    side = np.sqrt(200) + 1  # a diamond has half the area of its extent; 1 is added
    np.testing.assert_allclose(sized[0], [4.5, 4.5, 21, 21])
    np.testing.assert_allclose(sized[1], [15 - side / 2, 15 - side / 2, side, side])


def test_same_area_is_what_got10k_computes() -> None:
    from got10k.datasets import VOT

    corners = np.random.default_rng(0).uniform(0, 100, (20, 8))
    theirs = VOT._corner2rect(None, corners)
    from trackbench.datasets.readers.vot_region import box_of_polygon

    ours = [box_of_polygon(row.reshape(4, 2), PolygonBox.SAME_AREA) for row in corners]
    np.testing.assert_allclose(ours, theirs)


def test_what_nobody_knows_is_no_absence(tmp_path: Path) -> None:
    sequence(tmp_path / "a", "1,2,3,4\n0\n1,nan,3,4\n", images=5)
    video = only(tmp_path)
    assert len(video) == 5
    assert np.isnan(video.boxes[1:]).all()
    assert not video.absent.any()
    assert video.scored
    assert video.notes == ("5 images, 3 rows: the target is unknown in the last 2",)


def test_masks_are_kept_and_their_extent_is_the_box(tmp_path: Path) -> None:
    # zeros first, row by row, in a box of 3 x 2 at (4, 5): .XX / X..
    sequence(tmp_path / "a", "m4,5,3,2,1,3\nm0,0,0,0\n1,2,3,4\n")
    video = only(tmp_path)
    np.testing.assert_array_equal(video.boxes[0], [4, 5, 3, 2])
    assert video.absent.tolist() == [False, True, False]
    expected = np.zeros((24, 32), bool)
    expected[5, 5:7] = expected[6, 4] = True
    np.testing.assert_array_equal(video.masks.mask(0, (24, 32)), expected)
    assert video.masks.mask(1, (24, 32)).sum() == 0
    assert video.masks.mask(2, (24, 32)) is None
    with pytest.raises(DataError, match="has masks, which count from 0"):
        only(tmp_path, origin=1)


@given(
    hnp.arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 7))),
    st.integers(-3, 6),
    st.integers(-3, 6),
)
def test_any_mask_comes_back(mask: np.ndarray, left: int, top: int) -> None:
    flat = mask.ravel()
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff([0, *changes, flat.size]).tolist()
    runs = [0, *runs] if flat[0] else runs
    height, width = mask.shape
    line = "m" + ",".join(map(str, [left, top, width, height, *runs]))
    region = region_of(line, HERE, 1)
    assert isinstance(region, RunLengths)
    whole = np.zeros((20, 20), bool)
    for row, column in np.argwhere(mask):
        if row + top >= 0 and column + left >= 0:
            whole[row + top, column + left] = True
    np.testing.assert_array_equal(region.pixels((20, 20)), whole)
    if not mask.any():
        assert region.extent() is None
        return
    found, across = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    assert region.extent() == (
        left + across[0],
        top + found[0],
        across[-1] - across[0] + 1,
        found[-1] - found[0] + 1,
    )


def test_tags_labels_and_values_are_attributes(tmp_path: Path) -> None:
    files = {
        "occlusion__tag": "0\n1\n1\n",
        "camera_motion__label": "1\n",
        "size__value": "1\n2.5\n3",
    }
    sequence(tmp_path / "a", rows(3), **files, practical__value="1\n2\n3\n4\n")
    video = only(tmp_path)
    assert video.attributes["occlusion"].tolist() == [False, True, True]
    assert video.attributes["camera_motion"].tolist() == [True, False, False]
    assert video.attributes["size"].tolist() == [1, 2.5, 3]
    assert set(video.attributes) == {"occlusion", "camera_motion", "size"}
    assert video.notes == (
        "camera_motion.label: 1 value, the rest taken as no",
        "practical left out: 4 values for 3 rows",
    )


def test_several_targets_are_several_sequences(tmp_path: Path) -> None:
    sequence(tmp_path / "a", rows(3))
    (tmp_path / "a" / "groundtruth.txt").unlink()
    write(tmp_path / "a" / "groundtruth_1.txt", rows(3))
    write(tmp_path / "a" / "groundtruth_dog.txt", rows(3, first=4))
    write(tmp_path / "list.txt", "a")
    videos = open_videos("vot", tmp_path).videos
    assert [video.name for video in videos] == ["a.1", "a.dog"]
    assert videos[1].read().boxes[0, 0] == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2", "the code 2 is no region; 0 is unknown"),
        ("1,2,3", "3 numbers are neither a rectangle"),
        ("1,2,3,4,5,6,7", "7 numbers are neither"),
        ("m1,2,3", "needs left, top, width and height"),
        ("m1,2,3,4,x", "is not of integers"),
        ("m1,2,3,4,5,8", "longer than its box of 3 x 4"),
        ("m1,2,99999,99999,5,8", "longer than its box"),
        ("m1,2,-3,4,1", "is no such number"),
        ("", "is empty, and so belongs to no frame"),
    ],
)
def test_a_line_that_is_no_region(tmp_path: Path, line: str, said: str) -> None:
    sequence(tmp_path / "a", f"1,2,3,4\n{line}\n1,2,3,4\n")
    with pytest.raises(DataError, match=rf"groundtruth\.txt, line 2: .*{said}"):
        only(tmp_path)


def test_images_elsewhere_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    sequence(root / "a", rows(3))
    write_images(tmp_path / "other", numbered(1, 3, JPG))
    write(root / "a" / "sequence", "channels.color=../../other/%08d.jpg\n")
    with pytest.raises(DataError, match="leads out of the data folder"):
        only(root)


@pytest.mark.parametrize(
    "boxes",
    [
        "10,5,20,5,30,0,40,0\n11,5,20,5,30,0,40,0\n12,5,20,5,30,0,40,0\n",
        "10,50,20,75,30,25,40,00\n",
        "1\n" + "7,25,5,25,9,75,5,00,7,25,9,25,8,00,6,50\n" * 2,
        "10,5 20,5 30,0 40,0\n" * 3,
        "10,5;20,5;30,0;40,0;10,5;20,5;30,0;40,0\n" * 3,
        "10,5\t20,5\t30,0\t40,0\n" * 3,
        "m0,0,4,4,1,5 6\n" * 3,
    ],
)
def test_decimal_commas_are_refused_and_not_taken_for_corners(tmp_path: Path, boxes: str) -> None:
    sequence(tmp_path / "a", boxes)
    with pytest.raises(DataError, match=r"groundtruth.txt.*(decimal comma|not of integers)"):
        only(tmp_path)


def test_corners_in_whole_numbers_stay_corners(tmp_path: Path) -> None:
    sequence(tmp_path / "a", "10,5,20,5,20,15,10,15\n11,5,21,5,21,15,11,15\n" + "0\n")
    assert len(only(tmp_path).polygons) == 3


def test_a_description_names_the_file_of_boxes(tmp_path: Path) -> None:
    sequence(tmp_path / "a", rows(3))
    (tmp_path / "a" / "groundtruth.txt").rename(tmp_path / "a" / "boxes.txt")
    write(tmp_path / "list.txt", "a\n")
    described = "channels.color=color/%08d.jpg\ngroundtruth={}\n"
    write(tmp_path / "a" / "sequence", described.format("boxes.txt"))
    np.testing.assert_array_equal(only(tmp_path).boxes, numbers(3))
    write(tmp_path / "a" / "sequence", described.format("../../boxes.txt"))
    with pytest.raises(DataError, match="leads out of the data folder"):
        only(tmp_path)


@pytest.mark.parametrize("flag", ["2", "nan"])
def test_a_tag_is_0_or_1(tmp_path: Path, flag: str) -> None:
    sequence(tmp_path / "a", rows(3), occluded__tag=f"0\n{flag}\n1\n")
    with pytest.raises(DataError, match=rf"occluded.tag.*value 2 is {flag}, neither 0 \(no\)"):
        only(tmp_path)
