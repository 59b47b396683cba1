"""Frames that are decoded when they are asked for, each held to what the first one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from trackbench.contracts import Frame, Frames
from trackbench.errors import DataError, TrackbenchError, brief
from trackbench.plugins.attributes import native

_UINT8 = np.dtype(np.uint8)
_NEITHER = np.ndarray, list, tuple, str, bytes, Mapping
"""What is indexed, and reads nothing when it is."""


def are_read(frames: Any) -> bool:
    """Whether what a data set gives as frames reads them one by one."""
    return hasattr(frames, "__getitem__") and not isinstance(frames, _NEITHER)


class ReadFrames:
    """Frames (T, H, W[, 3]) of a video that is never whole in memory.

    It is indexed like an array: with a number it gives a frame, with a slice an array of frames.

    Attributes:
        shape: (T, H, W) or (T, H, W, 3).
    """

    def __init__(self, name: str, frames: Frames, length: int) -> None:
        """Read the first frame.

        Args:
            name: of the sequence, for messages.
            frames: of a data set.
            length: T, how many of them count.

        Raises:
            DataError: it cannot be read.
            TrackbenchError: it is no frame.
        """
        self._name, self._frames = name, frames
        self.shape: tuple[int, ...] = (length,)
        self._each: tuple[int, ...] | None = None
        first = self[0]
        self.shape, self._each = (length, *first.shape), first.shape

    dtype = _UINT8

    @property
    def ndim(self) -> int:
        """3 of grey frames, 4 of colour."""
        return len(self.shape)

    def __len__(self) -> int:
        """Return T."""
        return self.shape[0]

    def __iter__(self) -> Iterator[Frame]:
        """Read frame after frame."""
        return (self[index] for index in range(len(self)))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Read all frames into one array."""
        return np.asarray(self[:], dtype)

    def __getitem__(self, index: Any) -> Frame:
        """Return a frame, or an array of those of a slice.

        Raises:
            DataError: one cannot be read.
            TrackbenchError: one is no frame, or of another size than the first; or the data set
                raises something else than an OSError.
        """
        if isinstance(index, slice):
            places = range(len(self))[index]
            found = np.empty((len(places), *self.shape[1:]), np.uint8)
            for at, place in enumerate(places):
                found[at] = self._read(place)
            return found
        return self._read(range(self.shape[0])[index])

    def read_into(self, frames: Frame, start: int) -> None:
        """Fill an array of n frames with those from number ``start`` on.

        Raises:
            DataError, TrackbenchError: as where one is asked for.
        """
        for at in range(len(frames)):
            frames[at] = self._read(start + at)

    def _read(self, place: int) -> Frame:
        try:
            frame: Any = self._frames[place]
        except DataError as error:
            raise DataError(f"{self._what(place)} cannot be read: {error}") from error
        except OSError as error:
            raise DataError(f"{self._what(place)} cannot be read: {brief(error)}") from error
        except Exception as error:  # a plugin's reader may raise anything
            raise TrackbenchError(f"{self._what(place)} cannot be made: {brief(error)}") from error
        # As nearly every frame is, of thousands: so this is no function of its own.
        if (
            type(frame) is np.ndarray
            and frame.shape == self._each
            and frame.dtype == _UINT8
            and frame.flags.c_contiguous
        ):
            return frame
        if wrong := self._wrong(frame):
            raise TrackbenchError(f"{self._what(place)} breaks the contract: {wrong}")
        return native(frame)

    def _what(self, place: int) -> str:
        return f"{self._name}, frame {place}"

    def _wrong(self, frame: Any) -> str | None:
        """Say what a frame must not be; None: nothing is wrong with it."""
        if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
            return f"it is {getattr(frame, 'dtype', type(frame).__name__)}, not uint8"
        if frame.ndim not in {2, 3} or frame.shape[2:] not in {(), (3,)} or 0 in frame.shape:
            return f"it is of shape {frame.shape}, not (H, W) or (H, W, 3)"
        if len(self.shape) > 1 and frame.shape != self.shape[1:]:
            return f"it is of shape {frame.shape}, and the first of {self.shape[1:]}"
        return None
