"""Memory that masks are kept in as run lengths, in the order in which they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .answers import AnswerError
from .run_lengths import MOST, encoded

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray


class KeptMasks(NamedTuple):
    """Run lengths, and where those of each frame are.

    Attributes:
        counts: (K,) uint32, room for all of them.
        used: (1,) int64, how many of them are in use.
        starts, lengths: (T,), (B, T) or (T, B) int64, of each frame; a length of 0: it has no mask.
    """

    counts: NDArray[np.uint32]
    used: NDArray[np.int64]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def empty(cls, frames: int) -> KeptMasks:
        """Return memory of this process alone for the masks of T frames, given as it is used."""
        places = np.zeros((2, frames), np.int64)
        return cls(np.zeros(MOST, np.uint32), np.zeros(1, np.int64), *places)

    def of(self, place: Any) -> NDArray[np.uint32]:
        """Return the run lengths of a frame; none: it has no mask."""
        start = self.starts[place]
        return self.counts[start : start + self.lengths[place]]

    def at(self, place: Any) -> KeptMasks:
        """Return a view of some frames, as NumPy's indexing gives it."""
        return self._replace(starts=self.starts[place], lengths=self.lengths[place])

    @property
    def by_frame(self) -> KeptMasks:
        """A view of what is (B, T) as (T, B)."""
        return self._replace(starts=self.starts.T, lengths=self.lengths.T)

    def keep(self, place: Any, masks: Any) -> None:
        """Keep the mask (H, W) of a frame, or those of all frames of a place.

        Args:
            place: of the frame or frames, as NumPy's indexing has it.
            masks: an array, or a list with None where a frame has none.

        Raises:
            AnswerError: there is no room for them.
        """
        of_place = self.at(place)
        if not of_place.starts.ndim:
            _keep_one(self, place, masks)
            return
        for number, mask in enumerate(masks):
            if mask is not None:
                _keep_one(of_place, number, mask)

    def forget(self, first: int) -> None:
        """Forget the masks of a video (B, T), with which a host begins, and of those after it."""
        self.lengths[first:] = 0
        lengths = self.lengths[:first]
        ends = np.where(lengths > 0, self.starts[:first] + lengths, 0)
        self.used[0] = ends.max() if ends.size else 0


def _keep_one(kept: KeptMasks, place: Any, mask: NDArray[np.bool_]) -> None:
    counts, start = encoded(mask), int(kept.used[0])
    if start + len(counts) > len(kept.counts):
        raise AnswerError(
            f"the tracker's masks of this part of the data set are more than {len(kept.counts)} "
            "run lengths, for which there is no room: smooth them"
        )
    kept.counts[start : start + len(counts)] = counts
    kept.used[0] = start + len(counts)
    kept.starts[place], kept.lengths[place] = start, len(counts)  # last: now it is there
