"""``trackbench.report``: stored results in a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.api.report_options import asked_of
from trackbench.arguments.checking import arguments_checked
from trackbench.arguments.endings import format_of_file
from trackbench.errors import TrackbenchError, brief
from trackbench.plugins import registry
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.factories import resolve
from trackbench.printing.notebook import ShowsItself
from trackbench.report_contract import Layout, ReportOptions, ReportSpec
from trackbench.results.atomic_files import write_out

if TYPE_CHECKING:
    from trackbench.results.directory import Results

MARKDOWN = "markdown"
"""The format of a report that nobody says anything of."""


@dataclass(frozen=True)
class Report(ShowsItself):
    """Results in a format.

    Attributes:
        text: all of it.
        format: id of the format.
        results: what it is of.
    """

    text: str
    format: str
    results: Results

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def _repr_markdown_(self) -> str | None:
        return self.text if self.format == "markdown" else None

    def _repr_html_(self) -> str | None:
        """Return tables as they are, and a page in a frame of its own."""
        if self.format == "html-table":
            return self.text
        if self.format != "html":
            return None
        from markupsafe import escape

        style = "width:100%;height:40rem;border:1px solid #8884"
        return f'<iframe title="report" style="{style}" srcdoc="{escape(self.text)}"></iframe>'

    @arguments_checked
    def write(self, out: str | Path) -> None:
        """Write the text to a file, whole or not at all; a pipe or a device is written to.

        Raises:
            TrackbenchError: it cannot be written, or its ending is another format's.
        """
        format_of(out, self.format)
        write_out(out, self.text.encode("utf-8"))


@arguments_checked
@watched()
def report(
    results: str | Path | Results,
    format: str = MARKDOWN,  # noqa: A002 - as the option is called
    *,
    layout: Layout | str = Layout.SUMMARY,
    with_published: bool = False,
    intervals: bool = False,
    metrics: str | Iterable[str] = (),
    per_sequence: bool = False,
    strips: str | Iterable[str] = (),
    charts: str | Iterable[str] = (),
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Report:
    """Return stored results as a table, a page, or whatever else a format makes of them.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        format: id of a report format, see ``trackbench.available("reports")``.
        layout: ``"summary"`` (a row a tracker, ranked) or ``"paper"`` (Tables 1 to 4 of
            arXiv 1511.06425).
        with_published: print the paper's numbers beside ours.
        intervals: print the 95 % confidence interval of each mean.
        metrics: ids of metrics to print beside mean IoU, such as ``"auc@otb"``; ``"all"``: each
            of ``trackbench.metrics.METRICS``; ``"toolkits"``: what other toolkits print, each of
            ``TOOLKIT_METRICS``.
        per_sequence: print the score of every sequence, too; in CSV and JSON, instead of means.
        strips: names or numbers of sequences of which the page (``"html"``) shows film strips
            beside the best, the median and the worst.
        charts: which the format ``"svg"`` draws: ``"time"``, ``"success"``, ``"attributes"``,
            ``"speed"``; none: all.
        protocol: which, if the directory holds several.
        tell: called with a line for each thing that is stored and left out.

    Raises:
        TrackbenchError: there are no results, an id is unknown, a metric is of another kind of
            evaluation, or a third party's format fails.

    Example:
        >>> import trackbench
        >>> print(trackbench.report("results/smoke", "latex"))
        % ...
    """
    spec = registry.reports().get(format)
    stored, options = asked_of(
        results,
        layout=layout,
        with_published=with_published,
        intervals=intervals,
        metrics=metrics,
        per_sequence=per_sequence,
        strips=strips,
        charts=charts,
        protocol=protocol,
        tell=tell,
    )
    return Report(_rendered(spec, stored, options), spec.id, stored)


def format_of(out: str | Path, given: str | None = None) -> str:
    """Return the id of the format that a file is written in, by its ending if none is given.

    Raises:
        TrackbenchError: the ending is another format's, or no format's.
    """
    endings = {spec.id: spec.suffix for spec in registry.reports()}
    return format_of_file(out, given, endings, otherwise=MARKDOWN)


def _rendered(spec: ReportSpec, results: Results, options: ReportOptions) -> str:
    try:
        text = resolve(spec.factory)(results, options)
    except (TrackbenchError, OSError):
        raise
    except Exception as error:  # a third party's format may raise anything
        raise TrackbenchError(f"the format {spec.id} fails: {brief(error)}") from error
    if not isinstance(text, str):
        raise TrackbenchError(f"the format {spec.id} makes {type(text).__name__}, not text")
    return text
