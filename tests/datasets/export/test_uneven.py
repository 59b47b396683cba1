"""Videos of several lengths and sizes, in some frames of which nobody can draw a box."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from got10k.datasets import OTB, GOT10k
from got10k.experiments import ExperimentGOT10k
from got10k.trackers import IdentityTracker
from numpy.typing import NDArray

from trackbench.datasets.export.layouts import LAYOUTS
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import IncompatibleResultsError, TrackbenchError
from trackbench.metrics import mask_iou

mpl.use("agg")
LENGTHS = (30, 7, 48)
ABSENT, UNKNOWN = slice(40, 45), slice(45, 48)
"""Frames of the last sequence."""


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory, export: Any) -> dict[str, Any]:
    """The same videos in every layout: 30, 7 and 48 frames, each of another size."""
    folder = tmp_path_factory.mktemp("uneven")
    return {
        layout.id: export(folder / layout.id, "uneven-v1", layout.id, length=48)
        for layout in LAYOUTS
    }


@pytest.mark.parametrize("layout", [layout.id for layout in LAYOUTS])
def test_they_come_back(exports: dict[str, Any], layout: str) -> None:
    made = exports[layout]
    opened = open_videos(layout, made.path, origin=1 if layout == "otb" else None)
    assert [source.name for source in opened.videos] == made.names
    for source, truth in zip(opened.videos, made.truth, strict=True):
        video = source.read()
        np.testing.assert_array_equal(video.boxes, truth.boxes)
        # a row of NaN in OTB's layout does not say why
        nowhere = np.isnan(truth.boxes[:, 0]) if layout == "otb" else truth.absent
        np.testing.assert_array_equal(video.absent, nowhere)
        assert (video.notes, video.scored) == ((), True)
        for frame, true in zip(DecodedFrames.of(video), truth.frames, strict=True):
            np.testing.assert_array_equal(frame, true)
    assert [len(truth) for truth in made.truth] == list(LENGTHS)
    assert len({frame.shape for truth in made.truth for frame in truth.frames}) == 3


@pytest.mark.parametrize("layout", [layout.id for layout in LAYOUTS])
def test_the_card_says_lengths_and_what_has_no_box(exports: dict[str, Any], layout: str) -> None:
    card = exports[layout].card
    assert (card.sequences, card.shortest, card.length) == (3, 7, 48)
    assert "3 sequences of 7 to 48 frames" in str(card.extent)
    notes = " ".join(card.notes)
    assert {
        "got10k": "5 frames without the target",
        "vot": "8 frames without a true box: an unknown region",
    }.get(layout, "8 frames without a true box: rows of NaN") in notes
    assert ("3 frames whose box nobody knows" in notes) is (layout == "got10k")


def test_the_table_says_where_it_is_absent(exports: dict[str, Any]) -> None:
    made = exports["got10k"]
    table = pd.read_csv(made.path / "val" / made.names[2] / "attributes.csv")
    assert list(table.columns) == ["frame", *"xywh", "target_absent", "second"]
    np.testing.assert_array_equal(table["target_absent"], made.truth[2].absent)
    np.testing.assert_array_equal(table[[*"xywh"]].to_numpy(float), made.truth[2].boxes)
    assert made.card.attributes == ("second",)


class Closing(IdentityTracker):
    """Closes what its toolkit leaves open."""

    def init(self, image: Any, box: Any) -> None:
        super().init(image, box)
        image.close()

    def update(self, image: Any) -> Any:
        image.close()
        return super().update(image)


def test_got10k_reads_them_and_scores_what_has_a_box(
    exports: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = exports["got10k"]
    loaded = GOT10k(str(made.path), subset="val", return_meta=True)
    for (files, boxes, meta), truth in zip(loaded, made.truth, strict=True):
        true = np.where(truth.absent[:, None], 0, truth.boxes)
        np.testing.assert_array_equal(boxes, true)
        height, width = truth.frames[0].shape[:2]
        assert (len(files), meta["resolution"]) == (len(truth), f"({width}, {height})")
        np.testing.assert_array_equal(meta["absence"], truth.absent)
        np.testing.assert_array_equal(meta["cover"], np.where(np.isnan(truth.boxes[:, 0]), 0, 8))
    experiment = ExperimentGOT10k(str(made.path), subset="val")
    experiment.run(Closing())
    scores = experiment.report(["IdentityTracker"])["IdentityTracker"]["seq_wise"]
    for name, truth in zip(made.names, made.truth, strict=True):
        known = ~np.isnan(truth.boxes[1:, 0])
        still = np.broadcast_to(truth.boxes[0], truth.boxes.shape)
        iou = mask_iou(truth.boxes[1:], still[1:], truth.frames[0].shape[:2])
        assert scores[name]["ao"] == pytest.approx(iou[known].mean(), abs=1e-9)


def test_otbs_reader_reads_them(exports: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made = exports["otb"]
    monkeypatch.setitem(OTB._OTB__version_dict, "ours", made.names)
    for (files, boxes), truth in zip(
        OTB(str(made.path), "ours", download=False), made.truth, strict=True
    ):
        np.testing.assert_array_equal(boxes - [1, 1, 0, 0], truth.boxes)
        assert len(files) == len(truth)


def test_the_json_of_pysot_is_what_the_files_say(exports: dict[str, Any]) -> None:
    made = exports["otb"]
    read = json.loads((made.path / "OTB.json").read_text())
    assert list(read) == made.names
    for name, truth in zip(made.names, made.truth, strict=True):
        said = read[name]
        assert set(said) == {"video_dir", "init_rect", "img_names", "gt_rect", "attr"}
        assert (said["video_dir"], said["attr"], said["init_rect"]) == (
            *(name, []),
            said["gt_rect"][0],
        )
        np.testing.assert_array_equal(np.array(said["gt_rect"]) - [1, 1, 0, 0], truth.boxes)
        for image, frame in zip(said["img_names"], truth.frames, strict=True):
            np.testing.assert_array_equal(cv2.imread(str(made.path / image))[..., ::-1], frame)


def test_vot_has_an_unknown_region_where_there_is_no_box(exports: dict[str, Any]) -> None:
    made = exports["vot"]
    folder = made.path / "sequences" / made.names[2]
    lines = (folder / "groundtruth.txt").read_text().splitlines()
    assert [line == "nan,nan,nan,nan" for line in lines] == [40 <= t < 48 for t in range(48)]
    assert lines[0] == "5.0,8.0,12.0,10.0"
    tag = (folder / "target_absent.tag").read_text().split()
    assert tag == ["1" if t in range(40, 45) else "0" for t in range(48)]
    assert numbers(folder / "anchor.value")[[0, 39]].tolist() == [1, -1]  # 47 has no box
    assert not (made.path / "sequences" / made.names[0] / "target_absent.tag").exists()


def numbers(path: Path) -> NDArray[np.float64]:
    return np.loadtxt(path)


@pytest.mark.thorough
def test_any_number_of_jobs_writes_the_same_bytes(
    exports: dict[str, Any], tmp_path: Path, export: Any, tree_of: Any
) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))

    again = export(tmp_path / "2", "uneven-v1", "otb", length=48, jobs=2, progress=progress)
    assert tree_of(again.path) == tree_of(exports["otb"].path)
    assert (len(seen), seen[-1]) == (3, (85, 85))


def test_an_export_of_an_earlier_trackbench_is_not_gone_on_with(
    tmp_path: Path, export: Any, tree_of: Any
) -> None:
    made = export(tmp_path / "set", "colour-v1", "vot", sequences=1)
    card = made.path / "trackbench.json"
    card.write_text(card.read_text().replace('"schema": 2', '"schema": 1'))
    before = tree_of(made.path)
    with pytest.raises(IncompatibleResultsError, match="as an earlier trackbench wrote it"):
        export(tmp_path / "set", "colour-v1", "vot", sequences=1)
    assert tree_of(made.path) == before


def test_a_sequence_of_one_frame_is_named(tmp_path: Path, export: Any, spec_named: Any) -> None:
    short = replace(spec_named("uneven-v1"), frames_each=(30, 1, 100, 55, 7, 64))
    with pytest.raises(TrackbenchError, match="sequence uneven-v1_000001 has 1 frame"):
        export(tmp_path / "set", short)
    with pytest.raises(TrackbenchError, match="100 frames a sequence at most, not 101"):
        export(tmp_path / "set", "uneven-v1", length=101)
    assert not list(tmp_path.iterdir())
