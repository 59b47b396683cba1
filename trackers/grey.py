"""RGB frames as the trackers that see grey want them."""

from __future__ import annotations

import numpy as np

from trackbench.contracts import Frame


def grey(frames: Frame, axes: int) -> Frame:
    """Frames with ``axes`` axes (..., H, W) as they are; with one more, (..., H, W, 3), as luma.

    Luma is (77 R + 150 G + 29 B) / 256, the weights of ITU-R BT.601 in 8 bits: a grey picture
    stored as RGB gives its own values back.
    """
    if frames.ndim == axes:
        return frames
    weighted = frames.astype(np.uint16) * np.array([77, 150, 29], np.uint16)
    luma: Frame = (weighted.sum(axis=-1, dtype=np.uint16) >> 8).astype(np.uint8)
    return luma
