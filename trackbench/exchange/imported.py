"""What an import of results came to, and how it is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.amounts import counted, frame_rate
from trackbench.printing.text import visible
from trackbench.results.directory import Results

_SHOWN = 8


@dataclass(frozen=True)
class ImportedTracker:
    """One tracker whose files were read.

    Attributes:
        id: in tables.
        name: of its folder.
        fingerprint: SHA-256 of its files' content and of how they were read.
        layout: of the files: whose they are by their form.
        runs: repetitions.
        sequences: names of those that have a score.
        missing: names of those that have none, in some run or in all.
        unknown: names in the files that the data set does not have; they were left out.
        other_spelling: ``(name in the files, name in the data set)`` where they differ.
        remarks: what was noticed: the remark, and the sequences with details.
        corrections: what was changed of the files' numbers, on request.
        fps: frames/s by the files of times; NaN: there are none.
        timed: sequences that have one.
        found: the same was stored before; nothing was written.
        beside: fingerprints of other files that were imported under this id on this data set
            before, or of runs of such a tracker; they stay, and are not shown any more.
    """

    id: str
    name: str
    fingerprint: str
    layout: str
    runs: int
    sequences: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    other_spelling: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    corrections: tuple[str, ...] = ()
    fps: float = math.nan
    timed: int = 0
    found: bool = False
    beside: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what was read, and below it what is to be known of it, a line each."""
        runs = f", {self.runs} runs" if self.runs > 1 else ""
        timed = "not timed" if math.isnan(self.fps) else frame_rate(self.fps)
        head = (
            f"{self.id}: {'already there: ' if self.found else ''}"
            f"{counted(len(self.sequences), 'sequence')}{runs} in {self.layout}'s layout, "
            f"{timed}, fingerprint {self.fingerprint[:12]}"
        )
        lines = [head]
        lines += [f"  {said}" for said in self.corrections]
        lines += [f"  {what}: {_listed(names)}" for what, names in self.remarks]
        if self.timed and self.timed < len(self.sequences):
            lines.append(f"  times of {self.timed} of {len(self.sequences)} sequences only")
        if self.other_spelling:
            pairs = (f"{given} is {own}" for given, own in self.other_spelling)
            lines.append(f"  matched by name: {_listed(tuple(pairs))}")
        if self.missing:
            lines.append(f"  missing, and without a score: {_listed(self.missing)}")
        if self.unknown:
            lines.append(f"  left out, for the data set does not have it: {_listed(self.unknown)}")
        lines += [
            f"  another version ({other[:12]}) is stored under this id; not shown any more"
            for other in self.beside
        ]
        return "\n".join(map(visible, lines))


@dataclass(frozen=True)
class ImportedResults:
    """What an import came to.

    Attributes:
        out: the results directory.
        dataset: id of the data set.
        protocol: by which tables score it.
        trackers: whose files were read.
        others: files in the folder that are no results.
        notes: what is to be known of the data set, a line each.
    """

    out: Path
    dataset: str
    protocol: str
    trackers: tuple[ImportedTracker, ...]
    others: int = 0
    notes: tuple[str, ...] = ()

    @property
    def results(self) -> Results:
        """What is stored of these trackers on this data set."""
        fingerprints = {each.id: each.fingerprint for each in self.trackers}
        stored = Results.load(
            self.out, EvaluationProtocol.of(self.protocol), fingerprints, list(fingerprints)
        )
        return stored.only(list(fingerprints), [self.dataset])

    def __str__(self) -> str:
        """Return a few lines for each tracker."""
        lines = [visible(f"{self.dataset}: {note}") for note in self.notes[:_SHOWN]]
        if len(self.notes) > _SHOWN:
            rest = len(self.notes) - _SHOWN
            lines.append(f"{self.dataset}: and {rest} more: see trackbench verify")
        lines += [str(each) for each in self.trackers]
        if self.others:
            lines.append(f"{counted(self.others, 'file')} of another kind left alone")
        lines.append(
            visible(
                f"{self.out}: {counted(len(self.trackers), 'tracker')} imported on {self.dataset}"
            )
        )
        return "\n".join(lines)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
