"""``trackbench.import_results``: text files of boxes made into stored results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.imported import ImportedResults, ImportedTracker
from trackbench.exchange.judging import judged
from trackbench.exchange.name_matching import names_of
from trackbench.exchange.read_tracker import ReadTracker, read_tracker
from trackbench.exchange.reading import Reading
from trackbench.exchange.result_files import TrackerFiles, find_results
from trackbench.exchange.result_layouts import AUTO, asked_layout, check_origin
from trackbench.exchange.storing import store_tracker
from trackbench.exchange.tracker_names import tracker_id
from trackbench.exchange.truth import truth_of
from trackbench.metrics.evaluation_protocol import FULL, EvaluationProtocol
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_identity import dataset_code_sha256
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.fingerprints import ON_DISK, published_fingerprint
from trackbench.plugins.registry import build_dataset
from trackbench.results.chunks import Truth
from trackbench.results.directory import stored_protocols
from trackbench.results.folders import is_there
from trackbench.results.places import dataset_folder, load_dataset
from trackbench.results.record_file import RECORD
from trackbench.results.records import DatasetRecord
from trackbench.results.writer import Store
from trackbench.running.plan import Plan, check_sequences

DEFAULT_OUT = Path("results") / "imported"


def import_results(
    folder: str | Path,
    dataset: str | DatasetSpec,
    *,
    layout: str = AUTO,
    tracker_name: str | None = None,
    out: str | Path | None = None,
    partial: bool = False,
    sequences: int | None = None,
    lengths: Sequence[int | str] | None = None,
    protocol: str | None = None,
    origin: float = 0.0,
    corners: bool = False,
    any_first_row: bool = False,
) -> ImportedResults:
    """Read the boxes that trackers of other toolkits have written, and store them as results.

    Everything is read and checked before anything is written. Nothing is corrected but on request:
    what is noticed (whole numbers, corners, half a pixel) is said. The files' content, and how it
    was read, is what a tracker is known by.

    Args:
        folder: of one tracker, or with a folder for each.
        dataset: that they were run on, such as ``"otb:/data/OTB100"``.
        layout: ``"got10k"``, ``"pysot"``, ``"pytracking"``, ``"vot"``, or ``"auto"``: whichever
            the files have.
        tracker_name: what the tracker is to be called, if there is one alone; None: as its folder.
        out: a results directory; None: ``results/imported``.
        partial: import what there is, where sequences are missing or the data set lacks some.
        sequences: the first so many; None: as the directory has them, else all.
        lengths: that are scored; None: as the directory has them, else the whole of each sequence.
        protocol: None: the directory's, else ``"paper-v1"``.
        origin: is taken off x and y, if the files count pixels from another number than the data.
        corners: the numbers are x1, y1, x2, y2.
        any_first_row: import what begins far from the truth all the same.

    Raises:
        TrackbenchError: anything that is the caller's to mend; nothing is written then.
    """
    reading = Reading(asked_layout(layout), origin, corners, partial, any_first_row)
    check_origin(origin)
    found, others = find_results(Path(folder), reading.layout)
    named = _named(list(found.values()), tracker_name)
    spec = dataset_named(dataset) if isinstance(dataset, str) else dataset
    path = DEFAULT_OUT if out is None else Path(out)
    store = Store(path)
    store.check_writable()
    target = _target(store, spec, sequences, lengths, _protocol(path, protocol))
    extent = target.record.extent
    read = [
        (each, read_tracker(each, id_, target.spec, extent, reading)) for id_, each in named.items()
    ]
    truths = [truth_of(target.dataset, extent, chunk) for chunk in range(extent.parts)]
    for _, tracker in read:
        judged(tracker, target.spec, extent, truths, reading)
    return ImportedResults(
        path,
        target.spec.id,
        target.protocol.value,
        tuple(_stored(store, target, each, tracker, truths, reading) for each, tracker in read),
        others,
        spec.notes,
    )


@dataclass(frozen=True)
class _Target:
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


def _named(found: list[TrackerFiles], asked: str | None) -> dict[str, TrackerFiles]:
    """Return the trackers by the ids that they are to have."""
    if asked is not None and len(found) > 1:
        names = ", ".join(each.name for each in found[:3])
        raise TrackbenchError(
            f"{parameter('tracker_name')} names one tracker, and there are {len(found)} ({names}, "
            "...): name the folder of one"
        )
    named: dict[str, TrackerFiles] = {}
    for each in found:
        id_ = tracker_id(each.name if asked is None else asked, asked=asked is not None)
        if id_ in named:
            raise TrackbenchError(
                f"{named[id_].name} and {each.name} would both be called {id_}: rename a folder"
            )
        named[id_] = each
    return named


def _protocol(path: Path, asked: str | None) -> EvaluationProtocol:
    if asked is not None:
        return EvaluationProtocol.of(asked)
    held = stored_protocols(path)
    if len(held) > 1:
        raise TrackbenchError(
            f"{path} holds {' and '.join(held)}: choose with {parameter('protocol')}"
        )
    return EvaluationProtocol.of(held[0]) if held else EvaluationProtocol.PAPER_V1


def _target(
    store: Store,
    spec: DatasetSpec,
    sequences: int | None,
    lengths: Sequence[int | str] | None,
    protocol: EvaluationProtocol,
) -> _Target:
    """Return what is imported, agreed on with what the directory holds."""
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
    return _Target(spec, dataset, store.agree_on(record), protocol)


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
    if any(isinstance(each, str) and each != FULL for each in asked):
        raise TrackbenchError(f"{parameter('lengths')} are numbers, or {FULL!r}")
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


def _stored(
    store: Store,
    target: _Target,
    files: TrackerFiles,
    tracker: ReadTracker,
    truths: Sequence[Truth],
    reading: Reading,
) -> ImportedTracker:
    record = target.record
    done = store_tracker(
        store, target.spec, record, target.protocol.value, tracker, truths, reading
    )
    missing = set(tracker.missing)
    own = names_of(target.spec, record.sequences)
    return ImportedTracker(
        id=tracker.id,
        name=files.name,
        fingerprint=tracker.fingerprint,
        layout=tracker.layout.value,
        runs=len(tracker.runs),
        sequences=tuple(name for name in own if name not in missing),
        missing=tracker.missing,
        unknown=tracker.unknown,
        other_spelling=tuple(tracker.other_spelling.items()),
        remarks=tuple((remark.value, tuple(names)) for remark, names in tracker.said.items()),
        corrections=reading.corrections,
        fps=tracker.fps,
        timed=tracker.timed,
        found=done.found,
        beside=done.beside,
    )
