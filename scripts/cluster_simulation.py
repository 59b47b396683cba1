"""Put thousands of units through a cluster of ten workers, and see what the parent takes.

    python scripts/cluster_simulation.py FOLDER [--units 10000] [--nap 0.4]

Scheduler, ten workers with a thread each, and the parent are all in this one process, so its memory
is an upper bound of the parent's. The units are of 10 trackers on data sets of 10 units; parent,
scheduler, messages, store and progress are those of any run. Only what a worker does with a unit is
made up: it makes the videos, takes the true boxes for the tracker's, and naps so that a unit takes
a while, as a tracker would. Printed are the most memory that was held, the processor time, and how
many of the ten workers were at a unit on average.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from distributed import Client, LocalCluster, get_worker
from walking import Walks, dataset, trackers

import trackbench
from trackbench.contracts import DatasetSpec
from trackbench.results.directory import Results
from trackbench.running import answer_codec
from trackbench.running.cluster.cluster_pool import ClusterPool
from trackbench.running.cluster.machines import facts
from trackbench.running.cluster.parcel import Parcel, Reply, topic_of
from trackbench.running.messages import Made, Order
from trackbench.running.videos import Videos

TRACKERS, WORKERS, CHUNKS, SEQUENCES, FRAMES = 10, 10, 10, 2, 40


class AtOnce:
    """How many units workers are at, over time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seconds = 0.0
        self.units = 0

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Count a unit and the time that it takes."""
        begun = time.monotonic()
        yield
        with self._lock:
            self.seconds += time.monotonic() - begun
            self.units += 1


AT_ONCE = AtOnce()
SPECS: dict[str, DatasetSpec] = {}
NAP = [0.4]


def made_up(parcel: Parcel) -> Reply:
    """Answer as a worker would, without a tracker."""
    worker = get_worker()
    order = Order.unpacked(parcel.order)
    told = {"number": parcel.number, "worker": worker.address}
    worker.log_event(topic_of(parcel.run), {**told, "begun": True})
    with AT_ONCE.unit():
        truth = Videos(Walks(SPECS[order.dataset]), order).truth()
        time.sleep(NAP[0])
        made = Made(
            truth=truth,
            boxes=truth.boxes.copy(),
            iou=np.ones(truth.boxes.shape[:2]),
            seconds=NAP[0],
            frames=order.frames,
        )
        says, payload = answer_codec.encoded(made)
    worker.log_event(topic_of(parcel.run), {**told, "done": True})
    return Reply(worker.address, says, payload, facts=facts())


def main() -> None:
    """Run it and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--units", type=int, default=10_000)
    options.add_argument("--nap", type=float, default=NAP[0])
    given = options.parse_args()
    NAP[0] = given.nap
    count = max(1, given.units // (TRACKERS * CHUNKS))
    for number in range(count):
        spec = dataset(number, CHUNKS * SEQUENCES, FRAMES, SEQUENCES)
        SPECS[spec.id] = spec
    with (
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=False, dashboard_address=None,
            memory_limit=0,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        patch.object(ClusterPool.__init__, "__defaults__", (made_up,)),
    ):  # fmt: skip
        begun, used = time.monotonic(), time.process_time()
        first: list[float] = []
        trackbench.run(
            trackers(TRACKERS),
            datasets=list(SPECS.values()),
            out=given.folder / "results",
            cluster=client,
            progress=lambda _: first.append(time.monotonic()) if not first else None,
            tell=print,
        )
        ended = time.monotonic()
    units = sum(len(r.record.chunks) for r in Results.load(given.folder / "results").runs)
    tracking = ended - first[0]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"units stored: {units:,}, done by workers: {AT_ONCE.units:,}")
    print(f"most memory of parent, scheduler and workers together: {held:.0f} MiB")
    print(
        f"by the clock: {ended - begun:.0f} s, of it before the first unit {first[0] - begun:.0f}"
    )
    print(f"processor time of this process: {time.process_time() - used:.0f} s")
    print(f"units at once: {AT_ONCE.seconds / tracking:.1f} of {WORKERS}")


if __name__ == "__main__":
    # Under its own name: what is of __main__ would be pickled by value, with its counters.
    importlib.import_module("cluster_simulation").main()
