from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from video_trees import numbered, picture, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.verifying import Severity, verify_videos


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("Boy", "Girl"):
        write_images(tmp_path / name / "img", numbered(1, 4))
        write(tmp_path / name / "groundtruth_rect.txt", rows(4))
    return tmp_path


def found(root: Path, *, decode: bool = True) -> list[str]:
    return [
        str(finding).replace(f"{root}/", "")
        for finding in verify_videos(open_videos("otb", root), decode=decode)
    ]


def test_what_is_whole_has_no_findings(root: Path) -> None:
    assert found(root) == []


def test_every_kind_of_finding(root: Path) -> None:
    write(root / "Boy" / "img" / "0003.jpg", "")
    write(root / "Boy" / "groundtruth_rect.txt", "1,2,5,6\n32,2,5,6\n-6,0,5,6\n")
    write(root / "Girl" / "groundtruth_rect.txt", "1,2,5,six\n")
    write_images(root / "Man" / "img", numbered(1, 4))
    write(root / "Man" / "img" / "0001.jpg", "x")
    write(root / "Man" / "groundtruth_rect.txt", rows(4))
    assert found(root) == [
        "remark: Boy: 4 images, 3 rows: the last 1 image left out",
        "remark: Boy: 2 boxes wholly outside the frame of 32 x 24, first in frame 1 (32,2,5,6)",
        "error: Boy: Boy/img/0003.jpg: is empty (0 bytes)",
        "error: Girl: Girl/groundtruth_rect.txt, line 1: 'six' is no number",
        "error: Man: Man/img/0001.jpg: is no image",
    ]
    # only the first image of each is looked at
    assert "error: Boy: Boy/img/0003.jpg: is empty (0 bytes)" not in found(root, decode=False)


def test_a_jpeg_that_is_damaged_inside(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    image = root / "Boy" / "img" / "0003.jpg"
    Image.fromarray(picture(1, (24, 32))).save(image, format="JPEG", quality=95)
    content = image.read_bytes()
    middle = len(content) // 2
    for damaged in (
        content[:middle] + bytes(200) + content[middle + 200 :],  # a block of the disk is lost
        content[:middle] + content[-2:],  # cut off, and closed by what wrote it
    ):
        image.write_bytes(damaged)
        (finding,) = found(root)
        said = "Boy/img/0003.jpg: is damaged, and decoded all the same (Corrupt JPEG data: "
        assert finding.startswith(f"error: Boy: {said}")
    assert capfd.readouterr().err == ""


def test_masks_that_cannot_be_read(tmp_path: Path) -> None:
    write_images(tmp_path / "walk" / "img", numbered(1, 4))
    write(tmp_path / "walk" / "groundtruth.txt", rows(4))
    write(tmp_path / "dataset.toml", 'boxes = "xywh"\norigin = 0\n')
    write_images(tmp_path / "walk" / "masks", numbered(1, 4, "{:04d}.png"), grey=True)
    assert verify_videos(open_videos("folder", tmp_path)) == []
    masks = tmp_path / "walk" / "masks"
    Image.fromarray(picture(1, (10, 10), grey=True)).save(masks / "0002.png")
    content = (masks / "0003.png").read_bytes()
    (masks / "0003.png").write_bytes(content[:60] + b"x" + content[61:])
    findings = list(map(str, verify_videos(open_videos("folder", tmp_path))))
    assert findings == [
        f"error: walk: {masks}/0002.png: is a mask of (10, 10) for a frame of (24, 32)",
        f"error: walk: {masks}/0003.png: is damaged: it cannot be decoded",
    ]


def test_what_is_missing_from_a_download(tmp_path: Path) -> None:
    write_images(tmp_path / "data_seq" / "UAV123" / "bike1", numbered(1, 3, "{:06d}.jpg"))
    write(tmp_path / "anno" / "UAV20L" / "bike1.txt", rows(3))
    findings = verify_videos(open_videos("uav20l", tmp_path))
    assert len(findings) == 19
    assert findings[0].sequence == "bird1"
    assert {finding.severity for finding in findings} == {Severity.ERROR}
