"""Whether paired differences are around 0: the exact randomisation test of their mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CELLS = 4096
"""What the sum of all sizes is rounded to at least: the finer, the longer it takes."""
_CELLS_EACH = 4
"""The same for each difference on average: with less than a half, many alike would all be none."""


def sign_flip_p(differences: NDArray[np.float64]) -> float:
    """Return the two-sided p-value that (N,) paired differences have no direction.

    Fisher's randomisation test (Pitman, Suppl. J. R. Stat. Soc. 1937): if it does not matter which
    of a pair is which, every difference is as likely to be positive as negative, whatever its size.
    P is the share of all 2^N choices of signs whose sum is as far from 0 as the one that is there:
    exact for any distribution and any N, and never below 2^(1 - k) where k differences are not 0.
    The sum is tested, not ranks, because the mean is what is reported; and not Student's t, which
    takes one large difference that points the way of all others for a reason to doubt.

    Sizes are rounded to a 4096th of their sum (to less where there are more than 1,024), which
    makes it a test of a sum of rounded numbers, and exact still; the distribution is that of sums
    of a subset, added up size by size.

    Args:
        differences: (N,), finite.
    """
    sizes = np.abs(differences)
    if not sizes.any():
        return 1.0
    count = max(_CELLS, _CELLS_EACH * len(sizes))
    cells = np.rint(sizes / sizes.sum() * count).astype(np.int64)
    positive = int(cells[differences > 0].sum())
    cells = cells[cells > 0]
    total = int(cells.sum())
    chances = np.zeros(total + 1)
    chances[0] = 1.0
    for size in cells.tolist():
        chances[size:] = (chances[size:] + chances[:-size]) / 2
        chances[:size] /= 2
    far = abs(2 * positive - total)
    sums = np.abs(2 * np.arange(total + 1) - total)
    return min(1.0, float(chances[sums >= far].sum()))


def smallest_p_value(sequences: int) -> float:
    """Return the smallest p-value that :func:`sign_flip_p` can have with so many differences."""
    return min(1.0, 2.0 ** (1 - sequences))
