"""The masks of a video on disk as a data set gives them: one is made when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, Masks


@dataclass(frozen=True, eq=False)
class TrueMasks:
    """Masks of T frames like a sequence: ``masks[t]`` is (H, W) bool.

    Attributes:
        masks: of the video.
        size: (H, W) of its frames.
        length: T, how many of them count.
    """

    masks: Masks
    size: tuple[int, int]
    length: int

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> NDArray[np.bool_]:
        """Return the mask of a frame; of one that has none, and no box, nothing is the target's.

        Raises:
            DataError: it cannot be read, or is of another size than the frames.
            IndexError: there is no such frame.
        """
        mask = self.masks.mask(range(self.length)[index], self.size)
        return np.zeros(self.size, np.bool_) if mask is None else mask


def all_have_masks(video: AnnotatedVideo) -> bool:
    """Whether there is a mask wherever there is a box."""
    masks = video.masks
    if masks is None:
        return False
    return all(map(masks.has, np.flatnonzero(~np.isnan(video.boxes).any(axis=1)).tolist()))
