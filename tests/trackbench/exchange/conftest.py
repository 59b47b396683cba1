"""A small data set in OTB's layout, and results of it as other toolkits write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from video_trees import numbered, rows, write, write_images

NAMES = {"Boy": 6, "Jogging.1": 4, "Jogging.2": 4}


@pytest.fixture(scope="session")
def otb(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("otb")
    for folder, files in (("Boy", [""]), ("Jogging", [".1", ".2"])):
        frames = 6 if folder == "Boy" else 4
        write_images(root / folder / "img", numbered(1, frames))
        for number, file in enumerate(files):
            write(root / folder / f"groundtruth_rect{file}.txt", rows(frames, first=number))
    return f"otb:{root}"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Boxes a pixel right of the truth but for the first, in files of other spelling."""
    folder = tmp_path / "SiamX"
    for name, frames, first in (("boy", 6, 0), ("Jogging-1", 4, 0), ("jogging_2", 4, 1)):
        write(folder / f"{name}.txt", f"{first}.0,2.0,5.0,6.0\n{rows(frames - 1, first=first + 2)}")
    return folder
