"""``check_report``: what is wrong with a report format, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trackbench
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import brief
from trackbench.metrics import METRICS
from trackbench.plugins import registry
from trackbench.plugins.factories import resolve
from trackbench.report_contract import Layout, ReportOptions, ReportSpec
from trackbench.results.directory import Results
from trackbench.testing.points import Checked, Point, Severity, ordered

_ALL = tuple(metric.id for metric in METRICS)
_OPTIONS = {
    "no options": ReportOptions(),
    "layout paper": ReportOptions(layout=Layout.PAPER),
    "published numbers": ReportOptions(with_published=True),
    "intervals": ReportOptions(intervals=True),
    "all metrics": ReportOptions(metrics=_ALL),
    "everything": ReportOptions(with_published=True, intervals=True, metrics=_ALL),
    "everything, layout paper": ReportOptions(
        layout=Layout.PAPER, with_published=True, intervals=True, metrics=_ALL
    ),
}


@arguments_checked
def check_report(
    report: str | ReportSpec | Callable[..., str], results: Results | str | Path | None = None
) -> Checked:
    """Write stored results in a format with every kind of option, and say what is wrong.

    It raises nothing for a wrong format: in a test, write
    ``check_report(REPORT).raise_if_wrong()``.

    Args:
        report: an id, a :class:`~trackbench.report_contract.ReportSpec`, or its function alone.
        results: results, or their directory; None: two trackers are run on a few frames for it.

    Raises:
        TrackbenchError: there is no such format, or no such results.

    Example:
        >>> from trackbench.testing import check_report
        >>> check_report("markdown", "results/smoke").ok
        True
    """
    spec = registry.reports().get(report) if isinstance(report, str) else report
    write = resolve(spec.factory) if isinstance(spec, ReportSpec) else spec
    name = spec.id if isinstance(spec, ReportSpec) else getattr(spec, "__name__", "function")
    with ExitStack() as stack:
        if results is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="trackbench-"))
            results = trackbench.run(
                ["static", "ncc"], "smoke", sequences=2, lengths=[2, 4], out=Path(folder) / "smoke"
            )
        elif not isinstance(results, Results):
            results = Results.load(Path(results))
        points = list(_written(write, results))
    if isinstance(spec, ReportSpec):
        points += _spec(spec)
    facts = (f"written with {len(_OPTIONS)} kinds of options, twice each",)
    return Checked(f"report format {name}", ordered(points), facts)


def _written(write: Callable[..., Any], results: Results) -> Iterator[Point]:
    said: set[str] = set()
    for asked, options in _OPTIONS.items():
        for point in _one(write, results, asked, options):
            if point.name not in said:
                said.add(point.name)
                yield point


def _one(
    write: Callable[..., Any], results: Results, asked: str, options: ReportOptions
) -> Iterator[Point]:
    try:
        text, again = write(results, options), write(results, options)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        hint = "leave out what the format cannot show."
        yield Point("raises", f"with {asked} it raises {brief(error)}.", hint)
        return
    if not isinstance(text, str):
        yield Point(
            "no-text", f"it returns a {type(text).__name__}, not a str.", "return the text."
        )
        return
    if text != again:
        yield Point(
            "not-repeatable",
            f"with {asked} the text differs from time to time.",
            "print no time of writing, and sort what comes from a set.",
        )
    if not text.endswith("\n"):
        yield Point("no-line-end", f"with {asked} the text does not end with a line's end.", "")
    plain = text.replace("\\", "")  # as LaTeX and Markdown escape
    missing = [name for name in results.trackers if name not in plain]
    if missing:
        what = f"with {asked} it does not name {', '.join(missing)}."
        yield Point(
            "leaves-out-trackers", what, "name every tracker of results.trackers by its id."
        )
    unnamed = [metric for metric in options.metrics if metric not in plain]
    if unnamed:
        what = f"with {asked} it does not name the metrics {', '.join(unnamed)}."
        yield Point("leaves-out-metrics", what, "who asks for a metric is to find it by its id.")


def _spec(spec: ReportSpec) -> Iterator[Point]:
    if not spec.suffix.startswith("."):
        yield Point("suffix", f"its suffix is {spec.suffix!r}.", "begin it with a dot: .txt.")
    if not spec.description:
        yield Point(
            "no-description",
            "trackbench list reports has nothing to say of it.",
            "give ReportSpec a description of one line.",
            Severity.WARNING,
        )
