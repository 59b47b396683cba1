"""Sequences of any data set, held to the contract before anything relies on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Dataset, Sequence
from trackbench.errors import TrackbenchError, brief
from trackbench.metrics import valid

RESERVED = frozenset({"sequence", "frame", *"xywh", "frame_hash", "height", "width"})
"""Columns of the stored truth that no attribute may overwrite."""


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
    except (Exception, SystemExit) as error:
        raise TrackbenchError(f"{name} cannot be made: {brief(error)}") from error
    flaw = _flaw(made, dataset.spec.length if length is None else length)
    if flaw is not None:
        raise TrackbenchError(f"{name} breaks the contract: {flaw}")
    return made


def _flaw(made: Any, length: int) -> str | None:
    """Say what is wrong with what a data set made, or None."""
    if not isinstance(made, Sequence):
        return f"it is {type(made).__name__}, not a trackbench.Sequence"
    frames: Any = made.frames  # a plugin may have put anything here
    boxes: Any = made.boxes
    if not (isinstance(frames, np.ndarray) and isinstance(boxes, np.ndarray)):
        return "frames and boxes must be NumPy arrays"
    return _flaw_of_arrays(frames, boxes, length) or _flaw_of_attributes(made.attributes, length)


def _flaw_of_arrays(frames: NDArray[Any], boxes: NDArray[Any], length: int) -> str | None:
    if frames.dtype != np.uint8 or frames.ndim not in {3, 4} or frames.shape[3:] not in {(), (3,)}:
        return f"frames are {frames.dtype} {frames.shape}, not uint8 (T, H, W) or (T, H, W, 3)"
    if len(frames) != length:
        return f"{len(frames)} frames, not {length}"
    if boxes.dtype != np.float64 or boxes.shape != (length, 4):
        return f"boxes are {boxes.dtype} {boxes.shape}, not float64 ({length}, 4)"
    if not valid(boxes).all():
        frame = int(np.flatnonzero(~valid(boxes))[0])
        return f"the true box of frame {frame} is {boxes[frame].tolist()}"
    return None


def _flaw_of_attributes(attributes: Mapping[str, NDArray[Any]], length: int) -> str | None:
    for name, values in attributes.items():
        if name in RESERVED:
            return f"an attribute cannot be called {name!r}: that is a column of its own"
        if np.shape(values) != (length,) or np.asarray(values).dtype.kind not in "biuf":
            return f"attribute {name} is not ({length},) numbers or booleans"
    return None
