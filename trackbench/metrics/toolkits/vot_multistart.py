"""VOT's short-term evaluation: runs from several starts, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import Floats
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.vot_overlap import empty, overlaps

FAILED = 0.1
"""A frame with an overlap at or below this is a failed one."""
GRACE = 10
"""Failed frames in a row that make a failure, which is where they begin."""


@dataclass(frozen=True)
class StartedRun:
    """A run from one start to an end of the sequence.

    Attributes:
        overlap: (M,) of its frames in the order of the run; 0 at the start.
        kept: frames before the failure; M if there is none.
    """

    overlap: Floats
    kept: int


@dataclass(frozen=True)
class MultiStart:
    """The runs of one sequence.

    Attributes:
        runs: forward ones first.
        length: frames of the sequence.
    """

    runs: tuple[StartedRun, ...]
    length: int

    @property
    def kept(self) -> int:
        """Frames before the failures, of all runs."""
        return sum(run.kept for run in self.runs)

    @property
    def robustness(self) -> float:
        """Share of the runs' frames that come before a failure."""
        return self.kept / sum(len(run.overlap) for run in self.runs)

    @property
    def accuracy(self) -> float:
        """Mean overlap of the frames before the failures, starts included; 0 of none."""
        total = sum(float(run.overlap[: run.kept].sum()) for run in self.runs)
        return total / self.kept if self.kept else 0.0


def started_run(
    answers: Floats, truth: Floats, anchor: int, *, backwards: bool, frame: tuple[int, int]
) -> StartedRun:
    """Score one run.

    Args:
        answers: (M - 1, 4), in the order of the run, without the frame of the start; NaN where
            there is no region.
        truth: (T, 4) of the whole sequence, NaN where it is unknown.
        anchor: the frame of the start.
        backwards: the run goes to frame 0 and not to the last.
        frame: (height, width).

    Raises:
        ToolkitRefusesError: the run has too many boxes or too few.
    """
    true = truth[: anchor + 1][::-1] if backwards else truth[anchor:]
    if len(answers) != len(true) - 1:
        raise ToolkitRefusesError(
            f"the run from frame {anchor} has {len(answers)} boxes, not {len(true) - 1}"
        )
    given = np.concatenate([np.full((1, 4), np.nan), answers])
    overlap = overlaps(given, true, frame)
    return StartedRun(overlap, _kept(overlap, empty(true)))


def _kept(overlap: Floats, absent: NDArray[np.bool_]) -> int:
    """Return the frames before ten failed ones in a row; one without a target ends a row."""
    grace = GRACE
    for at, failed in enumerate(((overlap <= FAILED) & ~absent).tolist()):
        grace = grace - 1 if failed else GRACE
        if not grace:
            return at + 1 - GRACE
    return len(overlap)


def mean_accuracy(sequences: Sequence[MultiStart]) -> float:
    """Return VOT's accuracy: sequences weigh as frames were kept."""
    kept = sum(each.kept for each in sequences)
    if not kept:
        raise ToolkitRefusesError("VOT's toolkit divides by 0: every run fails at its start")
    return sum(each.accuracy * each.kept for each in sequences) / kept


def mean_robustness(sequences: Sequence[MultiStart]) -> float:
    """Return VOT's robustness: sequences weigh as they have frames."""
    frames = sum(each.length for each in sequences)
    return sum(each.robustness * each.length for each in sequences) / frames


def eao_curve(sequences: Sequence[MultiStart], high: int) -> Floats:
    """Return (high,): the expected average overlap after 0, 1, ... frames.

    At j, the mean over runs of the mean overlap of frames 1 to j. A run that ended before is left
    out, unless it failed: then what it has counts, divided by j - 1.
    """
    total, active = np.zeros(high), np.zeros(high)
    for sequence in sequences:
        phi, runs = _partial(sequence, high)
        # The toolkit multiplies by the number of runs what it has divided by it.
        total += np.where(runs > 0, phi / np.maximum(runs, 1), 0.0) * runs
        active += runs
    curve: Floats = np.divide(total, active, out=np.zeros(high), where=active > 0)
    return curve


def _partial(sequence: MultiStart, high: int) -> tuple[Floats, Floats]:
    phi, active = np.zeros(high), np.zeros(high)
    steps = np.arange(1, high)
    for run in sequence.runs:
        frames = len(run.overlap)
        overlap = np.where(np.arange(frames) < run.kept, run.overlap, 0.0)
        sums = np.cumsum(overlap[1:])
        whole = steps < frames
        phi[steps[whole]] += sums[: whole.sum()] / steps[whole]
        active[steps[whole]] += 1
        if run.kept < frames:
            beyond = steps[~whole]
            if 1 in beyond:
                raise ToolkitRefusesError("VOT's toolkit divides by 0: a run of one frame fails")
            phi[beyond] += (sums[-1] if sums.size else 0.0) / (beyond - 1)
            active[beyond] += 1
    return phi, active


def eao(sequences: Sequence[MultiStart], low: int, high: int) -> float:
    """Return ``EAOScore``: the mean of the curve of ``high`` points from ``low`` on."""
    return float(eao_curve(sequences, high)[low : high + 1].mean())
