"""``python -m trackbench.bisection.at_commit``: a process that runs a tracker as one commit has it.

It was started for that and has imported nothing of the author's. Its working folder is the one in
the worktree that the author is in in the checkout.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from trackbench.bisection.orders import Answer, Asked, Order
from trackbench.bisection.own_modules import find_in, moved
from trackbench.bisection.strays import Guard
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host.descendants import end_with
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.results.json_codec import MOST, decoded
from trackbench.results.record_checks import LEAST_SECONDS

DEFAULT_TIMEOUT = 60.0
_INTERRUPTED = 130


def main() -> None:
    """Carry out the order of the first argument; write progress and the answer, a line each."""
    order = decoded(Order, json.loads(sys.argv[1]))
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the author's modules print is no answer
    end_with(os.dup(0))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)

    def say(line: dict[str, object]) -> None:
        lines.write(f"{json.dumps(line)}\n")
        lines.flush()

    try:
        answer = carry_out(order, lambda done, total: say({"done": done, "total": total}))
    except TrackbenchError as error:
        answer = Answer(reason=str(error))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    say({"answer": asdict(answer)})


def carry_out(order: Order, progress: Callable[[int, int], None]) -> Answer:
    """Run the tracker on what is asked; what is stored of the same source is not run again.

    Args:
        order: what to run, and where the commit's files are.
        progress: is called with frames, and of how many.

    Raises:
        TrackbenchError: it cannot be run at this commit, or something of it is of another.
    """
    worktree, roots = Path(order.worktree), tuple(map(Path, order.roots))
    guard = Guard(worktree, roots, find_in(worktree, roots))
    asked, notes = order.asked, list[str]()
    # After the modules are placed: what these import is imported for good.
    from trackbench.plugins.loading import load_plugins
    from trackbench.running.execution import Listeners, Settings
    from trackbench.running.limits import Limits
    from trackbench.running.loop import execute_plan
    from trackbench.running.planning import make_plan
    from trackbench.running.processors import usable_processors

    load_plugins(map(Path, asked.plugins))
    plan = make_plan(
        [_in_worktree(_tracker(asked), worktree, roots)],
        asked.suite,
        asked.datasets,
        asked.sequences,
        asked.lengths,
        asked.out,
        asked.protocol,
        asked.runs,
    )
    (tracker,) = plan.trackers
    guard.check_tracker(tracker)
    seconds = DEFAULT_TIMEOUT if asked.timeout is None else asked.timeout
    settings = Settings(
        jobs=asked.jobs or usable_processors(),
        limits=Limits(min(max(seconds, LEAST_SECONDS), MOST), None),
        timeout_asked=asked.timeout is not None,
    )
    listeners = Listeners(
        progress=lambda state: progress(state.frames, state.total),
        output=None,
        tell=lambda line: None if line.startswith("all stored") else notes.append(line),
        warn=notes.append,
        read=guard.check_reads,
    )
    (fingerprint,) = execute_plan(plan, settings, listeners).values()
    guard.check_modules(tracker.id)
    return Answer(
        tracker=tracker.id,
        fingerprint=fingerprint,
        datasets=tuple(spec.id for spec in plan.datasets),
        notes=tuple(dict.fromkeys(notes)),
    )


def _in_worktree(spec: TrackerSpec, worktree: Path, roots: tuple[Path, ...]) -> TrackerSpec:
    """Return a tracker; one of another interpreter is looked for in the worktree there, too."""
    factory = spec.factory
    if not isinstance(factory, Elsewhere):
        return spec
    path = tuple(str(moved(place, worktree, roots) or place) for place in factory.path)
    return replace(spec, factory=replace(factory, path=path))


def _tracker(asked: Asked) -> TrackerSpec:
    from trackbench.plugins.own_folders import look_in_working_folder
    from trackbench.running.chosen_trackers import tracker_named, with_parameters
    from trackbench.running.trackers_file import TrackersFile

    listed = None if asked.trackers is None else TrackersFile(Path(asked.trackers))
    if listed is not None and asked.tracker in listed:
        spec = listed.spec(asked.tracker, asked.python)
    else:
        if asked.python is None:
            look_in_working_folder([asked.tracker])
        spec = tracker_named(asked.tracker, asked.python)
    return with_parameters(spec, asked.parameters) if asked.parameters else spec


if __name__ == "__main__":
    main()
