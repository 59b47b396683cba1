"""Scores of a tracker on a factor suite, read so that a base and its twins can be paired.

What cannot be paired is left out, and a line says why: an effect of something else than the factor
would be a wrong number without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.factor_remarks import counted_sequences, remarks
from trackbench.analysis.start_suites import other_videos
from trackbench.factor_contract import FactorSuite
from trackbench.metrics.evaluation_protocol import Length
from trackbench.printing.amounts import counted
from trackbench.results.directory import Results
from trackbench.results.run import Run

CROSSED = "crossed"
"""Name of what is no factor: data sets with two at once, read beside a suite's twins."""


@dataclass(frozen=True)
class FactorScores:
    """A tracker on the base and on those twins that can be paired with it.

    Attributes:
        tracker: its id.
        suite: which factor suite.
        length: frames that are scored, the same on all data sets.
        scores: data set id -> (N,) score of each sequence, NaN where it has none; the base's is
            there, and N is the same for all.
        missing: ids of the twins that are not there, or cannot be paired.
    """

    tracker: str
    suite: FactorSuite
    length: Length
    scores: Mapping[str, NDArray[np.float64]]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readings:
    """All that a results directory has of factor suites.

    Attributes:
        scores: of each tracker on each suite.
        notes: what a reader has to know of them, a line each.
    """

    scores: tuple[FactorScores, ...]
    notes: tuple[str, ...]


def read_factor_scores(
    results: Results,
    suites: Sequence[FactorSuite],
    trackers: Sequence[str],
    fingerprints: Mapping[str, str | None],
) -> Readings:
    """Return the scores of trackers on factor suites.

    Args:
        results: of one protocol.
        suites: which; those of which nothing is stored give nothing.
        trackers: stored ones.
        fingerprints: of the data sets as they are registered, by id; None: it has none. What was
            tracked on other data than that is left out.

    Raises:
        DamagedFileError: a file is damaged.
    """
    found, notes = [], []
    for suite in suites:
        lengths = _lengths(results, suite, trackers)
        for tracker in trackers:
            runs = {
                run.dataset.id: run
                for run in results.runs
                if run.record.tracker == tracker and run.dataset.id in suite.datasets
            }
            if not runs:
                continue
            if suite.base not in runs:
                notes.append(
                    f"{tracker} was not run on {suite.base}, the base of {suite.id}: "
                    "no effect of a factor can be told."
                )
                continue
            reading = _Reading(tracker, suite, runs, fingerprints, lengths)
            if (scores := reading.scores()) is not None:
                found.append(scores)
            notes += reading.notes
    return Readings(tuple(found), tuple(dict.fromkeys(notes)))


def _lengths(results: Results, suite: FactorSuite, trackers: Sequence[str]) -> int:
    """Return the most frames that every data set of a suite was tracked at, by anybody."""
    return min(
        (
            run.record.length
            for run in results.runs
            if run.dataset.id in suite.datasets and run.record.tracker in trackers
        ),
        default=0,
    )


class _Reading:
    """One tracker on one suite; ``notes`` grow as it is read."""

    def __init__(
        self,
        tracker: str,
        suite: FactorSuite,
        runs: Mapping[str, Run],
        fingerprints: Mapping[str, str | None],
        length: int,
    ) -> None:
        self.notes: list[str] = []
        self._tracker, self._suite, self._length = tracker, suite, length
        self._runs, self._fingerprints = runs, fingerprints

    def scores(self) -> FactorScores | None:
        """Return what can be paired; None: nothing, for the base is not what it should be."""
        base = self._runs[self._suite.base]
        if (why := self._other_data(base)) is not None:
            self.notes.append(f"{self._said(base)}: {why}; nothing of {self._suite.id} is told.")
            return None
        kept = {base.dataset.id: base}
        twins = self._suite.datasets[1:]
        for name in twins:
            run = self._runs.get(name)
            why = self._not_a_pair(base, run) if run is not None else None
            if why is not None:
                self.notes.append(f"{self._tracker} on {name}: left out, {why}.")
            elif run is not None:
                kept[name] = run
        single = _twins(self._suite)
        if absent := [name for name in single if name not in self._runs]:
            self.notes.append(
                f"{self._tracker} on {self._suite.id}: not run on {len(absent)} of "
                f"{counted(len(single), 'twin')}: {_some(absent)}."
            )
        self.notes += remarks(self._tracker, self._suite.id, self._runs, kept, self._length)
        sequences = min(counted_sequences(run.dataset) for run in kept.values())
        own = {name: _scores(run, self._length)[:sequences] for name, run in kept.items()}
        return FactorScores(
            tracker=self._tracker,
            suite=self._suite,
            length=base.dataset.label(self._length),
            scores={name: self._comparable(base, kept[name], own[name]) for name in kept},
            missing=tuple(name for name in self._suite.datasets if name not in kept),
        )

    def _other_data(self, run: Run) -> str | None:
        registered = self._fingerprints.get(run.dataset.id)
        if registered is not None and registered != run.dataset.fingerprint:
            return (
                f"other data than is registered here was tracked (its fingerprint is "
                f"{run.dataset.fingerprint[:12]}, here {registered[:12]})"
            )
        return None

    def _not_a_pair(self, base: Run, twin: Run) -> str | None:
        """Return why a difference would not be the factor's alone; None: it is."""
        if (why := self._other_data(twin)) is not None:
            return why
        first, second = base.record, twin.record
        if (first.imported is None) != (second.imported is None):
            return "imported, and the base was run here or the other way round"
        if first.imported is None and first.fingerprint != second.fingerprint:
            return (
                f"by another version of the tracker ({second.fingerprint[:12]}, on the base "
                f"{first.fingerprint[:12]})"
            )
        if base.dataset.seed != twin.dataset.seed:
            return f"its seed is not the base's ({twin.dataset.seed} and {base.dataset.seed})"
        if base.compared is not twin.compared:
            return f"its IoU is of {twin.compared.value}, the base's of {base.compared.value}"
        return self._other_videos(base, twin)

    def _other_videos(self, base: Run, twin: Run) -> str | None:
        """Return how videos with noise in the start differ, of which no fingerprint is known."""
        noise = twin.dataset.start_noise
        known = all(self._fingerprints.get(run.dataset.id) for run in (base, twin))
        if noise is None or noise.base != base.dataset.id or known:
            return None
        return other_videos(base, twin)

    def _comparable(self, base: Run, twin: Run, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return scores, NaN where a sequence has other frames than the base's."""
        if base.dataset.anchored is not None or not (
            base.record.frames_each or twin.record.frames_each
        ):
            return scores
        same = [
            min(base.record.extent.frames_of(i), self._length)
            == min(twin.record.extent.frames_of(i), self._length)
            for i in range(len(scores))
        ]
        if not all(same):
            self.notes.append(
                f"{self._said(twin)}: {counted(same.count(False), 'sequence')} of other frames "
                "than the base's left out."
            )
        return np.where(same, scores, np.nan)

    def _said(self, run: Run) -> str:
        return f"{self._tracker} on {run.dataset.id}"


def _twins(suite: FactorSuite) -> list[str]:
    """Return the data sets that differ from the base in one factor."""
    alone = [factor for factor in suite.factors if factor.name != CROSSED]
    own = {level.dataset for factor in alone for level in factor.levels}
    return [name for name in suite.datasets[1:] if name in own]


def _some(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _scores(run: Run, length: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = run.dataset.by_sequence(run.scores_at((length,)))[:, 0]
    return found
