"""``trackbench.compare``: trackers on the same sequences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.analysis import comparison
from trackbench.analysis.comparison import Comparison
from trackbench.analysis.paired import stored_tracker
from trackbench.api.stored import loaded
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics import Metric

if TYPE_CHECKING:
    from trackbench.results.directory import Results

RESULTS = Path("results")


@arguments_checked
def compare(
    trackers: Sequence[str],
    results: str | Path | Results | None = None,
    *,
    metric: str | None = None,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Comparison:
    """Compare trackers on the sequences that all of them tracked: is the difference noise?

    Args:
        trackers: two ids or more; one without a version means the newest there is.
        results: a results directory, or what :func:`trackbench.run` has returned; None: the only
            one in ``results/``.
        metric: id of what a score is; None: mean IoU by the protocol of the results.
        protocol: which, if the directory holds several.
        tell: called with a line for each thing that is stored of these trackers and left out.

    Returns:
        Every difference with its confidence interval and p-value, and rankings of three trackers
        or more. It prints itself as a table; ``render("markdown")`` and ``render("json")`` are for
        other readers.

    Raises:
        TrackbenchError: fewer than two trackers, one that was not run, no data set in common.

    Example:
        >>> import trackbench
        >>> print(trackbench.compare(["kcf", "mosse"], "results/smoke"))
        kcf-v1 - mosse-v1, mnist-single-same-v1, ... sequences
        ...
    """
    wanted = Metric.named(metric) if metric is not None else None
    stored = loaded(only_directory() if results is None else results, protocol)
    if tell is not None:
        for line in stored.left_out_of([stored_tracker(stored, each) for each in trackers]):
            tell(line)
    return comparison.compare(stored, list(trackers), wanted)


def only_directory() -> Path:
    """Return the results directory, where there is no doubt which."""
    found = sorted(path.parent for path in RESULTS.glob("*/runs") if path.is_dir())
    if len(found) != 1:
        held = ", ".join(map(str, found)) or f"there is none in {RESULTS}/"
        raise TrackbenchError(f"which results? choose with {parameter('results')} ({held})")
    return found[0]
