"""What the parent sends with a task, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trackbench.running.cluster.machines import Facts


@dataclass(frozen=True)
class Check:
    """What a worker must find before its first unit of a tracker or a data set.

    Attributes:
        what: id of the tracker or data set.
        order: to build the one, or to make the sample of the other, packed.
        expected: hash of the tracker's source, or of the sample; None: it has none to compare.
    """

    what: str
    order: bytes
    expected: str | None


@dataclass(frozen=True)
class Parcel:
    """One task.

    Attributes:
        run: names the run of the parent among all on this cluster.
        number: of the order.
        order: packed, as the parent has it.
        manifest: SHA-256 of the manifest that it needs.
        checks: what must be found first.
        shows_output: what trackers print is wanted.
    """

    run: str
    number: int
    order: bytes
    manifest: str
    checks: tuple[Check, ...] = ()
    shows_output: bool = False


@dataclass(frozen=True)
class Reply:
    """What a task returns.

    Attributes:
        worker: address of the worker.
        says, payload: an answer, as it goes over the wire; nothing if it ``needs`` something.
        needs: the worker has not what the manifest lists: bring it, and send the task again.
        facts: what the worker is, as it was when this was made.
        reads: as :func:`.reads_there.reads_of` returns it.
    """

    worker: str
    says: dict[str, Any] | None = None
    payload: bytes = b""
    needs: bool = False
    facts: Facts | None = None
    reads: Mapping[str, str] = field(default_factory=dict)


def topic_of(run: str) -> str:
    """Return the topic of a run's events."""
    return f"trackbench-{run}"
