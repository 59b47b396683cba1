"""``replay:FOLDER``: stored boxes come back to the last digit, or in one line as what is wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import trackbench
from trackbench.plugins.fingerprints import tracker_fingerprint
from trackbench.plugins.loading import load_plugin
from trackbench.running.chosen_trackers import tracker_named

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
PLUGINS = Path(__file__).parents[1] / "plugins"
TINY = {"datasets": ["tiny", "tiny-other"], "jobs": 1, "tell": str}
BOXES = np.random.default_rng(3).uniform(1, 20, (3, 4, 4)) / 3


def stored(run: trackbench.Run) -> tuple[NDArray[np.float64], ...]:
    """Return all boxes (N, T, 4), confidences and absence (N, T) of a run."""
    found = list(run.trajectories())
    nothing = np.full(run.iou.shape, np.nan)
    return (
        np.concatenate([each.predicted for each in found]),
        nothing
        if found[0].confidence is None
        else np.concatenate([each.confidence for each in found if each.confidence is not None]),
        nothing
        if found[0].absent is None
        else np.concatenate([each.absent for each in found if each.absent is not None]),
    )


REPLAYED = ("ncc", "unsure", "crashes")


@dataclass(frozen=True)
class Replayed:
    """Runs of trackers, and of what replays them; ``folder`` holds the results of the former."""

    folder: Path
    before: trackbench.Results
    again: trackbench.Results


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    for plugin in ("tiny", "unsure"):
        load_plugin(PLUGINS / f"{plugin}.py")
    folder = tmp_path_factory.mktemp("replayed")
    before = trackbench.run([*REPLAYED, "static"], out=folder / "r", **TINY)  # type: ignore[arg-type]
    again = [
        replace(tracker_named(f"replay:{folder / 'r'}:{tracker}"), id=f"again-{tracker}")
        for tracker in REPLAYED
    ]
    return Replayed(folder / "r", before, trackbench.run(again, out=folder / "again", **TINY))  # type: ignore[arg-type]


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", REPLAYED)
def test_a_results_directory_comes_back_to_the_last_digit(
    tracker: str, replayed: Replayed, tmp_path: Path
) -> None:
    before = [run for run in replayed.before.runs if tracker in run.record.tracker]
    expected = {run.record.dataset: run for run in before}
    again = [run for run in replayed.again.runs if run.record.tracker == f"again-{tracker}"]
    assert {run.record.dataset for run in again} == {"tiny-v1", "tiny-other-v1"}
    for run in again:
        theirs = expected[run.record.dataset]
        assert failures(run) == failures(theirs)
        assert bool(failures(run)) == (tracker == "crashes")
        for one, other in zip(stored(run), stored(theirs), strict=True):
            assert np.array_equal(one, other, equal_nan=True)
        assert np.array_equal(run.iou, theirs.iou)
        assert (run.invalid, run.absent) == (theirs.invalid, theirs.absent)
    if tracker == "unsure":
        name = f"replay:{replayed.folder}:{tracker}"
        of_other_seed = replace(trackbench.registry.datasets().get("tiny"), seed=7)
        with pytest.raises(trackbench.TrackbenchError, match="on other data of the name tiny-v1"):
            trackbench.run(name, datasets=of_other_seed, out=tmp_path / "other", jobs=1)
        assert not (tmp_path / "other").exists()


def failures(run: trackbench.Run) -> list[tuple[int, int]]:
    return [(failure.sequence, failure.frame) for failure in run.record.failures]


def write(
    folder: Path, between: str = ",", after: str = "\n", of: str = "mnist-single-same"
) -> None:
    """Write the boxes, a file for each sequence."""
    (folder / of).mkdir(parents=True, exist_ok=True)
    for index, boxes in enumerate(BOXES.tolist()):
        lines = [between.join(map(repr, row)) for row in boxes]
        (folder / of / f"{index}.txt").write_text(after.join(lines) + after)


RUN = ("--dataset", "mnist-single-same", "--sequences", "3", "--lengths", "4", "--jobs", "1")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("between", "after", "of"),
    [
        (",", "\n", "mnist-single-same"),
        ("\t", "\r\n", "mnist-single-same-v1"),
        ("  ", "\n", "."),
        (", ", "\n\n", "none of these"),
    ],
)
def test_text_files_of_every_kind(between: str, after: str, of: str, tmp_path: Path) -> None:
    if after == "\n\n":  # got10k's folders, and blank lines at the end
        for index, boxes in enumerate(BOXES.tolist()):
            (tmp_path / "boxes" / str(index)).mkdir(parents=True)
            text = "\n".join(between.join(map(repr, row)) for row in boxes) + "\n\n\n"
            (tmp_path / "boxes" / str(index) / f"{index}_001.txt").write_text(text)
            (tmp_path / "boxes" / str(index) / f"{index}_time.txt").write_text("0.01\n" * 4)
    else:
        write(tmp_path / "boxes", between, after, of)
    (run,) = trackbench.run(
        f"replay:{tmp_path / 'boxes'}",
        datasets="mnist-single-same",
        sequences=3,
        lengths=[4],
        out=tmp_path / "r",
        jobs=1,
    ).runs
    assert run.record.tracker == "replay-boxes"
    assert np.array_equal(stored(run)[0], BOXES)


@pytest.mark.thorough
def test_confidence_absence_and_the_first_line_of_vot(tmp_path: Path) -> None:
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / "0.txt").write_text("1\n1,2,3,4,0.25\nnan,nan,nan,nan\n1 2 3 4\n")
    (run,) = trackbench.run(
        f"replay:{tmp_path / 'boxes'}",
        datasets="mnist-single-same",
        sequences=1,
        lengths=[4],
        out=tmp_path / "r",
        jobs=1,
    ).runs
    boxes, sure, absent = stored(run)
    assert run.iou[0, 0] == 1.0
    assert boxes[0, 1].tolist() == boxes[0, 3].tolist() == [1, 2, 3, 4]
    assert np.array_equal(sure[0], [np.nan, 0.25, np.nan, np.nan], equal_nan=True)
    assert absent[0].tolist() == [False, False, True, False]


def test_files_count_by_their_content(tmp_path: Path) -> None:
    prints = set()
    for folder in ("one", "two"):
        write(tmp_path / folder / "boxes")
        prints.add(tracker_fingerprint(tracker_named(f"replay:{tmp_path / folder / 'boxes'}")))
    assert len(prints) == 1
    file = tmp_path / "two" / "boxes" / "mnist-single-same" / "2.txt"
    file.write_text(file.read_text().replace("1", "2"))
    prints.add(tracker_fingerprint(tracker_named(f"replay:{tmp_path / 'two' / 'boxes'}")))
    assert len(prints) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"2.txt": None}, "boxes has no boxes for sequence 2 of mnist-single-same-v1"),
        (
            {"2.txt": "1,2,3,4\n"},
            "has 1 boxes for sequence 2 of mnist-single-same-v1, and 4 frames",
        ),
        (
            {"2.txt": "1,2,3,4\n" * 161},
            "has 161 boxes for sequence 2 of mnist-single-same-v1, which",
        ),
        ({"1.txt": "1,2,3,4\n1,2,3\n"}, "line 2 of"),
        ({"1.txt": "1,2,3,4\n\n1,2,3,4\n"}, "line 2 of"),
        ({"1.txt": "1,2,3,x\n"}, "1.txt is no box: '1,2,3,x', not x, y, w, h"),
        ({"1.txt": "1,2,3,inf\n"}, "1.txt is no box"),
        ({"1.txt": "1,2,3,4,5,6,7,8\n"}, "1.txt is no box"),
        ({"1.txt": ""}, "1.txt holds no boxes"),
        ({"0.txt": None, "1.txt": None, "2.txt": None}, "boxes holds no boxes: neither results"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_before_anything_runs(
    change: dict[str, str | None], said: str, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    write(tmp_path / "boxes")
    for name, text in change.items():
        file = tmp_path / "boxes" / "mnist-single-same" / name
        if text is None:
            file.unlink()
        else:
            file.write_text(text)
    done = trackbench_cli("run", "-t", "replay:boxes", *RUN, "--out", "r")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert said in done.stderr
    assert not (tmp_path / "r").exists()


def test_which_tracker_of_several_must_be_said(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    small = ("--dataset", "mnist-single-same", "--sequences", "1", "--lengths", "2", "--jobs", "1")
    assert trackbench_cli("run", "-t", "ncc", "-t", "static", *small, "-o", "r").returncode == 0
    for name, said in (
        ("replay:r", "r has boxes of ncc-v1, static-v1: write replay:"),
        ("replay:r:ncc-v2", "did you mean ncc-v1?"),
        ("replay:none", "there is no folder none to replay"),
    ):
        done = trackbench_cli("run", "-t", name, *small, "--out", "again")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert said in done.stderr
    assert not (tmp_path / "again").exists()
    shown = trackbench_cli(
        "show", "mnist-single-same", "-t", "replay:r:ncc", "--length", "2", "-o", "a.png"
    )
    assert (shown.returncode, shown.stderr) == (0, "")
