"""The answer in what a task has returned."""

from __future__ import annotations

from dataclasses import replace

from trackbench.host.wire import Message
from trackbench.running import answer_codec
from trackbench.running.cluster.parcel import Reply
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import Answer, Made, News, Refusal


def answer_in(reply: Reply) -> Answer:
    """Return the answer of a worker that needed nothing more.

    Raises:
        RefusedError: it is that the order cannot be carried out.
    """
    assert reply.says is not None  # noqa: S101 - it needs nothing
    answer = answer_codec.decoded(Message(reply.says, reply.payload, []))
    if isinstance(answer, Refusal):
        raise RefusedError(answer)
    assert not isinstance(answer, News)  # noqa: S101 - these go another way
    machine = None if reply.facts is None else reply.facts.machine
    return replace(answer, machine=machine) if isinstance(answer, Made) else answer
