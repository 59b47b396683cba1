"""One unit of work in a maker: hosts track its videos, one host after another where one is lost."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import TrackbenchError
from trackbench.host.shared_memory import CLOSING, IDLE, WHOLE_BATCH, Scratch
from trackbench.results.chunks import Failure, FailureKind
from trackbench.running import anonymous_file
from trackbench.running import segment as segments
from trackbench.running.anonymous_file import FrameFile
from trackbench.running.ending import Ending, Reason
from trackbench.running.host_process import Answer, HostProcess, where
from trackbench.running.host_server import ServerLostError
from trackbench.running.messages import Made, Order, Spoiled, Tried
from trackbench.running.segment import Next, Segment
from trackbench.running.servers import Servers
from trackbench.running.videos import Videos

Look = Callable[[int, bytes], None]
"""Called several times a second with the frames tracked so far, and what was printed since."""

_SERVER_TRIES = 5


def track_unit(order: Order, videos: Videos, servers: Servers, look: Look) -> Made:
    """Have a unit tracked, and score it.

    Raises:
        TrackbenchError: a video cannot be made.
    """
    unit = _Unit(order, servers, look)
    try:
        return unit.track(videos)
    finally:
        videos.close()
        unit.free()


def try_tracker(order: Order, servers: Servers, look: Look) -> Tried:
    """Build a tracker in a host, and let it end.

    Raises:
        TrackbenchError: it says, or raises, that it cannot be built.
    """
    unit = _Unit(order, servers, look)
    try:
        return unit.build_only()
    finally:
        unit.free()


class RefusedBuildError(TrackbenchError):
    """The tracker refuses to be built; ``detail`` is its traceback."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(message)
        self.detail = detail


class _Unit:
    """An order, and the memory that its hosts write to, one after the other."""

    def __init__(self, order: Order, servers: Servers, look: Look) -> None:
        self._order, self._servers, self._look = order, servers, look
        size = Scratch.size(order.sequences, order.length)
        self._file = anonymous_file.create(size)
        self._scratch = Scratch(self._file, order.sequences, order.length)
        self._scratch.clear()
        self._before = 0  # frames tracked by hosts that are gone, and not in vain
        self._peak = 0
        self._reads: set[str] = set()

    def free(self) -> None:
        os.close(self._file)

    def track(self, videos: Videos) -> Made:
        order = self._order
        segment = Segment(order.sequences, batch=order.batched)
        if order.spoiled is not None:
            segment = self._all_spoiled(segment, order.spoiled)
        while segment.left:
            segment = self._track_segment(segment, videos)
            self._reads.update(self._scratch.notes())
        truth = videos.truth()
        boxes, remarks = self._scratch.boxes.copy(), self._scratch.remarks
        absent = remarks.absent.view(np.uint8) != 0  # whatever a tracker has written there
        boxes[absent] = np.nan
        failures = [segment.failures[slot] for slot in sorted(segment.failures)]
        answered = order.frames - sum(order.length - failure.frame for failure in failures)
        return Made(
            truth=truth,
            boxes=boxes,
            iou=videos.scores(boxes),
            confidence=_if_any(remarks.confidence.copy(), ~np.isnan(remarks.confidence)),
            absent=_if_any(absent, absent),
            seconds=float(self._scratch.seconds.sum()),
            frames=answered,
            peak_memory=self._peak,
            failures=tuple(failures),
            reads=tuple(sorted(self._reads)),
        )

    def build_only(self) -> Tried:
        """Say whether the tracker's process ends over building it, and what its source is there."""
        segment = Segment(1)
        while True:
            self._scratch.clear()
            host = self._start()
            answer = self._ask_to_build(host, 0)
            if answer is Answer.REFUSED:
                says = self._scratch.told()
                if says.get("memory") and self._order.limits.memory is not None:
                    return Tried(self._error_of(host))  # with more it might be built
                host.abandon()
                raise RefusedBuildError(str(says.get("message")), str(says.get("traceback", "")))
            if answer is Answer.BUILT:
                source = self._scratch.told().get("source")
                host.close()
                source = source if isinstance(source, str) else None
                return Tried(None, source, tuple(sorted(self._scratch.notes())))
            place, ending = self._scratch.place(), self._gone(host)
            if segments.judge(segment, place, ending) is not Next.REPEAT:
                message = where(place.slot) + ending.message
                return Tried(Spoiled(ending.kind, message, "", host.output))
            segment = segments.repeated(segment, place)

    def _track_segment(self, segment: Segment, videos: Videos) -> Segment:
        """Start a host and let it track what is left; return what is left then."""
        self._scratch.clear(segment.first)
        self._before = segment.first * self._order.length
        host = self._start()
        answer = self._ask_to_build(host, segment.first)
        if answer is Answer.REFUSED:
            return self._all_spoiled(segment, self._error_of(host))
        if answer is Answer.ENDED:
            return self._after_end(segment, host, segment.first)
        try:
            if segment.batch:
                return self._lockstep(segment, host, videos)
            return self._one_by_one(segment, host, videos)
        except BaseException:
            host.abandon()
            raise

    def _one_by_one(self, segment: Segment, host: HostProcess, videos: Videos) -> Segment:
        for slot in range(segment.first, segment.sequences):
            film, boxes = videos.film(slot)
            answer = self._ask_to_track(host, slot, film, boxes[0].tolist())
            videos.take_back(film, kept=answer is not Answer.TRACKED or host.kept_frames)
            if answer is Answer.RAISED:
                return self._after_error(segment, host, slot)
            if answer is not Answer.TRACKED:
                return self._after_end(segment, host, slot)
        return self._closed(segment, host)

    def _lockstep(self, segment: Segment, host: HostProcess, videos: Videos) -> Segment:
        films = videos.films_in_lockstep()
        if films is None:
            return self._one_by_one(segments.alone(segment), host, videos)
        film, first = films
        answer = self._ask_to_track(host, WHOLE_BATCH, film, first.tolist())
        film.close()
        if answer is Answer.TRACKED:
            return self._closed(segment, host)
        if answer is Answer.RAISED:
            return self._after_error(segment, host, WHOLE_BATCH)
        return self._after_end(segment, host, WHOLE_BATCH)

    def _start(self) -> HostProcess:
        order = self._order
        assert order.tracker_recipe is not None  # noqa: S101 - a unit that is tracked has one
        for _ in range(_SERVER_TRIES):
            recipe = order.tracker_recipe
            server = self._servers.get(recipe.path, order.preload, recipe.python)
            try:
                return HostProcess(server, self._file, self._scratch, order.limits, self._looked)
            except ServerLostError:
                self._servers.forget(server)
        raise TrackbenchError(f"no process for {order.tracker} can be started")

    def _ask_to_build(self, host: HostProcess, first: int) -> Answer:
        order = self._order
        assert order.tracker_recipe is not None  # noqa: S101 - as above
        says = {
            "tracker": order.tracker,
            "dataset": order.dataset,
            "start": order.start,
            "sequences": order.sequences,
            "length": order.length,
            "batched": order.batched,
            "family": order.family,
            "memory": order.limits.memory,
            "run": order.run,
            "seed": _seed(order, first),
            "place": order.tracker_recipe.place,
            "identify": None if order.identify is None else asdict(order.identify),
            "reads": None if order.tracker_known is None else order.tracker_known.says(),
        }
        return host.ask(says, order.tracker_recipe.payload)

    def _ask_to_track(
        self, host: HostProcess, slot: int, film: FrameFile, first: list[float]
    ) -> Answer:
        says = {"slot": slot, "shape": list(film.shape), "first": first}
        return host.ask(says, files=[film.file])

    def _closed(self, segment: Segment, host: HostProcess) -> Segment:
        """Return the segment, tracked to its end, after its tracker has ended, too."""
        answer = host.close()
        self._peak = max(self._peak, host.peak)
        last = segment.sequences - 1
        finished = segments.resumed(segment, last)
        ending, place = host.ending, self._scratch.place()
        if answer is not Answer.ENDED or ending is None or place.slot != CLOSING:
            return finished
        if segments.judge(segment, place, ending) is Next.REPEAT:  # how it would have ended counts
            return segments.repeated(segment, place)
        if not ending.from_outside:
            failure = self._failure(host, ending, last, self._order.length, where(CLOSING))
            return segments.advanced(segment, failure, last)
        return finished

    def _after_error(self, segment: Segment, host: HostProcess, slot: int) -> Segment:
        """Return what is left after a tracker raised an error."""
        failure = self._raised(host, slot)
        if slot == WHOLE_BATCH:  # one video may have brought all of them down
            return segments.alone(segment)
        return segments.advanced(segment, failure, slot)

    def _raised(self, host: HostProcess, slot: int) -> Failure:
        frame, why = self._scratch.place().frame, self._error_of(host)
        self._peak = max(self._peak, host.peak)
        return self._spoiled(slot, frame, why)

    def _error_of(self, host: HostProcess) -> Spoiled:
        """Return the error that a host has left word of; the host is gone then."""
        says = self._scratch.told()
        host.abandon()
        return Spoiled(
            FailureKind.MEMORY if says.get("memory") else FailureKind.RAISED,
            str(says.get("message", "it raised an error")),
            str(says.get("traceback", "")),
            host.output,
        )

    def _spoiled(self, slot: int, frame: int, why: Spoiled) -> Failure:
        return Failure(
            self._order.start + slot, frame, why.kind, why.message, why.traceback, why.output
        )

    def _after_end(self, segment: Segment, host: HostProcess, slot: int) -> Segment:
        """Return what is left after a host's end.

        Args:
            segment: what it had in hand.
            host: it.
            slot: the sequence that it was last asked for, or WHOLE_BATCH.
        """
        if "message" in self._scratch.told():  # it raised, and had closed all that we speak over
            return self._after_error(segment, host, slot)
        place, ending = self._scratch.place(), self._gone(host)
        if place.slot == IDLE and place.done == slot:  # its tracker closed all that we speak over
            last = segment.sequences - 1 if slot == WHOLE_BATCH else slot
            return segments.resumed(segment, last)
        match segments.judge(segment, place, ending):
            case Next.REPEAT:
                return segments.repeated(segment, place)
            case Next.ALONE:
                return segments.alone(segment)
            case Next.STOP:
                message = where(place.slot) + ending.message
                return self._all_spoiled(segment, Spoiled(ending.kind, message, "", host.output))
            case _:
                spoiled = segments.slot_in_hand(segment, place)
                frame = place.frame if place.slot >= 0 else 0
                failure = self._failure(host, ending, spoiled, frame)
                return segments.advanced(segment, failure, spoiled)

    def _gone(self, host: HostProcess) -> Ending:
        """Return how a host has ended."""
        host.abandon()
        self._peak = max(self._peak, host.peak)
        assert host.ending is not None  # noqa: S101 - it has ended
        if host.ending.reason is Reason.LOST:
            self._servers.forget_dead()
        return host.ending

    def _failure(
        self, host: HostProcess, ending: Ending, slot: int, frame: int, before: str = ""
    ) -> Failure:
        why = Spoiled(ending.kind, before + ending.message, output=host.output)
        return self._spoiled(slot, frame, why)

    def _all_spoiled(self, segment: Segment, why: Spoiled) -> Segment:
        left = range(segment.first, segment.sequences)
        return segments.stopped(segment, {slot: self._spoiled(slot, 0, why) for slot in left})

    def _looked(self, printed: bytes) -> None:
        with suppress(BrokenPipeError):
            self._look(self._before + self._scratch.frames_done, printed)


def _if_any(values: NDArray[Any], said: NDArray[np.bool_]) -> NDArray[Any] | None:
    return values if said.any() else None


def _seed(order: Order, first: int) -> int:
    """Return what a host's generators begin with: the same wherever and whenever it is done."""
    text = f"{order.dataset} {order.start + first}"
    if order.run:
        text += f" run {order.run}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
