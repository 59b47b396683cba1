"""What a worker does with a task: its maker carries out one order, and the answer goes back."""

from __future__ import annotations

import select
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from trackbench.errors import TrackbenchError, brief
from trackbench.running import answer_codec
from trackbench.running.cluster.machines import facts
from trackbench.running.cluster.parcel import Check, Parcel, Reply, topic_of
from trackbench.running.cluster.place import Desk, place_of
from trackbench.running.cluster.reads_there import reads_of
from trackbench.running.maker_process import Given, RefusedError
from trackbench.running.messages import Answer, Described, Made, Order, Refusal, Tried

_POLL_SECONDS = 0.5
_NEWS_SECONDS = 1.0


class CancelledTaskError(Exception):
    """Nobody waits for the answer any more."""


def carry_out(parcel: Parcel) -> Reply:
    """Carry out an order on the worker that this is called on, and return the answer.

    Raises:
        CancelledTaskError: nobody wants it any more.
    """
    from distributed import get_worker

    worker = get_worker()
    work = _Work(parcel, worker)
    work.tell(begun=True)
    try:
        place = place_of(worker)
        if place.lacks(parcel.manifest) != []:
            return Reply(worker.address, needs=True, facts=facts())
        with place.desk(parcel.manifest, parcel.run) as desk:
            return work.reply(desk)
    except TrackbenchError as error:
        detail = getattr(error, "detail", "") or traceback.format_exc()
        return work.refusal(str(error), detail)
    except OSError as error:
        return work.refusal(brief(error), traceback.format_exc())
    finally:
        work.tell(done=True)


class _Work:
    """One parcel on a worker."""

    def __init__(self, parcel: Parcel, worker: Any) -> None:
        self._parcel, self._worker = parcel, worker
        self._key = worker.get_current_task()
        self._told = time.monotonic()

    def reply(self, desk: Desk) -> Reply:
        for check in self._parcel.checks:
            key = check.what, check.expected
            if key not in desk.found:
                self._check(desk, check)
                desk.found.add(key)
        answer = self._answer(desk, self._parcel.order, self._news)
        if isinstance(answer, Refusal):
            answer = replace(answer, message=f"on {self._name}: {answer.message}")
        tree = desk.tree
        reads = {}
        if isinstance(answer, Made):
            reads = reads_of(answer, tree.as_said_there, tree.variables)
        says, payload = answer_codec.encoded(answer)
        said = tree.as_said_there(says)
        return Reply(self._worker.address, said, payload, facts=facts(), reads=reads)

    def refusal(self, message: str, detail: str) -> Reply:
        says, payload = answer_codec.encoded(Refusal(f"on {self._name}: {message}", detail))
        return Reply(self._worker.address, says, payload, facts=facts())

    def tell(self, **said: Any) -> None:
        """Let the parent know something about this task, in plain JSON and bytes."""
        told = {"number": self._parcel.number, "worker": self._worker.address, **said}
        self._worker.log_event(topic_of(self._parcel.run), told)

    @property
    def _name(self) -> str:
        return f"worker {self._worker.name}"

    def _check(self, desk: Desk, check: Check) -> None:
        """Make sure that a tracker or a data set is here what it is in the parent.

        Raises:
            TrackbenchError: it is not, or cannot be made here.
        """
        answer = self._answer(desk, check.order, self._news)
        if isinstance(answer, Refusal):
            why = f"{check.what} is not there what it is here: {answer.message}"
            raise RefusedError(replace(answer, message=why))
        assert isinstance(answer, Tried | Described)  # noqa: S101 - as was ordered
        if isinstance(answer, Tried) and answer.spoiled is not None:
            raise TrackbenchError(f"{check.what} cannot be built: {answer.spoiled.message}")
        found = answer.source_sha256 if isinstance(answer, Tried) else answer.fingerprint
        if check.expected is not None and found != check.expected:
            raise TrackbenchError(
                f"{check.what} is another there than here ({(found or 'nothing')[:12]}, not "
                f"{check.expected[:12]}): make what it is made of the same"
            )
        if answer.reads:
            note = desk.tree.as_said_there(answer.reads[0])
            raise TrackbenchError(
                f"{check.what} reads something else there than what was hashed here ({note})"
            )

    def _answer(self, desk: Desk, packed: bytes, news: Callable[[int, bytes], None]) -> Answer:
        """Have the desk's maker carry out an order; another one, where it is lost over it."""
        order: Order = desk.tree.localized(Order.unpacked(packed))
        given, maker = Given(order, self._parcel.number), desk.maker
        maker.give(given)
        while True:
            wanted: list[Any] = [maker.channel] if maker.quiet else [maker.channel, maker.output]
            ready = select.select(wanted, [], [], _POLL_SECONDS)[0]
            if not maker.quiet and maker.output in ready:
                maker.relay()
            if maker.channel in ready:
                answer = maker.hear(lambda _, printed: news(maker.frames, printed))
                if answer is not None:
                    maker.given = None
                    return answer
                if maker.lost:
                    desk.found.clear()
                    given = maker.replace(given)
                    maker.give(given)
                else:
                    news(maker.frames, b"")
            if not self._is_wanted():
                raise CancelledTaskError

    def _news(self, frames: int, printed: bytes) -> None:
        printed = printed if self._parcel.shows_output else b""
        if printed or time.monotonic() - self._told >= _NEWS_SECONDS:
            self._told = time.monotonic()
            self.tell(frames=frames, printed=printed)

    def _is_wanted(self) -> bool:
        """Whether Dask still wants this task's result: a parent that goes has it cancelled."""
        known = self._worker.state.tasks.get(self._key)
        return known is not None and known.state not in {"cancelled", "released", "forgotten"}
