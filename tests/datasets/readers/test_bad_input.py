"""Files as people and programs leave them: read, or refused in one line with name and line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError, TrackbenchError, UnknownIdError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    write_images(root / "Boy" / "img", numbered(1, 3))
    write(root / "Boy" / "groundtruth_rect.txt", rows(3))
    return root


def read(root: Path, text: str | bytes | None = None) -> Any:
    if isinstance(text, str):
        write(root / "Boy" / "groundtruth_rect.txt", text)
    elif text is not None:
        (root / "Boy" / "groundtruth_rect.txt").write_bytes(text)
    (source,) = open_videos("otb", root).videos
    return source.read()


@pytest.mark.parametrize(
    "text",
    [
        rows(3).replace("\n", "\r\n"),
        rows(3).replace("\n", "\r"),
        "\ufeff" + rows(3),
        rows(3) + "\n\n  \n",
        rows(3).rstrip("\n"),
        rows(3).replace(",", " , "),
        rows(3).replace(",", ".0,"),
        rows(3).replace("2,5,6", "2e0,5.00,+6"),
    ],
)
def test_any_systems_text_is_read(root: Path, text: str) -> None:
    np.testing.assert_array_equal(read(root, text).boxes, numbers(3))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "is empty: there is no box to begin with"),
        ("\n\n", None, "is empty"),
        ("1,2,3,4\n1,2,3\n1,2,3,4\n", 2, "3 numbers, not 4"),
        ("1,2,3,4\n1,2,3,4,5\n1,2,3,4\n", 2, "5 numbers, not 4"),
        ("1,2,3,4\n\n1,2,3,4\n", 2, "is empty, and so belongs to no frame"),
        ("x,y,w,h\n1,2,3,4\n", 1, "'x' is no number"),
        ("1,2,3,4\n1,2,,4\n", 2, "nothing between two separators is no number"),
        ("1,2,3,inf\n", 1, "'inf' is no number"),
        ("1,2,3,1_0\n", 1, "'1_0' is no number"),
        ("1,2,3,\u0661\n", 1, "is no number"),
        ("1,5 2,5 3,5 4,5\n", 1, "'1,5' has a decimal comma: write a point"),
        ("1,5;2,5;3,5;4,5\n", 1, "'1,5' has a decimal comma: write a point"),
        ("1,5,2,5,3,5,4,5\n", 1, r"8 numbers, not 4; decimal commas\? write points"),
        ("1,2,3,4\n1,2,nan,4\n", 2, r"only a part of the box is NaN \(1,2,nan,4\)"),
        ("1,2,3,4\n1,2,-3,4\n", 2, r"a width or height is negative \(1,2,-3,4\)"),
        ("nan,nan,nan,nan\n0,0,0,0\n-1,-1,-1,-1", None, "has no box in any row"),
    ],
)
def test_rows_that_are_none(root: Path, text: str, line: int | None, said: str) -> None:
    path = root / "Boy" / "groundtruth_rect.txt"
    at = "" if line is None else f", line {line}"
    with pytest.raises(DataError, match=said) as raised:
        read(root, text)
    assert str(raised.value).startswith(f"{path}{at}: ")
    assert "\n" not in str(raised.value)


def test_bytes_that_are_no_text(root: Path) -> None:
    with pytest.raises(DataError, match=r"is no text in UTF-8 \(byte 4\)"):
        read(root, b"1,2,\xff3,4")


@pytest.mark.parametrize("name", ["../other", "/etc", "a/b", "a\\b", "..", ".", "a\0b"])
@pytest.mark.parametrize(("layout", "place"), [("got10k", "val/list.txt"), ("vot", "list.txt")])
def test_a_list_names_folders_beside_it(tmp_path: Path, name: str, layout: str, place: str) -> None:
    path = write(tmp_path / "data" / place, f"good\n{name}\n")
    with pytest.raises(DataError, match="is no name of a folder beside it") as raised:
        open_videos(layout, tmp_path / "data")
    assert str(raised.value).startswith(f"{path}, line 2: ")


def test_a_list_names_each_once(tmp_path: Path) -> None:
    write(tmp_path / "list.txt", "a\nb\na\n")
    with pytest.raises(DataError, match=r"list\.txt, line 3: a stands in line 1 already"):
        open_videos("vot", tmp_path)
    write(tmp_path / "list.txt", "\n")
    with pytest.raises(DataError, match="is empty: it names no sequence"):
        open_videos("vot", tmp_path)


def test_links_may_lead_anywhere_within(root: Path) -> None:
    (root / "Boy" / "img").rename(root / "elsewhere")
    (root / "Boy" / "img").symlink_to(root / "elsewhere")
    assert len(read(root)) == 3
    linked = root.with_name("linked")
    linked.symlink_to(root)
    assert len(read(linked)) == 3


@pytest.mark.parametrize("what", ["Boy", "Boy/img", "Boy/img/0002.jpg", "Boy/groundtruth_rect.txt"])
def test_links_that_lead_out_are_refused(root: Path, what: str) -> None:
    outside = root.with_name("outside")
    (root / what).rename(outside)
    (root / what).symlink_to(outside)
    with pytest.raises(DataError, match="leads out of the data folder") as raised:
        read(root)
    assert str(raised.value).startswith(f"{root / what}: ")


def test_a_link_in_a_circle_and_a_pipe(root: Path) -> None:
    path = root / "Boy" / "groundtruth_rect.txt"
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(DataError):
        read(root)
    path.unlink()
    os.mkfifo(path)  # to open it would wait for ever
    with pytest.raises(DataError, match=r"groundtruth_rect\.txt: is no file|has no folder"):
        read(root)


def test_images_that_cannot_be_told_apart(root: Path) -> None:
    write_images(root / "Boy" / "img", ["2.png"])
    with pytest.raises(DataError, match=r"img: 0002\.jpg and 2\.png are images of one frame"):
        read(root)


def test_a_hole_in_the_images_is_no_shift_of_the_truth(root: Path) -> None:
    (root / "Boy" / "img" / "0002.jpg").unlink()
    with pytest.raises(
        DataError,
        match=r"3 rows for 2 images, and an image is missing between 0001\.jpg and 0003\.jpg",
    ):
        read(root)


def test_images_that_are_missing_at_the_beginning(root: Path) -> None:
    (root / "Boy" / "img" / "0001.jpg").unlink()
    with pytest.raises(DataError, match=r"an image is missing before 0002\.jpg"):
        read(root)
    # as many as rows: images may begin anywhere
    assert read(root, rows(2)).images[0].name == "0002.jpg"


def test_no_images(root: Path) -> None:
    for image in (root / "Boy" / "img").iterdir():
        image.unlink()
    with pytest.raises(DataError, match="is of Boy, of which there is no image"):
        read(root)


def test_what_is_named_wrongly(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown layout 'lasto': did you mean lasot?"):
        open_videos("lasto", root)
    with pytest.raises(UnknownIdError, match=r"unknown split of got10k 'vall': did you mean val?"):
        open_videos("got10k", root, "vall")
    with pytest.raises(UnknownIdError, match="unknown split of tc128 'test': known: none"):
        open_videos("tc128", root, "test")
    with pytest.raises(DataError, match="is no folder"):
        open_videos("otb", tmp_path / "nowhere")
    with pytest.raises(TrackbenchError, match="origin must be 0 or 1, not 2"):
        open_videos("otb", root, origin=2)
    with pytest.raises(DataError, match=rf"has no SEQUENCE/imgs.*; it looks like otb:{root}"):
        open_videos("tnl2k", root)
