"""One cell of a table: a tracker's score on a data set at a length, and what belongs beside it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from trackbench.metrics.evaluation_protocol import FULL
from trackbench.results.compared import Compared


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        tracker, dataset, length: which.
        full: the length is that of the longest sequence, and each counts to its end.
        mean, std: of the sequences' scores, each a mean over the runs; std is the sample's (N - 1),
            NaN for one sequence. Of runs from anchors a sequence's score is their mean.
        sequences: how many have a score: those that are long enough, and where the target is
            known.
        fps: frames/s inside the tracker, over all runs at their whole length.
        failures: spoiled sequences of all runs.
        invalid: predictions that are no box, failures aside, of all runs.
        peak_memory: bytes, the most that the tracker's process held; None: not known.
        sees_future: it was handed whole videos.
        absent: frames in which it said that there is no target, of all runs.
        runs: how many the means are over.
        run_std: standard deviation of the runs' mean scores (N - 1); NaN for one run.
        deterministic: three runs or more, and all have identical boxes.
        memory_limit: bytes that the tracker might take in every run, beyond what it imports; None:
            any. Who finds no memory may answer something else.
        imported: it was not run here: its boxes are of another program's files.
        compared: what IoU is of, ``"boxes"``, ``"masks"`` or ``"masks in part"``; the kinds are
            not comparable with each other.
    """

    tracker: str
    dataset: str
    length: int
    mean: float
    std: float
    sequences: int
    fps: float
    failures: int
    invalid: int
    peak_memory: int | None = None
    absent: int = 0
    sees_future: bool = False
    runs: int = 1
    run_std: float = math.nan
    deterministic: bool = False
    memory_limit: int | None = None
    imported: bool = False
    compared: str = Compared.BOXES.value
    full: bool = False

    @property
    def length_label(self) -> str:
        """The length as it stands in tables."""
        return FULL if self.full else str(self.length)

    def row(self) -> dict[str, Any]:
        """Return the cell for programs, by names of columns; of whole sequences ``"full"``."""
        found = asdict(self)
        if found.pop("full"):
            found["length"] = FULL
        return found
