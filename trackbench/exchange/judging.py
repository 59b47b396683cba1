"""What was read of a tracker held to the truth: remarks on it, and whether it is of these data."""

from __future__ import annotations

from collections.abc import Sequence

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.name_matching import names_of
from trackbench.exchange.noticing import Remark, remarks_on
from trackbench.exchange.read_tracker import ReadTracker, listed
from trackbench.exchange.reading import Reading
from trackbench.results.chunks import Truth
from trackbench.results.extent import Extent


def judged(
    tracker: ReadTracker,
    spec: DatasetSpec,
    extent: Extent,
    truths: Sequence[Truth],
    reading: Reading,
) -> None:
    """Fill in the truth where a file says that it was given, and note what is to be said.

    Args:
        tracker: what was read; its remarks are added to.
        spec: of the data set.
        extent: what is imported of it.
        truths: of each chunk.
        reading: how the files were read.

    Raises:
        TrackbenchError: most sequences begin far from the truth, and it was not said that they may.
    """
    own = names_of(spec, extent.sequences)
    far = []
    for number, runs in enumerate(tracker.runs):
        for index, run in runs.items():
            chunk = extent.part_of(index)
            frames = extent.frames_of(index)
            truth = truths[chunk].boxes[index - extent.part(chunk).start, :frames]
            if run.given:
                run.boxes[0] = truth[0]
            for remark, detail in remarks_on(run.boxes, truth).items():
                where = own[index] if not number else f"{own[index]} (run {number})"
                told = f"{where} ({detail})" if detail else where
                tracker.said.setdefault(remark, []).append(told)
                if remark is Remark.FAR and not number:
                    far.append(told)
    if 2 * len(far) > len(tracker.runs[0]) and not reading.any_first_row:
        raise TrackbenchError(
            f"{tracker.id} begins far from the truth of {spec.id} in {len(far)} of "
            f"{len(tracker.runs[0])} sequences, as {listed(far[:1])}: its files are of something "
            f"else; or read them all the same with {parameter('any_first_row', True)}"
        )
