"""``check_tracker``: what is wrong with a tracker, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from trackbench.api.running import DEFAULT_TIMEOUT
from trackbench.arguments.bounds import LONG_RUN, SECONDS
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.factories import build_tracker, tracker_from
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named
from trackbench.testing.apart import perform_apart
from trackbench.testing.drawing import FRAMES
from trackbench.testing.evidence import Act
from trackbench.testing.hosted import is_hosted, not_judged, perform_hosted
from trackbench.testing.judging import judge
from trackbench.testing.performing import perform
from trackbench.testing.points import Checked
from trackbench.testing.probes import repeats
from trackbench.testing.script import OTHER_WAY_ROUND, STATE, Step, whole_script
from trackbench.testing.watching import Progress


@dataclass(frozen=True)
class Stage:
    """How far a check has come.

    Attributes:
        step: what is done.
        frames: tracked in this process so far.
        expected: about as many there will be in it.
    """

    step: str
    frames: int
    expected: int


@arguments_checked
def check_tracker(
    tracker: Any,
    *,
    parameters: dict[str, Any] | None = None,
    batched: bool = False,
    timeout: float | None = None,
    apart: bool = True,
    frames: int = 2000,
    progress: Callable[[Stage], None] | None = None,
) -> Checked:
    """Let a tracker follow easy videos whose truth is exact, and say what is wrong with it.

    It raises nothing for a wrong tracker: print what is returned, or in a test write
    ``check_tracker(Mine).raise_if_wrong()``.

    Args:
        tracker: an id (``"kcf"``), ``"package.module:Class"`` (for which the working folder is put
            at the end of ``sys.path``), a class or a function that makes one, a
            :class:`~trackbench.TrackerSpec`, or a tracker that is built already.
        parameters: of a class or function.
        batched: of a class, a function or a built tracker: it is a
            :class:`~trackbench.BatchTracker`.
        timeout: seconds that one call may take; None: what its spec says, else 60.
        apart: track in processes of their own, as a run does, so that a tracker may hang or end its
            process. False, and for one that is built already: track in this process, where a
            debugger sees it, which no host does; what only other processes show is not judged.
        frames: of the long run in which its memory is measured (8 seconds at most); 0: none.
        progress: is called several times a second with how far it is.

    Raises:
        TrackbenchError: there is no such tracker, it cannot be built, or cannot be brought to
            another process.

    Example:
        >>> from trackbench.testing import check_tracker
        >>> check_tracker("static").ok
        True
    """
    timeout = SECONDS.or_none("timeout", timeout)
    frames = LONG_RUN.of("frames", frames)

    def show(step: str, frames: int, expected: int) -> None:
        if progress is not None:
            progress(Stage(step, frames, expected))

    spec = _spec_of(tracker, parameters, batched=batched)
    if spec is None:
        batched = batched or bool(getattr(tracker, "batched", False))
        name = f"tracker {type(tracker).__name__}"
        script = whole_script(batched=batched, frames=frames, fresh=False)
        acts = [_in_this_process(script, lambda: tracker, show, batched=batched)]
        return judge(name, acts, batched=batched)
    name = f"tracker {spec.id}"
    script = whole_script(batched=spec.batched, frames=frames)
    if not apart:
        _check_comes_here(spec)
        acts = [_in_this_process(script, lambda: build_tracker(spec), show, batched=spec.batched)]
        return judge(name, acts, batched=spec.batched)
    also = (not_judged(spec),) if is_hosted(spec) else ()
    timeout = timeout or spec.timeout or DEFAULT_TIMEOUT
    return judge(name, *_acts(spec, script, timeout, show), batched=spec.batched, also=also)


def _acts(
    spec: TrackerSpec, script: tuple[Step, ...], timeout: float, progress: Progress
) -> tuple[list[Act], Act | None, Act | None]:
    """Return what was seen in the first two processes, and in others if these differ.

    The third does what the first did: if it differs, that does not come of a state that is kept.
    The fourth does what the second did, with the first one's order of sets of words.
    """
    perform = perform_hosted if is_hosted(spec) else perform_apart
    first = perform(spec, script, timeout=timeout, progress=progress)
    if not first.recorded:
        return [first], None, None
    length = first.length
    second = perform(
        spec, OTHER_WAY_ROUND, timeout=timeout, progress=progress, length=length, hash_seed="1"
    )
    third = fourth = None
    if repeats.within(first) or repeats.between(first, second):
        third = perform(spec, STATE[:3], timeout=timeout, progress=progress, length=length)
        if not repeats.within(first) and not repeats.between_equal(first, third):
            fourth = perform(
                spec, OTHER_WAY_ROUND, timeout=timeout, progress=progress, length=length
            )
    return [first, second], third, fourth


class _Counting:
    """A watch that reports progress, where the tracker is in this process."""

    def __init__(self, progress: Progress, expected: int) -> None:
        self._progress, self._expected = progress, expected
        self._step, self._frames = "", 0

    def begin(self, step: Step) -> None:
        self._step = step.name

    def enter(self, frame: int) -> None:
        """Do nothing: only finished frames are counted."""

    def leave(self, frame: int) -> None:
        del frame
        self._frames += 1
        self._progress(self._step, self._frames, max(self._expected, self._frames))


def _in_this_process(
    script: tuple[Step, ...], build: Callable[[], Any], progress: Progress, *, batched: bool
) -> Act:
    act = Act()
    expected = sum(FRAMES + step.frames for step in script)
    for step, recorded in perform(script, build, _Counting(progress, expected), batched=batched):
        act.recorded[step] = recorded
    return act


def _spec_of(
    tracker: Any, parameters: dict[str, Any] | None, *, batched: bool
) -> TrackerSpec | None:
    """Return the spec of a tracker; None: it is one that is built already."""
    if isinstance(tracker, str):
        look_in_working_folder([tracker])
        tracker = tracker_named(tracker)
    if isinstance(tracker, TrackerSpec):
        return replace(tracker, parameters={**tracker.parameters, **(parameters or {})})
    if not isinstance(tracker, type) and hasattr(tracker, "init") and hasattr(tracker, "update"):
        return None
    if not callable(tracker):
        raise TrackbenchError(f"{type(tracker).__name__} is no tracker: it has no init and update")
    name = str(getattr(tracker, "__name__", type(tracker).__name__)).lower()
    return tracker_from(tracker, name, batched=batched, parameters=parameters)


def _check_comes_here(spec: TrackerSpec) -> None:
    if is_hosted(spec):
        raise TrackbenchError(
            f"{spec.id} is driven by a process of its own: leave {parameter('apart', False)} out"
        )
