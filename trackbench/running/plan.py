"""What a run will do: trackers, data sets and lengths, looked up and checked before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from trackbench.arguments.bounds import COUNT
from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.ids import parse
from trackbench.metrics.evaluation_protocol import FULL, EvaluationProtocol
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import dataset_named, with_start_noise
from trackbench.plugins.factories import read_files
from trackbench.plugins.start_noise import NoisySpec
from trackbench.results.extent import Extent
from trackbench.results.stored_boxes import StoredBoxes
from trackbench.running.anchoring import anchored
from trackbench.running.chosen_trackers import GivenTracker, chosen_trackers


@dataclass(frozen=True)
class Plan:
    """Everything that is fixed before the first frame.

    Attributes:
        trackers: what is run.
        datasets: on what.
        sequences: first sequences of each data set; None: all.
        sequences_each: of a data set by its id, where a suite has other numbers of some; they go
            before ``sequences``.
        lengths: ascending; a data set is scored at those that it has. Empty: the whole of each
            sequence alone.
        full: the whole of each sequence, too.
        out: the results directory.
        protocol: what counts.
        runs: of each tracker on each data set.
    """

    trackers: tuple[TrackerSpec, ...]
    datasets: tuple[DatasetSpec, ...]
    sequences: int | None
    lengths: tuple[int, ...]
    out: Path
    protocol: EvaluationProtocol
    runs: int = 1
    full: bool = False
    sequences_each: Mapping[str, int] = field(default_factory=dict)

    def chosen_of(self, spec: DatasetSpec) -> int | None:
        """Return how many sequences of a data set are asked for; None: all that it has."""
        return self.sequences_each.get(spec.id, self.sequences)

    def sequences_of(self, spec: DatasetSpec) -> int:
        """Return how many sequences of a data set are run."""
        chosen = self.chosen_of(spec)
        return spec.sequences if chosen is None else chosen

    def lengths_of(self, spec: DatasetSpec) -> tuple[int, ...]:
        """Return the lengths at which a data set is scored; empty: it has not one of them."""
        reached = {length for length in self.lengths if length <= spec.length}
        if self.full or not self.lengths:
            reached.add(spec.length)
        return tuple(sorted(reached))

    def _extent(self, spec: DatasetSpec, sequences: int) -> Extent:
        length = max(self.lengths_of(spec), default=spec.length)
        each = spec.frames_until(length, sequences)
        return Extent(sequences, length, spec.chunk, each)

    @property
    def units(self) -> int:
        """Units of work if nothing of it is stored: each run of a tracker on each chunk of data."""
        chunks = [self._extent(spec, self.sequences_of(spec)).parts for spec in self.datasets]
        return self.runs * len(self.trackers) * sum(chunks)


def make_plan(
    trackers: Sequence[GivenTracker],
    suite: str | Suite | None,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec],
    sequences: int | None,
    lengths: Sequence[int | str] | None,
    out: str | Path | None,
    protocol: str,
    runs: int = 1,
    init_noise: float | None = None,
) -> Plan:
    """Look everything up and check it; see :func:`trackbench.run`, whose numbers are checked."""
    chosen = chosen_trackers(trackers)
    selection = _selection(suite, datasets)
    wanted = selection.lengths if lengths is None else tuple(lengths)
    named = [dataset_named(item) if isinstance(item, str) else item for item in selection.datasets]
    datasets_run = named
    if init_noise is not None:
        datasets_run = [with_start_noise(spec, init_noise) for spec in named]
    plan = Plan(
        trackers=chosen,
        datasets=tuple(datasets_run),
        sequences_each=selection.counts(datasets_run) if sequences is None else {},
        sequences=selection.sequences if sequences is None else sequences,
        lengths=tuple(length for length in wanted if not isinstance(length, str)),
        full=FULL in wanted,
        out=selection.folder(sequences, lengths, init_noise) if out is None else Path(out),
        protocol=EvaluationProtocol.of(protocol),
        runs=runs,
    )
    _check(plan)
    if not plan.protocol.several_starts:
        return plan
    return _started(plan, asked=lengths is not None)


def _started(plan: Plan, *, asked: bool) -> Plan:
    """Return the plan on the runs of its data sets; each is scored at its whole length alone.

    Args:
        plan: on sequences.
        asked: the lengths are the caller's choice; else the longest of a suite's is taken.

    Raises:
        TrackbenchError: several lengths are asked for, or a data set has no such runs.
    """
    if asked and len(plan.lengths) + plan.full > 1:
        raise TrackbenchError(
            f"{plan.protocol.value} scores whole runs: one length of {parameter('lengths')} says "
            "how many frames of each sequence there are, and several say nothing"
        )
    _check_no_boxes(plan)
    for spec in plan.datasets:
        if isinstance(spec, NoisySpec):
            raise TrackbenchError(
                f"{plan.protocol.value} starts trackers on true boxes, and {spec.id} gives the "
                f"first with an error: choose another {parameter('protocol')}"
            )
    runs = tuple(
        anchored(spec, plan.chosen_of(spec), max(plan.lengths_of(spec))) for spec in plan.datasets
    )
    return replace(plan, datasets=runs, sequences=None, sequences_each={}, lengths=(), full=True)


def _check_no_boxes(plan: Plan) -> None:
    """Make sure that no tracker answers from boxes of one pass: of a run they would be others.

    Raises:
        TrackbenchError: one does.
    """
    for tracker in plan.trackers:
        if any(isinstance(value, StoredBoxes) for value in tracker.parameters.values()):
            raise TrackbenchError(
                f"{tracker.id} has boxes of one pass through each sequence, and none of the runs "
                f"of {plan.protocol.value}"
            )


@dataclass(frozen=True)
class _Selection:
    """What is run on unless a caller asks for other sequences and lengths.

    Attributes:
        name: of the results' folder.
        datasets: specs, or ids.
        sequences: of each; None: all.
        lengths: frames, or ``"full"``; empty: the whole of each sequence.
        sequences_each: as of :class:`trackbench.Suite`.
    """

    name: str
    datasets: tuple[str | DatasetSpec, ...]
    sequences: int | None = None
    lengths: tuple[int | str, ...] = ()
    sequences_each: tuple[int, ...] = ()

    def counts(self, datasets: Sequence[DatasetSpec]) -> dict[str, int]:
        """Return the sequences of each data set by its id, where they differ."""
        if not self.sequences_each:
            return {}
        if len(self.sequences_each) != len(datasets):
            raise TrackbenchError(
                f"the suite {self.name} has {len(datasets)} data sets and "
                f"{len(self.sequences_each)} numbers of sequences"
            )
        return {spec.id: count for spec, count in zip(datasets, self.sequences_each, strict=True)}

    def folder(
        self,
        sequences: int | None,
        lengths: Sequence[int | str] | None,
        init_noise: float | None,
    ) -> Path:
        """Return where results are kept: a folder of its own for each choice of a caller's."""
        parts = [self.name]
        if sequences is not None:
            parts.append(f"{sequences}-sequences")
        if lengths is not None:
            parts += [*map(str, lengths), "frames"]
        if init_noise is not None:
            parts += ["init", repr(init_noise)]
        return Path("results") / "-".join(parts)


def _selection(
    suite: str | Suite | None, datasets: str | DatasetSpec | Iterable[str | DatasetSpec]
) -> _Selection:
    """Return what a suite selects, or data sets; of neither, the smoke suite."""
    given = (datasets,) if isinstance(datasets, str | DatasetSpec) else tuple(datasets)
    if suite is not None and given:
        raise TrackbenchError("give a suite or data sets, not both")
    if given:
        return _Selection("data-sets", given)
    if not isinstance(suite, Suite):
        suite = registry.suites().get(suite or "smoke")
    lengths: tuple[int | str, ...] = suite.lengths
    if suite.full:
        lengths = (*lengths, FULL)
    return _Selection(
        parse(suite.id).name, suite.datasets, suite.sequences, lengths, suite.sequences_each
    )


def _check_apart(plan: Plan) -> None:
    """Make sure that no data set reads the folder that results are written to.

    It would be other data with each part that is stored.
    """
    out = plan.out.resolve()
    for spec in plan.datasets:
        for _, path in read_files(spec):
            if path.is_dir() and out.is_relative_to(path.resolve()):
                raise TrackbenchError(
                    f"the results directory {plan.out} lies in {path}, which {spec.id} reads: "
                    f"choose another {parameter('out')}"
                )


def _check(plan: Plan) -> None:
    _check_apart(plan)
    ids = [spec.id for spec in plan.datasets]
    if len(set(ids)) < len(ids):
        raise TrackbenchError(f"a data set is given twice: {', '.join(ids)}")
    shortest = plan.protocol.first_frame + 1
    if list(plan.lengths) != sorted(set(plan.lengths)):
        raise TrackbenchError(f"{parameter('lengths')} must ascend, such as 20,40,80")
    longest = max(spec.length for spec in plan.datasets)
    for spec in plan.datasets:
        check_sequences(spec, plan.chosen_of(spec))
        lengths = plan.lengths_of(spec)
        if min(plan.lengths or lengths) < shortest:
            raise TrackbenchError(
                f"{parameter('lengths')} must be at least {shortest}, not "
                f"{min(plan.lengths or lengths)}"
            )
        # Of several data sets a longer one may have what this one has not.
        unreached = max(plan.lengths, default=0) > longest
        if unreached or not lengths:
            raise TrackbenchError(
                f"{spec.id} has {'up to ' if spec.frames_each else ''}{spec.length} frames a "
                f"sequence, not {max(plan.lengths)}: see {parameter('lengths')}"
            )
        for tracker in plan.trackers:
            for value in tracker.parameters.values():
                if isinstance(value, StoredBoxes):
                    _check_true_start(tracker, spec)
                    value.check(spec, plan.sequences_of(spec), max(lengths))


def _check_true_start(tracker: TrackerSpec, spec: DatasetSpec) -> None:
    """Make sure that boxes from elsewhere are not taken for such with noise in the start.

    Raises:
        TrackbenchError: they would be.
    """
    if isinstance(spec, NoisySpec):
        raise TrackbenchError(
            f"{tracker.id} has boxes of runs from true first boxes, and {spec.id} gives them with "
            "an error"
        )


def check_sequences(spec: DatasetSpec, sequences: int | None) -> None:
    """Make sure that a data set has so many sequences; None: all of a finite one.

    Raises:
        TrackbenchError: it has not, or is endless, or its own numbers make no sense.
    """
    COUNT.or_none("sequences", sequences)
    if min(spec.sequences, spec.length, spec.chunk) < 1:
        raise TrackbenchError(f"{spec.id}: sequences, length and chunk must be at least 1")
    if spec.names and len(spec.names) != spec.sequences:
        raise TrackbenchError(
            f"{spec.id} has {spec.sequences} sequences and {len(spec.names)} names"
        )
    if sequences is not None and sequences > spec.sequences:
        raise TrackbenchError(
            f"{spec.id} has {spec.sequences} sequences, not {sequences}: see "
            f"{parameter('sequences')}"
        )
    if sequences is None and spec.split == "train":
        raise TrackbenchError(
            f"{spec.id} is endless: say how much of it with {parameter('sequences')}"
        )
