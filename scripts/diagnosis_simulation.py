"""How often a diagnosis names a factor that does nothing, and how often its intervals hold.

    python scripts/diagnosis_simulation.py                 # 2,000 of each, about three minutes
    python scripts/diagnosis_simulation.py --simulations 200

A sequence has a difficulty, which all its twins share; a tracker scores that, with noise, and loses
the target at a random moment in a share of its sequences. False alarms: base and twins are tracked
alike, each with noise and losses of its own. Intervals: the twin makes the tracker lose the target
in more sequences, and the true effect is the mean over two million of them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.diagnosis import diagnosis
from trackbench.analysis.factor_scores import FactorScores
from trackbench.plugins import registry
from trackbench.statistics.bootstrap import expanded_confidence, mean_interval

SUITE = "mnist-factors-v1"
SEQUENCES = (20, 40, 200)
NOISE = 0.05
BASE_LOST = 0.2
TWIN_LOST = (0.3, 0.5, 0.7, 0.9)
MANY = 2_000_000


@dataclass(frozen=True)
class Coverage:
    """Of how many simulations the interval holds the true effect.

    Attributes:
        lost: share of the twin's sequences in which the target is lost; of the base's 0.2.
        sequences: pairs of a simulation.
        effect: the true one.
        held: share of the simulations.
    """

    lost: float
    sequences: int
    effect: float
    held: float


def main() -> int:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulations", type=int, default=2000)
    simulations = parser.parse_args().simulations
    began = time.process_time()
    for sequences in SEQUENCES[:2]:
        alarms = false_alarms(simulations, sequences)
        print(
            f"false alarms, {sequences} sequences: {alarms} of {simulations:,} diagnoses "
            f"({alarms / simulations:.2%})"
        )
    for found in coverages(simulations):
        print(
            f"{found.sequences} sequences, target lost in {found.lost:.0%} of the twin's "
            f"(effect {found.effect:+.3f}): the interval holds in {found.held:.1%}"
        )
    print(f"{time.process_time() - began:.0f} s of processor time")
    return 0


def false_alarms(simulations: int, sequences: int, seed: int = 1) -> int:
    """Return how many whole diagnoses of a tracker that no factor touches name one."""
    suite = registry.factor_suites().get(SUITE)
    alarms = 0
    for simulation in range(simulations):
        draw = np.random.default_rng((seed, simulation))
        hard = _difficulty(draw, (sequences,))
        scores = {name: _scores(draw, hard, BASE_LOST) for name in suite.datasets}
        (found,) = diagnosis([FactorScores("oracle-v1", suite, 160, scores)]).trackers
        alarms += any(effect.worst or effect.best for effect in found.effects)
    return alarms


def coverages(simulations: int, seed: int = 2, many: int = MANY) -> Iterator[Coverage]:
    """Yield how often 95 % intervals of the effect hold, for losses of several sizes.

    Args:
        simulations: of each size and number of sequences.
        seed: of the draws.
        many: sequences whose mean is the true effect.
    """
    for place, lost in enumerate(TWIN_LOST):
        effect = float(_differences(np.random.default_rng((seed, place)), (many,), lost).mean())
        for sequences in SEQUENCES:
            draw = np.random.default_rng((seed, place, sequences))
            differences = _differences(draw, (simulations, sequences), lost)
            low, high = mean_interval(differences, expanded_confidence(sequences))
            held = float(((low <= effect) & (effect <= high)).mean())
            yield Coverage(lost, sequences, effect, held)


def _differences(
    draw: np.random.Generator, shape: tuple[int, ...], lost: float
) -> NDArray[np.float64]:
    hard = _difficulty(draw, shape)
    return _scores(draw, hard, lost) - _scores(draw, hard, BASE_LOST)


def _difficulty(draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return draw.beta(5, 2, shape)


def _scores(
    draw: np.random.Generator, hard: NDArray[np.float64], lost: float
) -> NDArray[np.float64]:
    """Return scores of sequences of a difficulty; of those lost, from a random moment on 0."""
    until = np.where(draw.random(hard.shape) < lost, draw.random(hard.shape), 1.0)
    return np.clip(hard * until + draw.normal(0, NOISE, hard.shape), 0, 1)


if __name__ == "__main__":
    raise SystemExit(main())
