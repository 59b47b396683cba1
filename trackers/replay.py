"""``replay:FOLDER``: boxes that are stored already, answered again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Answer, Boxes, Frame, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.host.context import Context
from trackbench.ids import parse
from trackbench.plugins.naming import free_id
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.results.stored_boxes import StoredBoxes
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.replay_files import boxes_in_files


def replay_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker that answers what a folder holds.

    That is a results directory (``replay:results/smoke``, or ``replay:results/smoke:kcf`` where it
    has several trackers), or a folder of text files (:mod:`trackbench.trackers.replay_files`). All
    is read, and counts by content.

    Raises:
        TrackbenchError: there is no such folder, or something in it is no boxes.
    """
    if named.python is not None:
        raise TrackbenchError(f"replay: runs nothing: leave {parameter('python')} out")
    folder, tracker = Path(named.rest).expanduser(), ""
    if not folder.is_dir() and ":" in named.rest:
        before, _, tracker = named.rest.rpartition(":")
        folder = Path(before).expanduser()
    if not folder.is_dir():
        raise TrackbenchError(f"there is no folder {folder} to replay")
    folder = folder.absolute()
    if tracker or (folder / "runs").is_dir():
        boxes = _of_results(folder, tracker)
    else:
        boxes = boxes_in_files(folder)
    return TrackerSpec(
        id=free_id(f"replay-{boxes.called}"),
        factory="trackbench.trackers.replay:Replay",
        parameters={"boxes": boxes},
        fixed=("boxes",),
        description=f"the boxes of {boxes.called}, replayed",
    )


def _of_results(folder: Path, tracker: str) -> StoredBoxes:
    results = Results.load(folder)
    if not tracker and len(results.trackers) > 1:
        raise TrackbenchError(
            f"{folder} has boxes of {', '.join(results.trackers)}: write "
            f"replay:{folder}:{results.trackers[0]}"
        )
    wanted = tracker or results.trackers[0]
    runs = [run for run in results.runs if wanted in {run.record.tracker, _name(run)}]
    if not runs:
        raise UnknownIdError(f"tracker of {folder}", wanted, results.trackers)
    called = f"{runs[0].record.tracker} of {folder.name}"
    return StoredBoxes(called, {run.record.dataset: _boxes_of(run) for run in runs})


def _name(run: Run) -> str:
    return parse(run.record.tracker).name


def _boxes_of(run: Run) -> dict[str, NDArray[np.float64]]:
    """Return index of a sequence -> its boxes and confidences; of repeated runs, those of run 0."""
    found: dict[str, NDArray[np.float64]] = {}
    for tracked in run.trajectories():
        confidence = tracked.confidence
        if confidence is None:
            confidence = np.full(tracked.iou.shape, np.nan)
        for boxes, sure in zip(tracked.predicted, confidence, strict=True):
            found[str(len(found))] = np.column_stack([boxes, sure])
    return found


class Replay:
    """Answers the boxes that are stored of the video it is on.

    Args:
        boxes: of all videos.
    """

    def __init__(self, boxes: StoredBoxes) -> None:
        self._stored = boxes
        self._left = iter(np.empty((0, 5)))

    def init(self, frame: Frame, box: Boxes, *, context: Context) -> Answer:
        """Look up the video's boxes, and return the first; of VOT's, the true ``box`` (4,).

        Raises:
            TrackbenchError: there are none of it, or too few.
        """
        del frame
        rows = self._stored.find(
            context.dataset, context.name, context.sequence, context.frames
        ).copy()
        if np.isinf(rows[0, :4]).all():
            rows[0, :4] = box
        self._left = iter(rows)
        return self._next()

    def update(self, frame: Frame) -> Answer:
        """Return the next box (4,) with its confidence; a box of NaN is a target that is absent."""
        del frame
        return self._next()

    def _next(self) -> Answer:
        row = next(self._left)
        sure = None if np.isnan(row[4]) else float(row[4])
        return Answer(None if np.isnan(row[:4]).all() else row[:4], sure)
