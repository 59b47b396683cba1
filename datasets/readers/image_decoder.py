"""Frames that are an image file each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trackbench.contracts import Frame
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.decoding import frame_in, read_header_of


@dataclass(frozen=True)
class ImageDecoder:
    """Decodes images, all of which have the size and the colours of the first.

    A grey image among coloured ones gets three equal channels.

    Attributes:
        images: paths of the files.
    """

    images: tuple[str, ...]

    @cached_property
    def frame_shape(self) -> tuple[int, ...]:
        """(H, W) or (H, W, 3), from the first image's header.

        Raises:
            DataError: it cannot be read.
        """
        header = read_header_of(self.images[0])
        size = (header.height, header.width)
        return size if header.grey else (*size, 3)

    def frame(self, index: int) -> Frame:
        """Decode image ``index``.

        Raises:
            DataError: it is damaged, or unlike the first.
        """
        path = self.images[index]
        frame = frame_in(path)
        if frame.ndim == 2 and len(self.frame_shape) == 3:
            frame = np.repeat(frame[..., None], 3, axis=2)
        if frame.shape != self.frame_shape:
            raise data_error(
                path, f"is {_kind(frame.shape)}, and the first image {_kind(self.frame_shape)}"
            )
        return frame


def _kind(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} x {shape[0]} pixels, {'grey' if len(shape) == 2 else 'colour'}"
