"""A ``ProcessPoolExecutor`` whose processes start safely, end with their parent, and say how.

For functions of ours that ask a data set for its sequences: exports and training. Trackers are run
by :mod:`trackbench.running.pool`, which goes on when one of its processes is lost.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.sharedctypes import RawValue
from types import ModuleType
from typing import Any, Self, TypeVar

from trackbench.errors import TrackbenchError
from trackbench.host import descendants
from trackbench.plugins.decoder_complaints import watched
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import Refusal
from trackbench.running.recipe import Recipe, follow, recipe_of
from trackbench.running.spawning import forget_safe_path, safe_path

ResultT = TypeVar("ResultT")

GRACE_SECONDS = 1.0
"""Seconds in which a process that is lost gets an exit code of its own."""
_NOTHING = -1


class LostError(TrackbenchError):
    """A process ended by itself, or was killed.

    Attributes:
        number: of the submitted call that it was at, from 0; None: of none.
        ending: its exit code or signal, in words.
    """

    def __init__(self, number: int | None, ending: str) -> None:
        super().__init__(f"a process ended with {ending}")
        self.number = number
        self.ending = ending


class SpawnedPool:
    """Processes that call functions on what a recipe describes, until the pool is left.

    Args:
        what: is pickled, plugins' classes by name, and becomes the first argument of each call.
        name: of it, for messages.
        prepare: a function of a module, that makes of ``what`` what is handed to the calls, once in
            each process.
        processes: at most; they start when they are needed.
    """

    def __init__(self, what: Any, name: str, prepare: Callable[[Any], Any], processes: int) -> None:
        recipe = recipe_of(what, name)
        self._context = _Context()
        self._submitted = 0
        with _without_script(), safe_path():  # it starts multiprocessing's resource tracker
            self._executor = ProcessPoolExecutor(
                processes, mp_context=self._context, initializer=_begin, initargs=(recipe, prepare)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._context.started:
            process.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(
        self, function: Callable[..., ResultT], *arguments: object
    ) -> Future[ResultT | Refusal]:
        """Have ``function(prepared, *arguments)`` called; wait for it with :meth:`result`."""
        number, self._submitted = self._submitted, self._submitted + 1
        with (
            _without_script(),
            safe_path(),
            _interrupts_held(),
        ):  # it starts a worker if none is idle
            return self._executor.submit(_call, number, function, *arguments)

    def result(self, future: Future[ResultT | Refusal]) -> ResultT:
        """Wait for the result of a call and return it.

        Raises:
            RefusedError: the call raised a TrackbenchError.
            LostError: a process has ended over this call or another one.
        """
        try:
            found = future.result()
        except BrokenProcessPool as error:
            raise self._lost() from error
        if isinstance(found, Refusal):
            raise RefusedError(found)
        return found

    def _lost(self) -> LostError:
        """Say which process was lost. The executor has ended the others by SIGTERM."""
        deadline = time.monotonic() + GRACE_SECONDS
        while True:
            ended = [one for one in self._context.started if one.exitcode is not None]
            for process in ended:
                if process.exitcode != -signal.SIGTERM:
                    number = process.at.value
                    at = None if number == _NOTHING else number
                    return LostError(at, _ending(process.exitcode))
            if time.monotonic() > deadline:
                return LostError(None, _ending(ended[0].exitcode if ended else None))
            time.sleep(0.01)


@contextmanager
def _without_script() -> Iterator[None]:
    """Let processes start in which multiprocessing does not execute the author's script first.

    Where a recipe needs what it defines, it is executed as in every process of a run; a script that
    came over standard input, or has no ``if __name__ == "__main__":``, could not be otherwise.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let processes start that hear nothing of Ctrl-C until they ignore it; here it comes later.

    One that comes while they import modules would have each print a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process(SpawnProcess):
    """A process that notes, in memory that its parent sees, which call it is carrying out."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.at = RawValue("q", _NOTHING)

    def run(self) -> None:
        _HERE.process = self
        super().run()


class _Context(SpawnContext):
    """Spawns processes, for a fork of a process with threads may hang, and keeps a list of them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Process] = []

    def Process(self, *arguments: Any, **options: Any) -> _Process:  # type: ignore[override]  # noqa: N802
        made = _Process(*arguments, **options)
        self.started.append(made)
        return made


class _Here:
    """What one of the processes has."""

    process: _Process
    recipe: Recipe
    prepare: Callable[[Any], Any]
    prepared: Any = None


_HERE = _Here()


def _begin(recipe: Recipe, prepare: Callable[[Any], Any]) -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent answers Ctrl-C and ends us
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # for what a plugin starts
    forget_safe_path()
    parent = multiprocessing.parent_process()
    if parent is not None:
        descendants.end_with(parent.sentinel)
    os.dup2(2, 1)  # what a plugin prints is not the command's output
    _HERE.recipe, _HERE.prepare = recipe, prepare


def _call(number: int, function: Callable[..., ResultT], *arguments: Any) -> ResultT | Refusal:
    _HERE.process.at.value = number
    try:
        # Within a call and not before: then what is wrong with a plugin is the call's answer.
        if _HERE.prepared is None:
            _HERE.prepared = _HERE.prepare(follow(_HERE.recipe))
        with watched():  # an image that is damaged inside is no frame
            return function(_HERE.prepared, *arguments)
    except TrackbenchError as error:
        return Refusal(str(error), traceback.format_exc())
    finally:
        _HERE.process.at.value = _NOTHING


def _ending(code: int | None) -> str:
    if code is None:
        return "no exit code"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
