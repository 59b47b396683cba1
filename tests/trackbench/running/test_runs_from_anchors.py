"""``vot-st-v1``: trackers started at anchors, forwards and backwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.contracts import Video
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.exchange.target import protocol_of
from trackbench.metrics import Metric
from trackbench.metrics.catalogue import SHORT_TERM
from trackbench.metrics.toolkits import vot_multistart
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.started import Start
from trackbench.results.chunks import without_score
from trackbench.results.dataset_record import Anchored, DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.record_file import RECORD, load, save

PROTOCOL = "vot-st-v1"
FRAMES = 80
STARTS = {0: False, 50: True, 79: True}
"""Anchors of each sequence, and whether the run is backwards."""


def run_static(out: Path, **options: object) -> Results:
    chosen: dict[str, object] = {"sequences": 2, "lengths": [FRAMES], "jobs": 1, **options}
    return trackbench.run(  # type: ignore[call-overload,no-any-return]  # any of its options
        "static", datasets="mnist-single-same", protocol=PROTOCOL, out=out, **chosen
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run_static(tmp_path_factory.mktemp("anchors") / "results")


def sequences() -> list[Video]:
    dataset = registry.build_dataset(registry.datasets().get("mnist-single-same"))
    return [dataset.sequence(index, FRAMES) for index in range(2)]


def test_a_run_is_the_sequence_from_its_anchor_to_an_end(stored: Results) -> None:
    (run,) = stored.runs
    assert run.dataset.names == ("0@0", "0@50", "0@79", "1@0", "1@50", "1@79")
    at = iter(range(6))
    for video in sequences():
        for anchor, backwards in STARTS.items():
            truth = video.boxes[anchor::-1] if backwards else video.boxes[anchor:]
            tracked = run.trajectory(next(at))
            np.testing.assert_array_equal(tracked.truth[0], truth)
            np.testing.assert_array_equal(tracked.predicted[0], np.tile(truth[0], (len(truth), 1)))


def test_the_numbers_are_those_of_the_sequences_with_all_their_runs(stored: Results) -> None:
    (run,) = stored.runs
    expected = []
    for video in sequences():
        runs = [
            vot_multistart.started_run(
                np.tile(video.boxes[anchor], (anchor if backwards else FRAMES - 1 - anchor, 1)),
                video.boxes,
                anchor,
                backwards=backwards,
                frame=(100, 100),
            )
            for anchor, backwards in STARTS.items()
        ]
        expected.append(vot_multistart.MultiStart(tuple(runs), FRAMES))
    found = [float(measured.totals[0]) for measured, _ in run.measured(SHORT_TERM)]
    assert found == [
        vot_multistart.mean_accuracy(expected),
        vot_multistart.mean_robustness(expected),
        vot_multistart.eao(expected, 115, 755),
    ]
    assert 0 < found[1] < 1


def test_a_sequence_counts_once_by_the_mean_over_its_runs(stored: Results) -> None:
    (run,), (cell,) = stored.runs, stored.cells()
    of_runs = [float(run.trajectory(index).iou[0, 1:].mean()) for index in range(6)]
    means = np.mean(np.reshape(of_runs, (2, 3)), axis=1)
    assert cell.sequences == 2
    assert cell.mean == pytest.approx(means.mean(), abs=1e-12)
    assert cell.std == pytest.approx(means.std(ddof=1), abs=1e-12)
    said = str(trackbench.report(stored, "markdown"))
    assert "over 2 sequences" in said
    assert "6 runs of 51 to 80 frames, from anchors in 2 sequences of mnist-single-same-v1" in said


def test_all_metrics_are_those_of_runs_from_anchors_and_others_are_refused(stored: Results) -> None:
    said = str(trackbench.report(stored, "markdown", metrics=["all", "toolkits"]))
    assert all(f"**{metric.id}**" in said for metric in SHORT_TERM)
    apart = "one pass through each sequence, and these are runs from anchors"
    with pytest.raises(TrackbenchError, match=apart):
        trackbench.report(stored, "markdown", metrics=["auc@otb"])
    assert [score.metric for score in trackbench.rescore(stored).runs[0].scores] == [
        metric.id for metric in SHORT_TERM
    ]
    with pytest.raises(ToolkitRefusesError, match="these are runs from anchors"):
        stored.runs[0].metric(Metric.named("auc@otb"))


def test_what_is_stored_is_not_run_again_and_stays_apart(stored: Results) -> None:
    told: list[str] = []
    run_static(stored.path, tell=told.append)
    assert any("all stored" in line for line in told)
    parts = digests(stored.path)
    one_pass = trackbench.run(
        "static", datasets="mnist-single-same", sequences=2, lengths=[FRAMES], out=stored.path
    )
    with pytest.raises(ToolkitRefusesError, match="runs from several anchors, and this is one"):
        one_pass.runs[0].metric(Metric.named("eao@vot-st"))
    assert digests(stored.path).items() >= parts.items()
    with pytest.raises(TrackbenchError, match="holds paper-v1 and vot-st-v1"):
        Results.load(stored.path)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            lambda path: run_static(path, lengths=[40, 80]),
            "one length of lengths says how many frames",
        ),
        (
            lambda path: trackbench.export_results(path, "vot", path / "new", protocol=PROTOCOL),
            "files are written of one pass",
        ),
        (
            lambda path: protocol_of(path, PROTOCOL),
            "run here and not imported",
        ),
    ],
)
def test_what_makes_no_sense_of_runs_is_refused(
    stored: Results, act: Callable[[Path], object], said: str
) -> None:
    before = digests(stored.path)
    with pytest.raises(TrackbenchError, match=said):
        act(stored.path)
    assert digests(stored.path) == before
    assert not protocol_of(stored.path, None).several_starts  # an import does not join them


@pytest.mark.parametrize("start", [Start(0, 79, True, 79), Start(0, 3, True, 80)])
def test_anchors_that_do_not_fit_their_runs_are_damage(tmp_path: Path, start: Start) -> None:
    path = tmp_path / RECORD
    of = registry.datasets().get("mnist-single-same")
    record = DatasetRecord.of(of, "0" * 64, 1, (100, 100), (80,), 0)
    anchored = Anchored("mnist-single-same-v1", (start,))
    save(replace(record, anchored=anchored), path)
    with pytest.raises(DamagedFileError, match="anchor"):
        load(DatasetRecord, path)


def test_a_run_whose_target_is_not_known_again_keeps_its_place() -> None:
    boxes = np.full((4, 4), np.nan)
    boxes[0] = 1, 2, 3, 4
    assert without_score(boxes).all()  # the test sets of servers
    assert without_score(boxes, a_run=True).tolist() == [False, True, True, True]


@pytest.mark.thorough
def test_only_what_is_known_of_the_target_can_start_it(tmp_path: Path) -> None:
    load_plugin(Path(__file__).parents[2] / "plugins" / "uneven.py")
    results = trackbench.run("static", datasets="uneven", protocol=PROTOCOL, out=tmp_path, jobs=1)
    (run,) = results.runs
    assert run.dataset.anchored is not None
    starts = [each.anchor for each in run.dataset.anchored.starts if each.sequence == 2]
    assert starts == [0, 50, 99]  # 40 to 49 have no true box
    assert {each.frames for each in run.dataset.anchored.starts} == {30, 7, 100, 55, 64}
    assert not run.unreadable


@pytest.mark.thorough
def test_a_damaged_first_image_spoils_its_sequence_alone(tmp_path: Path) -> None:
    for name in ("Boy", "Girl"):
        write_images(tmp_path / "data" / name / "img", numbered(1, 3))
        write(tmp_path / "data" / name / "groundtruth_rect.txt", rows(3))
    damaged = tmp_path / "data" / "Boy" / "img" / "0001.jpg"
    content = damaged.read_bytes()
    damaged.write_bytes(content[:60] + bytes(len(content) - 80) + content[-20:])
    results = trackbench.run(
        "static", datasets=f"otb:{tmp_path / 'data'}", protocol=PROTOCOL, out=tmp_path / "r", jobs=1
    )
    (run,) = results.runs
    assert run.dataset.names == ("Boy@0", "Girl@0", "Girl@2")
    (failure,) = run.unreadable
    assert failure.sequence == 0
    assert "0001.jpg" in failure.message
    robustness, _ = next(iter(run.measured([Metric.named("robustness@vot-st")])))
    assert robustness.totals.tolist() == [1.0]


@pytest.mark.thorough
def test_the_same_bytes_for_any_number_of_jobs_and_in_shards(
    stored: Results, tmp_path: Path
) -> None:
    expected = digests(stored.path, PROTOCOL)
    two = run_static(tmp_path / "two", jobs=2)
    assert digests(two.path, PROTOCOL) == expected
    shards = [tmp_path / str(number) for number in (1, 2)]
    for number, shard in enumerate(shards, 1):
        run_static(shard, shard=f"{number}/2")
    trackbench.merge(shards, tmp_path / "whole")
    assert digests(tmp_path / "whole", PROTOCOL) == expected


def digests(path: Path, protocol: str = "") -> dict[str, str]:
    """Return the SHA-256 of each part, by its place."""
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*.parquet"))
        if protocol in str(file)
    }
