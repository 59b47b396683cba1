"""The steps of a check, carried out in this process."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from trackbench.contracts import Frame
from trackbench.errors import brief
from trackbench.host.context import Context, asked_for, known_of
from trackbench.host.tracking import Remarks, track
from trackbench.testing import generators
from trackbench.testing.clips import clip
from trackbench.testing.drawing import Clip
from trackbench.testing.endurance import endure
from trackbench.testing.looking import LongEnoughError, Seen, Watch, Writable
from trackbench.testing.recording import Endurance, Kind, Recording, Stop
from trackbench.testing.script import Step, Task

PATIENCE_SECONDS = 0.5
"""After so long the first video is cut, and all others are as short: a slow tracker is checked on
fewer frames."""
Recorded = Recording | Endurance


def perform(
    steps: tuple[Step, ...],
    build: Callable[[], Any],
    watch: Watch,
    *,
    batched: bool,
    length: int | None = None,
) -> Iterator[tuple[str, list[Recorded]]]:
    """Yield the name of each step with its recordings, one a video.

    Args:
        steps: what to do.
        build: makes an object of the tracker.
        watch: is called at each step and each call.
        batched: the tracker follows several videos in lockstep.
        length: frames of each video; None: as many as the first one lasts.
    """
    performer = _Performer(build, watch, batched=batched, length=length)
    for step in steps:
        watch.begin(step)
        yield step.name, performer.do(step)


class _Performer:
    def __init__(
        self, build: Callable[[], Any], watch: Watch, *, batched: bool, length: int | None
    ) -> None:
        self._build, self._watch, self._batched = build, watch, batched
        self._trackers: dict[int, Any] = {}
        self._length = length
        self._read_only = True

    def do(self, step: Step) -> list[Recorded]:
        if step.tracker not in self._trackers:
            generators.begin()
            self._trackers[step.tracker] = self._build()
        tracker = self._trackers[step.tracker]
        clips = [_cut(clip(name), self._length) for name in step.clips]
        if step.task is Task.ENDURE:
            read_only = self._read_only
            found, stop = endure(
                tracker,
                clips[0],
                self._watch,
                step.frames,
                batched=self._batched,
                read_only=read_only,
            )
            ended = [Recording("three", np.empty((0, 4)), stop=stop)] if stop else []
            return [found, *ended]
        made = self._recorded(tracker, clips)
        if made[0].stop is not None and made[0].stop.read_only and self._read_only:
            # That is one point. To judge the others, let it write.
            self._read_only = False
            again = self._recorded(self._rebuilt(step), clips)
            stop = made[0].stop
            made = [replace(one, written=one.written or stop.frame or 0) for one in again]
        if self._length is None:
            self._length = len(made[0].boxes)
        return list(made)

    def _rebuilt(self, step: Step) -> Any:
        with suppress(Exception):  # one object may be all there is
            generators.begin()
            self._trackers[step.tracker] = self._build()
        return self._trackers[step.tracker]

    def _recorded(self, tracker: Any, clips: list[Clip]) -> list[Recording]:
        """Track videos, in lockstep if there are several."""
        frames = np.stack([each.frames for each in clips], axis=1)
        first = np.stack([each.boxes[0] for each in clips])
        if not self._batched:
            frames, first = frames[:, 0], first[0]
        handed = frames.copy()
        boxes = np.full((len(frames), *first.shape), np.nan)
        remarks = Remarks(boxes[..., 0].copy(), np.zeros(boxes.shape[:-1], bool))
        seen = Seen(tracker, self._watch, None if self._length else PATIENCE_SECONDS)
        generators.begin()
        before = generators.states()
        stop = None
        try:
            shown: Any = handed if self._read_only else Writable(handed)
            contexts = tuple(Context(each.name, 0, len(each.frames)) for each in clips)
            known = known_of(contexts if self._batched else contexts[0])
            seen.keywords = asked_for(tracker, known)
            track(seen, shown, first, boxes, seen, remarks)
        except LongEnoughError:
            boxes = boxes[: seen.frame]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a tracker may raise anything
            stop = _stop_of(error, clips, seen.frame)
        after = generators.states()
        reshaped = boxes.reshape(len(boxes), -1, 4)
        absent = remarks.absent[: len(boxes)].reshape(len(boxes), -1)
        return [
            Recording(
                clip=each.name,
                boxes=reshaped[:, number],
                seconds=tuple(seen.seconds),
                written=_first_written(handed, frames),
                box_written=seen.box_written,
                reused=seen.reused,
                draws=tuple(name for name in before if before[name] != after.get(name)),
                stop=stop,
                absent=tuple(absent[:, number].tolist()),
            )
            for number, each in enumerate(clips)
        ]


def _cut(whole: Clip, length: int | None) -> Clip:
    other = None if whole.other is None else whole.other[:length]
    return replace(whole, frames=whole.frames[:length], boxes=whole.boxes[:length], other=other)


def _first_written(handed: Frame, frames: Frame) -> int | None:
    changed = (handed != frames).reshape(len(frames), -1).any(axis=1)
    return int(changed.argmax()) if changed.any() else None


def _stop_of(error: BaseException, clips: list[Clip], frame: int) -> Stop:
    # NumPy and OpenCV say it in words of their own.
    words = str(error).lower() if isinstance(error, Exception) else ""
    read_only = any(word in words for word in ("read-only", "readonly", "marked as output"))
    detail = traceback.format_exc()
    names = ", ".join(each.name for each in clips)
    return Stop(Kind.RAISED, names, frame, brief(error), detail, read_only)
