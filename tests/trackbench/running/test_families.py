"""Trackers that are written for other toolkits run unchanged."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named

FAMILIES = ["ncc-got10k", "ncc-pysot", "ncc-pytracking"]


def run_of(results: Results, tracker: str) -> Run:
    (run,) = [run for run in results.runs if run.record.tracker == tracker]
    return run


@pytest.mark.thorough
def test_the_same_tracker_gives_the_same_boxes_in_each_family(
    run_tiny: Callable[..., Results],
) -> None:
    results = run_tiny("families.py", ["ncc", *FAMILIES])
    for dataset in ("tiny-v1", "tiny-other-v1"):
        expected, *others = (
            np.concatenate([tracked.predicted for tracked in run.trajectories()])
            for name in ["ncc-v1", *FAMILIES]
            for run in results.runs
            if (run.record.tracker, run.record.dataset) == (name, dataset)
        )
        assert np.isfinite(expected).all()
        for found in others:
            assert np.array_equal(found, expected)


@pytest.mark.thorough
def test_what_their_dictionaries_say_beside_boxes(run_tiny: Callable[..., Results]) -> None:
    names = ["ncc-pysot", "segments", "loses"]
    results = run_tiny("families.py", names, datasets=["tiny-other"])
    (scored, *_) = run_of(results, "ncc-pysot").trajectories()
    assert scored.confidence is not None
    assert np.array_equal(scored.confidence[0, 1:], np.full(7, 0.5))
    (masked, *_) = run_of(results, "segments").trajectories()
    assert masked.confidence is not None
    assert masked.absent is not None
    assert masked.absent[0].tolist() == [False, False, True, False, True, False, True, False]
    assert masked.predicted[0, 1].tolist() == masked.truth[0, 0].tolist()
    assert np.allclose(masked.confidence[0, 1:], 1 / np.arange(1, 8))
    (lost, *_) = run_of(results, "loses").trajectories()
    assert lost.absent is not None
    assert lost.absent[0].tolist() == [False] + [True] * 7
    assert lost.predicted[0, 0].tolist() == lost.truth[0, 0].tolist()


@pytest.mark.thorough
def test_an_answer_that_is_none_of_the_family_is_named(run_tiny: Callable[..., Results]) -> None:
    (run,) = run_tiny("families.py", ["no-dict"], datasets=["tiny-other"]).runs
    assert {failure.kind for failure in run.record.failures} == {FailureKind.RAISED}
    assert "track returned an object of class list, not a dict with bbox" in (
        run.record.failures[0].message
    )


THEIRS = """
class Tracker:
    def __init__(self, step=0):
        self.step = step

    def init(self, img, bbox):
        self.box = bbox

    def track(self, img):
        return {"bbox": [self.box[0] + self.step, *self.box[1:]]}


def build(step=0):
    return Tracker(step)


class Ours:
    def init(self, frame, box): ...

    def update(self, frame): ...
"""


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of somebody's own in the working folder."""
    monkeypatch.chdir(tmp_path)
    # not the module of the test before
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "somebodys_tracker", raising=False)
    file = tmp_path / "somebodys_tracker.py"
    file.write_text(THEIRS)
    return file


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize("name", ["Tracker", "build"])
def test_it_is_named_on_the_command_line(name: str, run_tiny: Callable[..., Results]) -> None:
    given = f"pysot:somebodys_tracker:{name}"
    (run,) = run_tiny("tiny.py", [given], datasets=["tiny-other"], sequences=1).runs
    assert run.record.tracker == name.lower()
    assert not run.record.failures
    assert run.iou[0, 0] == 1


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (
            "pysott:somebodys_tracker:build",
            UnknownIdError,
            "unknown scheme 'pysott': did you mean pysot",
        ),
        ("pysot:somebodys_tracker", TrackbenchError, "write pysot:package.module:Class"),
        ("pysott:build", TrackbenchError, "no module 'pysott'.*did you mean the scheme pysot?"),
        ("pysot:nobodys:build", TrackbenchError, "there is no module 'nobodys'"),
        ("pysot:somebodys_tracker:nothing", TrackbenchError, "has no 'nothing'"),
        ("got10k:somebodys_tracker:Tracker", TrackbenchError, "Tracker has no method update"),
        ("pysot:somebodys_tracker:Ours", TrackbenchError, "Ours has no method track"),
        ("pytracking:somebodys_tracker:build", TrackbenchError, "it has no method initialize"),
    ],
)
def test_what_is_wrong_with_a_name_is_said_and_nothing_is_written(
    given: str,
    kind: type[TrackbenchError],
    message: str,
    tmp_path: Path,
    run_tiny: Callable[..., Results],
) -> None:
    with pytest.raises(kind, match=message):
        run_tiny("tiny.py", [given], datasets=["tiny-other"])
    assert not list((tmp_path / "r").rglob("*.parquet"))


@pytest.mark.thorough
def test_the_name_of_a_built_in_tracker_is_no_hindrance(
    theirs: Path, run_tiny: Callable[..., Results]
) -> None:
    theirs.write_text(THEIRS + "class Kcf(Tracker): ...\n")
    given = ["kcf", "pysot:somebodys_tracker:Kcf"]
    runs = run_tiny("tiny.py", given, datasets=["tiny-other"], sequences=1).runs
    assert [run.record.tracker for run in runs] == ["kcf-v1", "somebodys-tracker-kcf"]


@pytest.mark.usefixtures("theirs")
def test_its_source_and_its_family_count() -> None:
    def fingerprint(given: str) -> str:
        look_in_working_folder([given])
        return tracker_identity(tracker_named(given)).fingerprint

    ours = fingerprint("somebodys_tracker:Ours")
    assert ours != fingerprint("got10k:somebodys_tracker:Ours")
    assert ours == fingerprint("somebodys_tracker:Ours")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("tracker", "points"),
    [
        (FAMILIES[0], set()),
        (FAMILIES[1], set()),
        (FAMILIES[2], set()),
        ("swapped", {"bgr"}),
        ("from-one", {"shifted"}),
    ],
)
def test_a_check_sees_through_a_family(tracker: str, points: set[str]) -> None:
    from trackbench.plugins.loading import load_plugin
    from trackbench.testing import check_tracker

    load_plugin(Path(__file__).parents[2] / "plugins" / "families.py")
    check = check_tracker(tracker, frames=0)
    assert set(check.names) == points
