"""``replay:FOLDER``: boxes that are stored already, answered again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Answer, Boxes, Frame, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.host.context import Context
from trackbench.host.run_lengths import MaskRuns, decoded
from trackbench.ids import parse
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.naming import free_id
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.reading_back import stored_protocols
from trackbench.results.run import Run
from trackbench.results.stored_boxes import Said, StoredBoxes
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
        sees_future=boxes.sees_future,
        description=f"the boxes of {boxes.called}, replayed",
    )


def _of_results(folder: Path, tracker: str) -> StoredBoxes:
    results = Results.load(folder, _protocol_of(folder))
    if not tracker and len(results.trackers) > 1:
        raise TrackbenchError(
            f"{folder} has boxes of {', '.join(results.trackers)}: write "
            f"replay:{folder}:{results.trackers[0]}"
        )
    wanted = _id_of(tracker or results.trackers[0], results.trackers)
    if wanted is None:
        raise UnknownIdError(f"tracker of {folder}", tracker, results.trackers)
    runs = [run for run in results.runs if run.record.tracker == wanted]
    return StoredBoxes(
        f"{wanted} of {folder.name}",
        {run.record.dataset: _boxes_of(run) for run in runs},
        {run.record.dataset: run.record.dataset_fingerprint for run in runs},
        {run.record.dataset: dict(run.repeats[0].every_mask()) for run in runs},
        sees_future=any(run.record.sees_future for run in runs),
    )


def _protocol_of(folder: Path) -> EvaluationProtocol | None:
    """Return the protocol of what a results directory has of whole passes; None: it has nothing.

    Raises:
        TrackbenchError: it has two, or only runs from several starts.
    """
    held = [EvaluationProtocol.of(each) for each in stored_protocols(folder)]
    once = [each for each in held if not each.several_starts]
    if held and not once:
        raise TrackbenchError(
            f"{folder} has boxes of runs from several starts ({held[0].value}), which are of no "
            "pass through a sequence: replay those of another protocol"
        )
    if len(once) > 1:
        raise TrackbenchError(
            f"{folder} has boxes of {' and '.join(each.value for each in once)}: replay a results "
            "directory that has those of one"
        )
    return once[0] if once else None


def _id_of(tracker: str, known: list[str]) -> str | None:
    """Return which of several ids is meant: of one without a version the newest."""
    if tracker in known:
        return tracker
    of_name = [each for each in map(parse, known) if each.name == tracker]
    return str(max(of_name, key=lambda each: each.version or 0)) if of_name else None


def _boxes_of(run: Run) -> dict[str, NDArray[np.float64]]:
    """Return index of a sequence -> what was answered in it; of repeated runs, in run 0.

    What was not run, for nothing of it was imported, is left out.
    """
    single = run.repeats[0]
    failed = {failure.sequence: failure for failure in single.record.failures}
    found: dict[str, NDArray[np.float64]] = {}
    index = 0
    for tracked in single.trajectories():
        nothing = np.full(tracked.iou.shape, np.nan)
        sure = nothing if tracked.confidence is None else tracked.confidence
        absent = np.zeros(nothing.shape, bool) if tracked.absent is None else tracked.absent
        said = np.where(absent, float(Said.ABSENT), float(Said.BOX))
        rows = np.concatenate([tracked.predicted, sure[..., None], said[..., None]], axis=-1)
        for number, each in enumerate(rows, index):
            failure = failed.get(number)
            if failure is not None:
                each[failure.frame :, 5] = Said.NOTHING
            if failure is None or failure.kind is not FailureKind.MISSING:
                found[str(number)] = each
        index += len(rows)
    return found


class Replay:
    """Answers the boxes that are stored of the video it is on.

    Args:
        boxes: of all videos.
    """

    def __init__(self, boxes: StoredBoxes) -> None:
        self._stored = boxes
        self._rows = np.empty((0, 6))
        self._masks: MaskRuns | None = None
        self._given = np.empty(4)
        self._at = 0

    def init(self, frame: Frame, box: Boxes, *, context: Context) -> Answer:
        """Look up the video's boxes, and return the first; of VOT's, the true ``box`` (4,).

        Raises:
            TrackbenchError: there are none of it, or too few, or the tracker had failed.
        """
        dataset, index = context.dataset, context.sequence
        self._rows = self._stored.find(dataset, context.name, index, context.frames)
        self._masks = self._stored.masks_of(dataset, index)
        self._given, self._at = box, 0
        return self._answer(frame)

    def update(self, frame: Frame) -> Answer:
        """Return the next box (4,) with its confidence and mask, or that the target is absent.

        Raises:
            TrackbenchError: the tracker had failed.
        """
        self._at += 1
        return self._answer(frame)

    def track(self, frames: Frame, box: Boxes, *, context: Context) -> list[Answer]:
        """Return the boxes of a whole video, of a tracker that was handed whole ones.

        Raises:
            TrackbenchError: as :meth:`init`.
        """
        first = self.init(frames[0], box, context=context)
        return [first, *(self.update(frame) for frame in frames[1:])]

    def _answer(self, frame: Frame) -> Answer:
        *box, sure, said = self._rows[self._at]
        if said == Said.NOTHING:
            raise TrackbenchError(f"{self._stored.called} has no answer from here on: it failed")
        confidence = None if np.isnan(sure) else float(sure)
        counts = np.empty(0) if self._masks is None else self._masks.of(0, self._at)
        mask = decoded(counts, frame.shape[:2]) if counts.size else None
        if said == Said.ABSENT:
            return Answer(None, confidence, mask)
        return Answer(self._given if said == Said.GIVEN else np.array(box), confidence, mask)
