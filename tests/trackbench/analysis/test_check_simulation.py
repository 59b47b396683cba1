"""How often the check raises a false alarm, and how often it catches a real loss, by simulation.

A whole suite (4 data sets of 500 sequences, 4 lengths: 16 cells) is stored twice for each of three
made-up trackers that differ in how well a run repeats: each follows its target with an IoU of its
own and loses it for good at a random frame, which gives scores as skewed, and as alike between
lengths, as KCF's are. From the scores that are read back, thousands of suites are drawn.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trackbench.analysis.baseline import rounded_scores
from trackbench.analysis.significant_loss import adjusted_p_values, lower_score
from trackbench.analysis.verdict import Limits
from trackbench.results.directory import Results

Scores = NDArray[np.float64]

SETS = tuple(f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi"))
LENGTHS = (20, 40, 80, 160)
SEQUENCES = 500
LOSS = 0.03

DOCS = Path(__file__).parents[3] / "docs" / "checking.md"

# Tracker -> the share of sequences in which a second run loses its target at another frame, and
# the standard deviation by which the IoU of its boxes differs between two runs.
TRACKERS = {"jittery": (0.0, 0.02), "unsteady": (0.1, 0.02), "random": (1.0, 0.05)}


def suites(rng: np.random.Generator, times: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (N, T) IoU by tracker and data set, of a run and of its repetition.

    Each is a mean over so many ``times``: of that, a score is the mean over scores.
    """
    runs: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for tracker, (elsewhere, jitter) in TRACKERS.items():
        for dataset in SETS:
            quality = rng.beta(12, 4, (SEQUENCES, 1))
            patience = np.exp(rng.normal(np.log(40), 0.8, (SEQUENCES, 1)))
            lost = rng.exponential(patience)
            for run in runs:
                iou = np.zeros((SEQUENCES, LENGTHS[-1]))
                for _ in range(times):
                    again = rng.random(lost.shape) < elsewhere
                    ends = np.where(again, rng.exponential(patience), lost)
                    level = np.clip(quality + rng.normal(0, jitter, quality.shape), 0, 1)
                    iou += np.where(np.arange(LENGTHS[-1]) <= ends, level, 0.0)
                run.setdefault(tracker, {})[dataset] = iou / times
    return runs


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, store: Callable[..., Path]) -> Path:
    """Return a folder with ``before`` and ``after``, two results directories."""
    folder = tmp_path_factory.mktemp("suite")
    for name, runs in zip(("before", "after"), suites(np.random.default_rng(31)), strict=True):
        store(folder / name, runs, lengths=LENGTHS, chunk=250)
    return folder


@pytest.fixture(scope="module")
def stored_of_5(tmp_path_factory: pytest.TempPathFactory, store: Callable[..., Path]) -> Path:
    """Return the same of means over five runs."""
    folder = tmp_path_factory.mktemp("suite of 5")
    for name, runs in zip(("before", "after"), suites(np.random.default_rng(31), 5), strict=True):
        store(folder / name, runs, lengths=LENGTHS, chunk=250)
    return folder


def scores(stored: Path, name: str, tracker: str) -> list[Scores]:
    """Return (N, L) for each data set, rounded as the check rounds them."""
    results = Results.load(stored / name)
    return [rounded_scores(r, LENGTHS) for r in results.runs if r.record.tracker == tracker]


def changes(stored: Path, tracker: str) -> list[Scores]:
    before, after = scores(stored, "before", tracker), scores(stored, "after", tracker)
    return [b - a for a, b in zip(before, after, strict=True)]


def failed(differences: list[Scores], *limits: Limits) -> list[NDArray[np.bool_]]:
    """Return (S, data sets) under each limit: whether any length of a data set has regressed."""
    p_values = adjusted_p_values(differences)
    means = [d.mean(axis=-2) for d in differences]
    return [
        np.stack(
            [lower_score(m, p, limit).any(axis=-1) for m, p in zip(means, p_values, strict=True)],
            axis=-1,
        )
        for limit in limits
    ]


def drawn(
    rng: np.random.Generator, population: list[Scores], count: int, sequences: int = SEQUENCES
) -> list[Scores]:
    """Draw S suites without a true change: sequences anew, and which run came first by chance."""
    suite = []
    for differences in population:
        chosen = rng.integers(0, SEQUENCES, (count, sequences))
        swapped = 1.0 - 2.0 * rng.integers(0, 2, (count, sequences, 1))
        suite.append(differences[chosen] * swapped)
    return suite


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", TRACKERS)
def test_a_suite_without_a_change_fails_in_at_most_one_of_a_hundred(
    stored: Path, tracker: str
) -> None:
    rng, population = np.random.default_rng(41), changes(stored, tracker)
    strict, default = Limits(tolerance=0.0), Limits()
    alarms = np.zeros(2)
    rounds, count = 16, 250
    for _ in range(rounds):
        suite = drawn(rng, population, count)
        alarms += [found.any(axis=1).sum() for found in failed(suite, strict, default)]
    without_tolerance, with_tolerance = alarms / (rounds * count)
    assert with_tolerance <= without_tolerance <= 0.01
    assert without_tolerance > 0.001  # the simulation can tell: alarms do happen


@pytest.mark.thorough
def test_a_deterministic_tracker_without_a_change_never_fails(stored: Path) -> None:
    before = scores(stored, "before", "random")
    differences = [(s - s)[None] for s in before]
    (found,) = failed(differences, Limits(tolerance=0.0))
    assert not found.any()
    assert all((p == 1.0).all() for p in adjusted_p_values(differences))


def everywhere_a_little(before: Scores) -> Scores:
    """Every box is worse: scores shrink so that their mean falls by LOSS at every length."""
    return -before * (LOSS / before.mean(axis=0))


def a_few_targets_lost(before: Scores) -> Scores:
    """Some targets are lost at once, as many as lower the mean at the shortest length by LOSS."""
    order = np.random.default_rng(51).permutation(len(before))
    enough = np.searchsorted(before[order, 0].cumsum(), LOSS * len(before)) + 1
    lost = np.isin(np.arange(len(before)), order[:enough])
    return np.where(lost[:, None], -before, 0.0)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("loss", "tracker"),
    [
        (everywhere_a_little, None),  # None: deterministic, it repeats to the bit
        (everywhere_a_little, "jittery"),
        (everywhere_a_little, "unsteady"),
        (a_few_targets_lost, None),
        (a_few_targets_lost, "jittery"),
    ],
)
def test_a_loss_on_one_data_set_is_caught_95_times_in_a_hundred(
    stored: Path, loss: Callable[[Scores], Scores], tracker: str | None
) -> None:
    rng, count = np.random.default_rng(61), 1000
    before = scores(stored, "before", tracker or "unsteady")
    lost = loss(before[0])
    assert lost.mean(axis=0)[0] == pytest.approx(-LOSS, abs=0.002)
    noise = drawn(rng, changes(stored, tracker) if tracker else [s - s for s in before], count)
    chosen = rng.integers(0, SEQUENCES, (count, SEQUENCES))
    suite = [noise[0] + lost[chosen], *noise[1:]]
    (found,) = failed(suite, Limits())
    assert found[:, 0].mean() >= 0.95
    assert found[:, 1:].any(axis=1).mean() <= 0.01  # and nothing else is blamed


def caught(
    stored: Path,
    tracker: str,
    loss: Callable[[Scores], Scores] | None,
    *,
    sequences: int = SEQUENCES,
    lengths: int = len(LENGTHS),
    alpha: float = 0.01,
    rounds: int = 20,
) -> float:
    """Return the percentage of suites in which the check sees the loss on the first data set.

    Without a loss, that of the suites in which it fails. Only the first ``lengths`` are checked.
    """
    rng, population = np.random.default_rng(81), changes(stored, tracker)
    before = scores(stored, "before", tracker)[0]
    count = 25_000 // sequences
    found = []
    for _ in range(rounds if loss is not None else 4 * rounds):
        suite = drawn(rng, population, count, sequences)
        if loss is not None:
            suite[0] += loss(before)[rng.integers(0, SEQUENCES, (count, sequences))]
        (failing,) = failed([d[..., :lengths] for d in suite], Limits(alpha=alpha))
        found.append(failing.any(axis=1) if loss is None else failing[:, 0])
    return 100 * float(np.mean(found))


def documented(label: str) -> list[float]:
    """Return the percentages of the row of docs/checking.md that begins with a label."""
    start = f"| {label} |"
    (row,) = (line for line in DOCS.read_text().splitlines() if line.startswith(start))
    return [float(number) for number in re.findall(r"([0-9.]+) %", row.removeprefix(start))]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("label", "tracker"),
    [
        ("0.02", "jittery"),
        ("0.13", "unsteady"),
        ("0.32", "random"),
    ],
)
def test_what_the_document_says_of_trackers_with_chance_in_them(
    stored: Path, label: str, tracker: str
) -> None:
    alarms, little, lost = documented(label)
    assert caught(stored, tracker, None) == pytest.approx(alarms, abs=0.1)
    assert caught(stored, tracker, everywhere_a_little) == pytest.approx(little, abs=1)
    assert caught(stored, tracker, a_few_targets_lost) == pytest.approx(lost, abs=1)
    spread = np.concatenate(changes(stored, tracker)).std()
    assert spread == pytest.approx(float(label), abs=0.005)


HARD = (
    ("unsteady", a_few_targets_lost),
    ("random", everywhere_a_little),
    ("random", a_few_targets_lost),
)
"""The losses of 0.03 that one run of a tracker that differs much often does not show."""


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "options"),
    [
        ("as it is", {}),
        ("2,000 sequences", {"sequences": 2000}),
        ("5,000 sequences", {"sequences": 5000}),
        ("`--alpha 0.05`", {"alpha": 0.05}),
        ("`--lengths 20`", {"lengths": 1}),
    ],
)
def test_what_the_document_says_of_seeing_more(
    stored: Path, label: str, options: dict[str, Any]
) -> None:
    measured = [caught(stored, *case, **options) for case in HARD]
    assert measured == pytest.approx(documented(label), abs=1)


@pytest.mark.thorough
@pytest.mark.slow
def test_what_the_document_says_of_five_runs(stored_of_5: Path) -> None:
    measured = [caught(stored_of_5, *case, rounds=4) for case in HARD]
    assert measured == pytest.approx(documented("`--runs 5`"), abs=2)
    once = documented("as it is")
    assert all(five > 1.2 * one for five, one in zip(measured, once, strict=True))


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", list(TRACKERS))
def test_five_runs_give_no_more_false_alarms(stored_of_5: Path, tracker: str) -> None:
    assert caught(stored_of_5, tracker, None) <= 1.0


@pytest.mark.parametrize(
    ("after", "code", "blamed"),
    [
        ("same", 0, set()),
        ("again", 0, set()),
        ("worse", 1, {SETS[2]}),
    ],
)
def test_the_command_on_the_stored_suite(
    store: Callable[..., Path],
    commands: Callable[..., Any],
    tmp_path: Path,
    after: str,
    code: int,
    blamed: set[str],
) -> None:
    first, second = suites(np.random.default_rng(71))
    only = {"unsteady": first["unsteady"]}
    new = {"unsteady": dict((second if after == "again" else first)["unsteady"])}
    if after == "worse":
        new["unsteady"][SETS[2]] = new["unsteady"][SETS[2]] * (1 - LOSS / 0.2)
    store(tmp_path / "before", only, lengths=LENGTHS, chunk=250)
    store(tmp_path / "after", new, lengths=LENGTHS, chunk=250)
    assert commands("baseline", "before", "--out", "b.json").code == 0
    done = commands("check", "after", "--baseline", "b.json", "--format", "json")
    assert done.code == code
    cells = json.loads(done.out)["cells"]
    assert len(cells) == len(SETS) * len(LENGTHS)
    assert {cell["dataset"] for cell in cells if cell["regressed"]} == blamed
