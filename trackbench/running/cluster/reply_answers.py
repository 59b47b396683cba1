"""The answers in what tasks have returned; those about something else than is here are refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trackbench.errors import TrackbenchError
from trackbench.host.wire import Message
from trackbench.running import answer_codec
from trackbench.running.cluster.first_frames import FirstFrames
from trackbench.running.cluster.parcel import Reply
from trackbench.running.cluster.reads_there import first_other
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import Answer, Made, News, Order, Refusal
from trackbench.running.pool import Pool


class ReplyAnswers:
    """Reads what the workers of a run return."""

    def __init__(self, here: Pool, with_files: Collection[str]) -> None:
        """Begin with nothing seen.

        Args:
            here: makers of this machine.
            with_files: ids of the data sets whose files each worker has by itself.
        """
        self._with_files, self._first_frames = with_files, FirstFrames(here)

    def answer_in(self, reply: Reply, order: Order, worker: str) -> Answer:
        """Return the answer of a worker that needed nothing more.

        Args:
            reply: of the worker.
            order: what it has carried out.
            worker: what it is called.

        Raises:
            RefusedError: it is that the order cannot be carried out.
            TrackbenchError: what was read there is not what is here.
        """
        assert reply.says is not None  # noqa: S101 - it needs nothing
        answer = answer_codec.decoded(Message(reply.says, reply.payload, []))
        if isinstance(answer, Refusal):
            raise RefusedError(answer)
        assert not isinstance(answer, News)  # noqa: S101 - these go another way
        if not isinstance(answer, Made):
            return answer
        if (other := first_other(reply.reads, answer.reads)) is not None:
            raise TrackbenchError(
                f"on worker {worker}: {order.tracker} reads {other} while it runs, and that is not "
                "there what it is here: name a file with files=, or read it when the tracker is "
                "built, and it is brought there"
            )
        if (other := first_other(reply.reads, answer.dataset_reads)) is not None:
            raise TrackbenchError(
                f"on worker {worker}: {order.dataset} reads {other}, and that is not there what it "
                "is here: make it the same there"
            )
        if order.dataset in self._with_files:
            self._first_frames.check(order, answer.truth, worker)
        return replace(answer, machine=None if reply.facts is None else reply.facts.machine)
