"""One stored run, read back: IoU, scores and trajectories of a tracker on a data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.results.measured import Gathering, Measured, at_lengths
from trackbench.results.stored_parts import StoredParts
from trackbench.results.truth_comparison import ABSENT as TARGET_ABSENT
from trackbench.results.truth_comparison import (
    ABSENT_ROW,
    HEIGHT,
    WIDTH,
    absent_rows_of,
    sizes_of,
)

_BOX = ("x", "y", "w", "h")
_CONFIDENCE, _ABSENT = "confidence", "absent"
"""Columns of a run whose tracker says such things."""
_VISIBILITY = "visibility"
_HIDDEN = ("full_occlusion", "out_of_view")
"""Flags of LaSOT's layout."""


@dataclass(frozen=True)
class SingleRun(StoredParts):
    """One tracker on one data set, run once: its stored parts, and what is computed of them."""

    @property
    def protocol(self) -> EvaluationProtocol:
        """What counts."""
        return EvaluationProtocol.of(self.record.protocol)

    @cached_property
    def iou(self) -> NDArray[np.float64]:
        """(N, T) IoU of every frame; NaN where it has none, or the sequence has ended."""
        padded = np.full((self.record.sequences, self.record.length), np.nan)
        at = 0
        for iou in self.column("iou"):
            padded[at : at + len(iou), : iou.shape[1]] = iou
            at += len(iou)
        return padded

    @property
    def invalid(self) -> int:
        """Number of predictions that are no box, failures aside."""
        return self._invalid_and_absent[0]

    @property
    def absent(self) -> int:
        """Number of frames in which the tracker said that there is no target."""
        return self._invalid_and_absent[1]

    @cached_property
    def _invalid_and_absent(self) -> tuple[int, int]:
        """Both counts: every part is read, and held to its hash, once for them."""
        self.check_truth()
        invalid = absent = 0
        for chunk in sorted(self.record.chunks):
            part = self.read(chunk, ["invalid"], (_ABSENT,))
            invalid += int(part["invalid"].sum())
            absent += int(part[_ABSENT].sum()) if _ABSENT in part else 0
        return invalid, absent

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(N, L) score of each sequence at each of the data set's lengths."""
        return self.scores_at(self.dataset.lengths)

    def trajectories(self) -> Iterator[Trajectories]:
        """Yield predictions and truth, chunk by chunk: memory must not grow with the sequences.

        Sequences that differ in their frames, or have frames without a true box, come one by one.

        Raises:
            DamagedFileError: a file is missing or damaged.
        """
        for chunk in sorted(self.record.chunks):
            tracked = self._trajectories_of(chunk)
            if self.is_plain:
                yield tracked
            else:
                for row, frames in self.rows_of(chunk):
                    yield tracked.only(row).until(frames)

    def trajectory(self, sequence: int) -> Trajectories:
        """Return predictions and truth of one sequence, N = 1; only its chunk is read."""
        extent = self.record.extent
        chunk = extent.part_of(sequence)
        row = sequence - extent.part(chunk).start
        return self._trajectories_of(chunk).only(row).until(extent.frames_of(sequence))

    def _trajectories_of(self, chunk: int) -> Trajectories:
        predicted = self.read(chunk, ["iou", *_BOX], (_CONFIDENCE, _ABSENT))
        # Not every data set says what is hidden, and schema 1 not how large its frames are.
        beside = (_VISIBILITY, HEIGHT, WIDTH, TARGET_ABSENT, *ABSENT_ROW, *_HIDDEN)
        truth = self.read_truth(chunk, _BOX, beside)
        return Trajectories(
            predicted=np.stack([predicted[name] for name in _BOX], axis=-1),
            truth=np.stack([truth[name] for name in _BOX], axis=-1),
            iou=predicted["iou"],
            visibility=truth.get(_VISIBILITY),
            frame=sizes_of(truth) if HEIGHT in truth else self.dataset.frame,
            confidence=predicted.get(_CONFIDENCE),
            absent=predicted.get(_ABSENT),
            nowhere=truth.get(TARGET_ABSENT),
            absent_rows=absent_rows_of(truth),
            as_written=self.record.imported is not None,
            flagged=_any_of([truth[name] for name in _HIDDEN if name in truth]),
            layout=self.dataset.layout,
            run_of=self._run_of(chunk),
        )

    def _run_of(self, chunk: int) -> NDArray[np.int64] | None:
        """Return (n, 2): of each run of a chunk its sequence, and how many frames that has."""
        if self.dataset.anchored is None:
            return None
        runs = self.record.extent.part(chunk)
        starts = self.dataset.anchored.starts[runs.start : runs.stop]
        return np.array([(start.sequence, start.frames) for start in starts], np.int64)

    def metric(self, metric: Metric) -> NDArray[np.float64]:
        """Return (N, L): a metric of each sequence at each of the data set's lengths.

        Raises:
            ToolkitRefusesError: the toolkit has no number for one of them.
        """
        (scores,) = self.metrics([metric])
        return scores

    def metrics(self, metrics: Sequence[Metric]) -> list[NDArray[np.float64]]:
        """Return (N, L) for each of several metrics; the files are read once.

        Raises:
            ToolkitRefusesError: a toolkit has no number for one of the sequences.
        """
        found = self.measured(metrics, self.dataset.lengths)
        for measured in found:
            if measured.refusal is not None:
                raise ToolkitRefusesError(measured.refusal)
        return [measured.scores for measured in found]

    def measured(self, metrics: Sequence[Metric], lengths: tuple[int, ...]) -> list[Measured]:
        """Return each of several metrics as tables have it, at lengths; the files are read once."""
        tracker = self.record.tracker
        gathering = [Gathering(metric, tracker, self.dataset, lengths) for metric in metrics]
        for tracked in self.trajectories():
            for each in gathering:
                each.add(tracked)
        return [each.measured() for each in gathering]

    def scores_at(self, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return (N, L): scores of the protocol at lengths of one's own choice."""
        score = self.protocol.scores
        return np.concatenate(
            [
                at_lengths(partial(score, iou), iou, self.dataset, lengths)
                for iou in self.column("iou")
            ]
        )

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions are no box, failures aside, within each length."""
        per_frame = np.zeros(self.record.length, np.int64)
        for flags in self.column("invalid"):
            per_frame[: flags.shape[1]] += flags.sum(axis=0)
        return tuple(int(per_frame[:length].sum()) for length in lengths)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences are spoiled within each length."""
        frames = [failure.frame for failure in self.record.tracker_failures]
        return tuple(sum(frame < length for frame in frames) for length in lengths)


def _any_of(flags: list[NDArray[Any]]) -> NDArray[np.bool_] | None:
    """Return (n, T): any of them says so; None if there is none."""
    return np.any([each.astype(bool) for each in flags], axis=0) if flags else None
