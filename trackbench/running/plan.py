"""What a run will do: trackers, data sets and lengths looked up and checked before it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.errors import DamagedFileError, TrackbenchError, parameter
from trackbench.ids import parse
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins import registry
from trackbench.plugins.factories import tracker_from, with_source
from trackbench.plugins.loading import tracker_by_dotted_name, tracker_elsewhere
from trackbench.results.bounded import read_bytes

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "True or False"),
    ((int, float), "a number"),
    (str, "a word"),
)
"""Kinds of parameters that are told apart; a parameter that is None may become anything."""


LARGEST_WEIGHTS = 2**30
"""Bytes."""


@dataclass(frozen=True)
class Plan:
    """Everything that is fixed before the first frame.

    Attributes:
        trackers: what is run.
        datasets: on what.
        sequences: first sequences of each data set; None: all.
        lengths: ascending; empty: the whole length of each data set.
        out: the results directory.
        protocol: what counts.
    """

    trackers: tuple[TrackerSpec, ...]
    datasets: tuple[DatasetSpec, ...]
    sequences: int | None
    lengths: tuple[int, ...]
    out: Path
    protocol: EvaluationProtocol

    def lengths_of(self, spec: DatasetSpec) -> tuple[int, ...]:
        """Return the lengths at which a data set is scored."""
        return self.lengths or (spec.length,)

    @property
    def units(self) -> int:
        """Units of work if nothing of it is stored: each tracker on each chunk of a data set."""
        sequences = [
            spec.sequences if self.sequences is None else self.sequences for spec in self.datasets
        ]
        chunks = [
            -(-count // spec.chunk) for count, spec in zip(sequences, self.datasets, strict=True)
        ]
        return len(self.trackers) * sum(chunks)


def make_plan(
    trackers: Any,
    suite: str | Suite | None,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec],
    sequences: int | None,
    lengths: Sequence[int] | None,
    out: str | Path | None,
    protocol: str,
) -> Plan:
    """Look everything up and check it; see :func:`trackbench.run`."""
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
        lengths=tuple(lengths if lengths is not None else default_lengths),
        out=Path(out) if out is not None else default_out,
        protocol=EvaluationProtocol.of(protocol),
    )
    _check(plan)
    return plan


def tracker_named(name: str, python: str | Path | None = None) -> TrackerSpec:
    """Return the tracker of an id, or of ``package.module:Class``.

    Args:
        name: of it.
        python: the interpreter that it runs in; None: this one, and that of an id in any case.

    Raises:
        TrackbenchError: there is none.
    """
    if python is not None and ":" in name:
        return tracker_elsewhere(name, python)
    return tracker_by_dotted_name(name) if ":" in name else registry.trackers().get(name)


def with_parameters(spec: TrackerSpec, parameters: dict[str, Any]) -> TrackerSpec:
    """Return the spec with some of its parameters replaced.

    Raises:
        TrackbenchError: a value is of another kind than the one it replaces, or the parameter is
            one that makes the tracker what it is.
    """
    for name, value in parameters.items():
        known = spec.parameters.get(name)
        if name in spec.fixed and value != known:
            raise TrackbenchError(
                f"{spec.id} has {name}={known!r} for ever: for another, choose another tracker "
                "(trackbench list trackers)"
            )
        for kinds, said in _KINDS:
            if isinstance(known, kinds) and not isinstance(value, kinds):
                raise TrackbenchError(
                    f"{spec.id} takes {said} for {name}, such as {known!r}, not {value!r}"
                )
    return replace(spec, parameters={**spec.parameters, **parameters})


def with_weights(spec: TrackerSpec, path: Path) -> TrackerSpec:
    """Return the spec with weights of one's own.

    Raises:
        TrackbenchError: the tracker takes no weights, or there is no such file.
    """
    if not spec.needs_weights:
        raise TrackbenchError(f"{spec.id} takes no weights: leave {parameter('weights')} out")
    try:
        content = read_bytes(path, LARGEST_WEIGHTS, "a weights file")
    except DamagedFileError as error:
        raise TrackbenchError(f"{error}: see {parameter('weights')}") from error
    return replace(
        with_parameters(spec, {"weights": str(path.absolute())}),
        weights_sha256=hashlib.sha256(content).hexdigest(),
    )


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
        return tracker_named(item)
    if callable(item) and hasattr(item, "__qualname__"):
        known = [spec for spec in registry.trackers() if spec.factory is item]
        return known[0] if known else tracker_from(item, item.__name__.lower())
    raise TrackbenchError(f"{item!r} is no tracker: give an id, a class or a TrackerSpec")


def _check(plan: Plan) -> None:
    ids = [spec.id for spec in plan.datasets]
    if len(set(ids)) < len(ids):
        raise TrackbenchError(f"a data set is given twice: {', '.join(ids)}")
    shortest = plan.protocol.first_frame + 1
    if list(plan.lengths) != sorted(set(plan.lengths)):
        raise TrackbenchError(f"{parameter('lengths')} must ascend, such as 20,40,80")
    for spec in plan.datasets:
        check_sequences(spec, plan.sequences)
        lengths = plan.lengths_of(spec)
        if min(lengths) < shortest:
            raise TrackbenchError(
                f"{parameter('lengths')} must be at least {shortest}, not {min(lengths)}"
            )
        if max(lengths) > spec.length:
            raise TrackbenchError(
                f"{spec.id} has {spec.length} frames a sequence, not {max(lengths)}: see "
                f"{parameter('lengths')}"
            )


def check_sequences(spec: DatasetSpec, sequences: int | None) -> None:
    """Make sure that a data set has so many sequences; None: all of a finite one.

    Raises:
        TrackbenchError: it has not, or is endless, or its own numbers make no sense.
    """
    if sequences is not None and sequences < 1:
        raise TrackbenchError(f"{parameter('sequences')} must be at least 1, not {sequences}")
    if min(spec.sequences, spec.length, spec.chunk) < 1:
        raise TrackbenchError(f"{spec.id}: sequences, length and chunk must be at least 1")
    if sequences is not None and sequences > spec.sequences:
        raise TrackbenchError(
            f"{spec.id} has {spec.sequences} sequences, not {sequences}: see "
            f"{parameter('sequences')}"
        )
    if sequences is None and spec.split == "train":
        raise TrackbenchError(
            f"{spec.id} is endless: say how much of it with {parameter('sequences')}"
        )
