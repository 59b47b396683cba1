"""Before the first frame is tracked: the data agree, the trackers can be built, what is stored.

Nothing is written here that could make a stored number another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import parameter
from trackbench.results.changed_data import refusal, sequences_to_compare
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.machine import Machine
from trackbench.results.run_record import RunRecord
from trackbench.results.stored_boxes import StoredBoxes
from trackbench.running.describing import described_datasets
from trackbench.running.execution import Execution
from trackbench.running.executors import Executor
from trackbench.running.messages import made
from trackbench.running.other_order import Truths, made_in_other_order
from trackbench.running.plan import Plan
from trackbench.running.repetitions import without_repetitions
from trackbench.running.sharding import claim_shard, shares_of
from trackbench.running.tally import Tally
from trackbench.running.tracker_run import TrackerRun
from trackbench.running.trying_out import try_out

_MOST_NOTES = 5
"""Of a data set, that are told before it is run."""

Datasets = dict[str, DatasetRecord]
"""The records of a plan's data sets by id."""


@dataclass(frozen=True)
class Prepared:
    """What a plan is about, with what is stored of it.

    Attributes:
        datasets: on what.
        runs: each run of a tracker on a data set.
        in_other_order: what is true of some videos as another process made them.
        tally: of the frames that are stored and to be tracked.
    """

    datasets: Datasets
    runs: list[TrackerRun]
    in_other_order: Truths
    tally: Tally


def prepare(work: Execution, pool: Executor) -> Prepared:
    """Look at the data sets, at what is stored, and at whether the trackers can be built.

    Raises:
        TrackbenchError: a tracker or a data set cannot be made.
        IncompatibleResultsError: other data or another truth is stored.
    """
    for spec in work.plan.datasets:
        _tell_notes(work, spec)
    datasets = _agreed_datasets(work, pool)
    for line in work.versions.made_elsewise:
        work.announcer.warn(line)
    unhashed = work.versions.unhashed
    runs = without_repetitions(work, _stored_runs(work, work.plan.trackers, datasets))
    to_build = {run.tracker.id: run.tracker for run in runs if run.units(work.settings)}
    if work.settings.shard is not None:  # every shard names all trackers of the whole plan
        to_build = {tracker.id: tracker for tracker in work.plan.trackers}
    if to_build:
        trackers = _tried_out(work, pool, to_build)
        runs = without_repetitions(work, _stored_runs(work, trackers, datasets))
    for line in unhashed:  # not before: of trackers that cannot be built nothing is stored
        work.announcer.tell(line)
    tally = Tally(work, runs)
    if work.settings.dry:
        return Prepared(datasets, runs, {}, tally)
    if work.settings.shard is not None:
        claim_shard(work, datasets)
    if not work.settings.fresh:
        _compare_truth(work, pool, datasets)
    if not tally.total:
        _tell_that_all_is_stored(work, runs)
    others = made_in_other_order(
        [unit for run in runs for unit in run.units(work.settings)],
        work.orders,
        work.announcer.tell,
    )
    return Prepared(datasets, runs, others, tally)


def _tell_notes(work: Execution, spec: DatasetSpec) -> None:
    for note in spec.notes[:_MOST_NOTES]:
        work.announcer.tell(f"{spec.id}: {note}")
    if len(spec.notes) > _MOST_NOTES:
        work.announcer.tell(
            f"{spec.id}: and {len(spec.notes) - _MOST_NOTES} more: see trackbench verify"
        )


def _agreed_datasets(work: Execution, pool: Executor) -> Datasets:
    """Return the records of the data sets, which the results directory agrees with."""
    plan, fresh = work.plan, work.settings.fresh
    # Where the first tracker was never run, its hosts' servers are started meanwhile.
    known = (plan.out / "runs" / plan.trackers[0].id).exists()
    warm = 0 if known else work.settings.jobs
    datasets = {}
    found = described_datasets(work, pool, warm)
    _refuse_boxes_of_other_data(plan, [described for _, described in found])
    for spec, described in found:
        if not fresh:
            _refuse_other_data(work, pool, spec, described)
        datasets[spec.id] = work.store.agree_on(described, fresh=fresh)
    return datasets


def _refuse_boxes_of_other_data(plan: Plan, datasets: list[DatasetRecord]) -> None:
    """Raise if a tracker answers with boxes that are stored of other data of the same name.

    Raises:
        TrackbenchError: one does.
    """
    values = [value for tracker in plan.trackers for value in tracker.parameters.values()]
    for boxes in [value for value in values if isinstance(value, StoredBoxes)]:
        for dataset in datasets:
            boxes.check_data(dataset.id, dataset.fingerprint)


def _refuse_other_data(
    work: Execution, pool: Executor, spec: DatasetSpec, described: DatasetRecord
) -> None:
    """Raise if other data are stored under a data set's name, and say what differs.

    Raises:
        IncompatibleResultsError: there are.
    """
    stored = work.store.other_data(described)
    if stored is None:
        return
    samples = {
        work.orders.make_one(spec, index, stored.length): index
        for index in sequences_to_compare(stored, spec)
    }
    truths = {samples[order]: made(answer).truth for order, answer in pool.work(samples)}
    raise refusal(work.plan.out, stored, described, truths)


def _stored_runs(
    work: Execution, trackers: Iterable[TrackerSpec], datasets: Datasets
) -> list[TrackerRun]:
    """Return each run of a tracker on a data set, with what is stored of it.

    Of a shard only those with units in it.
    """
    shares, here = shares_of(work, datasets), Machine.here()
    runs: list[TrackerRun] = []
    for tracker in trackers:
        for spec in work.plan.datasets:
            of_both: list[TrackerRun] = []
            for number in range(work.plan.runs):
                share = shares.get((tracker.id, spec.id, number))
                if work.settings.shard is None or share:
                    record = _stored_record(work, tracker, spec, datasets[spec.id], number, here)
                    first = not of_both
                    of_both.append(TrackerRun(tracker, spec, record, share=share, forgets=first))
            runs += of_both
    return runs


def _stored_record(
    work: Execution,
    tracker: TrackerSpec,
    spec: DatasetSpec,
    dataset: DatasetRecord,
    number: int,
    here: Machine,
) -> RunRecord:
    """Return the record of what is stored of a run, or of one that has nothing yet."""
    identity = work.versions.of_tracker(tracker)
    new = RunRecord.of(
        tracker,
        dataset,
        work.plan.protocol.value,
        spec.chunk,
        identity.fingerprint,
        identity.unhashed,
        number,
        here,
    )
    return (None if work.settings.fresh else work.store.stored(new)) or new


def _tried_out(
    work: Execution, pool: Executor, to_build: dict[str, TrackerSpec]
) -> list[TrackerSpec]:
    """Have trackers built once in hosts; return all of the plan's as they count from now on.

    What a tracker was seen to read when it was built, and what its source is there, decide under
    which fingerprint it is kept.
    """
    tried = try_out(work.orders, pool, list(to_build.values()))
    for name, reads in tried.reads.items():
        work.announcer.read(name, reads)
        work.announcer.tell(work.versions.with_reads(to_build[name], reads))
    trackers = {spec.id: spec for spec in work.plan.trackers}
    for name, there in tried.imported.items():
        if there is None:
            work.announcer.tell(work.versions.never_again(name))
        else:
            trackers[name] = replace(trackers[name], source_sha256=there)
            work.announcer.warn(work.versions.as_imported(trackers[name]))
    return list(trackers.values())


def _compare_truth(work: Execution, pool: Executor, datasets: Datasets) -> None:
    """Make again the truth that other code made, and compare it with what is stored."""
    chunks = {}
    for spec in work.plan.datasets:
        record = datasets[spec.id]
        for chunk in work.store.chunks_to_compare(record):
            chunks[work.orders.make(spec, record, chunk)] = record, chunk
    if chunks:
        work.announcer.tell("a data set's code or files changed: its stored truth is compared")
    for order, answer in pool.work(chunks):
        again = made(answer)
        work.store.compare(*chunks[order], again.truth, unseen=bool(again.dataset_reads))


def _tell_that_all_is_stored(work: Execution, runs: list[TrackerRun]) -> None:
    if not runs and work.settings.shard is not None:
        work.announcer.tell(
            f"{work.settings.shard.words} has no units: there are fewer than shards"
        )
        return
    begun = sorted(run.record.started for run in runs if run.record.started)
    since = f", since {begun[0][:16].replace('T', ' ')} UTC" if begun else ""
    work.announcer.tell(
        f"all stored{since}: nothing was run ({parameter('fresh', True)} runs it anew)"
    )
