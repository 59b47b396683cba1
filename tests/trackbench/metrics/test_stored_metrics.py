"""Metrics of stored runs: boxes, truth and visibility are read back chunk by chunk."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.datasets.readers.layouts import READERS
from trackbench.errors import DamagedFileError
from trackbench.metrics import METRICS, Metric, Trajectories, mask_iou
from trackbench.metrics.toolkit_boxes import Kind
from trackbench.metrics.toolkit_rules import kind_of
from trackbench.plugins import registry
from trackbench.results.directory import Results
from trackbench.results.run import Run

StoreIou = Callable[..., Path]
Kit = Any

SEQUENCES, LENGTHS = 60, (5, 12)  # two chunks


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return trackbench.run(
        "static",
        datasets=["mnist-multi-same"],
        sequences=SEQUENCES,
        lengths=LENGTHS,
        out=tmp_path_factory.mktemp("metrics") / "r",
        jobs=1,
    )


@pytest.fixture
def run(stored: Results) -> Run:
    (found,) = stored.runs
    return found


def whole(run: Run) -> Trajectories:
    chunks = list(run.trajectories())
    return Trajectories(
        *(
            np.concatenate([getattr(chunk, name) for chunk in chunks])
            for name in ("predicted", "truth", "iou", "visibility")
        ),
        frame=np.concatenate([chunk.frame for chunk in chunks]),
    )


@pytest.mark.thorough
def test_trajectories_are_what_was_tracked(run: Run) -> None:
    assert [len(chunk.iou) for chunk in run.trajectories()] == [50, 10]
    tracked = whole(run)
    assert np.array_equal(tracked.frame, np.full((SEQUENCES, 2), 100))
    assert np.array_equal(run.frame_sizes, tracked.frame)
    dataset = registry.build_dataset(registry.datasets().get("mnist-multi-same"))
    for index in (0, 49, 50, 59):
        made = dataset.sequence(index, LENGTHS[-1])
        assert tracked.truth[index].tolist() == made.boxes.tolist()
        assert tracked.visibility is not None
        assert tracked.visibility[index].tolist() == made.attributes["visibility"].tolist()
        assert tracked.predicted[index].tolist() == [made.boxes[0].tolist()] * LENGTHS[-1]
    assert tracked.iou.tolist() == mask_iou(tracked.truth, tracked.predicted, (100, 100)).tolist()


def test_a_metric_of_a_run_is_that_of_all_its_sequences(run: Run) -> None:
    tracked = whole(run)
    for metric, found in zip(METRICS, run.metrics(METRICS), strict=True):
        assert found.shape == (SEQUENCES, len(LENGTHS))
        for column, length in enumerate(LENGTHS):
            np.testing.assert_array_equal(found[:, column], metric.of(tracked.until(length)))
        np.testing.assert_array_equal(run.metric(metric), found)


def test_scores_failures_and_invalid_boxes_at_lengths_of_ones_own(run: Run) -> None:
    assert run.scores_at(LENGTHS).tolist() == run.scores.tolist()
    assert run.scores_at((1,)).tolist() == [[1.0]] * SEQUENCES
    assert run.invalid_at((1, 12)) == (0, 0)
    assert run.failures_at((1, 12)) == (0, 0)


def test_a_data_set_that_does_not_say_what_is_hidden(
    store_iou: StoreIou,
) -> None:
    path = store_iou("r", {"t": {"plain-v1": np.full((3, 4), 0.5)}})
    (run,) = Results.load(path).runs
    (tracked,) = run.trajectories()
    assert tracked.visibility is None
    assert tracked.visible.all()
    assert run.metric(Metric.named("ao@got10k")).tolist() == [[1.0]] * 3  # its boxes are the truth


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_damaged_truth_is_one_clear_line(store_iou: StoreIou, damage: str) -> None:
    path = store_iou("r", {"t": {"plain-v1": np.full((3, 4), 0.5)}})
    truth = path / "datasets/plain-v1/part-00000.parquet"
    if damage == "missing":
        truth.unlink()
    else:
        truth.write_bytes(truth.read_bytes()[:-20])
    (run,) = Results.load(path).runs
    said = "cannot be read" if damage == "missing" else "is not the part that its record names"
    with pytest.raises(DamagedFileError, match=rf"part-00000.parquet {said}"):
        next(run.trajectories())


def test_frames_of_two_sizes_perfectly_tracked_score_1(kit: Kit) -> None:
    """A 50 x 50 and a 100 x 100 still video, in one part and in two."""
    for name, chunk, sizes in (
        ("one-v1", 2, ((50, 50), (100, 100))),
        ("two-v1", 1, ((50, 50), (100, 100))),
        ("flat-v1", 2, ((100, 30), (30, 100), (64, 64))),
    ):
        mixed = replace(kit, chunk=chunk, sizes=sizes)
        mixed.put(mixed.run(name=name), shift=0.0)
        (run,) = (r for r in Results.load(kit.path).runs if r.dataset.id == name)
        assert np.array_equal(run.frame_sizes, sizes)
        for metric in ("ao@got10k", "sr50@got10k", "sr75@got10k"):
            assert run.metric(Metric.named(metric)).tolist() == [[1.0]] * len(sizes)
        assert run.trajectory(1).frame.tolist() == [list(sizes[1])]


def test_a_layout_with_a_rule_of_its_own_is_one_that_is_read() -> None:
    kinds = {reader.id: kind_of(reader.id) for reader in READERS}
    assert {name for name, kind in kinds.items() if kind is Kind.LASOT} == {"lasot", "lasot-ext"}
    assert {name for name, kind in kinds.items() if kind is Kind.UAV} == {"uav123", "uav20l"}
