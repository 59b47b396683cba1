"""How far a training run is, in words, and how fast it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackbench.trackers.training.progress import Progress


def describe(run: Progress, rate: float) -> str:
    """Loss, last validation IoU and videos/s of a run, in words."""
    parts = [f"loss {run.history[-1].loss:.4f}"] if run.history else []
    validations = [row.validation for row in run.history if row.validation]
    if validations:
        parts.append(f"validation IoU {validations[-1].score:.3f}")
    return ", ".join([*parts, f"{rate:,.0f} videos/s"])


class Rate:
    """Videos/s since this process began to train: a resumed run must not count the time before."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def of(self, run: Progress) -> float:
        """Return the rate by now; 0 before the second look."""
        if self._first is None:
            self._first = (run.seconds, run.videos)
        seconds, videos = run.seconds - self._first[0], run.videos - self._first[1]
        return videos / seconds if seconds else 0.0
