"""Sequences of any data set, held to the contract before anything relies on it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Dataset, Video
from trackbench.errors import TrackbenchError, brief
from trackbench.metrics import valid
from trackbench.plugins.attributes import RESERVED, native, plain_attributes
from trackbench.plugins.read_frames import ReadFrames, are_read
from trackbench.plugins.true_masks import check_masks
from trackbench.printing.text import visible

__all__ = ["RESERVED", "make_sequence"]


def make_sequence(dataset: Dataset, index: int, length: int | None = None) -> Video:
    """Return ``dataset.sequence(index, length)``, its arrays plain, native and in C order.

    Raises:
        TrackbenchError: the data set raises, or what it makes breaks the contract.
    """
    called = f" ({visible(dataset.spec.names[index])})" if index < len(dataset.spec.names) else ""
    name, process = f"{dataset.spec.id} sequence {index}{called}", os.getpid()
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
        return _checked(name, made, dataset.spec.frames_of(index) if length is None else length)
    except ValueError as error:
        raise TrackbenchError(f"{name} breaks the contract: {error}") from error


def _checked(name: str, made: Any, length: int) -> Video:
    """Return what a data set made as it should be, or say in a ValueError what is wrong with it."""
    if not isinstance(made, Video):
        raise ValueError(f"it is {type(made).__name__}, not a trackbench.Video")  # noqa: TRY004 - one kind for all
    frames: Any = made.frames  # a plugin may have put anything here
    boxes: Any = made.boxes
    is_array = isinstance(frames, np.ndarray)
    if not isinstance(boxes, np.ndarray) or not (is_array or are_read(frames)):
        raise ValueError("frames and boxes must be NumPy arrays, or frames be read one by one")
    if is_array and (
        frames.dtype != np.uint8 or frames.ndim not in {3, 4} or frames.shape[3:] not in {(), (3,)}
    ):
        raise ValueError(
            f"frames are {frames.dtype} {frames.shape}, not uint8 (T, H, W) or (T, H, W, 3)"
        )
    if len(frames) != length:
        raise ValueError(f"{len(frames)} frames, not {length}")
    if is_array and 0 in frames.shape:
        raise ValueError(f"frames are {frames.shape}: they have no pixels")
    if boxes.dtype.newbyteorder("=") != np.float64 or boxes.shape != (length, 4):
        raise ValueError(f"boxes are {boxes.dtype} {boxes.shape}, not float64 ({length}, 4)")
    try:
        frames = native(frames) if is_array else ReadFrames(name, frames, length)
        boxes = native(boxes)
    except ValueError as error:
        raise ValueError(f"of frames or boxes, {error}") from error
    unknown = np.isnan(boxes).all(axis=1)
    unknown[0] = False  # that of frame 0 must be there: trackers begin with it
    wrong = ~valid(boxes) & ~unknown
    if wrong.any():
        frame = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"the true box of frame {frame} is {boxes[frame].tolist()}")
    absent = _absent(made.absent, unknown)
    images = tuple(map(os.fspath, made.images))
    if len(images) not in {0, length}:
        raise ValueError(f"{len(images)} images for {length} frames")
    attributes = plain_attributes(made.attributes, length)
    masks = check_masks(made.masks, (length, *frames.shape[1:3]))
    rows = _absent_rows(made.absent_rows, absent, length)
    return Video(frames, boxes, attributes, absent, images, masks, rows)


def _absent(given: Any, unknown: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return where the target is known to be nowhere; None where it never is.

    Raises:
        ValueError: what is given is none, or of a frame that has a true box.
    """
    if given is None:
        return None
    absent = native(np.asarray(given))
    if absent.dtype != np.bool_ or absent.shape != unknown.shape:
        raise ValueError(f"absent is {absent.dtype} {absent.shape}, not bool {unknown.shape}")
    if (absent & ~unknown).any():
        frame = int(np.flatnonzero(absent & ~unknown)[0])
        raise ValueError(f"the target is absent in frame {frame}, which has a true box")
    return absent if absent.any() else None


def _absent_rows(
    given: Any, absent: NDArray[np.bool_] | None, length: int
) -> NDArray[np.float64] | None:
    """Return what a file says where the target is absent, NaN elsewhere; None: nothing to say."""
    if given is None or absent is None:
        return None
    rows = native(np.asarray(given))
    if rows.dtype != np.float64 or rows.shape != (length, 4):
        raise ValueError(f"absent_rows are {rows.dtype} {rows.shape}, not float64 ({length}, 4)")
    return np.where(absent[:, None], rows, np.nan)
