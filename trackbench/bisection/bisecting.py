"""``trackbench.bisect``: the commit where a tracker's score fell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackbench.analysis.verdict import ALPHA, TOLERANCE, CellCheck, Limits, Reason
from trackbench.bisection.falls import cell_of, chosen_cells, fall, is_fallen
from trackbench.bisection.orders import Asked
from trackbench.bisection.repository import Commit, Repository
from trackbench.bisection.search import History, first_bad, steps
from trackbench.bisection.tested import Laboratory, Progress, Tested, Untestable
from trackbench.bisection.worktrees import worktrees
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.plain_values import is_plain
from trackbench.printing.amounts import counted

if TYPE_CHECKING:
    from trackbench.bisection.bisection import Bisection, CellName, Culprit, Logged

Ends = tuple[Tested, Tested]


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
    repository = Repository.around(Path.cwd())
    good, bad = _ends(repository, commits)
    history = repository.between(good, bad, first_parent=first_parent)
    _refuse_ours(repository)
    wanted = None if metric is None else Metric.named(metric)
    limits = Limits(tolerance, alpha)
    names = (datasets,) if isinstance(datasets, str) else tuple(datasets)
    asked = Asked(
        tracker=tracker,
        parameters=_plain(parameters or {}),
        python=None if python is None else str(python),
        trackers=None if trackers is None else str(trackers),
        plugins=tuple(map(str, plugins)),
        suite=suite,
        datasets=tuple(map(_where_it_lies, names)),
        sequences=sequences,
        lengths=None if lengths is None else tuple(lengths),
        protocol=EvaluationProtocol.of(protocol).value,
        runs=runs,
        out=str((_default_out(suite, names) if out is None else Path(out)).absolute()),
        jobs=jobs,
        timeout=timeout,
    )
    with worktrees(repository) as trees:
        laboratory = Laboratory(trees, asked, wanted, progress or _ignore)
        work = _Bisecting(repository, laboratory, limits, tell or _ignore, (good, *history))
        return work.carried_out(tuple(cells), every=every)


class _Bisecting:
    """A bisection under way; ``commits`` begins with the good end and ends with the bad one."""

    def __init__(
        self,
        repository: Repository,
        laboratory: Laboratory,
        limits: Limits,
        tell: Callable[[str], None],
        commits: tuple[Commit, ...],
    ) -> None:
        self._repository, self._laboratory, self._limits = repository, laboratory, limits
        self._tell, self._commits = tell, commits
        self._known = {commit.sha: commit for commit in commits}
        self._notes: list[str] = []

    def carried_out(self, asked: tuple[str, ...], *, every: bool) -> Bisection:
        from trackbench.bisection.bisection import Bisection

        ends = self._tested_ends()
        followed = chosen_cells(ends, asked, self._limits)
        if every:
            for commit in self._commits:
                self._test(commit, ends, followed)
        culprits = self._culprits(ends, followed)
        self._note(ends, followed)
        shown = followed or chosen_cells(ends, asked, None)
        return Bisection(
            good=ends[0].commit,
            bad=ends[1].commit,
            commits=len(self._commits) - 1,
            tracker=ends[0].answer.tracker,
            results=ends[0].results.path,
            followed=tuple(cell_of(cell) for cell in shown),
            culprits=culprits,
            log=self._log(ends, shown, fell=bool(followed)),
            notes=tuple(dict.fromkeys(self._notes)),
        )

    def _tested_ends(self) -> Ends:
        found = []
        for commit, what in ((self._commits[0], "good"), (self._commits[-1], "bad")):
            tested = self._laboratory.test(commit)
            if isinstance(tested, Untestable):
                raise TrackbenchError(
                    f"{commit.named}, the {what} end, cannot be tested: {tested.reason}"
                )
            self._tell(f"the {what} end, {commit.named}: tested")
            found.append(tested)
        return found[0], found[1]

    def _test(
        self, commit: Commit, ends: Ends, followed: Sequence[CellCheck]
    ) -> Tested | Untestable:
        """Test a commit, hold it to the good end, and say what came of it."""
        known = commit.sha in self._laboratory.found
        tested = self._laboratory.test(commit)
        if isinstance(tested, Tested) and tested.answer.tracker != ends[0].answer.tracker:
            reason = f"the tracker is called {tested.answer.tracker} there"
            tested = self._laboratory.found[commit.sha] = Untestable(commit, reason)
        if isinstance(tested, Tested):
            try:
                is_fallen(tested, ends, followed[0] if followed else None)
            except TrackbenchError as error:  # other data
                tested = self._laboratory.found[commit.sha] = Untestable(commit, str(error))
        if not known:
            about = steps(len(self._commits) - 1) + 2
            number = len(self._laboratory.found)
            begin = f"{number} of {'' if number <= about else 'more than '}about {about}"
            self._tell(f"{begin}, {commit.named}: {_said(tested, ends, followed)}")
        return tested

    def _culprits(self, ends: Ends, followed: Sequence[CellCheck]) -> tuple[Culprit, ...]:
        """Return where the cells fell, those of one commit together."""
        commits = [commit.sha for commit in self._commits[1:]]
        history = History(commits, {c.sha: c.parents for c in self._commits[1:]})
        where: dict[tuple[str, ...], list[CellCheck]] = {}
        for cell in followed:

            def is_bad(sha: str, cell: CellCheck = cell) -> bool | None:
                tested = self._test(self._known[sha], ends, followed)
                return None if isinstance(tested, Untestable) else is_fallen(tested, ends, cell)

            where.setdefault(first_bad(history, is_bad), []).append(cell)
        return tuple(self._culprit(ends, shas, cells, followed) for shas, cells in where.items())

    def _culprit(
        self,
        ends: Ends,
        shas: tuple[str, ...],
        cells: list[CellCheck],
        followed: Sequence[CellCheck],
    ) -> Culprit:
        from trackbench.bisection.bisection import Culprit, largest_first

        commits = tuple(self._known[sha] for sha in shas)
        after = self._laboratory.found[shas[-1]]
        before = self._before(commits, ends, followed)
        assert isinstance(after, Tested)  # noqa: S101 - it was found to be bad
        for cell in cells:
            if len(commits) == 1 and before is not ends[0] and is_fallen(before, ends, cell):
                self._notes.append(
                    f"{cell_of(cell)} is as low in {before.commit.short}, before "
                    f"{commits[0].short}, where that was not expected: the score goes up and down, "
                    f"so {parameter('every', True)} says more"
                )
        falls = (fall(cell, before, after) for cell in cells)
        return Culprit(commits, before.commit, largest_first(falls))

    def _before(
        self, commits: tuple[Commit, ...], ends: Ends, followed: Sequence[CellCheck]
    ) -> Tested:
        """Return what a culprit is compared with: its parent, or the nearest that can be tested."""
        at = self._known[commits[0].sha].parents
        while at:
            commit = self._known.get(at[0])
            if commit is None or commit.sha == ends[0].commit.sha:
                break
            tested = self._test(commit, ends, followed)
            if isinstance(tested, Tested):
                return tested
            at = commit.parents
        return ends[0]

    def _note(self, ends: Ends, followed: Sequence[CellCheck]) -> None:
        if self._repository.is_dirty:
            self._notes.append(
                "the working tree has changes that are in no commit: they were not tested"
            )
        if ends[0].answer.fingerprint == ends[1].answer.fingerprint:
            self._notes.append("the tracker is the same at both ends, to the last byte of source")
        doubtful = [cell for cell in followed if cell.p > ALPHA and Reason.SCORE in cell.reasons]
        if doubtful:
            self._notes.append(
                f"the fall between the ends is not significant at {ALPHA:g} in "
                f"{counted(len(doubtful), 'cell')} of {len(followed)} ({doubtful[0].sequences} "
                "sequences): of a tracker with chance in it, it may be noise; more sequences, or "
                f"{parameter('runs', 3)}, would tell"
            )
        tested = [t for t in self._laboratory.found.values() if isinstance(t, Tested)]
        self._notes += [note for each in tested for note in each.answer.notes]

    def _log(self, ends: Ends, shown: Sequence[CellCheck], *, fell: bool) -> tuple[Logged, ...]:
        from trackbench.bisection.bisection import Logged, Standing

        log = []
        for commit in self._commits:
            tested = self._laboratory.found.get(commit.sha)
            if isinstance(tested, Untestable):
                log.append(Logged(commit, Standing.SKIPPED, {}, reason=tested.reason))
            elif tested is not None:
                fallen = fell and is_fallen(tested, ends, shown[0])
                standing = Standing.BAD if fallen else Standing.GOOD
                log.append(
                    Logged(commit, standing, _scores(tested, shown), tested.answer.fingerprint)
                )
        return tuple(log)


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


def _scores(tested: Tested, cells: Sequence[CellCheck]) -> dict[CellName, float]:
    from trackbench.bisection.falls import mean_of

    return {cell_of(cell): mean_of(tested, cell) for cell in cells}


def _said(tested: Tested | Untestable, ends: Ends, followed: Sequence[CellCheck]) -> str:
    from trackbench.bisection.falls import mean_of

    if isinstance(tested, Untestable):
        return f"skipped, {tested.reason}"
    if not followed:
        return "tested"
    standing = "bad" if is_fallen(tested, ends, followed[0]) else "good"
    return f"{mean_of(tested, followed[0]):.3f} on {cell_of(followed[0])}, {standing}"


def _ignore(*_: object) -> None:
    """Tell nobody."""
