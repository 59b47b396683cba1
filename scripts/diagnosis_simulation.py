"""How often a diagnosis names a factor that does nothing, and how often its intervals hold.

    python scripts/diagnosis_simulation.py                 # 2,000 of each, about four minutes
    python scripts/diagnosis_simulation.py --simulations 200

A sequence has a difficulty, which all its twins share; a tracker scores that, with noise, and loses
the target at a random moment in a share of its sequences. False alarms: base and twins are tracked
alike, each with noise and losses of its own. Intervals: the twin makes the tracker lose the target
in more sequences, so many that the true effect is what is asked for.
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
from trackbench.printing.markdown import markdown_table
from trackbench.statistics.bootstrap import expanded_confidence, mean_interval
from trackbench.statistics.effect_interval import beyond_student

SUITE = "mnist-factors-v1"
SEQUENCES = (20, 40, 100, 200)
EFFECTS = (0.0, -0.01, -0.03, -0.1, -0.25)
MANY = 2_000_000
_DIFFICULTY = 5 / 7
"""The mean score of a sequence that is not lost."""
_LEFT = 0.5
"""What is left of it on average where it is lost."""


@dataclass(frozen=True)
class Oracle:
    """A tracker that loses the target in some sequences.

    Attributes:
        words: what it does.
        lost: share of the base's sequences.
        noise: standard deviation of a score.
    """

    words: str
    lost: float
    noise: float

    def scores(
        self, draw: np.random.Generator, hard: NDArray[np.float64], lost: float
    ) -> NDArray[np.float64]:
        """Return scores of sequences of a difficulty; of those lost, from a random moment on 0."""
        until = np.where(draw.random(hard.shape) < lost, draw.random(hard.shape), 1.0)
        return np.clip(hard * until + draw.normal(0, self.noise, hard.shape), 0, 1)

    def differences(
        self, draw: np.random.Generator, shape: tuple[int, ...], effect: float
    ) -> NDArray[np.float64]:
        """Return scores of a twin minus those of the base."""
        hard = _difficulty(draw, shape)
        lost = self.lost + _lost_more(effect)
        return self.scores(draw, hard, lost) - self.scores(draw, hard, self.lost)


RESTLESS = Oracle("lost in a fifth of the base's sequences, noise .05", 0.2, 0.05)
ORACLES = (
    RESTLESS,
    Oracle("lost in a tenth of the base's sequences, noise .005", 0.1, 0.005),
    Oracle("never lost on the base, noise .005", 0.0, 0.005),
)


@dataclass(frozen=True)
class Coverage:
    """Of how many simulations the interval holds the true effect.

    Attributes:
        oracle: who tracks.
        sequences: pairs of a simulation.
        effect: the true one: the mean of two million.
        bca: share of the simulations in which the interval of BCa with expanded levels holds.
        held: the same of the interval that is printed.
        unseen: how likely it is that the twin loses more sequences and none of these is drawn,
            which no interval can know of.
    """

    oracle: Oracle
    sequences: int
    effect: float
    bca: float
    held: float
    unseen: float


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
            f"({alarms / simulations:.2%})",
            flush=True,
        )
    found = list(coverages(simulations))
    print("\n".join(_table(found)))
    print(f"{time.process_time() - began:.0f} s of processor time")
    return 0


def false_alarms(simulations: int, sequences: int, seed: int = 1) -> int:
    """Return how many whole diagnoses of a tracker that no factor touches name one."""
    suite = registry.factor_suites().get(SUITE)
    alarms = 0
    for simulation in range(simulations):
        draw = np.random.default_rng((seed, simulation))
        hard = _difficulty(draw, (sequences,))
        scores = {name: RESTLESS.scores(draw, hard, RESTLESS.lost) for name in suite.datasets}
        (found,) = diagnosis([FactorScores("oracle-v1", suite, 160, scores)]).trackers
        alarms += any(effect.worst or effect.best for effect in found.effects)
    return alarms


def coverages(simulations: int, seed: int = 2, many: int = MANY) -> Iterator[Coverage]:
    """Yield how often 95 % intervals of the effect hold, for losses of several sizes.

    Args:
        simulations: of each oracle, effect and number of sequences.
        seed: of the draws.
        many: sequences whose mean is the true effect.
    """
    for place, oracle in enumerate(ORACLES):
        for size, asked in enumerate(EFFECTS):
            draw = np.random.default_rng((seed, place, size))
            effect = float(oracle.differences(draw, (many,), asked).mean())
            for sequences in SEQUENCES:
                draw = np.random.default_rng((seed, place, size, sequences))
                drawn = oracle.differences(draw, (simulations, sequences), asked)
                bca = mean_interval(drawn, expanded_confidence(sequences))
                whole = beyond_student(drawn, bca, farthest=1)
                held = [
                    float(((low <= effect) & (effect <= high)).mean()) for low, high in (bca, whole)
                ]
                unseen = (1 - _lost_more(asked)) ** sequences if asked else 0.0
                yield Coverage(oracle, sequences, effect, *held, unseen)


def _table(found: list[Coverage]) -> list[str]:
    """Return Markdown: an oracle and an effect a row, a number of sequences a column."""
    rows: dict[tuple[str, float], list[str]] = {}
    for each in found:
        row = rows.setdefault((each.oracle.words, each.effect), [])
        row.append(f"{each.held:.1%} ({each.bca:.1%})".replace("%", " %"))
    heads = ("The tracker is", "True effect", *(f"{count} sequences" for count in SEQUENCES))
    texts = [(words, f"{effect:+z.3f}", *cells) for (words, effect), cells in rows.items()]
    return markdown_table(heads, texts, text={0})


def _lost_more(effect: float) -> float:
    """Return the share of sequences that have to be lost more for an effect, but for the noise."""
    return -effect / (_DIFFICULTY * _LEFT)


def _difficulty(draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return draw.beta(5, 2, shape)


if __name__ == "__main__":
    raise SystemExit(main())
