"""A bisection under way: both ends are tested, then what halves the rest, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from trackbench.analysis.verdict import ALPHA, CellCheck, Limits, Reason
from trackbench.bisection.bisection import (
    Bisection,
    CellName,
    Culprit,
    Logged,
    Standing,
    largest_first,
)
from trackbench.bisection.falls import cell_of, chosen_cells, fall, is_fallen, mean_of
from trackbench.bisection.repository import Commit, Repository
from trackbench.bisection.search import History, first_bad, steps
from trackbench.bisection.tested import Laboratory, Tested, Untestable
from trackbench.errors import TrackbenchError, parameter
from trackbench.printing.amounts import counted

Ends: TypeAlias = tuple[Tested, Tested]
"""The good one and the bad one."""


class UnderWay:
    """A bisection under way; ``commits`` begins with the good end and ends with the bad one."""

    def __init__(
        self,
        repository: Repository,
        laboratory: Laboratory,
        limits: Limits,
        tell: Callable[[str], None],
        commits: tuple[Commit, ...],
        *,
        every: bool,
    ) -> None:
        self._repository, self._laboratory, self._limits = repository, laboratory, limits
        self._tell, self._commits, self._every = tell, commits, every
        self._known = {commit.sha: commit for commit in commits}
        self._notes: list[str] = []

    def carried_out(self, asked: tuple[str, ...]) -> Bisection:
        """Test what is needed, and return what it comes to; ``asked``: cells, none for all."""
        ends = self._tested_ends()
        followed = chosen_cells(ends, asked, self._limits)
        if self._every:
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
            number = len(self._laboratory.found)
            of = f"{number} of {self._expected(number)}"
            self._tell(f"{of}, {commit.named}: {_said(tested, ends, followed)}")
        return tested

    def _expected(self, number: int) -> str:
        """Return how many commits will be tested, of which so many are."""
        if self._every:
            return str(len(self._commits))
        return f"about {max(steps(len(self._commits) - 1) + 2, number)}"

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


def _scores(tested: Tested, cells: Sequence[CellCheck]) -> dict[CellName, float]:
    return {cell_of(cell): mean_of(tested, cell) for cell in cells}


def _said(tested: Tested | Untestable, ends: Ends, followed: Sequence[CellCheck]) -> str:
    if isinstance(tested, Untestable):
        return f"skipped, {tested.reason}"
    if not followed:
        return "tested"
    standing = "bad" if is_fallen(tested, ends, followed[0]) else "good"
    return f"{mean_of(tested, followed[0]):.3f} on {cell_of(followed[0])}, {standing}"
