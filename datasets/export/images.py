"""Frames as image files, and what was lost on the way."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.errors import TrackbenchError, brief

if TYPE_CHECKING:
    from trackbench.contracts import Frame


class ImageFormat(Enum):
    """How a frame is encoded, whatever its file is called."""

    PNG = "png"
    """Exact."""
    JPEG = "jpeg"
    """Quality 100 without chroma subsampling: lossy all the same, by a grey level or two."""

    @property
    def lossless(self) -> bool:
        """What is read is what was written."""
        return self is ImageFormat.PNG


@dataclass(frozen=True)
class Loss:
    """By how much images differ from their frames: exact integers, so that sums are the same in
    any order.

    Attributes:
        largest: difference of one value (a grey level, or a channel of a colour).
        total: sum of the absolute differences.
        values: how many were compared.
    """

    largest: int = 0
    total: int = 0
    values: int = 0

    @property
    def mean(self) -> float:
        """Mean absolute difference; 0 where nothing was compared."""
        return self.total / self.values if self.values else 0.0

    def __add__(self, other: Loss) -> Loss:
        """Return the loss of both."""
        return Loss(
            max(self.largest, other.largest),
            self.total + other.total,
            self.values + other.values,
        )


def encode(frame: Frame, image: ImageFormat) -> bytes:
    """Return a frame (H, W) or (H, W, 3) as a grey or an RGB image.

    Raises:
        TrackbenchError: the format cannot hold it; JPEG ends at 65,535 pixels a side.
    """
    import numpy as np
    from PIL import Image

    out = io.BytesIO()
    try:
        opened = Image.fromarray(np.ascontiguousarray(frame))
        if image is ImageFormat.PNG:
            opened.save(out, format="PNG")
        else:
            opened.save(out, format="JPEG", quality=100, subsampling=0)
    # Pillow raises all of these for sizes it cannot encode
    except (OSError, ValueError, SystemError) as error:
        raise TrackbenchError(
            f"a frame of {frame.shape} cannot be written as {image.value}: {brief(error)}"
        ) from error
    return out.getvalue()


def loss(frame: Frame, content: bytes | Path) -> Loss:
    """Return by how much an image, as Pillow decodes it, differs from its frame.

    Raises:
        TrackbenchError: it cannot be read, or is of another size.
    """
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content) as opened:
            decoded = np.asarray(opened)
    except OSError as error:
        raise TrackbenchError(f"{_name(content)} cannot be read: {brief(error)}") from error
    if decoded.shape != frame.shape:
        raise TrackbenchError(f"{_name(content)} is {decoded.shape}, not {frame.shape}")
    difference = np.abs(decoded.astype(np.int16) - frame)
    return Loss(int(difference.max()), int(difference.sum(dtype=np.int64)), difference.size)


def _name(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return "what was encoded"
    return f"{content} (delete its sequence's folder, and it is written again)"
