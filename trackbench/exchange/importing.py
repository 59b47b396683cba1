"""``trackbench.import_results``: text files of boxes made into stored results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trackbench.arguments.bounds import COUNT
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.imported import ImportedResults, ImportedTracker
from trackbench.exchange.judging import judged
from trackbench.exchange.name_matching import names_of
from trackbench.exchange.read_tracker import ReadTracker, read_tracker
from trackbench.exchange.reading import Reading
from trackbench.exchange.result_files import TrackerFiles, find_results
from trackbench.exchange.result_layouts import AUTO, ORIGIN, asked_layout
from trackbench.exchange.storing import store_tracker
from trackbench.exchange.target import Target, protocol_of, target_of
from trackbench.exchange.tracker_names import tracker_id
from trackbench.exchange.truth import truth_of
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.results.chunks import Truth
from trackbench.results.writer import Store
from trackbench.running.lengths import checked_lengths

DEFAULT_OUT = Path("results") / "imported"


@arguments_checked
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
    origin = ORIGIN.of("origin", origin)
    sequences = COUNT.or_none("sequences", sequences)
    lengths = checked_lengths(lengths)
    reading = Reading(asked_layout(layout), origin, corners, partial, any_first_row)
    found, others = find_results(Path(folder), reading.layout)
    named = _named(list(found.values()), tracker_name)
    spec = dataset_named(dataset) if isinstance(dataset, str) else dataset
    path = DEFAULT_OUT if out is None else Path(out)
    store = Store(path)
    store.check_writable()
    target = target_of(store, spec, sequences, lengths, protocol_of(path, protocol))
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


def _stored(
    store: Store,
    target: Target,
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
        remarks=tuple((remark.words, tuple(names)) for remark, names in tracker.said.items()),
        corrections=reading.corrections,
        fps=tracker.fps,
        timed=tracker.timed,
        found=done.found,
        beside=done.beside,
    )
