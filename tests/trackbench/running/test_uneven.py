"""Videos that differ in length and size, with frames that have no true box, or cannot be read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.errors import IncompatibleResultsError, TrackbenchError
from trackbench.metrics import METRICS, Trajectories, mask_iou
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.loading import load_plugin
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.record_file import RECORD, save
from trackbench.results.run import Run
from trackbench.running import films

RunTiny = Callable[..., Results]
PLUGIN = Path(__file__).parents[2] / "plugins" / "uneven.py"
LENGTHS = (30, 7, 100, 55, 7, 64)


@pytest.fixture
def run_uneven(run_tiny: RunTiny) -> RunTiny:
    def call(trackers: list[str], **options: Any) -> Results:
        options = {"datasets": ["uneven"], "lengths": [20, 60, "full"], **options}
        return run_tiny("uneven.py", trackers, **options)

    return call


@pytest.mark.thorough
def test_scores_are_means_over_what_each_sequence_has(run_uneven: RunTiny) -> None:
    (run,) = run_uneven(["ncc"]).runs
    assert [tracked.iou.shape for tracked in run.trajectories()] == [(1, n) for n in LENGTHS]
    for index, tracked in enumerate(run.trajectories()):
        size = (60 + 10 * index, 80 + 10 * index)
        known = ~np.isnan(tracked.truth[0, :, 0])
        assert known.sum() == LENGTHS[index] - 10 * (index == 2)
        iou = mask_iou(tracked.predicted[0], tracked.truth[0], size)
        for column, length in enumerate((20, 60, LENGTHS[index])):
            expected = iou[:length][known[:length]].mean() if length <= len(iou) else np.nan
            assert run.scores[index, column] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    counts = [(cell.length_label, cell.sequences) for cell in run.cells()]
    assert counts == [("20", 4), ("60", 2), ("full", 6)]
    for cell, column in zip(run.cells(), run.scores.T, strict=True):
        assert cell.mean == pytest.approx(np.nanmean(column), abs=1e-12)


@pytest.mark.thorough
def test_metrics_see_the_frames_that_have_a_true_box(run_uneven: RunTiny) -> None:
    (run,) = run_uneven(["kcf"]).runs
    for metric, scores in zip(METRICS, run.metrics(METRICS), strict=True):
        for index, tracked in enumerate(run.trajectories()):
            known = ~np.isnan(tracked.truth[0, :, 0])
            alone = Trajectories(
                predicted=tracked.predicted[:, known],
                truth=tracked.truth[:, known],
                iou=tracked.iou[:, known],
                frame=tracked.frame,
            )
            # TrackingNet's devkit has a rule for frames without a true box: they are misses.
            seen = tracked if metric.every_frame else alone
            assert scores[index, 2] == pytest.approx(float(metric.of(seen)[0]), nan_ok=True)
        assert np.isnan(scores[[1, 4], 0]).all()


@pytest.mark.parametrize("block", [1, 10_000, 200_000, films.BLOCK_BYTES])
def test_blocks_hold_all_frames_in_order(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "BLOCK_BYTES", block)
    load_plugin(PLUGIN)
    dataset = registry.build_dataset(registry.datasets().get("uneven"))
    for index, length in enumerate(LENGTHS):
        frames = make_sequence(dataset, index).frames
        files, found = films.FrameFiles(), []
        looked: list[tuple[int, int]] = []
        look = partial(_note, looked)
        film = films.Film(frames, files, look)
        for part in film.blocks():
            assert part.start == sum(map(len, found))
            found.append(part.file.frames[: part.stop - part.start].copy())
            film.give_back(part, kept=False)
        files.close()
        assert np.array_equal(np.concatenate(found), frames)
        assert sum(count for _, count in looked) == length
        assert film.in_one == (len(found) == 1)


def test_an_error_on_its_way_is_not_hidden_by_the_memory_that_it_holds() -> None:
    def fails(_start: int, _frames: Any) -> None:
        raise KeyError("of the data set")

    files = films.FrameFiles()
    film = films.Film(np.zeros((2, 4, 5), np.uint8), files, fails)
    try:
        next(film.blocks())
    except KeyError:  # its traceback has a view of the frames
        files.close()


@pytest.mark.thorough
def test_large_frames_come_in_blocks(run_uneven: RunTiny) -> None:
    (keeps, peeks) = run_uneven(["hoarder", "peeking"], datasets=["large"]).runs
    assert not keeps.failures
    assert not peeks.failures
    assert np.array_equal(keeps.scores, peeks.scores)
    assert (peeks.scores == 1).all()
    (dies,) = run_uneven(["ending"], datasets=["large"], out="ending").runs
    assert [(f.sequence, f.frame) for f in dies.failures] == [(0, 51)]


@pytest.mark.thorough
def test_jobs_and_company_change_nothing(run_uneven: RunTiny) -> None:
    two = run_uneven(["ncc", "kcf"], out="two", jobs=2)
    one = run_uneven(["kcf"], out="one", jobs=1)
    assert _parts(two.path, "kcf-v1") == _parts(one.path, "kcf-v1")


@pytest.mark.thorough
def test_frames_that_a_tracker_keeps_stay_what_they_were(run_uneven: RunTiny) -> None:
    (run,) = run_uneven(["hoarder"]).runs
    assert not run.record.failures


@pytest.mark.thorough
def test_an_end_in_a_late_block_spoils_that_sequence_from_there(run_uneven: RunTiny) -> None:
    (run,) = run_uneven(["ending"]).runs
    assert [(f.sequence, f.frame) for f in run.failures] == [(2, 51), (3, 51), (5, 51)]
    assert (run.iou[3, 51:55] == 0).all()
    assert np.isnan(run.iou[3, 55:]).all()


@pytest.mark.thorough
def test_what_cannot_be_read_is_the_datas_failure(run_uneven: RunTiny) -> None:
    whole = run_uneven(["ncc"], out="whole").runs[0]
    results = run_uneven(["ncc"], datasets=["uneven-damaged"])
    (run,) = results.runs
    assert not run.failures
    assert [(f.sequence, f.kind) for f in run.unreadable] == [
        (2, FailureKind.DATA),
        (4, FailureKind.DATA),
    ]
    assert "sequence 2, frame 60" in run.unreadable[0].message
    assert "0002/00000060.jpg is truncated" in run.unreadable[0].message
    assert np.isnan(run.scores[[2, 4]]).all()
    kept = [0, 1, 3, 5]
    assert np.array_equal(run.scores[kept], whole.scores[kept], equal_nan=True)
    assert [cell.sequences for cell in run.cells()] == [3, 1, 4]
    for form in ("text", "markdown", "latex"):
        said = " ".join(str(trackbench.report(results, form)).split())
        assert "2 sequences not scored, for a frame cannot be read" in said


@pytest.mark.thorough
def test_it_goes_on_where_it_was(run_uneven: RunTiny, tmp_path: Path) -> None:
    (whole,) = run_uneven(["ncc"], out="whole").runs
    (run,) = run_uneven(["ncc"]).runs
    _lose_a_part(run)
    (again,) = run_uneven(["ncc"]).runs
    assert np.array_equal(again.scores, whole.scores, equal_nan=True)
    assert _parts(tmp_path / "r", "ncc-v1") == _parts(tmp_path / "whole", "ncc-v1")


@pytest.mark.thorough
def test_another_choice_of_frames_is_refused(run_uneven: RunTiny) -> None:
    run_uneven(["ncc"])
    with pytest.raises(
        IncompatibleResultsError,
        match="6 sequences of up to 100 frames of uneven-v1, not 6 of up to 50",
    ):
        run_uneven(["ncc"], lengths=[50])


@pytest.mark.thorough
def test_compared_checked_and_shown(run_uneven: RunTiny, tmp_path: Path) -> None:
    results = run_uneven(["ncc", "static"], datasets=["uneven", "tiny"], lengths=[5, "full"])
    rows = trackbench.compare(["ncc", "static"], results).differences
    found = [(row.dataset, row.length, row.sequences) for row in rows]
    assert found == [
        ("uneven-v1", 5, 6),
        ("uneven-v1", "full", 6),
        ("tiny-v1", 5, 9),
        ("tiny-v1", 8, 9),
    ]
    trackbench.baseline(results, tmp_path / "b.json")
    verdict = trackbench.check(results.path, tmp_path / "b.json")
    assert not verdict.regressed
    assert {cell.length for cell in verdict.cells} == {5, 8, "full"}
    lines = list(csv.DictReader(io.StringIO(str(trackbench.report(results, "csv")))))
    assert [line["length"] for line in lines] == ["5", "full", "5", "8"] * 2
    assert "full" in str(trackbench.report(results, "html"))


@pytest.mark.thorough
def test_a_loss_in_short_sequences_is_seen(run_uneven: RunTiny, tmp_path: Path) -> None:
    good = run_uneven(["peeking"], lengths=[20, "full"])
    trackbench.baseline(good, tmp_path / "b.json")
    text = (tmp_path / "b.json").read_text().replace('"peeking"', '"static-v1"')
    found = json.loads(text)
    found.pop("sha256")
    (tmp_path / "b.json").write_text(json.dumps(found))
    bad = run_uneven(["static"], out="bad", lengths=[20, "full"])
    verdict = trackbench.check(bad.path, tmp_path / "b.json", alpha=1.0)
    assert verdict.regressed
    assert [cell.sequences for cell in verdict.cells] == [4, 6]


def test_a_suite_may_score_whole_sequences(run_uneven: RunTiny) -> None:
    suite = trackbench.Suite(id="ours-v1", datasets=("uneven-v1",), lengths=(20,), full=True)
    results = run_uneven(["static"], datasets=(), lengths=None, suite=suite)
    assert [cell.length_label for cell in results.cells()] == ["20", "full"]


@pytest.mark.parametrize(
    ("lengths", "message"),
    [([200], "has up to 100 frames a sequence, not 200"), (["all"], "'all' is no number")],
)
def test_lengths_that_are_none(lengths: list[Any], message: str, run_uneven: RunTiny) -> None:
    with pytest.raises(TrackbenchError, match=message):
        run_uneven(["ncc"], lengths=lengths)


def test_what_is_read_for_a_frame_is_noted(run_tiny: RunTiny, tmp_path: Path) -> None:
    """Frames are read long after ``sequence`` has returned, in a thread."""
    light = tmp_path / "light.txt"
    light.write_text("3")
    plugin = tmp_path / "lit.py"
    plugin.write_text(
        "import os\n"
        "import numpy as np\n"
        "from trackbench import DatasetSpec, Video\n"
        "class Frames:\n"
        "    def __init__(self, count):\n"
        "        self.count = count\n"
        "    def __len__(self):\n"
        "        return self.count\n"
        "    def __getitem__(self, t):\n"
        "        if t < 3:\n"
        "            return np.full((20, 20), t, np.uint8)\n"
        "        with open(os.path.join(os.path.dirname(__file__), 'light.' + 'txt')) as file:\n"
        "            return np.full((20, 20), int(file.read()) + t, np.uint8)\n"
        "class Lit:\n"
        "    def __init__(self, spec):\n"
        "        self.spec = spec\n"
        "    def sequence(self, index, length=None):\n"
        "        length = length or 6\n"
        "        return Video(Frames(length), np.tile([4.0, 4, 6, 6], (6, 1))[:length])\n"
        "LIT = DatasetSpec(id='lit-v1', factory=Lit, seed=0, sequences=2, length=6)\n"
    )
    told: list[str] = []
    run_tiny(plugin, ["static"], datasets=["lit"], tell=told.append)
    assert any("light.txt" in line for line in told), told
    light.write_text("4")
    with pytest.raises(IncompatibleResultsError, match="other frames"):
        run_tiny(plugin, ["ncc"], datasets=["lit"])


def _note(looked: list[tuple[int, int]], start: int, frames: Any) -> None:
    looked.append((start, len(frames)))


def _parts(path: Path, tracker: str) -> dict[str, bytes]:
    parts = (path / "runs" / tracker).rglob("part-*.parquet")
    return {part.name: part.read_bytes() for part in parts}


def _lose_a_part(run: Run) -> None:
    """Make a run as a kill leaves it: the record does not know of the last part."""
    last = max(run.record.chunks)
    chunks = {n: chunk for n, chunk in run.record.chunks.items() if n != last}
    save(replace(run.record, chunks=chunks), run.folder / RECORD)
