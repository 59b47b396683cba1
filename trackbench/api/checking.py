"""``trackbench.baseline`` and ``trackbench.check``: did a tracker get worse?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.analysis import baseline_file, regression
from trackbench.analysis.baseline import Baseline, baseline_of
from trackbench.analysis.verdict import ALPHA, TOLERANCE, Limits, Verdict
from trackbench.api.stored import loaded, tell_left_out
from trackbench.arguments.checking import arguments_checked
from trackbench.metrics import Metric
from trackbench.results.out_paths import check_out_file

if TYPE_CHECKING:
    from trackbench.results.directory import Results


@arguments_checked
def baseline(
    results: str | Path | Results,
    out: str | Path | None = None,
    *,
    metric: str | None = None,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Baseline:
    """Keep the scores of stored results, so that later results can be checked against them.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        out: a JSON file to write, for git; None: none is.
        metric: id of what a score is, such as ``"auc@pytracking"``; a check against the baseline
            takes the same. None: mean IoU by the protocol of the results.
        protocol: which, if the directory holds several.
        tell: called with a line for each thing that is stored and left out.

    Raises:
        TrackbenchError: there are no results, there is no such metric, a run is not finished, or
            the file cannot be written.
    """
    wanted = Metric.named(metric) if metric is not None else None
    if out is not None:
        check_out_file(Path(out))
    stored = loaded(results, protocol)
    made = baseline_of(stored, wanted)
    if tell is not None:
        tell_left_out(stored, tell)
    if out is not None:
        baseline_file.write(made, Path(out))
    return made


@arguments_checked
def check(
    results: str | Path,
    baseline: str | Path | Baseline,
    *,
    tolerance: float = TOLERANCE,
    alpha: float = ALPHA,
    speed_tolerance: float | None = None,
) -> Verdict:
    """Hold stored results to a baseline.

    A cell has regressed when its mean score fell by more than the tolerance and significantly so,
    or when more sequences failed or more boxes are invalid than before.

    Args:
        results: a results directory.
        baseline: a file of :func:`trackbench.baseline`, or what that returned.
        tolerance: a mean score may fall by so much.
        alpha: probability of a false alarm; 1 lets the tolerance alone decide.
        speed_tolerance: share of the frames/s that may be lost; None: any.

    Returns:
        The verdict; ``verdict.regressed`` are the cells that got worse, none if all is well. It
        prints itself as a table, and ``render`` writes it as Markdown, JUnit XML or JSON.

    Raises:
        TrackbenchError: other data, another protocol, or a run that is not there.

    Example:
        >>> import trackbench
        >>> trackbench.check("results/smoke", "baseline.json").regressed
        ()
    """
    limits = Limits(tolerance, alpha, speed_tolerance)
    held_to = baseline if isinstance(baseline, Baseline) else baseline_file.read(Path(baseline))
    return regression.check(Path(results), held_to, limits)
