"""A plan held to what its data sets and trackers can do, before anything is run."""

from __future__ import annotations

from trackbench.arguments.bounds import COUNT
from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.factories import read_files
from trackbench.plugins.start_noise import NoisySpec
from trackbench.results.stored_boxes import StoredBoxes
from trackbench.running.plan import Plan


def check_plan(plan: Plan) -> None:
    """Make sure that a plan can be run as it stands.

    Raises:
        TrackbenchError: it cannot; the message names the parameter.
    """
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


def _check_apart(plan: Plan) -> None:
    """Make sure that no data set reads the folder that results are written to.

    With each part that is stored there, it would be other data.
    """
    out = plan.out.resolve()
    for spec in plan.datasets:
        for _, path in read_files(spec):
            if path.is_dir() and out.is_relative_to(path.resolve()):
                raise TrackbenchError(
                    f"the results directory {plan.out} lies in {path}, which {spec.id} reads: "
                    f"choose another {parameter('out')}"
                )


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


def check_starts(plan: Plan) -> None:
    """Make sure that trackers can be started from several frames of each sequence.

    Raises:
        TrackbenchError: a tracker answers from boxes of one pass, for of a run from another frame
            they would be others; or a data set gives first boxes with an error.
    """
    for tracker in plan.trackers:
        if any(isinstance(value, StoredBoxes) for value in tracker.parameters.values()):
            raise TrackbenchError(
                f"{tracker.id} has boxes of one pass through each sequence, and none of the runs "
                f"of {plan.protocol.value}"
            )
    for spec in plan.datasets:
        if isinstance(spec, NoisySpec):
            raise TrackbenchError(
                f"{plan.protocol.value} starts trackers on true boxes, and {spec.id} gives the "
                f"first with an error: choose another {parameter('protocol')}"
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
