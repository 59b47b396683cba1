"""``trackbench.rescore``: stored results as every toolkit would score them, and why they differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, overload

from trackbench.analysis import explaining, rescoring
from trackbench.analysis.explaining import Explanation
from trackbench.analysis.rescoring import Rescored
from trackbench.api.stored import loaded
from trackbench.arguments.checking import arguments_checked
from trackbench.metrics import Metric

if TYPE_CHECKING:
    from trackbench.results.directory import Results


@overload
def rescore(
    results: str | Path | Results,
    *,
    why: None = None,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rescored: ...


@overload
def rescore(
    results: str | Path | Results,
    *,
    why: tuple[str, str],
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Explanation: ...


@overload
def rescore(
    results: str | Path | Results,
    *,
    why: tuple[str, str] | None = None,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rescored | Explanation: ...


@arguments_checked
def rescore(
    results: str | Path | Results,
    *,
    why: tuple[str, str] | None = None,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rescored | Explanation:
    """Score stored results as other toolkits do, side by side; nothing is run and nothing stored.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        why: two metrics, such as ``("auc@got10k", "auc@pytracking")``: say in which sequences and
            frames they differ, and by which rule, instead.
        protocol: which, if the directory holds several.
        tell: called with a line for each thing that is stored and left out.

    Returns:
        Every tracker on every data set at its longest length; it prints itself, and
        ``render("markdown")`` and ``render("json")`` are for other readers.

    Raises:
        TrackbenchError: there are no results, or no such metric.

    Example:
        >>> import trackbench
        >>> print(trackbench.rescore("results/smoke"))
        kcf-v1 on mnist-single-same-v1, ...
    """
    if why is None:
        return rescoring.rescore(loaded(results, protocol, tell))
    first, second = (Metric.named(text) for text in why)
    return explaining.explain(loaded(results, protocol, tell), first, second)
