"""Frames of a video file, which are decoded in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackbench.contracts import Frame
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.errors import DataError


class VideoDecoder:
    """Decodes a video file; a step back begins at its first frame again.

    Where a frame is damaged there is none from there on, and what is asked of them costs nothing.

    Args:
        file: which.

    Attributes:
        images: none.
    """

    images: tuple[str, ...] = ()

    def __init__(self, file: VideoFile) -> None:
        self._file = file
        self._frames: Iterator[Frame] | None = None
        self._next = 0
        self._shape: tuple[int, ...] | None = None
        self._damage: tuple[int, str] | None = None

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """(H, W) or (H, W, 3), from the file's header.

        Raises:
            DataError: it cannot be read.
        """
        if self._shape is None:
            self._shape = self._file.frame_shape()
        return self._shape

    def frame(self, index: int) -> Frame:
        """Decode frame ``index``.

        Raises:
            DataError: it, or one before it, is damaged, or the video ends before it.
        """
        if self._damage is not None and index >= self._damage[0]:
            raise DataError(self._damage[1])
        try:
            return self._decoded(index)
        except DataError as error:
            self._damage = index, str(error)
            raise

    def _decoded(self, index: int) -> Frame:
        if self._frames is None or index < self._next:
            self._frames, self._next = self._file.frames(), 0
        try:
            while True:
                frame = next(self._frames)
                self._next += 1
                if self._next > index:
                    break
        except BaseException as error:
            self._frames = None
            if isinstance(error, StopIteration):
                raise data_error(
                    self._file.path, f"ends before frame {index}: it is damaged"
                ) from None
            raise
        if frame.shape != self.frame_shape:
            raise data_error(
                self._file.path, f"frame {index} is {frame.shape}, not {self.frame_shape}"
            )
        return frame

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is open: a copy begins at the first frame."""
        return self.__dict__ | {"_frames": None, "_next": 0}
