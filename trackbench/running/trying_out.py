"""Trackers built once in hosts before anything is written: which refuse, and what each is there."""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.contracts import TrackerSpec
from trackbench.plugins.hashing.value_hash import with_parameters_sha256
from trackbench.plugins.importing import placed
from trackbench.running.executors import Executor
from trackbench.running.messages import Tried
from trackbench.running.orders import Orders, made_anew


@dataclass(frozen=True)
class TriedOut:
    """What came of building trackers in hosts.

    Attributes:
        imported: of those whose source is another in a host than in this process, its hash in the
            host; None if it is another one each time that it is imported (a time, or a generator
            that begins anywhere, among what its modules hold).
        reads: of those that were seen to read what their hash does not stand for, notes of that.
    """

    imported: dict[str, str | None]
    reads: dict[str, tuple[str, ...]]


def try_out(orders: Orders, pool: Executor, trackers: list[TrackerSpec]) -> TriedOut:
    """Build each tracker once, before anything is written.

    Raises:
        TrackbenchError: one refuses to be built. One whose process ends over it does not stop the
            others: its sequences fail.
    """
    first = _tried(orders, pool, trackers)
    orders.spoil({name: tried.spoiled for name, tried in first.items() if tried.spoiled})
    others = [spec for spec in trackers if _is_other(spec, first[spec.id].source_sha256)]
    second = _tried(orders, pool, others, seed=1)
    return TriedOut(
        {
            name: there if there == first[name].source_sha256 else None
            for name, there in ((spec.id, second[spec.id].source_sha256) for spec in others)
        },
        {name: tried.reads for name, tried in first.items() if tried.reads},
    )


def _tried(
    orders: Orders, pool: Executor, trackers: list[TrackerSpec], *, seed: int = 0
) -> dict[str, Tried]:
    found = {}
    for order, answer in pool.work([orders.build(spec, seed=seed) for spec in trackers]):
        assert isinstance(answer, Tried)  # noqa: S101 - as was ordered
        found[order.tracker] = answer
    return found


def _is_other(spec: TrackerSpec, there: str | None) -> bool:
    """Whether a tracker is made of something else in a host; ``there``: of what, as a hash."""
    wanted = made_anew(spec)
    if wanted is None or there is None:
        return False
    source = spec.source_sha256 if wanted.source else None
    values = {name: spec.parameters[name] for name in wanted.parameters}
    with placed(spec.folder, spec.environment):
        here = with_parameters_sha256(source, values)
    # A parameter that cannot be hashed in this process is said already.
    return there != here and not (values and here is None)
