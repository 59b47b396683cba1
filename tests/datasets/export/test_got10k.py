"""GOT-10k's own toolkit reads an export as it is, and scores it as trackbench does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from got10k.datasets import GOT10k
from got10k.experiments import ExperimentGOT10k
from got10k.trackers import Tracker
from PIL import Image

from trackbench.contracts import Video
from trackbench.errors import TrackbenchError
from trackbench.metrics import Metric, Trajectories, mask_iou
from trackbench.plugins import registry
from trackbench.plugins.factories import build_tracker
from trackbench.running.preview import follow

mpl.use("agg")
GUIDE = Path(__file__).parents[3] / "docs" / "export.md"


def test_boxes_frames_and_labels_read_back_are_the_data_sets(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", sequences=3, length=40)
    loaded = GOT10k(str(made.path), subset="val", return_meta=True)
    assert loaded.seq_names == made.names
    for (files, boxes, meta), truth in zip(loaded, made.truth, strict=True):
        np.testing.assert_array_equal(boxes, truth.boxes)
        assert [Path(file).name for file in files[:2]] == ["00000001.jpg", "00000002.jpg"]
        for file, frame in zip(files, truth.frames, strict=True):
            with Image.open(file) as opened:
                assert opened.mode == "L"
                np.testing.assert_array_equal(np.asarray(opened), frame)
                rgb = np.asarray(opened.convert("RGB"))  # as the toolkit hands it to a tracker
            np.testing.assert_array_equal(rgb, np.repeat(frame[..., None], 3, axis=2))
            np.testing.assert_array_equal(cv2.imread(file, cv2.IMREAD_UNCHANGED), frame)
        assert meta["resolution"] == "(100, 100)"
        np.testing.assert_array_equal(meta["absence"], np.zeros(40))
        np.testing.assert_array_equal(meta["cut_by_image"], np.zeros(40))
        visibility = truth.attributes["visibility"]
        np.testing.assert_array_equal(meta["cover"] == 8, visibility == 1)
        partly = (visibility > 0.45) & (visibility <= 0.6)
        np.testing.assert_array_equal(meta["cover"] == 4, partly)
    assert any((truth.attributes["visibility"] < 1).any() for truth in made.truth)


def test_colour_fractions_and_targets_that_leave(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", "colour-v1", sequences=None, length=None)
    loaded = GOT10k(str(made.path), subset="val", return_meta=True)
    for (files, boxes, meta), truth in zip(loaded, made.truth, strict=True):
        np.testing.assert_array_equal(boxes, truth.boxes)
        for file, frame in zip(files, truth.frames, strict=True):
            with Image.open(file) as opened:
                assert opened.mode == "RGB"
                np.testing.assert_array_equal(np.asarray(opened), frame)
            np.testing.assert_array_equal(cv2.imread(file)[..., ::-1], frame)
        assert meta["resolution"] == "(64, 48)"
    _, boxes, meta = loaded[0]
    # x is -3, 4, 11, ..., 60, 67, 74 and w a little over 4, 5, 6, ...; the frame ends at 64
    np.testing.assert_array_equal(meta["absence"], [0] * 10 + [1, 1])
    np.testing.assert_array_equal(np.flatnonzero(meta["cut_by_image"]), [0, 8, 9])
    np.testing.assert_array_equal(meta["cover"], [8, 0, 1, 2, 4, 6, 7, 1, 3, 8, 0, 0])


def test_a_set_that_does_not_say_what_is_visible(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", "silent", sequences=None)
    _, _, meta = GOT10k(str(made.path), subset="val", return_meta=True)[0]
    np.testing.assert_array_equal(meta["cover"][:10], 8)
    assert "cover.label is 8 in every frame" in made.card.notes[0]


def test_a_visibility_that_is_no_share_is_refused(tmp_path: Path, export: Any) -> None:
    with pytest.raises(TrackbenchError, match="visibility is 100 in frame 0, no share of 0 to 1"):
        export(tmp_path / "set", "percent", sequences=None)
    assert not list(tmp_path.iterdir())


def test_a_training_stream_becomes_the_subset_train(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", "endless", sequences=2)
    loaded = GOT10k(str(made.path), subset="train", return_meta=True)
    assert loaded.seq_names == ["endless_000000", "endless_000001"]
    np.testing.assert_array_equal(loaded["endless_000001"][1], made.truth[1].boxes)


def by_the_guide() -> Any:
    """Run the program in docs/export.md here, and return the scores that it prints the mean of."""
    _, program = GUIDE.read_text().split("```python\n")
    names: dict[str, Any] = {}
    exec(program.partition("```")[0], names)  # noqa: S102 - it is ours
    return names["scores"]


def mask_iou_of(truth: Video) -> float:
    """The paper's score of KCF on a sequence that was never a file."""
    answers = follow(registry.trackers().get("kcf"), truth).boxes
    return float(mask_iou(truth.boxes, answers, (100, 100)).mean())


class Ours(Tracker):  # type: ignore[misc]  # got10k has no types
    """A tracker of trackbench inside the other toolkit."""

    def __init__(self, name: str) -> None:
        super().__init__(name, is_deterministic=True)
        self._tracker = build_tracker(registry.trackers().get(name))

    def init(self, image: Image.Image, box: Any) -> None:
        self._tracker.init(np.asarray(image)[..., 0], box)

    def update(self, image: Image.Image) -> Any:
        return self._tracker.update(np.asarray(image)[..., 0])


@pytest.mark.thorough
def test_a_tracker_run_and_scored_by_the_toolkit_gets_our_numbers(
    tmp_path: Path, export: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = export(tmp_path / "single-same", sequences=3, length=40)
    experiment = ExperimentGOT10k(str(made.path), subset="val")
    experiment.run(Ours("kcf"))
    performance = experiment.report(["kcf"])["kcf"]
    scores = []
    for name, truth in zip(made.names, made.truth, strict=True):
        stored = np.loadtxt(f"results/GOT-10k/kcf/{name}/{name}_001.txt", delimiter=",")
        here = follow(registry.trackers().get("kcf"), truth).boxes
        # the same frames and the same box: the same answers, to the three decimals that it writes
        np.testing.assert_allclose(stored, here, rtol=0, atol=0.0005 + 1e-9)
        tracked = Trajectories(
            stored[None],
            truth.boxes[None],
            np.zeros((1, 40)),
            np.asarray(truth.attributes["visibility"])[None],
            (100, 100),
        )
        for metric, key in (("ao@got10k", "ao"), ("sr50@got10k", "sr")):
            ours = Metric.named(metric).of(tracked)[0]
            assert performance["seq_wise"][name][key] == pytest.approx(ours, abs=1e-9)
        scores.append(performance["seq_wise"][name]["ao"])
    documented = by_the_guide()
    assert [row["ao@got10k"] for row in documented] == pytest.approx(scores, abs=1e-9)
    iou = np.mean([mask_iou_of(truth) for truth in made.truth])
    assert np.mean([row["paper-v1"] for row in documented]) == pytest.approx(iou, abs=1e-9)
    assert min(scores) > 0.01
    assert max(scores) < 0.95  # so that agreement is not that of zeros or ones
