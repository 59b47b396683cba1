"""True masks of a video, read one by one where they are many, and made into run lengths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Video
from trackbench.errors import DataError, TrackbenchError, brief
from trackbench.host import run_lengths
from trackbench.plugins.attributes import native
from trackbench.plugins.read_frames import are_read


def check_masks(given: Any, shape: tuple[int, ...]) -> Any:
    """Return true masks (T, H, W), or what reads them one by one; None of None.

    Args:
        given: by a data set.
        shape: (T, H, W) of the frames.

    Raises:
        ValueError: it is neither; the message is the reason.
    """
    if given is None:
        return None
    if isinstance(given, np.ndarray):
        masks = native(given)
        if masks.dtype != np.bool_ or masks.shape != shape:
            raise ValueError(f"masks are {masks.dtype} {masks.shape}, not bool {shape}")
        return masks
    if not are_read(given) or not hasattr(given, "__len__"):
        raise ValueError(f"masks are {type(given).__name__}: no array, and not read one by one")
    if len(given) < shape[0]:
        raise ValueError(f"{len(given)} masks for {shape[0]} frames")
    return given


def true_runs(
    name: str, video: Video, frames: Iterable[int] | None = None
) -> list[NDArray[np.uint32]]:
    """Return the run lengths of the masks of a video that has some, an array a frame.

    Args:
        name: of the sequence, for messages.
        video: as :func:`~trackbench.plugins.checked_sequence.make_sequence` made it.
        frames: of which frames; None: of all.

    Raises:
        DataError: one cannot be read.
        TrackbenchError: one is no mask, or not of the size of the frames.
    """
    size = tuple(video.frames.shape[1:3])
    chosen = range(len(video)) if frames is None else frames
    return [
        run_lengths.encoded(_read(f"{name}, mask {frame}", video.masks, frame, size))
        for frame in chosen
    ]


def _read(what: str, masks: Any, frame: int, size: tuple[int, ...]) -> NDArray[np.bool_]:
    try:
        mask: Any = masks[frame]
    except DataError as error:
        raise DataError(f"{what} cannot be read: {error}") from error
    except OSError as error:
        raise DataError(f"{what} cannot be read: {brief(error)}") from error
    except Exception as error:  # a plugin's reader may raise anything
        raise TrackbenchError(f"{what} cannot be made: {brief(error)}") from error
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != size:
        kind, shape = getattr(mask, "dtype", type(mask).__name__), getattr(mask, "shape", "")
        raise TrackbenchError(f"{what} breaks the contract: it is {kind} {shape}, not bool {size}")
    return native(mask)
