"""The files of the VOT layout. scripts/check_vot.py has the toolkit itself read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from trackbench.datasets.export.images import ImageFormat


def properties(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def numbers(path: Path) -> list[float]:
    return [float(line) for line in path.read_text().splitlines()]


def test_a_sequence_as_its_files(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", layout="vot")
    root = made.path / "sequences"
    assert (root / "list.txt").read_text().split() == made.names
    for name, truth in zip(made.names, made.truth, strict=True):
        found = properties(root / name / "sequence")
        assert found["channels.color"] == "color/%08d.png"
        assert (found["length"], found["width"], found["height"]) == ("12", "100", "100")
        read = np.loadtxt(root / name / "groundtruth.txt", delimiter=",")
        np.testing.assert_array_equal(read, truth.boxes)
        for number, frame in enumerate(truth.frames, 1):
            path = root / name / (found["channels.color"] % number)
            np.testing.assert_array_equal(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), frame)
            bgr = cv2.imread(str(path))  # as the toolkit opens it
            np.testing.assert_array_equal(bgr, np.repeat(frame[..., None], 3, axis=2))
        np.testing.assert_array_equal(
            numbers(root / name / "speed.value"), truth.attributes["speed"]
        )
        np.testing.assert_array_equal(
            numbers(root / name / "bounce.tag"), truth.attributes["bounce"]
        )
        assert not (root / name / "bounce.value").exists()


def test_an_attribute_whose_name_no_file_can_bear(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", "colour-v1", "vot", sequences=1, image=ImageFormat.JPEG)
    folder = made.path / "sequences" / made.names[0]
    assert {path.name for path in folder.iterdir()} == {
        *("sequence", "groundtruth.txt", "attributes.csv", "color"),
        *("visibility.value", "lit.tag", "t.value", "anchor.value"),
    }
    assert properties(folder / "sequence")["channels.color"] == "color/%08d.jpg"
    assert "a/b" in made.card.notes[0]
    assert "a/b" in (folder / "attributes.csv").read_text().splitlines()[0].split(",")
