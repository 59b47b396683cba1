"""A tracker tested at commits: each in a process of its own, once, and its results read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from trackbench.analysis.baseline import Baseline, baseline_of
from trackbench.bisection.orders import Answer, Asked, Order
from trackbench.bisection.own_modules import moved
from trackbench.bisection.repository import Commit, environment
from trackbench.bisection.worktrees import Worktrees
from trackbench.errors import TrackbenchError
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.text import visible
from trackbench.results.directory import Results
from trackbench.results.json_codec import decoded

_GRACE_SECONDS = 10.0
_TAIL = 4096

Progress = Callable[[Commit, int, int], None]
"""Is called with the commit that is run, the frames that are done, and of how many."""


@dataclass(frozen=True)
class Tested:
    """A tracker at a commit, with its results.

    Attributes:
        commit: which.
        answer: of the process that ran it.
        results: its runs alone.
        baseline: their scores.
    """

    commit: Commit
    answer: Answer
    results: Results
    baseline: Baseline


@dataclass(frozen=True)
class Untestable:
    """A commit at which the tracker cannot be imported or run.

    Attributes:
        commit: which.
        reason: why, in one line.
    """

    commit: Commit
    reason: str


class Laboratory:
    """Tests commits; what it found of one is kept."""

    def __init__(
        self, trees: Worktrees, asked: Asked, metric: Metric | None, progress: Progress
    ) -> None:
        self._trees, self._asked, self._metric = trees, asked, metric
        self._progress = progress
        self._here = Path.cwd().resolve().relative_to(trees.repository.top)
        self.found: dict[str, Tested | Untestable] = {}
        """By the commit's hash."""

    def test(self, commit: Commit) -> Tested | Untestable:
        """Run the tracker as a commit has it, unless that was done."""
        if commit.sha not in self.found:
            try:
                self.found[commit.sha] = self._tested(commit)
            except TrackbenchError as error:
                self.found[commit.sha] = Untestable(commit, str(error))
        return self.found[commit.sha]

    def _tested(self, commit: Commit) -> Tested | Untestable:
        with self._trees.of(commit) as folder:
            if not (folder / self._here).is_dir():
                return Untestable(commit, f"there is no folder {self._here}")
            answer = self._answer(commit, folder)
        if answer.reason:
            # A path of the worktree says nothing once that is gone.
            return Untestable(commit, answer.reason.replace(f"{folder}{os.sep}", ""))
        found = Results.load(
            self._asked.out,
            EvaluationProtocol.of(self._asked.protocol),
            {answer.tracker: answer.fingerprint},
            [answer.tracker],
        ).only([answer.tracker], list(answer.datasets))
        # What is stored of the same tracker on other data is none of this.
        results = replace(found, incomplete=(), older=())
        if (why := _fails_everywhere(results)) is not None:
            return Untestable(commit, why.replace(f"{folder}{os.sep}", ""))
        return Tested(commit, answer, results, baseline_of(results, self._metric))

    def _answer(self, commit: Commit, folder: Path) -> Answer:
        roots = self._trees.repository.roots
        order = Order(self._in(folder), str(folder), tuple(map(str, roots)))
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                # -P: what lies in the working folder takes no library's place.
                [sys.executable, "-P", "-m", f"{__package__}.at_commit", json.dumps(asdict(order))],
                cwd=folder / self._here,
                env=_environment(folder, roots),
                stdin=subprocess.PIPE,  # it ends when this closes
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=(self._trees.lifeline,),
                text=True,
                encoding="utf-8",
            )
            try:
                answer = self._heard(commit, process)
                code = process.wait()
            finally:
                _end(process)
            return answer or Answer(reason=f"its process ended ({_end_of(errors, code)})")

    def _heard(self, commit: Commit, process: subprocess.Popen[str]) -> Answer | None:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        for line in process.stdout:
            said = json.loads(line)
            if "answer" in said:
                return decoded(Answer, said["answer"])
            self._progress(commit, said["done"], said["total"])
        return None

    def _in(self, folder: Path) -> Asked:
        """Return what is asked, with paths into the checkout leading to the worktree."""
        roots = self._trees.repository.roots
        asked = self._asked

        def there(name: str) -> str:
            path = Path(name).expanduser()
            inside = moved(name, folder, roots) if path.is_absolute() else None
            return str(inside or path)

        file, colon, attribute = asked.tracker.rpartition(":")
        tracker = f"{there(file)}{colon}{attribute}" if file.endswith(".py") else asked.tracker
        return replace(
            asked,
            tracker=tracker,
            trackers=None if asked.trackers is None else there(asked.trackers),
            plugins=tuple(map(there, asked.plugins)),
        )


def _environment(folder: Path, roots: tuple[Path, ...]) -> dict[str, str]:
    """Return the process's environment: what PYTHONPATH says of the checkout is the worktree's."""
    given = environment()
    if said := given.get("PYTHONPATH"):
        places = [str(Path(entry).absolute()) for entry in said.split(os.pathsep) if entry]
        given["PYTHONPATH"] = os.pathsep.join(
            str(moved(place, folder, roots) or place) for place in places
        )
    return given


def _fails_everywhere(results: Results) -> str | None:
    """Return why a tracker fails on every sequence; None: it does not."""
    records = [record for run in results.runs for record in run.records]
    if any(len(record.failures) < record.sequences for record in records):
        return None
    return visible(f"it fails on every sequence: {records[0].failures[0].message}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the process, if it has not ended, with all that it started."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_of(errors: IO[bytes], code: int) -> str:
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - _TAIL))
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return visible(f"{how}: {lines[-1].strip()}") if lines else how
