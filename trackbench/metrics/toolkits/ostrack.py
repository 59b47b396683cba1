"""The evaluation of OSTrack and of its kin (STARK, MixFormer, ODTrack, SUTrack)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits import pytracking
from trackbench.metrics.toolkits.curves import Floats, OpeScores
from trackbench.metrics.toolkits.pytracking import Family


def evaluate(
    answers: Floats,
    truth: Floats,
    family: Family = Family.OTB,
    visible: NDArray[np.bool_] | None = None,
    *,
    only_valid: bool = False,
    one_frame: bool = False,
) -> OpeScores:
    """Return the scores of a sequence, as :func:`trackbench.metrics.toolkits.pytracking.evaluate`.

    One thing differs: a truth is valid if its width and height are above 0, wherever it is.

    Raises:
        ToolkitRefusesError: what it raises at, as pytracking.
    """
    return pytracking.evaluate(
        answers,
        truth,
        family,
        visible,
        only_valid=only_valid,
        whole_box_positive=False,
        toolkit="OSTrack",
        one_frame=one_frame,
    )
