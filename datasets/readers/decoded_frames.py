"""The frames of a video, decoded one by one when they are asked for, a few of them ahead."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, overload

import numpy as np

from trackbench.contracts import Frame
from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.image_decoder import ImageDecoder
from trackbench.datasets.readers.images import texts_of
from trackbench.datasets.readers.video_decoder import VideoDecoder
from trackbench.datasets.readers.video_file import VideoFile

AHEAD = 4
"""Frames that are decoded before they are asked for, at most."""

AHEAD_BYTES = 64 * 2**20
"""Bytes that these may take altogether; one frame is always allowed."""


class Decoder(Protocol):
    """Decodes the frames of one video; asked by one thread at a time."""

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """(H, W) or (H, W, 3) of every frame; nothing is decoded for it."""

    @property
    def images(self) -> tuple[str, ...]:
        """Paths of the image files, one a frame; empty: the frames are in a video file."""

    def frame(self, index: int) -> Frame:
        """Decode frame ``index``."""


class DecodedFrames:
    """T frames like a sequence: ``frames[t]`` is (H, W) or (H, W, 3) uint8, and read-only.

    A thread decodes the next few frames once they are asked for in order, so that at most
    ``ahead`` + 1 of them are held. A part, ``frames[a:b]``, is decoded as lazily as the whole.

    Args:
        decoder: of the video.
        start, stop: which of its frames these are.
        ahead: how many are decoded before they are asked for; 0: none, and there is no thread.
    """

    def __init__(self, decoder: Decoder, start: int, stop: int, ahead: int = AHEAD) -> None:
        self._decoder = decoder
        self._range = range(start, stop)
        self._ahead = ahead
        self._pending: dict[int, Future[Frame]] = {}
        self._next = start
        self._thread: ThreadPoolExecutor | None = None

    @classmethod
    def of(cls, video: AnnotatedVideo, ahead: int = AHEAD) -> DecodedFrames:
        """Return the frames of a video."""
        images = video.images
        if isinstance(images, VideoFile):
            return cls(VideoDecoder(images), 0, len(video), ahead)
        return cls(ImageDecoder(texts_of(images)), 0, len(video), ahead)

    @property
    def shape(self) -> tuple[int, ...]:
        """(T, H, W) or (T, H, W, 3), from the first image's header.

        Raises:
            DataError: that cannot be read.
        """
        return (len(self), *self._decoder.frame_shape)

    @property
    def images(self) -> tuple[str, ...]:
        """Paths of the T image files; empty: the frames are in a video file."""
        return self._decoder.images[self._range.start : self._range.stop]

    @property
    def dtype(self) -> np.dtype[np.uint8]:
        """uint8."""
        return np.dtype(np.uint8)

    @property
    def ndim(self) -> int:
        """3 of grey frames, 4 of coloured ones."""
        return len(self.shape)

    def __len__(self) -> int:
        return len(self._range)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> DecodedFrames: ...
    def __getitem__(self, index: int | slice) -> Frame | DecodedFrames:
        """Decode one frame, or return a part of the video.

        Raises:
            DataError: the frame's image is damaged; the message names it.
            IndexError: there is no such frame.
            ValueError: a part with a step.
        """
        if isinstance(index, slice):
            part = self._range[index]
            if part.step != 1:
                raise ValueError("a part of a video is of frames that follow each other")
            # a decoder of its own: both may be read from at the same time
            return DecodedFrames(copy.copy(self._decoder), part.start, part.stop, self._ahead)
        at = self._range[index]
        frame = self._read_ahead(at) if self._ahead else self._decoder.frame(at)
        frame.setflags(write=False)  # in half the time of frame.flags.writeable
        return frame

    def __iter__(self) -> Iterator[Frame]:
        return map(self.__getitem__, range(len(self)))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the thread and what it has decoded: a copy begins anew."""
        return self.__dict__ | {"_pending": {}, "_thread": None}

    def _read_ahead(self, index: int) -> Frame:
        self._pending = {at: future for at, future in self._pending.items() if at >= index}
        wanted = self._pending.pop(index, None) or self._submit(index)
        if index == self._next:
            for later in range(index + 1, min(index + 1 + self._many(), self._range.stop)):
                if later not in self._pending:
                    self._pending[later] = self._submit(later)
        else:
            self._pending.clear()
        frame = wanted.result()
        self._next = index + 1
        return frame

    def _many(self) -> int:
        """Return how many frames are decoded ahead: no more than there are bytes for."""
        size = 1
        for side in self._decoder.frame_shape:
            size *= side
        return max(1, min(self._ahead, AHEAD_BYTES // size))

    def _submit(self, index: int) -> Future[Frame]:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="frames")
            weakref.finalize(self, self._thread.shutdown, wait=False, cancel_futures=True)
        return self._thread.submit(self._decoder.frame, index)
