"""``trackbench diagnose``: only true pairs are compared, and what is left out is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import trackbench
from trackbench.analysis.diagnosis import Diagnosis, diagnosis
from trackbench.analysis.diagnosis_words import half_in_words, sentence
from trackbench.analysis.factor_effects import ALPHA
from trackbench.analysis.factor_scores import FactorScores, Readings, read_factor_scores
from trackbench.factor_contract import Factor, FactorLevel, FactorSuite
from trackbench.plugins import registry
from trackbench.reports.diagnosis_json import diagnosis_json
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results
from trackbench.statistics.families import holm
from trackbench.statistics.sign_flip import sign_flip_p

StoreIou = Callable[..., Path]
Commands = Callable[..., Any]


def _factor(name: str, *values: float, base: float) -> Factor:
    levels = tuple(
        FactorLevel(value=v, dataset="base-v1" if v == base else f"{name}-{v:g}-v1") for v in values
    )
    return Factor(name=name, unit="steps", levels=levels)


SUITE = FactorSuite(
    id="mine-v1",
    base="base-v1",
    factors=(_factor("speed", 1, 2, 4, 8, base=2), _factor("noise", 0, 8, base=0)),
)
SCORES = {
    "base-v1": 0.8,
    "speed-1-v1": 0.85,
    "speed-4-v1": 0.6,
    "speed-8-v1": 0.2,
    "noise-8-v1": 0.8,
}


def iou(seed: int, level: float, sequences: int = 16, length: int = 6) -> NDArray[np.float64]:
    """(N, T) IoU around a level; what is hard for a sequence is so at every level."""
    hard = np.random.default_rng(9).uniform(0.8, 1.0, (sequences, 1))
    noise = np.random.default_rng(seed).uniform(-0.01, 0.01, (sequences, length))
    return np.clip(level * hard + noise, 0, 1)


def runs(**others: NDArray[np.float64] | None) -> dict[str, NDArray[np.float64]]:
    """Return data set -> IoU; by names with ``_`` for ``-``, others instead, or None: without."""
    made = {name: iou(i, level) for i, (name, level) in enumerate(SCORES.items())}
    made |= {f"{name.replace('_', '-')}-v1": given for name, given in others.items()}  # type: ignore[misc]
    return {name: given for name, given in made.items() if given is not None}


def read(path: Path, fingerprints: dict[str, str] | None = None) -> Readings:
    return read_factor_scores(Results.load(path), [SUITE], ["a-v1"], fingerprints or {})


def diagnosed(path: Path) -> Diagnosis:
    readings = read(path)
    return diagnosis(readings.scores, notes=readings.notes)


def test_a_level_is_the_paired_statistics_of_its_scores(store_iou: StoreIou) -> None:
    made = runs()
    found = diagnosed(store_iou("r", {"a-v1": made}))
    (tracker,) = found.trackers
    levels = [level for effect in tracker.effects for level in effect.levels]
    assert found.tests == len(levels) == 4
    p_values = []
    for level in levels:
        differences = made[level.dataset].mean(axis=1) - made["base-v1"].mean(axis=1)
        half = 2.13 * differences.std(ddof=1) / 4
        assert level.effect == pytest.approx(differences.mean())
        assert level.low == pytest.approx(level.effect - half, abs=0.25 * half)
        assert level.high == pytest.approx(level.effect + half, abs=0.25 * half)
        assert level.p == sign_flip_p(differences)
        assert (level.sequences, level.left_out) == (16, 0)
        assert level.steepest == int(differences.argmin())
        p_values.append(level.p)
    assert [level.p_adjusted for level in levels] == holm(np.array(p_values)).tolist()
    assert found.notes == ()


def test_the_sentence_and_where_half_is_lost(store_iou: StoreIou) -> None:
    made = runs()
    (tracker,) = diagnosed(store_iou("r", {"a-v1": made})).trackers
    lost, won = (
        f"{made[name].mean() - made['base-v1'].mean():+.2f}".replace("0.", ".")
        for name in ("speed-8-v1", "speed-1-v1")
    )
    (half,) = tracker.effects[0].half
    assert sentence(tracker) == (
        f"loses most to speed (steps: {lost} at 8, half of its score by {half.at:.3g}); "
        f"is best helped by speed (steps: {won} at 1 instead of 2); noise costs it nothing."
    )
    # .8 falls to .4 halfway between .6 at 4 and .2 at 8.
    assert half.at == pytest.approx(6, abs=0.1)
    assert half.low < half.at < half.high
    assert half_in_words(tracker.effects[0]).startswith(f"{half.at:.3g} ({half.low:.3g} to ")


def test_what_falls_downwards_and_not_in_every_sample(store_iou: StoreIou) -> None:
    base, low = iou(0, 0.8), iou(1, 0.8)
    low[:9] *= 0.0  # with nine of sixteen lost, half is lost in about half of the samples
    down = FactorSuite(id="d-v1", base="base-v1", factors=(_factor("light", 1, 2, base=2),))
    path = store_iou("r", {"a-v1": {"base-v1": base, "light-1-v1": low}})
    readings = read_factor_scores(Results.load(path), [down], ["a-v1"], {})
    (tracker,) = diagnosis(readings.scores).trackers
    (effect,) = tracker.effects
    assert effect.levels[0].p_adjusted <= ALPHA
    assert half_in_words(effect).startswith("1.")
    assert " (past 1 to 1." in half_in_words(effect)


def test_only_what_both_have_is_paired(store_iou: StoreIou) -> None:
    few, short = iou(7, 0.6, sequences=10), iou(8, 0.2, length=4)
    readings = read(store_iou("r", {"a-v1": runs(speed_4=few, speed_8=short)}))
    (scores,) = readings.scores
    assert scores.length == 4
    for name, given in runs(speed_4=few, speed_8=short).items():
        assert scores.scores[name] == pytest.approx(given[:10, :4].mean(axis=1))
    assert readings.notes == (
        "a-v1 on mine-v1: 10 to 16 sequences a data set; the first 10 that all have are paired.",
        "a-v1 on mine-v1: scored at 4 frames, which all have, not at 6.",
    )


def test_what_is_missing_is_said_and_never_costs_nothing(store_iou: StoreIou) -> None:
    found = diagnosed(store_iou("r", {"a-v1": runs(noise_8=None, speed_1=None)}))
    (tracker,) = found.trackers
    assert tracker.missing == ("speed-1-v1", "noise-8-v1")
    (note,) = found.notes
    assert note == "a-v1 on mine-v1: not run on 2 of 4 twins: speed-1-v1, noise-8-v1."
    assert "noise" not in sentence(tracker)


def test_half_is_not_looked_for_across_a_level_that_is_missing(store_iou: StoreIou) -> None:
    (tracker,) = diagnosed(store_iou("r", {"a-v1": runs(speed_4=None)})).trackers
    assert tracker.named[0].factor.name == "speed"
    assert tracker.named[0].half == ()


def test_without_a_base_there_is_no_effect(store_iou: StoreIou) -> None:
    readings = read(store_iou("r", {"a-v1": runs(base=None)}))
    assert readings.scores == ()
    assert readings.notes == (
        "a-v1 was not run on base-v1, the base of mine-v1: no effect of a factor can be told.",
    )


def test_other_data_than_is_registered_is_left_out(store_iou: StoreIou) -> None:
    path = store_iou("r", {"a-v1": runs()})
    stored = Results.load(path).datasets["speed-8-v1"].fingerprint
    same = read(path, {"speed-8-v1": stored})
    assert (same.scores[0].missing, same.notes) == ((), ())
    other = read(path, {"speed-8-v1": "f" * 64})
    assert other.scores[0].missing == ("speed-8-v1",)
    assert "left out, other data than is registered here was tracked" in other.notes[0]
    assert read(path, {"base-v1": "f" * 64}).scores == ()


def test_two_versions_of_a_tracker_are_not_paired(store_iou: StoreIou) -> None:
    made = runs()
    late = made.pop("speed-8-v1")
    store_iou("r", {"a-v1": {"speed-8-v1": late}}, parameters={"n": 2})
    path = store_iou("r", {"a-v1": made})
    found = diagnosed(path)
    (tracker,) = found.trackers
    assert tracker.missing == ("speed-8-v1",)
    (older,) = Results.load(path).left_out
    assert "another version" in older


def test_failures_and_several_runs_are_said(store_iou: StoreIou) -> None:
    failure = Failure(sequence=3, frame=2, kind=FailureKind.RAISED, message="no", output="")
    store_iou("r", {"a-v1": runs()})
    path = store_iou("r", {"a-v1": {"base-v1": runs()["base-v1"]}}, edit={"run": 1})
    failed = read(store_iou("s", {"a-v1": runs()}, failures=(failure,)))
    assert (
        "a-v1 on mine-v1: it failed in 5 sequences, whose IoU is 0 from there on." in failed.notes
    )
    assert read(path).notes == (
        "a-v1 on mine-v1: a sequence's score is its mean over 1 to 2 runs.",
    )


def test_too_few_sequences_say_so(store_iou: StoreIou) -> None:
    made = {name: given[:5] for name, given in runs().items()}
    found = diagnosed(store_iou("r", {"a-v1": made}))
    assert found.trackers[0].named == ()
    (note,) = found.notes
    assert note == (
        "mine-v1: with 5 sequences no factor can be told from chance in 4 tests; "
        "it takes 10 or more."
    )


@pytest.mark.parametrize("sequences", [1, 2, 3])
def test_a_handful_of_sequences_has_effects_and_no_names(
    store_iou: StoreIou, sequences: int
) -> None:
    made = {name: given[:sequences] for name, given in runs().items()}
    (tracker,) = diagnosed(store_iou("r", {"a-v1": made})).trackers
    levels = [level for effect in tracker.effects for level in effect.levels]
    assert len(levels) == 4
    for level in levels:
        assert level.p_adjusted == 1.0
        if sequences > 1:
            assert level.low <= level.effect <= level.high
        else:
            assert np.isnan([level.low, level.high]).all()
    assert sentence(tracker).startswith("no factor costs it more than chance would")


def test_who_has_little_to_lose_is_not_said_to_lose_nothing(store_iou: StoreIou) -> None:
    lost = {name: np.full_like(given, 0.05) for name, given in runs().items()}
    found = diagnosed(store_iou("r", {"a-v1": lost}))
    assert "what costs it nothing is not told" in sentence(found.trackers[0])
    (whole,) = json.loads(diagnosis_json(found))["trackers"]
    assert [each["costs_nothing"] for each in whole["factors"]] == [None, None]


def test_a_base_without_a_score_is_said_to_have_none() -> None:
    made = {name: np.full(4, np.nan if name == "base-v1" else 0.5) for name in SCORES}
    found = diagnosis([FactorScores("a-v1", SUITE, 6, made)])
    assert (found.tests, found.notes) == (0, ())
    assert sentence(found.trackers[0]) == (
        "no factor costs it more than chance would; no sequence of the base has a score."
    )


@pytest.fixture
def digits(store_iou: StoreIou) -> Path:
    """A tracker on four levels of ``mnist-factors-v1``, as if it were tracked there."""
    names = ("mnist-factors-v1", *(f"mnist-factors-speed-{v}-v1" for v in (1, 4, 8)))
    for seed, (name, level) in enumerate(zip(names, (0.8, 0.8, 0.4, 0.1), strict=True)):
        known = registry.datasets().get(name).fingerprint
        store_iou("r", {"a-v1": {name: iou(seed, level)}}, fingerprint=known)
    return store_iou("r", {"b-v1": {"else-v1": iou(1, 0.5)}})


@pytest.mark.thorough
def test_the_command_in_every_format(digits: Path, commands: Commands) -> None:
    text = commands("diagnose", "r")
    assert text.code == 0, text.err
    first = text.out.splitlines()[0]
    assert first.startswith(
        "a-v1 on mnist-factors-v1 (.74 on the base, 16 sequences of 6 frames): "
    )
    lost = f"{iou(3, 0.1).mean() - iou(0, 0.8).mean():.2f}".replace("0.", ".")
    assert f"loses most to speed (pixels a frame: {lost} at 8, half of its score by 4" in first
    assert "fewer than 17 % of all videos may be in none of 16 sequences" in text.out
    whole = json.loads(commands("diagnose", "r", "-f", "json").out)
    (found,) = whole["trackers"]
    assert (found["named"], whole["tests"]) == (["speed"], 3)
    markdown = commands("diagnose", "r", "-f", "markdown", "--levels").out
    assert f"| speed | {lost}\\* at 8 |" in markdown
    assert "| noise |" not in markdown  # no twin of it was run
    page = commands("diagnose", "r", "-f", "html", "-o", "why.html", "-t", "a")
    assert (page.code, page.out) == (0, "")
    html = (digits.parent / "why.html").read_text(encoding="utf-8")
    assert f"loses most to speed (pixels a frame: {lost} at 8" in html
    assert f'<td class="number h6">{lost}*<small>at 8</small></td>' in html


@pytest.mark.thorough
def test_the_report_has_a_section_where_twins_were_tracked(
    digits: Path, store_iou: StoreIou, commands: Commands
) -> None:
    store_iou("without", {"b-v1": {"else-v1": iou(1, 0.5)}})
    for name, there in (("r", True), ("without", False)):
        assert commands("report", name, "-f", "html", "-o", "page.html").code == 0
        page = (digits.parent / "page.html").read_text(encoding="utf-8")
        assert ("Why does each tracker fail?" in page) is there
        assert ("loses most to speed (" in page) is there


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("r", "-t", "c"), "unknown tracker in r 'c'"),
        (("r", "-t", "b"), "r holds no base with a twin of it of mnist-factors-v1 or scenes-v1"),
        (("r", "-s", "scenes"), "r holds no base with a twin of it of scenes-v1"),
        (("r", "-s", "sceens"), "did you mean scenes?"),
        (("r", "-f", "pdf"), "unknown format 'pdf'"),
        (("r", "-o", "none/x.txt"), "none/x.txt is not a file in an existing folder"),
        (("nowhere",), "there is no results directory nowhere"),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(
    digits: Path, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    assert digits.is_dir()
    done = commands("diagnose", *arguments)
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_what_is_not_finished_is_said_where_it_is_asked_for(
    digits: Path, store_iou: StoreIou, commands: Commands
) -> None:
    name = "mnist-factors-noise-32-v1"
    known = registry.datasets().get(name).fingerprint
    begun = {"a-v1": {name: iou(1, 0.5), "other-v1": iou(1, 0.5)}}
    store_iou("r", begun, fingerprint=known, chunk=8, unfinished=True)
    assert digits.is_dir()
    said = commands("diagnose", "r").out
    assert f"left out: a-v1 on {name} is not finished" in said
    assert "other-v1" not in said


def test_from_python(digits: Path) -> None:
    found = trackbench.diagnose(digits, trackers="a", suite="mnist-factors")
    assert str(found).startswith("a-v1 on mnist-factors-v1")
    (tracker,) = found.diagnosis.trackers
    assert [effect.factor.name for effect in tracker.named] == ["speed"]
