"""Sequences of any data set, held to the contract before anything relies on it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from trackbench.contracts import Dataset, Video
from trackbench.errors import TrackbenchError, brief
from trackbench.metrics import valid
from trackbench.plugins.attributes import RESERVED, native, plain_attributes

__all__ = ["RESERVED", "make_sequence"]


def make_sequence(dataset: Dataset, index: int, length: int | None = None) -> Video:
    """Return ``dataset.sequence(index, length)``, its arrays plain, native and in C order.

    Raises:
        TrackbenchError: the data set raises, or what it makes breaks the contract.
    """
    name, process = f"{dataset.spec.id} sequence {index}", os.getpid()
    try:
        made = dataset.sequence(index, length)
    except TrackbenchError:
        raise
    # A plugin's data set may raise anything; it is the user's to mend.
    except (Exception, SystemExit) as error:
        raise TrackbenchError(f"{name} cannot be made: {brief(error)}") from error
    finally:
        if os.getpid() != process:  # it has forked, and its child came back from it, too
            os._exit(0)
    try:
        return _checked(made, dataset.spec.length if length is None else length)
    except ValueError as error:
        raise TrackbenchError(f"{name} breaks the contract: {error}") from error


def _checked(made: Any, length: int) -> Video:
    """Return what a data set made as it should be, or say in a ValueError what is wrong with it."""
    if not isinstance(made, Video):
        raise ValueError(f"it is {type(made).__name__}, not a trackbench.Video")  # noqa: TRY004 - one kind for all
    frames: Any = made.frames  # a plugin may have put anything here
    boxes: Any = made.boxes
    if not (isinstance(frames, np.ndarray) and isinstance(boxes, np.ndarray)):
        raise ValueError("frames and boxes must be NumPy arrays")  # noqa: TRY004 - one kind for all
    if frames.dtype != np.uint8 or frames.ndim not in {3, 4} or frames.shape[3:] not in {(), (3,)}:
        raise ValueError(
            f"frames are {frames.dtype} {frames.shape}, not uint8 (T, H, W) or (T, H, W, 3)"
        )
    if len(frames) != length:
        raise ValueError(f"{len(frames)} frames, not {length}")
    if 0 in frames.shape:
        raise ValueError(f"frames are {frames.shape}: they have no pixels")
    if boxes.dtype.newbyteorder("=") != np.float64 or boxes.shape != (length, 4):
        raise ValueError(f"boxes are {boxes.dtype} {boxes.shape}, not float64 ({length}, 4)")
    try:
        frames, boxes = native(frames), native(boxes)
    except ValueError as error:
        raise ValueError(f"of frames or boxes, {error}") from error
    if not valid(boxes).all():
        frame = int(np.flatnonzero(~valid(boxes))[0])
        raise ValueError(f"the true box of frame {frame} is {boxes[frame].tolist()}")
    images = tuple(map(os.fspath, made.images))
    if len(images) not in {0, length}:
        raise ValueError(f"{len(images)} images for {length} frames")
    return Video(frames, boxes, plain_attributes(made.attributes, length), images)
