"""Steps carried out in a process of their own, so that a tracker may hang or die in it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from trackbench.contracts import TrackerSpec
from trackbench.host import bootstrap, wire
from trackbench.plugins.importing import environment_before, folder_before
from trackbench.running import anonymous_file
from trackbench.running.recipe import recipe_of_tracker
from trackbench.testing.child import command
from trackbench.testing.evidence import Act
from trackbench.testing.place import BYTES, Place
from trackbench.testing.script import Step
from trackbench.testing.watching import Progress, Watched


def perform_apart(
    spec: TrackerSpec,
    steps: tuple[Step, ...],
    *,
    timeout: float,
    progress: Progress,
    length: int | None = None,
    hash_seed: str = "0",
) -> Act:
    """Carry out steps in a new process and return what came of them, as far as it came.

    Args:
        spec: the tracker.
        steps: what to do.
        timeout: seconds that one call may take.
        progress: is called with how far it is.
        length: frames of each video; None: as many as the first one lasts.
        hash_seed: decides the order of a set of words in that process.

    Raises:
        RefusedBuildError: the tracker says, or raises, that it cannot be built.
        TrackbenchError: it cannot be brought to another process.
    """
    recipe = recipe_of_tracker(spec)
    act = Act()
    with ExitStack() as stack:
        file = anonymous_file.create(BYTES)
        stack.callback(os.close, file)
        place = Place(file)
        place.clear()
        variables = bootstrap.environment(environment_before())
        process, channel, output = stack.enter_context(
            _process(command, recipe.path, {**variables, "PYTHONHASHSEED": hash_seed})
        )
        says = {
            "tracker": spec.id,
            "family": spec.family,
            "steps": [step.plain for step in steps],
            "batched": spec.batched,
            "length": length,
            "place": recipe.place,
        }
        wire.send(channel, says, recipe.payload, [file])
        watched = Watched(process, channel, output, place, steps, timeout, progress)
        watched.listen(act)
    return act


@contextmanager
def _process(
    command_of: Callable[..., list[str]], path: tuple[str, ...], variables: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Any, int]]:
    """Start a process; yield it with its channel and what it prints. In the end, end it."""
    ours, theirs = wire.pair()
    output, printing = os.pipe()
    os.set_blocking(output, False)
    process = subprocess.Popen(
        command_of(path, theirs.fileno(), os.getpid()),
        env=variables,
        cwd=folder_before() or None,
        pass_fds=(theirs.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=printing,
        stderr=printing,
        start_new_session=True,
    )
    theirs.close()
    os.close(printing)
    try:
        yield process, ours, output
    finally:
        ours.close()
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(output)
