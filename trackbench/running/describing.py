"""The data sets of a plan as makers make them: frames, fingerprints, and what they are made of."""

from __future__ import annotations

from trackbench.contracts import DatasetSpec
from trackbench.results.dataset_record import DatasetRecord
from trackbench.running.execution import Execution
from trackbench.running.executors import Executor
from trackbench.running.messages import Described


def described_datasets(
    work: Execution, pool: Executor, warm: int
) -> list[tuple[DatasetSpec, DatasetRecord]]:
    """Return the records of a plan's data sets; their samples are made for it.

    Args:
        work: the plan.
        pool: of makers, which make them.
        warm: so many makers first start the server that the first tracker's hosts are forked from:
            importing torch takes longer than all the rest, and they do it side by side.

    Raises:
        TrackbenchError: one cannot be made, or this machine makes other data than the published.
    """
    plan, orders, versions = work.plan, work.orders, work.versions
    orders.bring(plan)
    samples = {orders.describe(spec): spec.id for spec in plan.datasets}
    servers = [orders.warm(plan.trackers[0]) for _ in range(warm)]
    answers = {
        samples[order]: answer
        for order, answer in pool.work([*servers, *samples])
        if isinstance(answer, Described)
    }
    for spec in plan.datasets:
        answer = answers[spec.id]
        versions.with_dataset_made(spec, answer.reads, answer.made_of)
    orders.bring(plan)
    return [
        (
            spec,
            DatasetRecord.of(
                spec,
                answers[spec.id].fingerprint,
                plan.sequences_of(spec),
                answers[spec.id].frame,
                plan.lengths_of(spec),
                position,
                versions.code_of_dataset(spec),
            ),
        )
        for position, spec in enumerate(plan.datasets)
    ]
