"""Stored results scored as toolkits do: from files on disk, through a run, to every output."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from video_trees import numbered, write, write_images

import trackbench
from tests.support.toolkit_scores import boxes
from trackbench.metrics import TOOLKIT_METRICS
from trackbench.metrics.toolkits import got10k, ostrack, pysot, pysot_toolkit, pytracking
from trackbench.metrics.toolkits.pytracking import Family
from trackbench.metrics.toolkits.vot_accuracy import accuracy, mean_accuracy

Commands = Callable[..., Any]
FRAME = (24, 32)
# The target walks to the right; it touches the left edge at first, is flagged as hidden in frames
# 4 and 5, and absent in the last two.
LONG = [[at, 3, 8, 9] for at in range(10)] + [[0, 0, 0, 0], [-1, -1, -1, -1]]
SHORT = [[4, 3, 8, 9]] * 4
HIDDEN = [4, 5]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a tracker that never moves on two sequences in LaSOT's layout."""
    folder = tmp_path_factory.mktemp("rescored")
    for name, truth in (("airplane-1", LONG), ("airplane-9", SHORT)):
        place = folder / "data" / "airplane" / name
        write_images(place / "img", numbered(1, len(truth), "{:08d}.jpg"), FRAME)
        write(place / "groundtruth.txt", "".join(f"{','.join(map(str, row))}\n" for row in truth))
        hidden = [int(at in HIDDEN and name == "airplane-1") for at in range(len(truth))]
        write(place / "full_occlusion.txt", ",".join(map(str, hidden)) + "\n")
        write(place / "out_of_view.txt", ",".join("0" * len(truth)) + "\n")
    trackbench.run("static", datasets=[f"lasot:{folder / 'data'}"], out=folder / "results", jobs=1)
    return folder / "results"


def answers(truth: list[list[int]]) -> np.ndarray:
    return np.tile(np.array(truth[0], float), (len(truth), 1))


def visible(truth: list[list[int]]) -> np.ndarray:
    """What LaSOT's flags say: rows of zeros are not flagged here, and so are truths to toolkits."""
    found = np.ones(len(truth), bool)
    if truth is LONG:
        found[HIDDEN] = False
    return found


@pytest.fixture(scope="module")
def scores(stored: Path) -> dict[str, float | None]:
    rows = json.loads(trackbench.rescore(stored).render("json"))
    return {row["metric"]: row["value"] for row in rows}


def test_numbers_are_the_toolkits_own_of_the_files_that_were_read(
    scores: dict[str, float | None],
) -> None:
    expected: dict[str, list[Any]] = {name: [] for name in ("pysot", "pysot-toolkit", "got10k")}
    expected |= {"pytracking": [], "ostrack": []}
    for truth in (LONG, SHORT):
        given, true, seen = answers(truth), boxes(truth), visible(truth)
        expected["pysot"].append(pysot.evaluate(given, true, seen))
        expected["pysot-toolkit"].append(pysot_toolkit.evaluate(given, true, seen))
        expected["got10k"].append(got10k.evaluate_lasot(given, true))
        for name, module in (("pytracking", pytracking), ("ostrack", ostrack)):
            expected[name].append(module.evaluate(given, true, Family.LASOT, seen))
    read = {
        "auc": "auc",
        "precision20": "precision20",
        "normalised-precision20": "normalised20",
    }
    checked = []
    for toolkit, found in expected.items():
        for name, attribute in read.items():
            mean = np.mean([getattr(each, attribute) for each in found])
            assert scores[f"{name}@{toolkit}"] == pytest.approx(mean, abs=1e-12), (toolkit, name)
            checked.append(mean)
    assert len({round(value, 9) for value in checked}) > 6  # the rules do differ here


def test_got10k_and_vot_weigh_sequences_by_their_frames(scores: dict[str, float | None]) -> None:
    per_sequence, weighed = [], []
    for truth in (LONG, SHORT):
        covered = boxes(truth)[:, 2] > 0
        per_sequence.append(got10k.evaluate_got10k(answers(truth), boxes(truth), covered, FRAME))
        weighed.append(accuracy(answers(truth), boxes(truth), FRAME))
    over_frames = got10k.all_frames(per_sequence)
    assert scores["ao@got10k"] == pytest.approx(over_frames.ao, abs=1e-12)
    assert scores["sr50@got10k"] == pytest.approx(over_frames.sr50, abs=1e-12)
    assert abs(over_frames.ao - np.mean([each.ao for each in per_sequence])) > 0.05
    assert scores["accuracy@vot"] == pytest.approx(mean_accuracy(weighed, [12, 4]), abs=1e-12)


def test_a_report_has_the_same_numbers_and_says_how_they_are_averaged(
    stored: Path, scores: dict[str, float | None]
) -> None:
    text = trackbench.report(stored, "json", metrics=["toolkits", "ao@got10k"]).text
    (row,) = json.loads(text)
    for metric in TOOLKIT_METRICS:
        assert row[metric.id] == scores[metric.id]
    assert row["ao@got10k"] == scores["ao@got10k"]
    table = trackbench.report(stored, "markdown", metrics="ao@got10k").text
    assert "Mean over frames ± standard deviation over sequences" in table
    assert f"{scores['ao@got10k']:.2f}" in table
    page = trackbench.report(stored, "html", metrics="auc@pytracking").text
    assert "auc@pytracking" in page
    assert "visionml/pytracking 7eb9e74" in page


def test_the_rule_can_be_chosen(stored: Path) -> None:
    (row,) = json.loads(
        trackbench.report(
            stored, "json", metrics=["auc@pysot:otb", "auc@pytracking:lasot-valid"]
        ).text
    )
    whole = [pysot.evaluate(answers(truth), boxes(truth)).auc for truth in (LONG, SHORT)]
    assert row["auc@pysot:otb"] == pytest.approx(np.mean(whole), abs=1e-12)
    valid = [
        pytracking.evaluate(
            answers(truth), boxes(truth), Family.LASOT, visible(truth), only_valid=True
        ).auc
        for truth in (LONG, SHORT)
    ]
    assert row["auc@pytracking:lasot-valid"] == pytest.approx(np.mean(valid), abs=1e-12)


def test_what_a_toolkit_refuses_has_no_number_and_a_reason(
    stored: Path, scores: dict[str, float | None], commands: Commands
) -> None:
    assert scores["f@vot-lt"] is None
    done = commands("report", stored, "--metric", "f@vot-lt")
    assert done.code == 0
    assert "No number: f@vot-lt of static-v1 on " in done.out
    assert "the tracker gave no confidence" in done.out
    done = commands("rescore", stored)
    assert done.code == 0
    assert "f@vot-lt: static-v1 on" in done.out
    assert "LaSOT's rule" in done.out


def test_why_names_sequences_frames_and_rules(stored: Path, commands: Commands) -> None:
    done = commands("rescore", stored, "--why", "auc@pysot", "auc@pysot-toolkit")
    assert done.code == 0
    assert "they differ on 1 sequence, most first" in done.out
    assert "sequence airplane-1: " in done.out
    assert "    frame 0: the true box is at x <= 0 or y <= 0" in done.out
    assert causes_of("auc@got10k", "auc@pysot", stored, commands) == {"hidden": HIDDEN}
    # A truth of zeros is a box of a pixel that the answer is far from, or a hit.
    both = ("normalised-precision20@got10k", "normalised-precision20@pysot")
    assert causes_of(*both, stored, commands) == {"no_truth": [10, 11]}


def causes_of(first: str, second: str, stored: Path, commands: Commands) -> dict[str, list[int]]:
    """Return the frames of each cause in the first sequence, after which nothing is left."""
    told = json.loads(commands("rescore", stored, "--why", first, second, "-f", "json").out)
    (run,) = told["runs"]
    (long,) = run["differing"]
    assert long["sequence"] == 0
    assert long["left"] == pytest.approx(0.0, abs=1e-12)
    return {cause["cause"]: cause["frames"] for cause in long["causes"]}


def test_averaging_is_told_as_a_rule(stored: Path, commands: Commands) -> None:
    done = commands("rescore", stored, "--why", "ao@got10k", "ao@ostrack")
    assert done.code == 0
    assert "averaging: over sequences, each alike, they would be " in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "there is no results directory nowhere"),
        (("--why", "auc@gotk", "iou"), "unknown metric 'auc@gotk': did you mean auc@got10k?"),
        (("--format", "yaml"), "yaml"),
    ],
)
def test_a_mistake_gets_one_line(
    stored: Path, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    where = () if arguments[0] == "nowhere" else (stored,)
    done = commands("rescore", *where, *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_check_by_a_toolkits_metric(stored: Path, commands: Commands, tmp_path: Path) -> None:
    kept = commands("baseline", stored, "--metric", "auc@pysot", "--out", "auc.json")
    assert kept.code == 0
    found = json.loads((tmp_path / "auc.json").read_text())
    assert (found["schema"], found["metric"]) == (5, "auc@pysot")
    whole = [pysot.evaluate(answers(t), boxes(t), visible(t)).auc for t in (LONG, SHORT)]
    (run,) = found["runs"]
    assert run["scores"] == [[round(score, 4)] for score in whole]
    same = commands("check", stored, "--baseline", "auc.json", "--alpha", "1")
    assert same.code == 0
    assert "scores are auc@pysot, sequences alike" in same.out
    text = (tmp_path / "auc.json").read_text()
    better = text.replace(f"[{round(whole[0], 4)}]", "[0.9]")
    assert better != text
    lines = [line for line in better.splitlines() if not line.startswith('"sha256"')]
    (tmp_path / "better.json").write_text("\n".join(lines))
    worse = commands("check", stored, "--baseline", "better.json", "--alpha", "1")
    assert worse.code == 1
    assert "lower score" in worse.out


def test_a_baseline_of_what_a_toolkit_refuses_is_refused(stored: Path, commands: Commands) -> None:
    done = commands("baseline", stored, "--metric", "f@vot-lt", "--out", "f.json")
    assert done.code == 2
    assert "the tracker gave no confidence" in done.err
    done = commands("compare", "static-v1", "static-v1", "-r", stored, "-m", "auc@nowhere")
    assert done.code == 2
    assert "unknown metric 'auc@nowhere'" in done.err
