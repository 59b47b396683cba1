from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from video_trees import numbered, rows, write, write_images

from trackbench.datasets.readers.layouts import READERS
from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.recognising import recognise
from trackbench.errors import DataError


def images(folder: Path, form: str = "{:08d}.jpg") -> None:
    write_images(folder, numbered(1, 3, form), (4, 5))


def got10k(root: Path) -> None:
    images(root / "val" / "GOT-10k_Val_000001")
    write(root / "val" / "GOT-10k_Val_000001" / "groundtruth.txt", rows(3))
    write(root / "val" / "GOT-10k_Val_000001" / "meta_info.ini", "[METAINFO]\n")
    write(root / "val" / "list.txt", "GOT-10k_Val_000001\n")


def trackingnet(root: Path) -> None:
    images(root / "TEST" / "frames" / "a_0", "{}.jpg")
    write(root / "TEST" / "anno" / "a_0.txt", rows(1))


def uav123(root: Path) -> None:
    images(root / "data_seq" / "UAV123" / "bike1", "{:06d}.jpg")
    write(root / "anno" / "UAV123" / "bike1.txt", rows(3))


def uav20l(root: Path) -> None:
    images(root / "data_seq" / "UAV123" / "bike1", "{:06d}.jpg")
    write(root / "anno" / "UAV20L" / "bike1.txt", rows(3))


def tc128(root: Path) -> None:
    images(root / "Ball" / "img", "{:04d}.jpg")
    write(root / "Ball" / "Ball_gt.txt", rows(3))
    write(root / "Ball" / "Ball_frames.txt", "1,3")


def nfs(root: Path) -> None:
    images(root / "airboard" / "30" / "airboard", "{:05d}.jpg")
    write(root / "airboard" / "30" / "airboard.txt", "0 2 5 8\n" * 3)


def lasot(root: Path, kind: str = "airplane") -> None:
    folder = root / kind / f"{kind}-1"
    images(folder / "img")
    write(folder / "groundtruth.txt", rows(3))
    write(folder / "full_occlusion.txt", "0,0,0")


def lasot_ext(root: Path) -> None:
    lasot(root, "jianzi")


def otb(root: Path, name: str = "Boy") -> None:
    images(root / name / "img", "{:04d}.jpg")
    write(root / name / "groundtruth_rect.txt", rows(3))


def dtb70(root: Path) -> None:
    otb(root, "Gull1")


def tnl2k(root: Path) -> None:
    images(root / "a" / "imgs")
    write(root / "a" / "groundtruth.txt", rows(3))
    write(root / "a" / "language.txt", "the man")


def vot(root: Path) -> None:
    images(root / "bag" / "imgs")
    write(root / "bag" / "groundtruth.txt", "1,2,3,4,5,6,7,8\n" * 3)


def folder(root: Path) -> None:
    images(root / "mine")
    write(root / "mine" / "boxes.txt", rows(3))
    write(root / "dataset.toml", 'boxes = "xywh"\norigin = 0\n')


TREES: dict[str, Callable[[Path], None]] = {
    "got10k": got10k,
    "trackingnet": trackingnet,
    "uav123": uav123,
    "uav20l": uav20l,
    "tc128": tc128,
    "nfs": nfs,
    "lasot": lasot,
    "lasot-ext": lasot_ext,
    "otb": otb,
    "dtb70": dtb70,
    "tnl2k": tnl2k,
    "vot": vot,
    "folder": folder,
}


def test_every_reader_is_tried() -> None:
    assert set(TREES) == {reader.id for reader in READERS}


@pytest.mark.parametrize("layout", TREES)
def test_a_folder_is_recognised_and_opens_as_that(tmp_path: Path, layout: str) -> None:
    TREES[layout](tmp_path)
    found = recognise(tmp_path)[0]
    assert (found.reader.id, found.path) == (layout, tmp_path)
    assert found.reasons
    assert str(found).startswith(f"{layout}:{tmp_path}  (")
    opened = open_videos(layout, tmp_path)
    assert [len(video.read()) for video in opened.videos] == [3]
    # as it is sent to the process that reads it
    sent = pickle.loads(pickle.dumps(opened.videos))
    assert [len(video.read()) for video in sent] == [3]


# one's own may be anywhere, and TNL2K's archives are read in folders of their own
@pytest.mark.thorough
@pytest.mark.parametrize("layout", [each for each in TREES if each not in {"folder", "tnl2k"}])
def test_the_folder_above_is_recognised_too(tmp_path: Path, layout: str) -> None:
    TREES[layout](tmp_path / "inner")
    found = [each for each in recognise(tmp_path) if each.reader.id != "folder"]
    assert ("inner", layout) in [(each.path.name, each.reader.id) for each in found]


def test_a_part_leads_to_the_whole(tmp_path: Path) -> None:
    got10k(tmp_path / "data")
    found = recognise(tmp_path / "data" / "val")
    assert ("got10k", tmp_path / "data") in [(each.reader.id, each.path) for each in found]


@pytest.mark.thorough
@pytest.mark.parametrize("text", ["", "hello"])
def test_what_is_none_is_said_with_what_it_lacks(tmp_path: Path, text: str) -> None:
    write(tmp_path / "read.me", text)
    with pytest.raises(
        DataError, match=r"is of no layout that is known; nearest is folder: .*holds"
    ):
        recognise(tmp_path)
    write_images(tmp_path / "a", ["1.png"])
    with pytest.raises(DataError, match=r"nearest is folder: .*/a: needs one file of boxes"):
        recognise(tmp_path)
    with pytest.raises(DataError, match="is no folder"):
        recognise(tmp_path / "read.me")
