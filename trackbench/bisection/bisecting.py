"""``trackbench.bisect``: the commit where a tracker's score fell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackbench.analysis.verdict import TOLERANCE, Limits
from trackbench.arguments.bounds import COUNT, SECONDS, Whole
from trackbench.arguments.checking import arguments_checked
from trackbench.bisection.orders import Asked
from trackbench.bisection.repository import Commit, Repository
from trackbench.bisection.tested import Laboratory, Progress
from trackbench.bisection.under_way import UnderWay
from trackbench.bisection.worktrees import worktrees
from trackbench.errors import TrackbenchError
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.plain_values import is_plain
from trackbench.results.out_paths import check_out_folder
from trackbench.results.run_record import MOST_RUNS
from trackbench.running.lengths import checked_lengths

if TYPE_CHECKING:
    from trackbench.bisection.bisection import Bisection


@arguments_checked
def bisect(
    commits: str,
    tracker: str,
    *,
    suite: str | None = None,
    datasets: str | Iterable[str] = (),
    sequences: int | None = None,
    lengths: Sequence[int | str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    python: str | Path | None = None,
    trackers: str | Path | None = None,
    plugins: Iterable[str | Path] = (),
    protocol: str = EvaluationProtocol.PAPER_V1.value,
    runs: int = 1,
    metric: str | None = None,
    cells: Iterable[str] = (),
    tolerance: float = TOLERANCE,
    alpha: float = 1.0,
    every: bool = False,
    first_parent: bool = False,
    out: str | Path | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    tell: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> Bisection:
    """Find the commits of a git repository where a tracker's scores fell.

    The tracker is run at both ends, and then at a commit that halves the rest, until the first one
    is found that is closer to the bad end than to the good one; for each cell that fell by more
    than the tolerance. Each commit's files are put into a git worktree and run by a process of its
    own, which takes the author's modules from there alone. The working folder must be in the
    repository, whose working tree is not touched. What is stored of the same source is used again.

    Args:
        commits: ``"GOOD..BAD"``, two commits as git names them; ``"GOOD.."`` ends at ``HEAD``.
        tracker: ``"mine.py:Mine"`` or ``"package.module:Class"``, found in the repository as
            ``trackbench run`` finds it from the working folder.
        suite: as of :func:`trackbench.run`, and so the next three.
        datasets: instead of a suite's.
        sequences: the first so many.
        lengths: in frames.
        parameters: of the tracker; plain values.
        python: the interpreter that it is to run in.
        trackers: a ``trackers.toml`` in which ``tracker`` stands; one in the repository is each
            commit's own.
        plugins: Python files that bring trackers, data sets or suites; likewise.
        protocol: as of :func:`trackbench.run`.
        runs: how often the tracker is run at each commit, where there is chance in it.
        metric: id of what a score is; None: mean IoU by the protocol.
        cells: only these, as ``"DATASET"`` or ``"DATASET,LENGTH"``.
        tolerance: a mean score may fall by so much.
        alpha: follow only falls between the ends that are this significant; 1 leaves it to the
            tolerance, for whoever bisects has seen a fall.
        every: test every commit, for a whole log of scores.
        first_parent: follow of each merge the first parent alone.
        out: the results directory; ``results/bisect-SUITE`` by default, apart from those of
            ``trackbench run``, whose tables show the version that was run last.
        jobs: processes.
        timeout: seconds that one call of the tracker may take.
        tell: is called with a line for each commit that is tested.
        progress: is called with (commit, frames done, of how many) while one is.

    Returns:
        The commits, the cells with paired statistics, and every score that was seen.

    Raises:
        TrackbenchError: no such commits, or one of the two ends cannot be tested.
    """
    sequences = COUNT.or_none("sequences", sequences)
    lengths = checked_lengths(lengths)
    runs = Whole(1, MOST_RUNS).of("runs", runs)
    jobs = COUNT.or_none("jobs", jobs)
    timeout = SECONDS.or_none("timeout", timeout)
    limits = Limits(tolerance, alpha)
    repository = Repository.around(Path.cwd())
    good, bad = _ends(repository, commits)
    history = repository.between(good, bad, first_parent=first_parent)
    _refuse_ours(repository)
    wanted = None if metric is None else Metric.named(metric)
    names = (datasets,) if isinstance(datasets, str) else tuple(datasets)
    folder = (_default_out(suite, names) if out is None else Path(out)).absolute()
    check_out_folder(folder, "results")
    asked = Asked(
        tracker=tracker,
        parameters=_plain(parameters or {}),
        python=None if python is None else str(python),
        trackers=None if trackers is None else str(trackers),
        plugins=tuple(map(str, plugins)),
        suite=suite,
        datasets=tuple(map(_where_it_lies, names)),
        sequences=sequences,
        lengths=lengths,
        protocol=EvaluationProtocol.of(protocol).value,
        runs=runs,
        out=str(folder),
        jobs=jobs,
        timeout=timeout,
    )
    with worktrees(repository) as trees:
        laboratory = Laboratory(trees, asked, wanted, progress or _ignore)
        known = (good, *history)
        work = UnderWay(repository, laboratory, limits, tell or _ignore, known, every=every)
        return work.carried_out(tuple(cells))


def _ends(repository: Repository, commits: str) -> tuple[Commit, Commit]:
    good, dots, bad = commits.partition("..")
    if not good or not dots or bad.startswith("."):
        raise TrackbenchError(
            f"{commits} names no two commits: write GOOD..BAD, such as v1.0..HEAD"
        )
    return repository.commit(good), repository.commit(bad or "HEAD")


def _refuse_ours(repository: Repository) -> None:
    import trackbench

    ours = Path(trackbench.__file__).resolve().parents[1]
    if ours in repository.roots:
        raise TrackbenchError(
            f"{repository.top} is trackbench's own repository: its trackers are part of what tests "
            "them; give a repository of yours"
        )


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in parameters.items():
        if not is_plain(value, words=True):
            raise TrackbenchError(
                f"the parameter {name} is {type(value).__name__}: give numbers, words, lists and "
                "dictionaries"
            )
    return dict(parameters)


def _where_it_lies(dataset: str) -> str:
    """Return a data set's name; where it is a folder's, so that it is found from anywhere."""
    layout, colon, rest = dataset.partition(":")
    return f"{layout}:{Path(rest).expanduser().absolute()}" if colon else dataset


def _default_out(suite: str | None, datasets: tuple[str, ...]) -> Path:
    return Path("results") / f"bisect-{'data-sets' if datasets else suite or 'smoke'}"


def _ignore(*_: object) -> None:
    """Tell nobody."""
