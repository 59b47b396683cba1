"""Steps carried out by hosts, for trackers that only a host can drive, or that see whole videos.

A host is handed a video and answers with all boxes, so less is seen than where each call is
watched: :func:`not_judged` says what. It is the host of a run, in whichever interpreter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from trackbench.contracts import TrackerSpec
from trackbench.results.chunks import Failure, FailureKind
from trackbench.running.hosted import Hosted, is_of_host
from trackbench.running.messages import Made
from trackbench.testing.clip_videos import clip_videos
from trackbench.testing.clips import clip
from trackbench.testing.evidence import Act
from trackbench.testing.looking import FEWEST
from trackbench.testing.points import Point, Severity
from trackbench.testing.recording import Kind, Recording, Stop
from trackbench.testing.script import Step, Task
from trackbench.testing.watching import Progress

SLOW_SECONDS = 2.0
"""Where the first frames take longer, all videos are cut to as few."""
_KINDS = {FailureKind.RAISED: Kind.RAISED, FailureKind.TIMEOUT: Kind.HUNG}


def is_hosted(spec: TrackerSpec) -> bool:
    """Whether a tracker is checked by hosts: it has another interpreter, or sees whole videos."""
    return is_of_host(spec) or spec.sees_future


def perform_hosted(
    spec: TrackerSpec,
    steps: tuple[Step, ...],
    *,
    timeout: float,
    progress: Progress,
    length: int | None = None,
    hash_seed: str = "0",
) -> Act:
    """Have hosts carry out the steps that are single videos, and return what came of them.

    One host tracks the videos of neighbouring steps for the same object of the tracker; after one
    that it fails, another host goes on.

    Args:
        spec: the tracker.
        steps: what to do.
        timeout: seconds that one call may take; of a tracker that sees the future, a video.
        progress: is called with how far it is.
        length: frames of each video; None: as many as it can track in a few seconds.
        hash_seed: not heeded: it is that of a run.

    Raises:
        TrackbenchError: the tracker says, or raises, that it cannot be built.
    """
    del hash_seed
    single = [step for step in steps if step.task is Task.VIDEO]
    expected = FEWEST + sum(len(clip(step.clips[0]).frames[:length]) for step in single)
    act = Act()
    begun = [""]

    def show(frames: int) -> None:
        progress(begun[0] or "start", frames, max(expected, frames))

    with Hosted(spec, timeout, show) as hosted:
        tried = hosted.build()
        if tried.spoiled is not None:
            why = tried.spoiled
            kind = _KINDS.get(why.kind, Kind.DIED)
            act.stop = Stop(kind, "", None, why.message, why.output or why.traceback)
            return act
        if length is None:
            length = _length(hosted, single[0].clips[0], act)
        for group in _groups(single, length) if act.stop is None else ():
            begun[0] = group[0].name
            names = tuple(step.clips[0] for step in group)
            frames = len(clip(names[0]).frames[:length])
            made = hosted.track(clip_videos(names), frames, stop=len(names), reseed=True)
            _record(act, group, made)
            if act.stop is not None:
                break
    return act


def _length(hosted: Hosted, name: str, act: Act) -> int | None:
    """Track a short video; return how long others may be, None: as they are."""
    made = hosted.track(clip_videos((name,)), FEWEST, reseed=True)
    if made.failures and made.failures[0].kind is not FailureKind.RAISED:
        act.stop = _stop(made.failures[0], name)
    return FEWEST if made.seconds > SLOW_SECONDS else None


def _groups(steps: list[Step], length: int | None) -> Iterator[list[Step]]:
    def key(step: Step) -> tuple[int, int]:
        return step.tracker, len(clip(step.clips[0]).frames[:length])

    return (list(found) for _, found in groupby(steps, key))


def _record(act: Act, group: list[Step], made: Made) -> None:
    failures = {failure.sequence: failure for failure in made.failures}
    for number, step in enumerate(group):
        failure = failures.get(number)
        stop = None if failure is None else _stop(failure, step.clips[0])
        absent = np.zeros(made.boxes.shape[1], bool)
        if made.absent is not None:
            absent = made.absent[number]
        seen = Recording(
            step.clips[0],
            made.boxes[number],
            written=stop.frame if stop is not None and stop.read_only else None,
            stop=stop,
            absent=tuple(absent.tolist()),
        )
        act.recorded[step.name] = [seen]
        if stop is not None and stop.kind is not Kind.RAISED and act.stop is None:
            act.stop = stop
    act.seconds += made.seconds
    act.frames += made.frames


def _stop(failure: Failure, name: str) -> Stop:
    words = failure.message.lower()
    return Stop(
        _KINDS.get(failure.kind, Kind.DIED),
        name,
        failure.frame,
        failure.message,
        failure.traceback or failure.output,
        any(word in words for word in ("read-only", "readonly", "marked as output")),
    )


def not_judged(spec: TrackerSpec) -> Point:
    """Note what is not seen of a tracker that hosts drive."""
    left = [
        "whether its memory grows",
        "whether its first frames are slow",
        "whether it depends on PYTHONHASHSEED",
        "whether it shares generators, boxes or answers with others",
    ]
    if spec.sees_future:
        why = "it is handed whole videos, and answers once for each"
    else:
        why = "it runs in a host, as in a run, where its single calls are not seen"
    return Point("not-judged", f"{why}. Not judged: {', '.join(left)}.", "", Severity.NOTE)
