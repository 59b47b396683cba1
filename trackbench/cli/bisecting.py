"""``trackbench bisect``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackbench.analysis.formats import ComparisonFormat
from trackbench.analysis.verdict import TOLERANCE
from trackbench.cli.console import frames_progress, output, say
from trackbench.cli.out_options import chart_file, out_folder
from trackbench.cli.parameters import (
    DatasetsOption,
    Jobs,
    LengthsOption,
    Parameters,
    Plugins,
    PrintedAs,
    Python,
    SequencesOption,
    SuiteOption,
    TimeoutOfAll,
    Tolerance,
    TrackersToml,
    given_lengths,
    given_parameters,
)
from trackbench.metrics.evaluation_protocol import EvaluationProtocol

if TYPE_CHECKING:
    from trackbench.bisection.repository import Commit
    from trackbench.bisection.tested import Progress


def bisect(
    commits: Annotated[str, typer.Argument(help="GOOD..BAD, two commits as git names them.")],
    tracker: Annotated[
        str, typer.Option("--tracker", "-t", help="file.py:Class or package.module:Class.")
    ],
    suite: SuiteOption = None,
    dataset: DatasetsOption = None,
    sequences: SequencesOption = None,
    lengths: LengthsOption = None,
    cell: Annotated[
        list[str] | None,
        typer.Option(help="Follow this alone, DATASET or DATASET,LENGTH; may be repeated."),
    ] = None,
    metric: Annotated[
        str | None, typer.Option("--metric", "-m", help="By this metric instead of mean IoU.")
    ] = None,
    tolerance: Tolerance = TOLERANCE,
    alpha: Annotated[
        float,
        typer.Option(help="Follow only falls this significant; 1: the tolerance alone decides."),
    ] = 1.0,
    every: Annotated[
        bool, typer.Option("--every", help="Test every commit, for a whole log of scores.")
    ] = False,
    first_parent: Annotated[
        bool, typer.Option("--first-parent", help="Of each merge, follow the first parent alone.")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(
            help="Write the scores by commit: a picture (.svg) or a page (.html).",
            callback=chart_file,
        ),
    ] = None,
    format_: PrintedAs = ComparisonFormat.TABLE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Results directory (default: results/bisect-SUITE).",
            callback=out_folder("results"),
        ),
    ] = None,
    protocol: Annotated[
        str, typer.Option(help="As of trackbench run.")
    ] = EvaluationProtocol.PAPER_V1.value,
    runs: Annotated[
        int,
        typer.Option(help="Run the tracker so often at each commit, for one with chance in it."),
    ] = 1,
    param: Parameters = None,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    python: Python = None,
    timeout: TimeoutOfAll = None,
    jobs: Jobs = None,
) -> None:
    """Find the commit of your git repository where your tracker's scores fell.

    Each commit is tested in a worktree of its own, which is removed afterwards; your working tree
    stays as it is. Commits at which the tracker cannot be run are skipped, as git bisect does.

    Example: trackbench bisect v1.0..HEAD --tracker mine.py:Mine --suite smoke

    Example: trackbench bisect HEAD~40.. -t mypackage.tracker:Mine --suite smoke --chart scores.html
    """
    import trackbench

    try:
        with _progress() as progress:
            found = trackbench.bisect(
                commits,
                tracker,
                suite=suite,
                datasets=dataset or (),
                sequences=sequences,
                lengths=given_lengths(lengths),
                parameters=given_parameters(param or []),
                python=python,
                trackers=trackers,
                plugins=plugin or (),
                protocol=protocol,
                runs=runs,
                metric=metric,
                cells=cell or (),
                tolerance=tolerance,
                alpha=alpha,
                every=every,
                first_parent=first_parent,
                out=out,
                jobs=jobs,
                timeout=timeout,
                tell=say,
                progress=progress,
            )
    except KeyboardInterrupt:
        say("trackbench: interrupted: what was tested is stored, and the same command goes on")
        raise
    if format_ is ComparisonFormat.TABLE:
        found.print_to(output())
    else:
        sys.stdout.write(found.render(format_))
    if chart is not None:
        found.chart(chart)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Yield what shows a bar for the commit that is being run."""
    shown: dict[str, ExitStack] = {}
    bars: dict[str, object] = {}

    def show(commit: Commit, done: int, total: int) -> None:
        if commit.sha not in shown:
            for stack in shown.values():
                stack.close()
            shown[commit.sha] = stack = ExitStack()
            bars[commit.sha] = stack.enter_context(frames_progress(commit.named))
        if total:
            bars[commit.sha](done, total)  # type: ignore[operator]

    try:
        yield show
    finally:
        for stack in shown.values():
            stack.close()
