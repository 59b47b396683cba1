"""GOT-10k's toolkit reads an export as OTB's, whose boxes count from 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from got10k.datasets import OTB
from got10k.experiments import ExperimentOTB
from got10k.trackers import IdentityTracker
from PIL import Image

from trackbench.errors import TrackbenchError
from trackbench.metrics import Metric, Trajectories

mpl.use("agg")
FROM_ONE = np.array([1, 1, 0, 0])


@pytest.fixture
def known_as(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tell the reader, which has OTB's names built in, ours."""

    def call(names: list[str]) -> str:
        monkeypatch.setitem(OTB._OTB__version_dict, "ours", names)
        return "ours"

    return call


def test_boxes_and_frames_read_back(tmp_path: Path, export: Any, known_as: Any) -> None:
    made = export(tmp_path / "set", layout="otb")
    loaded = OTB(str(made.path), known_as(made.names), download=False)
    assert loaded.seq_names == made.names == (made.path / "list.txt").read_text().split()
    for (files, boxes), truth in zip(loaded, made.truth, strict=True):
        np.testing.assert_array_equal(boxes - FROM_ONE, truth.boxes)
        assert Path(files[0]).name == "0001.jpg"
        for file, frame in zip(files, truth.frames, strict=True):
            with Image.open(file) as opened:
                np.testing.assert_array_equal(np.asarray(opened), frame)
    assert made.card.origin == 1


def test_whole_pixels_are_written_as_integers(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", layout="otb", sequences=1)
    path = made.path / made.names[0] / "groundtruth_rect.txt"
    read = [list(map(int, line.split(","))) for line in path.read_text().splitlines()]
    np.testing.assert_array_equal(read, made.truth[0].boxes + FROM_ONE)


@pytest.mark.thorough
def test_its_experiment_gives_our_scores(
    tmp_path: Path, export: Any, known_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = export(tmp_path / "set", layout="otb")
    experiment = ExperimentOTB(str(made.path), known_as(made.names))
    experiment.run(IdentityTracker())
    performance = experiment.report(["IdentityTracker"])["IdentityTracker"]["seq_wise"]
    for name, truth in zip(made.names, made.truth, strict=True):
        stored = np.loadtxt(f"results/OTBours/IdentityTracker/{name}.txt", delimiter=",")
        np.testing.assert_array_equal(stored - FROM_ONE, np.tile(truth.boxes[0], (12, 1)))
        tracked = Trajectories((stored - FROM_ONE)[None], truth.boxes[None], np.zeros((1, 12)))
        for metric, key in (("auc@otb", "success_score"), ("precision20@otb", "precision_score")):
            ours = Metric.named(metric).of(tracked)[0]
            assert performance[name][key] == pytest.approx(ours, abs=1e-9)


def test_more_frames_than_four_digits_count_are_refused(tmp_path: Path, export: Any) -> None:
    with pytest.raises(TrackbenchError, match="numbers 9,999 frames at most, not 10,000"):
        export(tmp_path / "set", "long", "otb", sequences=None, length=None)
    assert not list(tmp_path.iterdir())
