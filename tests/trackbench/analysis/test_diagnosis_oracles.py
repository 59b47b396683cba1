"""Trackers whose weakness is known are diagnosed with it, and with nothing that they do not have.

They replay the truth of ``mnist-factors-v1`` and are lost by a rule (:mod:`oracles`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from oracles import Oracle, Seen, scores_of, seen_of

from trackbench.analysis.diagnosis import TrackerDiagnosis, diagnosis
from trackbench.analysis.diagnosis_words import sentence
from trackbench.analysis.factor_scores import FactorScores
from trackbench.factor_contract import FactorSuite
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins import registry

pytestmark = pytest.mark.thorough

SEQUENCES, LENGTH = 16, 32

ORACLES = [
    Oracle("background", "behind", 200),
    Oracle("occluders", "visibility", 0.9, below=True),
    Oracle("speed", "pace", 3.0),
    Oracle("scale", "growth", 1.2),
    Oracle("contrast", "peak", 64, below=True),
    Oracle("others", "other_distance", 25, below=True),
    Oracle("twins", "twin_distance", 25, below=True),
    Oracle("rotation", "turn", 20),
    Oracle("rotation", "turn", 40),
    Oracle("noise", "grain", 20),
    Oracle("interval", "gap", 3),
    Oracle("brightness", "brightness", 0.75, below=True),
    Oracle("first box", "start", 0.85, below=True),
]


@pytest.fixture(scope="module")
def suite() -> FactorSuite:
    return registry.factor_suites().get("mnist-factors-v1")


@pytest.fixture(scope="module")
def seen(suite: FactorSuite) -> dict[str, list[Seen]]:
    return seen_of(suite, SEQUENCES, LENGTH)


def diagnosed(suite: FactorSuite, iou: Mapping[str, NDArray[np.float64]]) -> TrackerDiagnosis:
    protocol = EvaluationProtocol.PAPER_V1
    scores = {name: protocol.scores(each, (LENGTH,))[:, 0] for name, each in iou.items()}
    (found,) = diagnosis([FactorScores("oracle-v1", suite, LENGTH, scores)], protocol).trackers
    return found


@pytest.mark.parametrize(
    "oracle", ORACLES, ids=lambda oracle: f"{oracle.factor}-{oracle.threshold}"
)
def test_its_weakness_comes_first_with_its_threshold(
    oracle: Oracle, suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    found = diagnosed(suite, scores_of(oracle, seen, seed=1))
    first = found.named[0]
    assert first.factor.name == oracle.factor, sentence(found)
    assert sentence(found).startswith(f"loses most to {oracle.factor} ")
    values = [level.value for level in first.factor.levels]
    (half,) = first.half
    place = float(np.interp(half.at, values, range(len(values))))
    assert abs(place - oracle.level(first.factor, seen)) <= 1, sentence(found)
    assert min(half.low, half.high) <= half.at <= max(half.low, half.high)


def test_moving_far_between_frames_is_both_speed_and_frame_rate(
    suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    found = diagnosed(suite, scores_of(Oracle("speed", "speed", 5.0), seen, seed=1))
    assert {effect.factor.name for effect in found.named[:2]} == {"speed", "interval"}


def test_without_a_weakness_there_is_none(suite: FactorSuite, seen: dict[str, list[Seen]]) -> None:
    found = diagnosed(suite, scores_of(None, seen, seed=1))
    assert found.named == ()
    assert all(effect.costs_nothing for effect in found.effects)
    assert sentence(found).startswith("no factor costs it more than chance would; background")


def test_what_has_to_come_together_costs_nothing_alone(
    suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    pale, near = Oracle("", "peak", 64, below=True), Oracle("", "twin_distance", 25, below=True)
    iou = scores_of(None, seen, seed=1)
    for name, each in iou.items():
        each[np.stack([pale.fails(one) & near.fails(one) for one in seen[name]])] = 0.0
    found = diagnosed(suite, iou)
    assert found.named == ()
    assert all(effect.costs_nothing for effect in found.effects)


@pytest.mark.parametrize("seed", range(3))
def test_who_is_lost_at_random_moments_has_no_named_weakness(
    seed: int, suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    iou = scores_of(None, seen, seed)
    draw = np.random.default_rng(seed)
    for each in iou.values():
        lost = np.where(draw.random(SEQUENCES) < 0.3, draw.integers(1, LENGTH, SEQUENCES), LENGTH)
        each[np.arange(LENGTH) >= lost[:, None]] = 0.0
    found = diagnosed(suite, iou)
    assert 0.6 < found.score < 0.9
    assert found.named == ()
    assert not all(effect.costs_nothing for effect in found.effects)


def test_who_is_lost_after_a_while_has_no_weakness(
    suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    iou = scores_of(None, seen, seed=1)
    for each in iou.values():
        each[:, 20:] = 0.0
    found = diagnosed(suite, iou)
    assert found.named == ()
    assert all(effect.costs_nothing for effect in found.effects)


def test_who_always_fails_has_nothing_to_lose(
    suite: FactorSuite, seen: dict[str, list[Seen]]
) -> None:
    iou = scores_of(None, seen, seed=1)
    for each in iou.values():
        each[:, 1:] = 0.0
    found = diagnosed(suite, iou)
    assert found.named == ()
    assert "which leaves little to lose" in sentence(found)
    assert "anything: " not in sentence(found)
