"""Exports of videos that lie on disk, as ``trackbench export otb:PATH``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, picture, rows, write, write_images

from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import TrackbenchError

Commands = Callable[..., Any]
GREY, COLOUR = "Crossing", "Mine.2"


@pytest.fixture
def otb(tmp_path: Path) -> Path:
    """A grey sequence that OTB knows, and one in colour of another size, with a row of zeros."""
    root = tmp_path / "otb"
    write_images(root / GREY / "img", numbered(1, 5), grey=True)
    write(root / GREY / "groundtruth_rect.txt", rows(5, "\t"))
    write_images(root / COLOUR / "img", numbered(1, 4), size=(20, 40))
    absent = rows(4).splitlines()
    absent[2] = "0,0,0,0"
    write(root / COLOUR / "groundtruth_rect.txt", "\n".join(absent) + "\n")
    return root


@pytest.mark.parametrize("layout", ["got10k", "vot", "otb"])
def test_names_boxes_absence_and_pixels_come_back(
    otb: Path, tmp_path: Path, export: Any, layout: str
) -> None:
    made = export(tmp_path / "set", f"otb:{otb}", layout, sequences=None, length=None)
    read = [source.read() for source in open_videos(layout, made.path).videos]
    assert [video.name for video in read] == made.names == [GREY, COLOUR]
    for video, truth in zip(read, made.truth, strict=True):
        np.testing.assert_array_equal(video.boxes, truth.boxes)
        gone = np.zeros(len(truth), bool) if truth.absent is None else truth.absent
        np.testing.assert_array_equal(video.absent, gone)
        for index, frame in enumerate(DecodedFrames.of(video)):
            grey = video.name == GREY
            true = picture(index, (24, 32) if grey else (20, 40), grey=grey)
            np.testing.assert_array_equal(frame, true)
    assert read[1].absent.tolist() == [False, False, True, False]


def test_otb_written_as_otb_has_the_same_rows(otb: Path, tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", f"otb:{otb}", "otb", sequences=None, length=None)
    written = (made.path / GREY / "groundtruth_rect.txt").read_text()
    assert written == (otb / GREY / "groundtruth_rect.txt").read_text().replace("\t", ",")
    assert (made.card.origin, "as they stand" in made.card.notes[0]) == (0, True)
    from_0 = export(tmp_path / "0", f"otb:{otb}:origin=1", "otb", sequences=None, length=None)
    assert (from_0.path / GREY / "groundtruth_rect.txt").read_text() == written
    assert (from_0.card.origin, "begin at 1" in from_0.card.notes[0]) == (1, True)


def test_what_is_said_of_a_whole_sequence_goes_along(
    otb: Path, tmp_path: Path, export: Any
) -> None:
    made = export(tmp_path / "otb-set", f"otb:{otb}", "otb", sequences=None, length=None)
    read = json.loads((made.path / "OTB.json").read_text())
    assert {name: said["attr"] for name, said in read.items()} == {
        GREY: ["SV", "DEF", "FM", "OPR", "BC"],
        COLOUR: [],
    }
    vot = export(tmp_path / "vot-set", f"otb:{otb}", "vot", sequences=None, length=None)
    folder = vot.path / "sequences" / GREY
    assert {path.name: path.read_text().split() for path in folder.glob("*.tag")} == {
        f"{tag}.tag": ["1"] * 5 for tag in ("SV", "DEF", "FM", "OPR", "BC")
    }


def got10k(root: Path) -> Path:
    """Write a sequence with labels of its own, and with what it is in words."""
    folder = root / "val" / "A"
    write_images(folder, [f"{n:08d}.jpg" for n in range(1, 9)])
    write(folder / "groundtruth.txt", rows(8))
    write(folder / "cover.label", "".join(f"{n}\n" for n in (8, 7, 6, 5, 4, 3, 1, 0)))
    write(folder / "absence.label", "0\n" * 7 + "1\n")
    write(folder / "cut_by_image.label", "0\n1\n" + "0\n" * 6)
    write(folder / "meta_info.ini", "[METAINFO]\nobject_class: bear\nmajor_class: animal\n")
    write(root / "val" / "list.txt", "A\n")
    return root


def test_got10ks_labels_and_classes_stay(tmp_path: Path, export: Any) -> None:
    root = got10k(tmp_path / "got10k")
    made = export(tmp_path / "set", f"got10k:{root}", "got10k", sequences=None, length=None)
    for label in ("cover", "absence", "cut_by_image"):
        written = made.path / "val" / "A" / f"{label}.label"
        assert written.read_text() == (root / "val" / "A" / f"{label}.label").read_text()
    meta = (made.path / "val" / "A" / "meta_info.ini").read_text()
    assert "object_class: bear\n" in meta
    assert "motion_class: unknown\n" in meta


def test_lasots_flags_are_got10ks_labels(tmp_path: Path, export: Any) -> None:
    folder = tmp_path / "lasot" / "mine" / "mine-1"
    write_images(folder / "img", [f"{n:08d}.jpg" for n in range(1, 5)])
    write(folder / "groundtruth.txt", rows(4))
    write(folder / "full_occlusion.txt", "0,1,0,0\n")
    write(folder / "out_of_view.txt", "0,0,1,0\n")
    named = f"lasot-ext:{tmp_path / 'lasot'}"
    made = export(tmp_path / "set", named, "got10k", sequences=None, length=None)
    written = made.path / "val" / "mine-1"
    assert (written / "cover.label").read_text().split() == ["8", "0", "0", "8"]
    assert (written / "absence.label").read_text().split() == ["0", "0", "1", "0"]
    assert any("full_occlusion or out_of_view says yes" in note for note in made.card.notes)


def test_vots_own_anchors_stay(tmp_path: Path, export: Any) -> None:
    folder = tmp_path / "vot" / "bag"
    write_images(folder / "color", [f"{n:08d}.jpg" for n in range(1, 7)])
    write(folder / "groundtruth.txt", rows(6))
    write(folder / "anchor.value", "0\n0\n1\n0\n-1\n0\n")
    write(folder / "occlusion.tag", "0\n0\n1\n0\n0\n0\n")
    write(tmp_path / "vot" / "list.txt", "bag\n")
    named = f"vot:{tmp_path / 'vot'}"
    made = export(tmp_path / "set", named, "vot", sequences=None, length=None)
    written = made.path / "sequences" / "bag"
    assert [float(line) for line in (written / "anchor.value").read_text().split()] == [
        *(0, 0, 1, 0, -1, 0)
    ]
    assert (written / "occlusion.tag").read_text() == (folder / "occlusion.tag").read_text()


def test_the_command(otb: Path, commands: Commands) -> None:
    done = commands("export", f"otb:{otb}", "-l", "got10k", "-o", "set")
    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "set: otb, 2 sequences of 4 to 5 frames, layout got10k, images png",
    )
    assert "1 frame without the target" in done.out
    assert str(otb) not in Path("set/trackbench.json").read_text()
    assert commands("export", f"otb:{otb}", "-l", "got10k", "-o", "set").out.startswith(
        "set: already there"
    )


def test_what_is_wrong_is_one_line(otb: Path, commands: Commands) -> None:
    image = otb / COLOUR / "img" / "0003.jpg"
    whole = image.read_bytes()
    image.write_bytes(whole[:100])
    damaged = commands("export", f"otb:{otb}", "-l", "vot", "-o", "set", "-j", "1")
    assert (damaged.code, damaged.out, "0003.jpg" in damaged.err) == (2, "", True)
    assert damaged.err.count("trackbench: ") == 1
    assert not Path("set/trackbench.json").exists()
    image.write_bytes(whole)
    (otb / COLOUR).rename(otb / GREY.upper())
    refused = commands("export", f"otb:{otb}", "-l", "vot", "-o", "other")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert "take for the same name" in refused.err
    assert not Path("other").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_jpeg_that_is_damaged_inside_is_not_made_a_whole_image(
    otb: Path, tmp_path: Path, export: Any, jobs: int, capfd: pytest.CaptureFixture[str]
) -> None:
    image = otb / COLOUR / "img" / "0003.jpg"
    Image.fromarray(picture(1, (20, 40))).save(image, format="JPEG", quality=95)
    content = image.read_bytes()
    middle = len(content) // 2
    image.write_bytes(content[:middle] + bytes(200) + content[middle + 200 :])
    with pytest.raises(TrackbenchError, match=r"0003.jpg: is damaged, and decoded all the same"):
        export(tmp_path / "set", f"otb:{otb}", "otb", sequences=None, length=None, jobs=jobs)
    assert not (tmp_path / "set" / COLOUR).exists()
    assert capfd.readouterr().err == ""
