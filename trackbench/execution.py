"""Units of work spread over worker processes; a worker that hangs or dies spoils one sequence."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Self

import cloudpickle

from trackbench.errors import TrackbenchError, brief
from trackbench.scratch import BUILDING, GENERATING, WHOLE_BATCH, Scratch
from trackbench.work import Attempt, Failure, FailureKind, Outcome, Refusal, Unit

POLL_SECONDS = 0.2
GRACE_SECONDS = 1.0
"""For a process that closed its connection to end by itself, so that its exit code is its own."""

_ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}


class RefusedError(TrackbenchError):
    """A worker could not do its work for a reason that is the user's to mend."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.detail = refusal.detail


def execute(
    units: Iterable[Unit],
    jobs: int,
    timeout: float,
    progress: Callable[[int], None],
) -> Iterator[Outcome]:
    """Yield the outcome of each unit as it is ready, in any order.

    Args:
        units: the work.
        jobs: worker processes.
        timeout: seconds that one call of a tracker may take; a longer one is killed.
        progress: called several times a second with the number of frames tracked so far.

    Raises:
        RefusedError: a data set or a tracker cannot be made.
    """
    waiting = deque(Attempt(unit) for unit in units)
    finished_frames = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trackbench-")))
        workers = [
            stack.enter_context(_Worker(folder / f"{number}"))
            for number in range(min(jobs, len(waiting)))
        ]
        while waiting or any(worker.attempt for worker in workers):
            for worker in workers:
                if waiting and worker.attempt is None:
                    worker.start(waiting.popleft())
            for worker in _ready(workers):
                answer = worker.receive()
                if isinstance(answer, Refusal):
                    raise RefusedError(answer)
                if answer is not None:
                    finished_frames += answer.unit.frames
                    yield answer
            for worker in workers:
                worker.kill_if_hung(timeout)
            progress(finished_frames + sum(worker.frames_done() for worker in workers))


def _ready(workers: list[_Worker]) -> list[_Worker]:
    busy = {worker.connection: worker for worker in workers if worker.attempt}
    return [busy[connection] for connection in wait(list(busy), POLL_SECONDS)]  # type: ignore[index]  # wait() is typed for anything with a file number; these are our connections


class _Worker:
    """One child process and the attempt it is at."""

    connection: Connection

    def __init__(self, scratch_path: Path) -> None:
        self.attempt: Attempt | None = None
        self._scratch_path = scratch_path
        self._scratch: Scratch | None = None
        self._hung: float | None = None
        self._alive: int | None = None

    def __enter__(self) -> Self:
        self._spawn()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._end()

    def start(self, attempt: Attempt) -> None:
        unit = attempt.unit
        self._scratch = Scratch(self._scratch_path, unit.sequences, unit.length, create=True)
        self._send(attempt)

    def receive(self) -> Outcome | Refusal | None:
        """Return what the worker sends; None while it, or another in its place, goes on."""
        assert self.attempt is not None  # noqa: S101 - only a worker with work is waited for
        try:
            answer: Outcome | Refusal | Failure = cloudpickle.loads(self.connection.recv_bytes())
        except (EOFError, OSError):
            return self._recover(self.attempt)
        if isinstance(answer, Failure):
            self.attempt = replace(self.attempt, failures=(*self.attempt.failures, answer))
            return None
        failures = sorted(self.attempt.failures, key=lambda failure: failure.sequence)
        self.attempt = None
        self._scratch = None
        if self._hung is not None:  # it answered at the very moment that it was killed
            self._end()
            self._spawn()
        if isinstance(answer, Outcome):
            return replace(answer, failures=tuple(failures))
        return answer

    def kill_if_hung(self, timeout: float) -> None:
        if self.attempt is None or self._scratch is None:
            return
        if self._scratch.place().waiting > timeout:
            self._hung = timeout
            self._process.kill()

    def frames_done(self) -> int:
        return self._scratch.frames_done if self._scratch is not None else 0

    def _send(self, attempt: Attempt) -> None:
        self.attempt = attempt
        try:
            payload = cloudpickle.dumps((attempt, self._scratch_path))
        except Exception as error:  # a plugin's objects may refuse in any way
            raise TrackbenchError(
                f"{attempt.unit.tracker.id} cannot go to another process ({brief(error)}): put "
                "it into a module and run it with --tracker module:Class"
            ) from error
        with suppress(BrokenPipeError):  # a dead worker is noticed when its answer is due
            self.connection.send_bytes(payload)

    def _recover(self, attempt: Attempt) -> Refusal | None:
        """Give what a lost worker left undone to a new one."""
        assert self._scratch is not None  # noqa: S101 - a worker with work has one
        place, hung = self._scratch.place(), self._hung
        code = self._end()
        if hung is None:
            kind, message = FailureKind.DIED, f"its process ended with {_describe(code)}"
        else:
            kind, message = FailureKind.TIMEOUT, f"no answer within {hung:g} s"
        if place.slot == BUILDING:
            return Refusal(f"{attempt.unit.tracker.id} cannot be built: {message}", "")
        if place.slot == GENERATING and attempt.again:
            return Refusal(f"{attempt.unit.dataset.id} cannot be made: {message}", "")
        if place.slot == GENERATING:  # memory may have run out, or a tracker's thread did it
            left = replace(attempt, again=True)
        elif place.slot == WHOLE_BATCH:
            self._scratch.restart()
            left = replace(attempt, one_by_one=True)
        else:
            index = attempt.unit.start + place.slot
            failure = Failure(index, place.frame, kind, message)
            left = replace(
                attempt,
                skip=frozenset(range(place.slot + 1)),
                one_by_one=True,
                failures=(*attempt.failures, failure),
            )
        # Else the dead worker's last call would seem to hang while the next worker starts.
        self._scratch.begin(GENERATING)
        self._spawn()
        self._send(left)
        return None

    def _spawn(self) -> None:
        self._hung = None
        self.connection, theirs = Pipe()
        # The child reads from this pipe until we are gone, however we go.
        lifeline, self._alive = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trackbench.worker", str(theirs.fileno()), str(lifeline)],
            env=os.environ | _ONE_THREAD | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=(theirs.fileno(), lifeline),
            stdin=subprocess.DEVNULL,
            stdout=2,  # what a tracker prints must not get into a table on standard output
            start_new_session=True,  # an interrupt is for the parent, which ends the workers
        )
        theirs.close()
        os.close(lifeline)
        self.connection.send(sys.path)

    def _end(self) -> int:
        """End the process, which may have ended by itself, and return its exit code."""
        self.connection.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        self._process.kill()
        if self._alive is not None:
            os.close(self._alive)
            self._alive = None
        return self._process.wait()


def _describe(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
