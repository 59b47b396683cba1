"""A plan carried out: what is not stored yet is run, and stored chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.reads import read_by_dataset, read_while_running
from trackbench.results.changed_data import refusal, sequences_to_compare
from trackbench.results.chunks import Outcome, Unit
from trackbench.results.records import DatasetRecord, RunRecord
from trackbench.results.writer import Store
from trackbench.running.host_process import Limits
from trackbench.running.messages import Answer, Made, Order
from trackbench.running.orders import Orders
from trackbench.running.plan import Plan
from trackbench.running.pool import Pool
from trackbench.running.versions import Versions


@dataclass(frozen=True)
class Settings:
    """How a plan is carried out; none of it changes a number.

    Attributes:
        jobs: makers, at most; there are never more than units of work.
        limits: what one tracker may take.
        retry_failed: run again what failed for reasons of time, memory, or from outside.
        fresh: forget what is stored of the plan's runs.
    """

    jobs: int
    limits: Limits
    retry_failed: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class Ears:
    """Who is told of a run while it goes on.

    Attributes:
        progress: several times a second: frames tracked, and to be tracked.
        output: what trackers print, as they do: (tracker's id, bytes); None: nobody.
        tell: one line that a user should know.
        warn: one line without which a user might take a number for another.
    """

    progress: Callable[[int, int], None]
    output: Callable[[str, bytes], None] | None
    tell: Callable[[str], None]
    warn: Callable[[str], None]


def execute_plan(plan: Plan, settings: Settings, ears: Ears) -> dict[str, str]:
    """Run what is not stored yet; return the fingerprint of each tracker that was run or found.

    Raises:
        TrackbenchError: a tracker or a data set cannot be made, or was changed while it ran; what
            is stored by then stays.
    """
    # A maker without a unit would be started, and import what the tracker needs, for nothing.
    settings = replace(settings, jobs=max(1, min(settings.jobs, plan.units)))
    loop = _Loop(plan, settings, ears)
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(settings.jobs, loop.show, ears.output))
        loop.prepare(pool)
        stack.callback(loop.release)
        loop.run(pool)
    loop.note()
    return loop.versions.fingerprints


@dataclass
class _Run:
    """One tracker on one data set.

    Attributes:
        tracker, dataset: which.
        record: of what is stored; of nothing yet, if there is nothing.
        held: the lock on its folder, while units of it are under way.
        left: units that are under way.
        begun: something of it was run now.
    """

    tracker: TrackerSpec
    dataset: DatasetSpec
    record: RunRecord
    held: ExitStack | None = None
    left: int = 0
    begun: bool = False

    def release(self) -> None:
        """Let others have the folder."""
        if self.held is not None:
            self.held.close()
            self.held = None


class _Loop:
    """A plan on its way."""

    def __init__(self, plan: Plan, settings: Settings, ears: Ears) -> None:
        self._plan, self._settings, self._ears = plan, settings, ears
        self._store = Store(plan.out)
        self._store.check_writable()
        self.versions = Versions(plan)
        self._orders = Orders(settings.limits, self.versions, may_differ=settings.fresh)
        self._datasets: dict[str, DatasetRecord] = {}
        self._runs: list[_Run] = []
        self._under_way: dict[Order, tuple[_Run, Unit]] = {}
        self._total = 0
        self._told: set[str] = set()

    def show(self, frames: int) -> None:
        """Pass on how far it is; nothing before it is known how far it goes."""
        if self._total:
            self._ears.progress(frames, self._total)

    def prepare(self, pool: Pool) -> None:
        """Look at data sets, at what is stored, and at whether the trackers can be built.

        Nothing is written here that could make a stored number another one.
        """
        fresh = self._settings.fresh
        known = (self._plan.out / "runs" / self._plan.trackers[0].id).exists()
        warm = 0 if known else self._settings.jobs  # all of it may be stored
        for spec, described in self._orders.describe(pool, self._plan, warm):
            if not fresh:
                self._refuse_other_data(pool, spec, described)
            self._datasets[spec.id] = self._store.agree_on(described, fresh=fresh)
        for line in self.versions.made_elsewise:
            self._say_once(self._ears.warn, line)
        for line in self.versions.unhashed:
            self._tell_once(line)
        self._runs = self._look()
        to_build = {run.tracker.id: run.tracker for run in self._runs if self._units(run)}
        tried = self._orders.try_out(pool, list(to_build.values()))
        for name, reads in tried.reads.items():
            self._count_reads(to_build[name], reads)
        for name, there in tried.imported.items():
            self._count_as_imported(name, there)
        self._total = sum(unit.frames for run in self._runs for unit in self._units(run))
        if not fresh:
            self._compare_truth(pool)
        if not self._total:
            begun = sorted(run.record.started for run in self._runs if run.record.started)
            since = f", since {begun[0][:16].replace('T', ' ')} UTC" if begun else ""
            self._ears.tell(
                f"all stored{since}: nothing was run ({parameter('fresh', True)} runs it anew)"
            )

    def run(self, pool: Pool) -> None:
        """Run what is left, and store each unit as it is ready."""
        for order, answer in pool.work(self._orders_to_track()):
            run, unit = self._under_way.pop(order)
            made = _made(answer)
            unhashed = self.versions.check_unchanged(run.tracker, run.dataset)
            if made.reads:
                unhashed = read_while_running(run.tracker.id, made.reads)
            if unhashed is not None and run.record.unhashed is None:
                run.record = replace(run.record, unhashed=unhashed)
                self._tell_once(unhashed)
            if made.dataset_reads:
                self._tell_once(read_by_dataset(run.dataset.id, made.dataset_reads))
            if made.differs is not None:
                self._note_differing(run, made.differs)
            run.record = self._store.add(run.record, outcome_of(unit, made, self._settings.limits))
            run.left -= 1
            if not run.left:
                run.release()

    def _note_differing(self, run: _Run, why: str) -> None:
        """Let a run say for ever that its videos are nobody else's.

        Raises:
            TrackbenchError: there is somebody else.
        """
        if len(self._plan.trackers) > 1:
            raise TrackbenchError(
                f"{why}: run one tracker at a time on it, each with another {parameter('out')} "
                f"and {parameter('fresh', True)}"
            )
        line = (
            f"{run.dataset.id} is another each time that it is made: no other run sees the same "
            "videos, so numbers of this one cannot be compared, and nothing of it is used again"
        )
        known = run.record.unhashed
        if known is None or line not in known:
            run.record = replace(run.record, unhashed=f"{known}; {line}" if known else line)
        self._say_once(self._ears.warn, line)

    def release(self) -> None:
        """Let others have all folders."""
        for run in self._runs:
            run.release()

    def note(self) -> None:
        """Note that all this was asked for; it may all have been stored, and only a length new."""
        for record in self._datasets.values():
            self._store.note(record)
        for run in self._runs:
            if not run.begun:
                self._store.asked(run.record)

    def _tell_once(self, line: str) -> None:
        self._say_once(self._ears.tell, line)

    def _say_once(self, say: Callable[[str], None], line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            say(line)

    def _count_reads(self, spec: TrackerSpec, reads: tuple[str, ...]) -> None:
        """Let what a tracker was seen to read when it was built decide under what it is kept."""
        unhashed = self.versions.with_reads(spec, reads)
        if unhashed is not None:
            self._tell_once(unhashed)
        self._runs = self._look()

    def _count_as_imported(self, name: str, there: str | None) -> None:
        """Let a tracker count as what it is in its hosts, by the hash of its source there."""
        if there is None:
            self._tell_once(self.versions.never_again(name))
        else:
            trackers = tuple(
                replace(spec, source_sha256=there) if spec.id == name else spec
                for spec in self._plan.trackers
            )
            self._plan = replace(self._plan, trackers=trackers)
            (spec,) = [spec for spec in trackers if spec.id == name]
            self._ears.warn(self.versions.as_imported(spec))
        self._runs = self._look()

    def _look(self) -> list[_Run]:
        """Return what the plan is about, with what is stored of it."""
        return [
            _Run(tracker, spec, self._stored(tracker, spec))
            for tracker in self._plan.trackers
            for spec in self._plan.datasets
        ]

    def _stored(self, tracker: TrackerSpec, spec: DatasetSpec) -> RunRecord:
        """Return the record of what is stored of a run, or of one that has nothing yet."""
        identity = self.versions.of_tracker(tracker)
        new = RunRecord.of(
            tracker,
            self._datasets[spec.id],
            self._plan.protocol.value,
            spec.chunk,
            identity.fingerprint,
            identity.unhashed,
        )
        return (None if self._settings.fresh else self._store.stored(new)) or new

    def _units(self, run: _Run) -> list[Unit]:
        record, limits = run.record, self._settings.limits
        chunks = record.chunks_to_run(
            retry_failed=self._settings.retry_failed,
            timeout=limits.timeout,
            memory=limits.memory,
        )
        return [
            Unit(
                tracker=run.tracker,
                dataset=run.dataset,
                chunk=chunk,
                start=chunk * record.chunk,
                stop=min((chunk + 1) * record.chunk, record.sequences),
                length=record.length,
            )
            for chunk in chunks
        ]

    def _orders_to_track(self) -> Iterator[Order]:
        """Yield orders; a run's folder is held from its first unit on until its last is stored.

        What another process has stored there meanwhile is read under the lock, and not done again.
        """
        for run in self._runs:
            if not self._units(run):
                continue
            run.held = ExitStack()
            run.record = run.held.enter_context(
                self._store.writing(
                    run.record, self._datasets[run.dataset.id], fresh=self._settings.fresh
                )
            )
            run.begun = True
            units = self._units(run)
            run.left = len(units)
            if not units:
                run.release()
            for unit in units:
                order = self._orders.track(unit)
                self._under_way[order] = run, unit
                yield order

    def _refuse_other_data(self, pool: Pool, spec: DatasetSpec, described: DatasetRecord) -> None:
        """Refuse data that differ from what is stored under the same name, and say what differs.

        Raises:
            IncompatibleResultsError: they differ.
        """
        stored = self._store.other_data(described)
        if stored is None:
            return
        samples = {
            self._orders.make_one(spec, index, stored.length): index
            for index in sequences_to_compare(stored, spec)
        }
        truths = {samples[order]: _made(answer).truth for order, answer in pool.work(samples)}
        raise refusal(self._plan.out, stored, described, truths)

    def _compare_truth(self, pool: Pool) -> None:
        """Make again the truth that other code made, and hold it to what is stored."""
        chunks = {}
        for spec in self._plan.datasets:
            record = self._datasets[spec.id]
            for chunk in self._store.chunks_to_compare(record):
                order = self._orders.make(spec, record, chunk)
                chunks[order] = record, chunk
        if chunks:
            self._ears.tell("a data set's code or files changed: its stored truth is compared")
        for order, answer in pool.work(chunks):
            made = _made(answer)
            self._store.compare(*chunks[order], made.truth, unseen=bool(made.dataset_reads))


def outcome_of(unit: Unit, made: Made, limits: Limits) -> Outcome:
    """Return what is stored of a unit that a maker has made and had tracked."""
    return Outcome(
        unit=unit,
        boxes=made.boxes,
        iou=made.iou,
        confidence=made.confidence,
        absent=made.absent,
        truth=made.truth,
        seconds=made.seconds,
        frames=made.frames,
        failures=made.failures,
        peak_memory=made.peak_memory,
        timeout=limits.timeout,
        memory=limits.memory,
        unseen=bool(made.dataset_reads),
    )


def _made(answer: Answer) -> Made:
    assert isinstance(answer, Made)  # noqa: S101 - as was ordered
    return answer
