"""What a report is asked for, held to what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.api.frames import frames_of
from trackbench.api.stored import loaded
from trackbench.errors import TrackbenchError, parameter
from trackbench.report_contract import ChartKind, Layout, ReportOptions

if TYPE_CHECKING:
    from trackbench.results.directory import Results

EVERY_METRIC, OF_TOOLKITS = "all", "toolkits"


def asked_of(
    results: str | Path | Results,
    *,
    layout: Layout | str,
    with_published: bool,
    intervals: bool,
    metrics: str | Iterable[str],
    per_sequence: bool,
    strips: str | Iterable[str],
    charts: str | Iterable[str],
    protocol: str | None,
    tell: Callable[[str], None] | None,
) -> tuple[Results, ReportOptions]:
    """Return the results, read, and the options of a format.

    Args and errors are those of :func:`trackbench.report`.
    """
    asked = [metrics] if isinstance(metrics, str) else list(metrics)
    _check_metrics(asked)
    try:
        layout = Layout(layout)
    except ValueError:
        known = " or ".join(each.value for each in Layout)
        raise TrackbenchError(f"{parameter('layout')} is {known}, not {layout!r}") from None
    drawn = tuple(map(ChartKind.named, [charts] if isinstance(charts, str) else charts))
    stored = loaded(results, protocol, tell)
    return stored, ReportOptions(
        layout=layout,
        with_published=with_published,
        intervals=intervals,
        metrics=_metrics(asked, several_starts=stored.protocol.several_starts),
        per_sequence=per_sequence,
        strips=(strips,) if isinstance(strips, str) else tuple(strips),
        charts=drawn,
        frames=frames_of(stored),
    )


def _check_metrics(given: list[str]) -> None:
    """Raise :class:`UnknownIdError` of the first that is neither a metric nor a group of them."""
    from trackbench.metrics import Metric

    for text in given:
        if text not in {EVERY_METRIC, OF_TOOLKITS}:
            Metric.named(text)


def _metrics(given: list[str], *, several_starts: bool) -> tuple[str, ...]:
    """Return the ids of the metrics, each once.

    Raises:
        TrackbenchError: one that is asked for by its name is of another kind of evaluation.
    """
    from trackbench.metrics import Metric
    from trackbench.metrics.catalogue import every_metric, every_toolkit_metric

    groups = {
        EVERY_METRIC: every_metric(several_starts=several_starts),
        OF_TOOLKITS: every_toolkit_metric(several_starts=several_starts),
    }
    asked = [Metric.named(text) for text in given if text not in groups]
    for metric in asked:
        why = metric.refusal(several_starts=several_starts)
        if why is not None:
            raise TrackbenchError(f"{metric.id} does not fit these results: {why}")
    named = [metric.id for metric in asked]
    grouped = [metric.id for group, each in groups.items() if group in given for metric in each]
    return tuple(dict.fromkeys([*grouped, *named]))
