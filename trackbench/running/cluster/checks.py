"""What the parent has found of trackers and data sets, for each worker to find, too."""

from __future__ import annotations

from dataclasses import replace

from trackbench.running.cluster.parcel import Check
from trackbench.running.messages import Answer, Described, Order, Task, Tried


class Checks:
    """The answers that orders to build trackers, and to make samples of data sets, got here."""

    def __init__(self, *, allow_mixed: bool = False) -> None:
        """Begin with none.

        Args:
            allow_mixed: a tracker need not have the same hash: its packages' versions are in it.
        """
        self._allow_mixed = allow_mixed
        self._tried: dict[str, tuple[Order, str | None]] = {}
        self._described: dict[str, tuple[Order, str]] = {}

    def note(self, order: Order, answer: Answer) -> None:
        """Note what was answered here.

        A tracker's source counts unless it is another each time that it is imported.
        """
        if isinstance(answer, Described):
            self._described[order.dataset] = order, answer.fingerprint
        elif isinstance(answer, Tried) and answer.spoiled is None and order.task is Task.TRY:
            found = answer.source_sha256
            if order.tracker in self._tried:
                before, known = self._tried[order.tracker]
                order, found = before, known if known == found else None
            self._tried[order.tracker] = order, found

    def of(self, order: Order) -> tuple[Check, ...]:
        """Return what a worker must find before it carries out an order."""
        found = []
        if order.dataset in self._described:
            sample, fingerprint = self._described[order.dataset]
            sample = replace(sample, dataset_known=order.dataset_known, brought=order.brought)
            found.append(Check(order.dataset, sample.packed(), fingerprint))
        if order.spoiled is None and order.tracker in self._tried:
            build, source = self._tried[order.tracker]
            build = replace(build, tracker_known=order.tracker_known)
            expected = None if self._allow_mixed else source
            found.append(Check(order.tracker, build.packed(), expected))
        return tuple(found)
