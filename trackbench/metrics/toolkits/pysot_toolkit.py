"""StrangerZhang/pysot-toolkit's ``OPEBenchmark``: pysot's, with a stricter idea of a truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits import pysot
from trackbench.metrics.toolkits.curves import Floats, OpeScores


def evaluate(answers: Floats, truth: Floats, visible: NDArray[np.bool_] | None = None) -> OpeScores:
    """Return the scores of a sequence, as :func:`trackbench.metrics.toolkits.pysot.evaluate`.

    One thing differs: a truth at x <= 0 or y <= 0 is a failure in success, whatever the answer.
    """
    return pysot.evaluate(answers, truth, visible, whole_box_positive=True)
