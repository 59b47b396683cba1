"""What imported results are stored for: a data set, as a results directory already has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import FULL, EvaluationProtocol
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_identity import dataset_code_sha256
from trackbench.plugins.fingerprints import ON_DISK, published_fingerprint
from trackbench.plugins.registry import build_dataset
from trackbench.plugins.start_noise import NoisySpec
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there
from trackbench.results.places import dataset_folder, load_dataset
from trackbench.results.reading_back import stored_protocols
from trackbench.results.record_file import RECORD
from trackbench.results.writer import Store
from trackbench.running.plan import Plan
from trackbench.running.plan_checks import check_sequences


@dataclass(frozen=True)
class Target:
    """What results are stored for.

    Attributes:
        spec, dataset: the data set.
        record: of what is stored of it.
        protocol: what counts.
    """

    spec: DatasetSpec
    dataset: Dataset
    record: DatasetRecord
    protocol: EvaluationProtocol


def protocol_of(path: Path, asked: str | None) -> EvaluationProtocol:
    """Return the protocol that was asked for; None: the directory's, else paper-v1.

    Raises:
        TrackbenchError: the directory holds several.
    """
    if asked is not None:
        found = EvaluationProtocol.of(asked)
        if found.several_starts:
            raise TrackbenchError(
                f"{found.value} is of runs from anchors, which are run here and not imported: see "
                f"{parameter('protocol')}"
            )
        return found
    several = {each.value for each in EvaluationProtocol if each.several_starts}
    held = [each for each in stored_protocols(path) if each not in several]
    if len(held) > 1:
        raise TrackbenchError(
            f"{path} holds {' and '.join(held)}: choose with {parameter('protocol')}"
        )
    return EvaluationProtocol.of(held[0]) if held else EvaluationProtocol.PAPER_V1


def target_of(
    store: Store,
    spec: DatasetSpec,
    sequences: int | None,
    lengths: Sequence[int | str] | None,
    protocol: EvaluationProtocol,
) -> Target:
    """Return what is imported, agreed on with what the directory holds.

    Args:
        store: the directory.
        spec: the data set.
        sequences: the first so many; None: as the directory has them, else all.
        lengths: that are scored; None: as the directory has them, else the whole of each sequence.
        protocol: what counts.

    Raises:
        TrackbenchError: the data set has not so many, or cannot be made.
        IncompatibleResultsError: the directory holds another choice, or other data.
    """
    if isinstance(spec, NoisySpec):
        raise TrackbenchError(
            f"{spec.id} gives first boxes with an error, and what is imported began elsewhere: "
            f"import it as {spec.base.id}"
        )
    held = _held(store.path, spec.id)
    if sequences is None and held is not None:
        sequences = min(held.sequences, spec.sequences)
    check_sequences(spec, sequences)
    count = spec.sequences if sequences is None else sequences
    scored = _lengths(spec, lengths, held, protocol)
    dataset = build_dataset(spec)
    first = make_sequence(dataset, 0, min(max(scored), spec.frames_of(0)))
    height, width = first.frames.shape[1:3]
    known = spec.fingerprint if spec.factory == ON_DISK else None
    record = DatasetRecord.of(
        spec,
        known or published_fingerprint(dataset),  # that of files was taken just now
        count,
        (height, width),
        scored,
        0,
        dataset_code_sha256(spec),
    )
    return Target(spec, dataset, store.agree_on(record), protocol)


def _held(path: Path, dataset: str) -> DatasetRecord | None:
    there = is_there(dataset_folder(path, dataset) / RECORD)
    return load_dataset(path, dataset) if there else None


def _lengths(
    spec: DatasetSpec,
    asked: Sequence[int | str] | None,
    held: DatasetRecord | None,
    protocol: EvaluationProtocol,
) -> tuple[int, ...]:
    if asked is None:
        if held is None or held.full:
            return (spec.length,)
        return tuple(length for length in held.lengths if length <= spec.length)
    plan = Plan(
        trackers=(),
        datasets=(spec,),
        sequences=None,
        lengths=tuple(each for each in asked if not isinstance(each, str)),
        out=Path(),
        protocol=protocol,
        full=FULL in asked,
    )
    found = plan.lengths_of(spec)
    if not found or min(found) <= protocol.first_frame:
        raise TrackbenchError(
            f"{spec.id} has up to {spec.length} frames a sequence: see {parameter('lengths')}"
        )
    return found
