"""``trackbench.run``: trackers on a suite, from the plan to the stored results."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trackbench import registry
from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.execution import execute
from trackbench.factories import tracker_from, with_source
from trackbench.fingerprint import dataset_fingerprint
from trackbench.ids import parse
from trackbench.making import make_sequence
from trackbench.plugins import tracker_by_dotted_name
from trackbench.protocols import Protocol
from trackbench.records import DatasetRecord, RunRecord
from trackbench.results import Results
from trackbench.store import Store
from trackbench.work import Outcome, Unit

DEFAULT_TIMEOUT = 60.0


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        frames: tracked so far in this call.
        total: to be tracked in this call; what is stored already is not counted.
    """

    frames: int
    total: int


@dataclass(frozen=True)
class Plan:
    """Everything that is fixed before the first frame.

    Attributes:
        trackers: what is run.
        datasets: on what.
        sequences: first sequences of each data set; None: all.
        lengths: ascending.
        out: the results directory.
        protocol: what counts.
    """

    trackers: tuple[TrackerSpec, ...]
    datasets: tuple[DatasetSpec, ...]
    sequences: int | None
    lengths: tuple[int, ...]
    out: Path
    protocol: Protocol


def run(
    trackers: Any,
    suite: str | Suite | None = None,
    *,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec] = (),
    sequences: int | None = None,
    lengths: Sequence[int] | None = None,
    out: str | Path | None = None,
    protocol: str = Protocol.PAPER_V1.value,
    jobs: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Results:
    """Run trackers on a suite, or on data sets, and return the stored results.

    Args:
        trackers: an id (``"kcf"``), ``"package.module:Class"``, a class, a :class:`TrackerSpec`,
            or a list of them.
        suite: id of a suite; ``"smoke"`` if neither this nor ``datasets`` is given.
        datasets: a data set id or several, instead of the suite's.
        sequences: the first so many sequences of each data set, instead of the suite's.
        lengths: frames, instead of the suite's; for ``datasets`` alone, the whole length.
        out: the results directory; ``results/<suite>`` by default.
        protocol: ``"paper-v1"`` or ``"ope-v1"``.
        jobs: worker processes; all processors by default.
        timeout: seconds that one call of a tracker may take.
        fresh: throw away what is stored of these runs.
        progress: called several times a second.

    Returns:
        The results of these trackers on these data sets. What was stored under the same
        fingerprints is not run again.

    Raises:
        TrackbenchError: anything that is the caller's to mend; nothing is written then.

    Example:
        >>> import trackbench
        >>> trackbench.run("kcf", suite="smoke").table()  # doctest: +SKIP
    """
    plan = make_plan(trackers, suite, datasets, sequences, lengths, out, protocol)
    if jobs is not None and jobs < 1:
        raise TrackbenchError(f"--jobs must be at least 1, not {jobs}")
    if not timeout > 0:
        raise TrackbenchError(f"--timeout must be positive, not {timeout:g}")
    execute_plan(plan, jobs or os.cpu_count() or 1, timeout, fresh, progress or _ignore)
    found = Results.load(plan.out, plan.protocol)
    return found.only([t.id for t in plan.trackers], [d.id for d in plan.datasets])


def _ignore(progress: Progress) -> None:
    """Show nobody how far a run has come."""


def make_plan(
    trackers: Any,
    suite: str | Suite | None,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec],
    sequences: int | None,
    lengths: Sequence[int] | None,
    out: str | Path | None,
    protocol: str,
) -> Plan:
    """Look everything up and check it; see :func:`run`."""
    chosen = _trackers(trackers)
    datasets = (datasets,) if isinstance(datasets, str | DatasetSpec) else tuple(datasets)
    if suite is not None and datasets:
        raise TrackbenchError("give a suite or data sets, not both")
    if not datasets:
        suite = registry.suites().get(suite or "smoke") if not isinstance(suite, Suite) else suite
        datasets = suite.datasets
        default_out = Path("results") / parse(suite.id).name
        default_sequences, default_lengths = suite.sequences, suite.lengths
    else:
        suite = None
        default_out = Path("results") / "data-sets"
        default_sequences, default_lengths = None, ()
    specs = tuple(
        registry.datasets().get(item) if isinstance(item, str) else item for item in datasets
    )
    if sequences is not None or lengths is not None:
        shape = [f"{sequences}-sequences"] if sequences is not None else []
        shape += ["-".join(map(str, lengths)) + "-frames"] if lengths is not None else []
        default_out = default_out.with_name("-".join([default_out.name, *shape]))
    plan = Plan(
        trackers=chosen,
        datasets=specs,
        sequences=sequences if sequences is not None else default_sequences,
        lengths=tuple(lengths or default_lengths or (min(spec.length for spec in specs),)),
        out=Path(out) if out is not None else default_out,
        protocol=Protocol.of(protocol),
    )
    _check(plan)
    return plan


def execute_plan(
    plan: Plan, jobs: int, timeout: float, fresh: bool, progress: Callable[[Progress], None]
) -> None:
    """Run what is not stored yet, storing chunk by chunk."""
    store = Store(plan.out)
    store.check_writable()
    described = {
        spec.id: store.agree_on(_describe(spec, plan, position))
        for position, spec in enumerate(plan.datasets)
    }
    new = [
        RunRecord.of(tracker, described[spec.id], plan.protocol.value, spec.chunk)
        for tracker in plan.trackers
        for spec in plan.datasets
    ]
    runs = {(run.tracker, run.dataset): run for run in store.resume(new, fresh=fresh)}
    units = [
        unit
        for tracker in plan.trackers
        for spec in plan.datasets
        for unit in _units(tracker, spec, runs[tracker.id, spec.id])
    ]
    # The first chunk of every tracker goes first: until each has answered, nothing is written.
    first = {unit.tracker.id: unit for unit in reversed(units)}
    units.sort(key=lambda unit: unit is not first[unit.tracker.id])
    total = sum(unit.frames for unit in units)
    with ExitStack() as locks:
        begun: set[tuple[str, str]] = set()
        silent = set(first)
        held: list[Outcome] = []
        for outcome in execute(units, jobs, timeout, lambda f: progress(Progress(f, total))):
            silent.discard(outcome.unit.tracker.id)
            held.append(outcome)
            if silent:
                continue
            for ready in held:
                key = ready.unit.tracker.id, ready.unit.dataset.id
                if key not in begun:
                    locks.enter_context(store.writing(runs[key], described[key[1]]))
                    store.begin(runs[key])
                    begun.add(key)
                runs[key] = store.add(runs[key], ready)
            held.clear()
    for record in described.values():
        store.note(record)  # all may have been stored before, and only a length be new


def _trackers(given: Any) -> tuple[TrackerSpec, ...]:
    listed = list(given) if isinstance(given, list | tuple) else [given]
    if not listed:
        raise TrackbenchError("no tracker given: see trackbench list trackers")
    specs = tuple(with_source(_tracker(item)) for item in listed)
    ids = [str(parse(spec.id)) for spec in specs]  # ids are folders' names, so they are checked
    if len(set(ids)) < len(ids):
        raise TrackbenchError(f"a tracker is given twice: {', '.join(ids)}")
    return specs


def _tracker(item: Any) -> TrackerSpec:
    if isinstance(item, TrackerSpec):
        return item
    if isinstance(item, str):
        return tracker_by_dotted_name(item) if ":" in item else registry.trackers().get(item)
    if callable(item):
        known = [spec for spec in registry.trackers() if spec.factory is item]
        return known[0] if known else tracker_from(item, item.__name__.lower())
    raise TrackbenchError(f"{item!r} is no tracker: give an id, a class or a TrackerSpec")


def _check(plan: Plan) -> None:
    ids = [spec.id for spec in plan.datasets]
    if len(set(ids)) < len(ids):
        raise TrackbenchError(f"a data set is given twice: {', '.join(ids)}")
    if plan.sequences is not None and plan.sequences < 1:
        raise TrackbenchError(f"--sequences must be at least 1, not {plan.sequences}")
    shortest = plan.protocol.first_frame + 1
    if min(plan.lengths) < shortest:
        raise TrackbenchError(f"--lengths must be at least {shortest}, not {min(plan.lengths)}")
    if list(plan.lengths) != sorted(set(plan.lengths)):
        raise TrackbenchError("--lengths must ascend, such as 20,40,80")
    for spec in plan.datasets:
        if min(spec.sequences, spec.length, spec.chunk) < 1:
            raise TrackbenchError(f"{spec.id}: sequences, length and chunk must be at least 1")
        if plan.sequences is not None and plan.sequences > spec.sequences:
            raise TrackbenchError(
                f"{spec.id} has {spec.sequences} sequences, not {plan.sequences}: see --sequences"
            )
        if max(plan.lengths) > spec.length:
            raise TrackbenchError(
                f"{spec.id} has {spec.length} frames a sequence, not {max(plan.lengths)}: "
                "see --lengths"
            )
        if plan.sequences is None and spec.split == "train":
            raise TrackbenchError(f"{spec.id} is endless: say how much of it with --sequences")


def _describe(spec: DatasetSpec, plan: Plan, position: int) -> DatasetRecord:
    """Make the data set's sample and hold it to its fingerprint.

    Raises:
        DamagedFileError: this machine makes other data than the published.
    """
    dataset = registry.build_dataset(spec)
    made = dataset_fingerprint(dataset)
    if spec.fingerprint is not None and made != spec.fingerprint:
        raise DamagedFileError(
            f"{spec.id} made here is not the published data (fingerprint {made[:12]}, not "
            f"{spec.fingerprint[:12]}): run trackbench verify and report what it prints"
        )
    count = spec.sequences if plan.sequences is None else min(plan.sequences, spec.sequences)
    height, width = make_sequence(dataset, 0, 1).frames.shape[1:3]
    return DatasetRecord.of(spec, made, count, (height, width), plan.lengths, position)


def _units(tracker: TrackerSpec, dataset: DatasetSpec, run: RunRecord) -> list[Unit]:
    starts = range(0, run.sequences, run.chunk)
    return [
        Unit(
            tracker=tracker,
            dataset=dataset,
            chunk=number,
            start=start,
            stop=min(start + run.chunk, run.sequences),
            length=run.length,
        )
        for number, start in enumerate(starts)
        if number not in run.chunks
    ]


def with_parameters(spec: TrackerSpec, parameters: dict[str, Any]) -> TrackerSpec:
    """Return the spec with some of its parameters replaced."""
    return replace(spec, parameters={**spec.parameters, **parameters})


def with_weights(spec: TrackerSpec, path: Path) -> TrackerSpec:
    """Return the spec with weights of one's own.

    Raises:
        TrackbenchError: the tracker takes no weights, or there is no such file.
    """
    if not spec.needs_weights:
        raise TrackbenchError(f"{spec.id} takes no weights: leave --weights out")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TrackbenchError(f"{path} cannot be read ({error.strerror}): see --weights") from error
    return replace(
        with_parameters(spec, {"weights": str(path.absolute())}),
        weights_sha256=hashlib.sha256(content).hexdigest(),
    )
