"""A shard of a plan while it is prepared: which units are its own, and whose plan its place is."""

from __future__ import annotations

from collections.abc import Mapping

from trackbench.errors import TrackbenchError, parameter
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.shard_file import ShardFile, claim
from trackbench.results.shards import (
    PlannedDataset,
    PlannedTracker,
    RunKey,
    ShardedPlan,
    shares,
)
from trackbench.running.execution import Execution

Datasets = Mapping[str, DatasetRecord]


def shares_of(work: Execution, datasets: Datasets) -> dict[RunKey, range]:
    """Return the chunks of each run that are of the shard that is run; of a whole plan nothing."""
    plan, shard = work.plan, work.settings.shard
    if shard is None:
        return {}
    parts = {name: record.extent.parts for name, record in datasets.items()}
    pairs = [(tracker.id, spec.id) for tracker in plan.trackers for spec in plan.datasets]
    return dict(shares(shard, pairs, plan.runs, parts))


def claim_shard(work: Execution, datasets: Datasets) -> None:
    """Write which shard of which plan the results directory is, now that all hashes are known.

    Raises:
        TrackbenchError: something cannot be hashed, so nobody could say that two shards are of the
            same.
        IncompatibleResultsError: the directory is of something else.
    """
    shard = work.settings.shard
    assert shard is not None  # noqa: S101 - a whole run claims nothing
    for line in work.versions.unhashed:
        raise TrackbenchError(
            f"{line}; shards of that could not be told to be of one another: run it without "
            f"{parameter('shard')}"
        )
    plan = work.plan
    fingerprints = work.versions.fingerprints
    claim(
        plan.out,
        ShardFile(
            shard,
            ShardedPlan(
                tuple(PlannedTracker(t.id, fingerprints[t.id]) for t in plan.trackers),
                tuple(PlannedDataset.of(datasets[d.id]) for d in plan.datasets),
                plan.protocol.value,
                plan.runs,
            ),
        ),
    )
