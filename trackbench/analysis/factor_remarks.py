"""What a reader has to know of runs that are paired as a base and its twins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from trackbench.printing.amounts import counted
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.run import Run

NEGLIGIBLE = 0.02
"""A mean loss of IoU that is not worth a sentence; what surely costs less costs nothing."""


def remarks(
    tracker: str, suite: str, every: Mapping[str, Run], kept: Mapping[str, Run], length: int
) -> Iterator[str]:
    """Yield a line for each thing that is to be known.

    Args:
        tracker: id.
        suite: id of the factor suite.
        every: data set -> run of the tracker.
        kept: those of them that are paired.
        length: frames that are scored.
    """
    who = f"{tracker} on {suite}"
    runs = kept.values()
    counts = sorted({counted_sequences(run.dataset) for run in runs})
    if len(counts) > 1:
        yield (
            f"{who}: {counts[0]} to {counts[-1]} sequences a data set; the first {counts[0]} "
            "that all have are paired."
        )
    longest = max(run.record.length for run in every.values())
    if longest > length:
        yield f"{who}: scored at {length} frames, which all have, not at {longest}."
    if failed := sum(len(run.failures) for run in runs):
        yield f"{who}: it failed in {counted(failed, 'sequence')}, whose IoU is 0 from there on."
    if unread := sum(len(run.unreadable) + len(run.missing) for run in runs):
        yield f"{who}: {counted(unread, 'sequence')} could not be read or imported; left out."
    repeats = sorted({len(run.repeats) for run in runs})
    if repeats != [1]:
        times = " to ".join(map(str, dict.fromkeys((repeats[0], repeats[-1]))))
        yield f"{who}: a sequence's score is its mean over {counted(times, 'run')}."
    if any(run.record.imported is not None for run in runs):
        yield f"{who}: imported; nobody knows whether it was one version of the tracker."
    if any(run.record.sees_future for run in runs):
        yield f"{who}: it sees the future, for it was handed whole videos."
    if other := {run.compared for run in runs} - {Compared.BOXES}:
        yield f"{who}: IoU is of {other.pop().value}."
    yield from _first_frames(tracker, kept, length)


def _first_frames(tracker: str, kept: Mapping[str, Run], length: int) -> Iterator[str]:
    """Yield which noise in the start is a loss by itself."""
    for name, run in kept.items():
        if (costs := _cost_of_frame_zero(run, length)) >= NEGLIGIBLE:
            yield (
                f"{tracker} on {name}: frame 0 counts, and has the given box: that alone is a "
                f"loss of {costs:.2f} in so few frames."
            )


def _cost_of_frame_zero(run: Run, length: int) -> float:
    """Return what noise in the start costs who has the given box in frame 0, and is right after."""
    noise = run.dataset.start_noise
    if noise is None or run.protocol.first_frame > 0:
        return 0.0
    extent = run.record.extent
    frames = [min(extent.frames_of(i), length) for i in range(run.dataset.sequences)]
    return (1 - noise.iou) * float(np.mean(1 / np.array(frames)))


def counted_sequences(record: DatasetRecord) -> int:
    """Return how many sequences have a score of their own: of runs from anchors, not each run."""
    return record.counted if record.anchored is not None else record.sequences
