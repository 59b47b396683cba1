from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from video_trees import numbered, rows, write, write_images

from trackbench.datasets.readers.fingerprint import fingerprint
from trackbench.datasets.readers.opening import open_videos


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    for name in ("Boy", "Girl"):
        write_images(root / name / "img", numbered(1, 3))
        write(root / name / "groundtruth_rect.txt", rows(3))
    return root


def of(root: Path, *, content: bool = False, **options: Any) -> str:
    return fingerprint(open_videos("otb", root, **options).videos, content=content)


def test_it_is_the_same_wherever_the_data_lie(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "elsewhere")
    assert of(root) == of(tmp_path / "elsewhere")
    assert of(root, content=True) == of(tmp_path / "elsewhere", content=True)
    assert of(root) != of(root, content=True)


def test_whatever_decides_changes_it(root: Path) -> None:
    seen = [of(root), of(root, origin=1)]
    boxes = root / "Boy" / "groundtruth_rect.txt"
    boxes.write_text(boxes.read_text().replace("5,6", "6,5"))
    seen.append(of(root))
    image = root / "Boy" / "img" / "0002.jpg"
    image.write_bytes(image.read_bytes() + b"\0")
    seen.append(of(root))
    image.rename(image.with_name("0002.png"))
    seen.append(of(root))
    (root / "Boy").rename(root / "Man")
    seen.append(of(root))
    shutil.rmtree(root / "Girl")
    seen.append(of(root))
    assert len(set(seen)) == len(seen)


def test_pixels_count_where_the_content_is_asked_for(root: Path) -> None:
    before, with_content = of(root), of(root, content=True)
    image = root / "Boy" / "img" / "0002.jpg"
    content = image.read_bytes()
    image.write_bytes(content[:60] + bytes([content[60] ^ 1]) + content[61:])
    assert of(root) == before
    assert of(root, content=True) != with_content


def test_it_tells_how_far_it_is(root: Path) -> None:
    told: list[str] = []
    fingerprint(open_videos("otb", root).videos, progress=told.append)
    assert told == ["Boy", "Girl"]
