"""Frames on their way to a host: a video in one piece, or in blocks while the next one is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from trackbench.contracts import Frame
from trackbench.plugins.read_frames import ReadFrames
from trackbench.running.anonymous_file import FrameFile

BLOCK_BYTES = 24 * 2**20
"""Of a block of frames that are read one by one; one frame at least."""


@dataclass(frozen=True)
class Block:
    """Frames ``start`` to ``stop`` of a video, in memory for a host.

    Attributes:
        start, stop: frames, half-open.
        file: with the frames at its beginning.
        shape: of the frames, (n, H, W[, 3]).
    """

    start: int
    stop: int
    file: FrameFile
    shape: tuple[int, ...]


class FrameFiles:
    """Memory for frames; what hosts have not kept is filled again."""

    def __init__(self) -> None:
        self._spare: list[FrameFile] = []

    def take(self, shape: tuple[int, ...]) -> FrameFile:
        """Return memory for frames of a shape."""
        while self._spare:
            file = self._spare.pop()
            if file.shape == shape:
                return file
            file.close()
        return FrameFile(shape)

    def take_back(self, file: FrameFile, *, kept: bool) -> None:
        """Take memory back; ``kept``: a host may look at it later."""
        if kept or len(self._spare) > 1:
            file.close()
        else:
            self._spare.append(file)

    def close(self) -> None:
        """Let the memory go."""
        while self._spare:
            self._spare.pop().close()


class Film:
    """The frames of a video, block by block.

    Attributes:
        length: T, how many there are.
    """

    def __init__(self, frames: Any, files: FrameFiles, look: Callable[[int, Frame], None]) -> None:
        """Begin with nothing read.

        Args:
            frames: (T, H, W[, 3]) uint8, an array or :class:`ReadFrames`.
            files: memory for them.
            look: is called with the number of the first frame of a block, and the block's frames.
        """
        self._frames, self._files, self._look = frames, files, look
        self.length = len(frames)
        self._step = self.length
        if isinstance(frames, ReadFrames):
            self._step = max(1, min(self.length, BLOCK_BYTES // math.prod(frames.shape[1:])))

    @property
    def in_one(self) -> bool:
        """Whether there is one block alone."""
        return self._step == self.length

    def blocks(self) -> Generator[Block]:
        """Yield the blocks in order; each is to be given back before the next is asked for.

        Raises:
            DataError: a frame cannot be read.
        """
        if self.in_one:
            yield self._filled(0)
            return
        with ThreadPoolExecutor(1, "frames") as ahead:
            coming: Future[Block] | None = ahead.submit(self._filled, 0)
            try:
                while coming is not None:
                    block, coming = coming.result(), None
                    if block.stop < self.length:
                        coming = ahead.submit(self._filled, block.stop)
                    yield block
            finally:
                if coming is not None:  # the reader has stopped before this block
                    with suppress(Exception):
                        self._files.take_back(coming.result().file, kept=False)

    def give_back(self, block: Block, *, kept: bool) -> None:
        """Take a block back from a host; ``kept``: it may look at some of it later."""
        self._files.take_back(block.file, kept=kept)

    def _filled(self, start: int) -> Block:
        """Return the block that begins with a frame.

        Raises:
            DataError: one of its frames cannot be read.
        """
        stop = min(start + self._step, self.length)
        shape = (stop - start, *self._frames.shape[1:])
        file = self._files.take((self._step, *shape[1:]))
        try:
            frames = file.frames[: stop - start]
            if isinstance(self._frames, ReadFrames):
                self._frames.read_into(frames, start)
            else:  # all in one
                frames[:] = self._frames
            self._look(start, frames)
        except BaseException:
            self._files.take_back(file, kept=False)
            raise
        return Block(start, stop, file, shape)
