"""Sequences of any data set, held to the contract before anything relies on it."""

from __future__ import annotations

import numpy as np

from trackbench.contracts import Dataset, Sequence
from trackbench.errors import TrackbenchError
from trackbench.metrics import valid


def make_sequence(dataset: Dataset, index: int, length: int | None = None) -> Sequence:
    """Return ``dataset.sequence(index, length)``.

    Raises:
        TrackbenchError: the data set raises, or what it makes breaks the contract.
    """
    name = f"{dataset.spec.id} sequence {index}"
    try:
        made = dataset.sequence(index, length)
    except TrackbenchError:
        raise
    # A plugin's data set may raise anything; it is the user's to mend.
    except Exception as error:
        brief = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise TrackbenchError(f"{name} cannot be made: {brief}") from error
    flaw = _flaw(made, dataset.spec.length if length is None else length)
    if flaw is not None:
        raise TrackbenchError(f"{name} breaks the contract: {flaw}")
    return made


def _flaw(made: Sequence, length: int) -> str | None:
    """Say what is wrong with a sequence, or None."""
    frames, boxes = np.asarray(made.frames), np.asarray(made.boxes)
    if frames.dtype != np.uint8 or frames.ndim not in {3, 4} or frames.shape[3:] not in {(), (3,)}:
        return f"frames are {frames.dtype} {frames.shape}, not uint8 (T, H, W) or (T, H, W, 3)"
    if len(frames) != length:
        return f"{len(frames)} frames, not {length}"
    if boxes.dtype != np.float64 or boxes.shape != (length, 4):
        return f"boxes are {boxes.dtype} {boxes.shape}, not float64 ({length}, 4)"
    if not valid(boxes).all():
        frame = int(np.flatnonzero(~valid(boxes))[0])
        return f"the true box of frame {frame} is {boxes[frame].tolist()}"
    for attribute, values in made.attributes.items():
        if np.shape(values) != (length,):
            return f"attribute {attribute} has shape {np.shape(values)}, not ({length},)"
    return None
