"""True masks of videos on disk: run lengths of VOT's, and a folder of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.datasets.on_disk import dataset_at
from trackbench.datasets.readers.vot_region import RunLengths
from trackbench.errors import DataError
from trackbench.plugins import registry
from trackbench.results.chunks import FailureKind

SIZE = (24, 32)
SHAPE = np.array([[0, 1, 1], [1, 1, 0]], bool)
LINE = "m{},3,3,2,1,4,1"
"""SHAPE at a place of its own in row 3, as VOT writes it."""

TRACKER = """
import numpy as np
from trackbench import Answer

class Masked:
    def init(self, frame, box, *, mask):
        self.mask = mask

    def update(self, frame):
        self.mask = np.roll(self.mask, 1, axis=1)
        return Answer(None if not self.mask.any() else box_of(self.mask), mask=self.mask)

def box_of(mask):
    (top, *_, bottom), (left, *_, right) = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return (left, top, right + 1 - left, bottom + 1 - top)
"""


def shape_at(column: int) -> np.ndarray:
    mask = np.zeros(SIZE, bool)
    mask[3:5, column : column + 3] = SHAPE
    return mask


@pytest.fixture
def vot(tmp_path: Path) -> Path:
    """Two sequences of four frames, whose target goes a pixel to the right each; frame 2 unknown"""
    root = tmp_path / "vot"
    for name in ("a", "b"):
        write_images(root / name / "color", numbered(1, 4, "{:08d}.jpg"), size=SIZE)
        lines = [LINE.format(column) for column in range(4)]
        lines[2] = "0"
        write(root / name / "groundtruth.txt", "\n".join(lines) + "\n")
    write(root / "list.txt", "a\nb\n")
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sequence of four frames with an image of its mask each."""
    root = tmp_path / "folder"
    write_images(root / "a" / "img", numbered(1, 4), size=SIZE)
    write(root / "a" / "boxes.txt", "".join(f"{column},3,3,2\n" for column in range(4)))
    write(root / "dataset.toml", 'boxes = "xywh"\norigin = 0\n')
    (root / "a" / "masks").mkdir()
    for number in range(4):
        shown = shape_at(number).astype(np.uint8) * 200
        Image.fromarray(shown).save(root / "a" / "masks" / f"{number + 1}.png")
    return root


@pytest.mark.parametrize("layout", ["vot", "folder"])
def test_a_data_set_gives_the_masks_of_its_files(
    layout: str, request: pytest.FixtureRequest
) -> None:
    spec = dataset_at(layout, str(request.getfixturevalue(layout)))
    video = registry.build_dataset(spec).sequence(0, 4)
    assert len(video.masks) == 4
    for frame in (0, 1, 3):
        assert np.array_equal(video.masks[frame], shape_at(frame))
        assert np.array_equal(video.boxes[frame], [frame, 3, 3, 2])
    assert video.masks[2].any() == (layout == "folder")
    assert len(registry.build_dataset(spec).sequence(0, 2).masks) == 2
    with pytest.raises(IndexError):
        video.masks[4]


@pytest.mark.parametrize("layout", ["vot", "folder"])
def test_masks_of_a_tracker_are_compared_with_them(
    layout: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "masked_one.py").write_text(TRACKER)
    data = f"{layout}:{request.getfixturevalue(layout)}"
    results = trackbench.run(
        [f"{tmp_path / 'masked_one.py'}:Masked", "static"],
        datasets=data,
        out=tmp_path / "r",
        jobs=1,
    )
    masked, static = (next(iter(run.trajectories())) for run in results.runs)
    scored = ~np.isnan(masked.iou)
    assert scored.sum() == masked.iou.size - (layout == "vot")
    assert (masked.iou[scored] == 1).all()
    # a box has six pixels, and three columns more or less: boxes are compared with boxes
    assert static.iou[0, :2].tolist() == [1.0, 0.5]
    table = str(results.table(every=True)["compared"].tolist())
    assert "mask" in table


def test_masks_of_some_sequences_alone_are_left_out(vot: Path) -> None:
    write(vot / "b" / "groundtruth.txt", rows(4))
    spec = dataset_at("vot", str(vot))
    assert registry.build_dataset(spec).sequence(0, 4).masks is None
    assert "masks left out: 1 sequence of 2 have them in all frames" in spec.notes


def test_a_mask_that_is_damaged_spoils_its_sequence_as_data(folder: Path, tmp_path: Path) -> None:
    path = folder / "a" / "masks" / "3.png"
    path.write_bytes(path.read_bytes()[:50])
    video = registry.build_dataset(dataset_at("folder", str(folder))).sequence(0, 4)
    with pytest.raises(DataError, match=r"3\.png"):
        video.masks[2]
    results = trackbench.run("static", datasets=f"folder:{folder}", out=tmp_path / "r", jobs=1)
    (failure,) = results.runs[0].unreadable
    assert failure.kind is FailureKind.DATA
    assert "3.png" in failure.message


def test_a_mask_that_is_another_is_other_data(folder: Path) -> None:
    before = dataset_at("folder", str(folder)).fingerprint
    Image.fromarray(shape_at(9).astype(np.uint8)).save(folder / "a" / "masks" / "2.png")
    assert dataset_at("folder", str(folder)).fingerprint != before


def test_run_lengths_say_what_the_line_says() -> None:
    runs = RunLengths(0, 3, 3, 2, np.array([1, 4, 1]))
    assert np.array_equal(runs.pixels(SIZE), shape_at(0))
