"""``trackbench.run_file``: a run that stands in a file, and is kept beside its results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from trackbench.api.run_options import RunOptions
from trackbench.api.running import run
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, parameter
from trackbench.running.given import GivenTracker

if TYPE_CHECKING:
    from trackbench.results.directory import Results
    from trackbench.running.bench_file import BenchFile


@arguments_checked
def run_file(
    file: str | Path | BenchFile,
    *,
    trackers: GivenTracker | Sequence[GivenTracker] | None = None,
    **options: Unpack[RunOptions],
) -> Results:
    r"""Run what a ``bench.toml`` says; see docs/bench-toml.md.

    The file is kept as ``bench.toml`` in the results directory, with what was given beside it.

    Args:
        file: its path, or what :func:`trackbench.read_bench` returned.
        trackers: as :func:`trackbench.run` takes them, instead of the file's.
        options: other arguments of :func:`trackbench.run`, which go before what the file says. A
            suite goes before its data sets, and the other way round.

    Raises:
        TrackbenchError: something in the file is wrong, or as :func:`trackbench.run`.

    Example:
        >>> from pathlib import Path
        >>> import trackbench
        >>> text = "trackers = ['static']\nsuite = 'smoke'\nsequences = 1\nout = 'out'"
        >>> _ = Path("bench.toml").write_text(text)
        >>> results = trackbench.run_file("bench.toml", lengths=[3])
        >>> results.trackers
        ['static-v1']
    """
    from trackbench.running.bench_file import BenchFile, read_bench
    from trackbench.running.kept_file import keep

    bench = file if isinstance(file, BenchFile) else read_bench(file)
    said: dict[str, Any] = {"trackers": trackers, **options}
    given = {name: value for name, value in said.items() if value is not None}
    asked = bench.arguments(given)
    if not asked["trackers"]:
        raise TrackbenchError(
            f"{bench.file} names no trackers: write trackers = ['kcf'], or give "
            f"{parameter('trackers', option='tracker')}"
        )
    results = run(**asked)
    if not given.get("dry_run"):
        keep(bench, given, results.path)
    return results
