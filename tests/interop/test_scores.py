"""The same boxes through got10k's report and VOT's functions as released, and through ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from got10k.experiments import ExperimentGOT10k, ExperimentOTB

import trackbench
from trackbench.metrics import Metric
from trackbench.metrics.toolkits import vot_accuracy, vot_longterm, vot_overlap, vots
from trackbench.results.directory import Results

mpl.use("agg")
SEQUENCES, LENGTH = 6, 30
ROUNDS, FRAMES = 200, 50
EXACT = {"rtol": 0, "atol": 1e-9}

BY_VOT = """
import sys
import numpy as np
from vot.analysis.accuracy import gather_overlaps
from vot.analysis.longterm import count_frames, determine_thresholds
from vot.region import Special
from vot.region.raster import calculate_overlaps
from vot.region.shapes import Rectangle

def region(box):
    return Special(0) if np.isnan(box).any() else Rectangle(*box)

given, found = np.load(sys.argv[1]), {"overlap": [], "counts": [], "accuracy": [], "thresholds": []}
for answers, truth, (height, width), sure in zip(*(given[name] for name in given.files)):
    size = int(width), int(height)
    true = [region(box) for box in truth]
    found["overlap"].append(calculate_overlaps([region(box) for box in answers], true, size))
    run = [Special(1), *(region(box) for box in answers[1:])]
    found["counts"].append(count_frames(run, true, size))
    found["accuracy"].append([
        np.mean(kept) if len(kept := gather_overlaps(run, true, b, True, v, size)[0]) else 0.0
        for b in (0, 1, 10) for v in (False, True)
    ])
    found["thresholds"].append(determine_thresholds(sure.tolist(), 30))
np.savez(sys.argv[2], **found)
"""


def test_got10ks_report_of_what_a_tracker_answered_is_our_table(tmp_path: Path) -> None:
    data = ["mnist-multi-diff"]
    trackbench.export(*data, "got10k", tmp_path / "set", sequences=SEQUENCES, length=LENGTH)
    results = trackbench.run(
        "kcf", datasets=data, sequences=SEQUENCES, lengths=(LENGTH,), out=tmp_path / "r", jobs=1
    )
    boxes, truth = answered(results)
    experiment = ExperimentGOT10k(
        str(tmp_path / "set"), "val", str(tmp_path / "results"), str(tmp_path / "reports")
    )
    for name, predicted in zip(experiment.dataset.seq_names, boxes, strict=True):
        folder = tmp_path / "results" / "GOT-10k" / "kcf" / name
        folder.mkdir(parents=True)
        np.savetxt(folder / f"{name}_001.txt", predicted, fmt="%.17g", delimiter=",")
        np.savetxt(folder / f"{name}_time.txt", np.ones(LENGTH))
    by_it = experiment.report(["kcf"])["kcf"]["overall"]
    ours = table(results, "ao@got10k", "sr50@got10k", "sr75@got10k")
    np.testing.assert_allclose(ours, [by_it["ao"], by_it["sr"], by_it["succ_curve"][75]], **EXACT)
    curves = [otb(predicted, true) for predicted, true in zip(boxes, truth, strict=True)]
    success, precision = (np.mean([each[k] for each in curves], axis=0) for k in (0, 1))
    ours = table(results, "auc@got10k", "op50@got10k", "precision20@got10k")
    np.testing.assert_allclose(ours, [success.mean(), success[10], precision[20]], **EXACT)


def answered(results: Results) -> tuple[np.ndarray, np.ndarray]:
    (run,) = results.runs
    chunks = list(run.trajectories())
    predicted = np.concatenate([chunk.predicted for chunk in chunks])
    return predicted, np.concatenate([chunk.truth for chunk in chunks])


def table(results: Results, *metrics: str) -> list[float]:
    (run,) = results.runs
    measured = run.measured([Metric.named(metric) for metric in metrics])
    return [float(found.totals[-1]) for found, _ in measured]


def otb(boxes: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    experiment = ExperimentOTB.__new__(ExperimentOTB)
    experiment.nbins_iou, experiment.nbins_ce = 21, 51
    boxes = np.concatenate([truth[:1], boxes[1:]])
    found: tuple[np.ndarray, np.ndarray] = experiment._calc_curves(
        *experiment._calc_metrics(boxes, truth)
    )
    return found


@pytest.fixture(scope="module")
def vot_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of an environment with VOT's toolkit."""
    folder = tmp_path_factory.mktemp("vot")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    packages = ["vot-toolkit==0.9.0", "attributee==0.1.9"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def drawn(rng: np.random.Generator, frame: np.ndarray) -> np.ndarray:
    """Return boxes of all kinds: of pixels, halves and fractions, empty, negative, none."""
    size = frame[::-1]
    corner = rng.uniform(-0.4, 1.2, (FRAMES, 2)) * size
    sides = rng.exponential(1 / 3, (FRAMES, 2)) * size
    boxes = np.concatenate([corner, sides], axis=1)
    rounded = np.stack([boxes, np.round(boxes), np.round(boxes * 2) / 2, np.round(boxes / 9)])
    boxes = rounded[rng.integers(0, 4, FRAMES), np.arange(FRAMES)]
    kind = rng.random(FRAMES)
    boxes[kind < 0.08], boxes[kind > 0.95], boxes[(kind > 0.5) & (kind < 0.53)] = np.nan, 0, -1
    boxes[0] = [1, 2, 5, 4]
    return boxes


def test_vots_overlaps_accuracy_counts_and_thresholds_of_random_boxes(
    tmp_path: Path, vot_python: str
) -> None:
    rng = np.random.default_rng(11)
    frames = rng.integers(2, 60, (ROUNDS, 2))
    answers, truth = (np.stack([drawn(rng, f) for f in frames]) for _ in range(2))
    sure = np.round(rng.random((ROUNDS, FRAMES)), 2)
    np.savez(tmp_path / "given.npz", a=answers, b=truth, c=frames, d=sure)
    files = [str(tmp_path / name) for name in ("given.npz", "found.npz")]
    subprocess.run([vot_python, "-c", BY_VOT, *files], check=True)
    by_it = np.load(files[1])
    for at in range(ROUNDS):
        given, true = answers[at], truth[at]
        frame = int(frames[at][0]), int(frames[at][1])
        overlap = vot_overlap.overlaps(given, true, frame)
        np.testing.assert_allclose(overlap, by_it["overlap"][at], **EXACT)
        found = vots.presence(given, true, frame)
        counts = [found.tracked, found.failed, found.missed, found.hallucinated, found.noticed]
        assert counts == by_it["counts"][at].tolist()
        accuracies = [
            vot_accuracy.accuracy(given, true, frame, burn_in=burn_in, only_visible=visible)
            for burn_in in (0, 1, 10)
            for visible in (False, True)
        ]
        np.testing.assert_allclose(accuracies, by_it["accuracy"][at], **EXACT)
        assert vot_longterm.thresholds(sure[at], 30) == by_it["thresholds"][at].tolist()
