"""How toolkits make frames per second of the seconds that each frame took."""

from __future__ import annotations

from trackbench.metrics.toolkits.curves import Floats


def mean_of_rates(seconds: Floats) -> float:
    """Return got10k's ``speed_fps``: the mean of 1 / t of the (T,) frames that took any time.

    One slow frame among many hardly shows. NaN where no frame took any.
    """
    taken = seconds[seconds > 0]
    return float((1 / taken).mean()) if taken.size else float("nan")


def frames_over_sum(seconds: Floats) -> float:
    """Return pytracking's and our own frames per second: (T,) frames over their sum."""
    return len(seconds) / float(seconds.sum())
