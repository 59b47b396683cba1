"""One unit of work in a maker: hosts track its videos, one host after another where one is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DataError
from trackbench.host.shared_memory import CLOSING, IDLE, WHOLE_BATCH
from trackbench.results.chunks import Failure, FailureKind
from trackbench.running import segment as segments
from trackbench.running.ending import Ending, Reason
from trackbench.running.host_process import Answer, HostProcess, where
from trackbench.running.hosts import Hosts, Look
from trackbench.running.mask_scoring import kept_masks, scored
from trackbench.running.messages import Made, Order, SpoiledBy
from trackbench.running.segment import Next, Segment
from trackbench.running.servers import Servers
from trackbench.running.videos import Videos


def track_unit(order: Order, videos: Videos, servers: Servers, look: Look) -> Made:
    """Have a unit tracked, and score it.

    Raises:
        TrackbenchError: a video cannot be made.
    """
    hosts = Hosts(order, servers, look)
    try:
        return _Unit(order, hosts).track(videos)
    finally:
        videos.close()
        hosts.free()


class _Unit:
    """An order, tracked by its hosts, one after the other."""

    def __init__(self, order: Order, hosts: Hosts) -> None:
        self._order, self._hosts, self._scratch = order, hosts, hosts.scratch
        self._reads: set[str] = set()

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
        masks = kept_masks(remarks.masks, truth.sizes)
        failures = [segment.failures[slot] for slot in sorted(segment.failures)]
        lost = (order.frames_of(f.sequence - order.start) - f.frame for f in failures)
        iou, by_masks = scored(videos.scores(boxes), masks, truth.masks, boxes)
        return Made(
            truth=truth,
            boxes=boxes,
            iou=self._scored(iou, failures),
            masks=masks,
            by_masks=by_masks,
            confidence=_if_any(remarks.confidence.copy(), ~np.isnan(remarks.confidence)),
            absent=_if_any(absent, absent),
            seconds=float(self._scratch.seconds.sum()),
            frames=order.frames - sum(lost),
            peak_memory=self._hosts.peak,
            failures=tuple(failures),
            reads=tuple(sorted(self._reads)),
        )

    def _track_segment(self, segment: Segment, videos: Videos) -> Segment:
        """Start a host and let it track what is left; return what is left then."""
        host, answer = self._hosts.build(segment.first)
        if answer is Answer.REFUSED:
            return self._all_spoiled(segment, self._hosts.error_of(host))
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
            try:
                film, box = videos.film(slot)
                images, mask = videos.images_of(slot), videos.first_mask_of(slot)
                answer = self._hosts.track(host, slot, film, box.tolist(), images, mask)
            except DataError as error:
                segment = self._without_data(segment, slot, error)
                continue
            if answer is Answer.RAISED:
                return self._after_error(segment, host, slot)
            if answer is not Answer.TRACKED:
                return self._after_end(segment, host, slot)
        return self._closed(segment, host)

    def _lockstep(self, segment: Segment, host: HostProcess, videos: Videos) -> Segment:
        try:
            films = videos.films_in_lockstep()
        except DataError:  # tracked one by one, only the sequence that it is of is spoiled
            films = None
        if films is None:
            return self._one_by_one(segments.alone(segment), host, videos)
        film, first = films
        slots = range(segment.sequences)
        images = [videos.images_of(slot) for slot in slots]
        masks = [mask for slot in slots if (mask := videos.first_mask_of(slot)) is not None]
        known = masks if len(masks) == len(slots) else None
        answer = self._hosts.track_all(host, film, first.tolist(), images, known)
        film.close()
        if answer is Answer.TRACKED:
            return self._closed(segment, host)
        if answer is Answer.RAISED:
            return self._after_error(segment, host, WHOLE_BATCH)
        return self._after_end(segment, host, WHOLE_BATCH)

    def _closed(self, segment: Segment, host: HostProcess) -> Segment:
        """Return the segment, tracked to its end, after its tracker has ended, too."""
        answer = self._hosts.close(host)
        last = segment.sequences - 1
        finished = segments.resumed(segment, last)
        ending, place = host.ending, self._scratch.place()
        if answer is not Answer.ENDED or ending is None or place.slot != CLOSING:
            return finished
        # Somebody ended it while its tracker ended: whether that fails counts, so it is repeated.
        if segments.judge(segment, place, ending) is Next.REPEAT:
            return segments.repeated(segment, place)
        if not ending.from_outside:
            end = self._order.frames_of(last)
            failure = self._failure(host, ending, last, end, where(CLOSING))
            return segments.advanced(segment, failure, last)
        return finished

    def _without_data(self, segment: Segment, slot: int, error: DataError) -> Segment:
        """Return the segment, with a sequence that cannot be read noted as the data's failure."""
        why = SpoiledBy(FailureKind.DATA, str(error))
        failure = self._spoiled(slot, 0, why)
        return replace(segment, failures={**segment.failures, slot: failure})

    def _scored(self, iou: NDArray[np.float64], failures: list[Failure]) -> NDArray[np.float64]:
        """Return IoU (N, T) without that of sequences that the data have spoiled."""
        for failure in failures:
            if failure.kind is FailureKind.DATA:
                iou[failure.sequence - self._order.start] = np.nan
        return iou

    def _after_error(self, segment: Segment, host: HostProcess, slot: int) -> Segment:
        """Return what is left after a tracker raised an error."""
        failure = self._raised(host, slot)
        if slot == WHOLE_BATCH:  # it may be the fault of one video: each is tracked alone
            return segments.alone(segment)
        return segments.advanced(segment, failure, slot)

    def _raised(self, host: HostProcess, slot: int) -> Failure:
        frame = self._scratch.place().frame
        return self._spoiled(slot, frame, self._hosts.error_of(host))

    def _spoiled(self, slot: int, frame: int, why: SpoiledBy) -> Failure:
        return Failure(
            self._order.start + slot, frame, why.kind, why.message, why.traceback, why.output
        )

    def _after_end(self, segment: Segment, host: HostProcess, slot: int) -> Segment:
        """Return what is left after a host's end.

        Args:
            segment: what it had in hand.
            host: that has ended.
            slot: the sequence that it was last asked for, or WHOLE_BATCH.
        """
        # It raised an error after it had closed the socket over which it would have said so.
        if "message" in self._scratch.reported():
            return self._after_error(segment, host, slot)
        place, ending = self._scratch.place(), self._hosts.gone(host)
        if place.slot == IDLE and place.done == slot:  # all was answered before it ended
            return self._after_silence(segment, host, ending)
        match segments.judge(segment, place, ending):
            case Next.REPEAT:
                return segments.repeated(segment, place)
            case Next.ALONE:
                return segments.alone(segment)
            case Next.STOP:
                message = where(place.slot) + ending.message
                return self._all_spoiled(segment, SpoiledBy(ending.kind, message, "", host.output))
            case _:
                spoiled = segments.slot_in_hand(segment, place)
                frame = place.frame if place.slot >= 0 else 0
                failure = self._failure(host, ending, spoiled, frame)
                return segments.advanced(segment, failure, spoiled)

    def _after_silence(self, segment: Segment, host: HostProcess, ending: Ending) -> Segment:
        """Return what is left after a host that tracked its sequences, and could not say so."""
        done = self._scratch.place().done
        last = segment.sequences - 1 if done == WHOLE_BATCH else done
        if ending.reason is not Reason.TIMEOUT:
            return segments.resumed(segment, last)
        failure = self._failure(host, ending, last, self._order.frames_of(last))
        return segments.advanced(segment, failure, last)

    def _failure(
        self, host: HostProcess, ending: Ending, slot: int, frame: int, before: str = ""
    ) -> Failure:
        why = SpoiledBy(ending.kind, before + ending.message, output=host.output)
        return self._spoiled(slot, frame, why)

    def _all_spoiled(self, segment: Segment, why: SpoiledBy) -> Segment:
        left = range(segment.first, segment.sequences)
        return segments.stopped(segment, {slot: self._spoiled(slot, 0, why) for slot in left})


def _if_any(values: NDArray[Any], said: NDArray[np.bool_]) -> NDArray[Any] | None:
    return values if said.any() else None
