"""The floor of every table: the first box, for ever."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame


class StaticTracker:
    """Never looks at a frame; a tracker that scores less is worse than none."""

    def init(self, frame: Frame, box: Boxes) -> None:
        """Keep ``box`` (4,), pixels; ``frame`` is ignored."""
        del frame
        self._box = np.array(box, dtype=np.float64)

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) given to ``init``."""
        del frame
        return self._box.copy()
