"""The truth that imported results are scored against, made without looking at frames on disk."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Dataset
from trackbench.errors import DataError, TrackbenchError
from trackbench.host.run_lengths import MaskRuns
from trackbench.metrics import mask_iou
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.frame_hash import frame_hashes
from trackbench.plugins.true_masks import true_runs
from trackbench.results.chunks import Truth, without_score
from trackbench.results.extent import Extent


def truth_of(dataset: Dataset, extent: Extent, chunk: int) -> Truth:
    """Return what is true of a chunk's sequences.

    Frames that a data set makes are hashed; those that it reads one by one are not, for reading
    them would take as long as tracking. The first run of a tracker there does that.

    Raises:
        DataError: the first image of a sequence cannot be read.
        TrackbenchError: a sequence cannot be made, or has other attributes than the others.
    """
    part = extent.part(chunk)
    count, length = len(part), extent.longest_in(part)
    boxes = np.full((count, length, 4), np.nan)
    hashes = np.zeros((count, length), np.uint64)
    sizes = np.zeros((count, 2), np.int32)
    absent = np.zeros((count, length), bool)
    absent_rows: NDArray[np.float64] | None = None
    attributes: dict[str, NDArray[Any]] = {}
    masks: list[list[NDArray[np.uint32]] | None] = []
    seen = True
    for slot, index in enumerate(part):
        frames = extent.frames_of(index)
        video = make_sequence(dataset, index, frames)
        try:
            sizes[slot] = video.frames.shape[1:3]
        except OSError as error:
            raise DataError(f"{error.filename}: cannot be read ({error.strerror})") from error
        boxes[slot, :frames] = video.boxes
        if video.absent is not None:
            absent[slot, :frames] = video.absent
        if video.absent_rows is not None:
            if absent_rows is None:
                absent_rows = np.full(boxes.shape, np.nan)
            absent_rows[slot, :frames] = video.absent_rows
        if isinstance(video.frames, np.ndarray):
            hashes[slot, :frames] = frame_hashes(video.frames)
        else:
            seen = False
        name = f"{dataset.spec.id} sequence {index}"
        masks.append(None if video.masks is None else true_runs(name, video))
        if not slot:
            attributes = {
                name: np.full((count, length), np.nan if v.dtype.kind == "f" else 0, v.dtype)
                for name, v in video.attributes.items()
            }
        kinds = {name: values.dtype for name, values in video.attributes.items()}
        if kinds != {name: values.dtype for name, values in attributes.items()}:
            raise TrackbenchError(f"{name} has other attributes than the one before")
        for attribute, values in video.attributes.items():
            attributes[attribute][slot, :frames] = values
    nowhere = absent if absent.any() else None
    return Truth(
        boxes,
        hashes if seen else None,
        sizes,
        attributes,
        nowhere,
        _joined(masks),
        absent_rows,
    )


def _joined(masks: list[list[NDArray[np.uint32]] | None]) -> MaskRuns | None:
    """Return the true masks of sequences; None: they have none."""
    if all(each is None for each in masks):
        return None
    if any(each is None for each in masks):
        raise TrackbenchError("some sequences have masks and others have none")
    known = [each or [] for each in masks]
    lengths = np.zeros((len(known), max(map(len, known))), np.int64)
    for slot, runs in enumerate(known):
        lengths[slot, : len(runs)] = [len(counts) for counts in runs]
    return MaskRuns.joined(lengths, np.concatenate([counts for runs in known for counts in runs]))


def scored(truth: Truth, boxes: NDArray[np.float64], frames: list[int]) -> NDArray[np.float64]:
    """Return the mask IoU (N, T) of predictions (N, T, 4), each in its own sequence's frame.

    NaN where there is no true box, or a sequence has ended.

    Args:
        truth: of the sequences.
        boxes: predicted.
        frames: of each sequence.
    """
    found = np.full(boxes.shape[:2], np.nan)
    for slot, count in enumerate(frames):
        height, width = truth.sizes[slot].tolist()
        true = truth.boxes[slot, :count]
        found[slot, :count] = mask_iou(true, boxes[slot, :count], (height, width))
        absent = None if truth.absent is None else truth.absent[slot, :count]
        found[slot, :count][without_score(true, absent)] = np.nan
    return found
