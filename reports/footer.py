"""What a reader needs to judge and repeat a table: who was measured, on what, how and where."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from trackbench.printing.amounts import counted, frame_rate, memory, plural
from trackbench.printing.text import visible
from trackbench.reports.labels import in_order
from trackbench.reports.published_numbers import PROTOCOL, PublishedCell, published
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.marks import IMPORTED, SEES_FUTURE
from trackbench.results.run import Run
from trackbench.results.run_file import RUN_FILE
from trackbench.results.run_record import RunRecord
from trackbench.results.variables import variables_in_words
from trackbench.results.versions import said_of

_LIBRARIES = {
    "trackbench": "trackbench",
    "python": "Python",
    "numpy": "NumPy",
    "opencv-contrib-python": "OpenCV",
    "opencv-contrib-python-headless": "OpenCV (headless)",
    "torch": "PyTorch",
}
"""Name in a record -> name in print, of what may change a number."""


def footer(results: Results, *, with_published: bool = False) -> list[str]:
    """Return the notes, a line each; the first can stand as a caption."""
    lines = [_what(results)]
    lines += [_tracker(results, tracker) for tracker in results.trackers]
    if any(len(run.repeats) > 1 for run in results.runs):
        lines.append(
            "Of several runs a sequence's score is its mean over them; between runs: standard "
            "deviation of the runs' means."
        )
    if any(run.failures or run.invalid for run in results.runs):
        lines.append(
            "IoU is 0 for an invalid box and from a failure on; "
            "invalid boxes are counted up to the failure."
        )
    if any(run.absent or run.unscored for run in results.runs):
        said = (
            f"Absent targets by {results.protocol.value}: a frame without a true box does not "
            "count, and a target called absent scores 0 where it is there."
        )
        if not results.protocol.several_starts:
            said += (
                " Whether a tracker knows is in the metrics presence and absence; trackbench "
                "rescore has other toolkits' rules."
            )
        lines.append(said)
    lines += [_left_out(record) for record in results.incomplete if _missed(results, record)]
    lines += [f"{said}." for said in said_of(results.older)]
    lines += _unhashed(results)
    lines += [_dataset(results, record) for record in in_order(results)]
    if with_published:
        lines.append(_published(results))
    if (sha256 := results.run_file_sha256) is not None:
        lines.append(
            f"The file that was run into this directory last is kept there: {RUN_FILE}, SHA-256 "
            f"{sha256[:12]}."
        )
    lines += _said_by(results, _environment)
    return [visible(line) for line in lines]


def _what(results: Results) -> str:
    counts = sorted({record.counted for record in results.datasets.values()})
    over = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    what = f"Mean IoU ± standard deviation over {counted(over, 'sequence')}"
    if any(cell.sequences < results.datasets[cell.dataset].counted for cell in results.cells()):
        what += ", at each length over those that are long enough"
    said = f"{what}. Protocol {results.protocol.value}: {results.protocol.description}."
    noisy = [record.id for record in results.datasets.values() if record.start_noise is not None]
    if noisy:
        where = "" if len(noisy) == len(results.datasets) else f" on {', '.join(noisy)}"
        said += f" But{where} the first box is given with an error, in place of the true one."
    return said


def _tracker(results: Results, tracker: str) -> str:
    runs = [run for run in results.runs if run.record.tracker == tracker]
    failures = sum(len(run.failures) for run in runs)
    invalid = sum(run.invalid for run in runs)
    facts = [
        *(
            [f"{SEES_FUTURE}: handed whole videos of the longest length"]
            if results.sees_future(tracker)
            else []
        ),
        *_imported(runs),
        *_timed(runs),
        counted(failures, "failed sequence"),
        counted(invalid, "invalid box"),
        *_absent(runs),
        *_compared(runs),
        *_runs(runs),
        *_memory(runs),
        *_letterbox(results, runs),
        *_version(runs[0].record),
    ]
    return f"{tracker}: {'; '.join(facts)}."


def _imported(runs: list[Run]) -> Iterator[str]:
    """Yield what of a tracker's boxes was read from files, and what was noticed about them."""
    for run in runs:
        imported = run.record.imported
        if imported is None:
            continue
        where = "" if len(runs) == 1 else f" on {run.record.dataset}"
        yield f"{IMPORTED}{where}, not run here: {counted(imported.files, 'file')} of boxes"
        yield from imported.corrections
        if missing := {failure.sequence for failure in run.missing}:
            yield f"{counted(len(missing), 'sequence')} not imported and without a score{where}"
        if imported.remarks:
            yield f"{counted(len(imported.remarks), 'remark')} about the files{where} in its record"


def _timed(runs: list[Run]) -> Iterator[str]:
    """Yield how fast a tracker was, here and by what files of it say."""
    ran = [run for run in runs if run.record.imported is None]
    said = [run for run in runs if run.record.imported is not None]
    if ran:
        yield f"{_rate(ran)} in one process, the tracker alone"
    if any(run.seconds for run in said):
        yield f"{_rate(said)} by its files, whatever was timed there on whatever machine"
    elif said:
        yield "not timed"


def _absent(runs: list[Run]) -> Iterator[str]:
    if absent := sum(run.absent for run in runs):
        yield f"{counted(absent, 'frame')} called absent, which scores 0 where the target is there"


def _compared(runs: list[Run]) -> Iterator[str]:
    """Yield where IoU is of masks: such a number is comparable with no other."""
    for kind in (Compared.MASKS, Compared.BOTH):
        if found := [run.record.dataset for run in runs if run.compared is kind]:
            where = "" if len(found) == len(runs) else f" on {', '.join(found)}"
            others = "" if kind is Compared.MASKS else " (where an answer had none, of boxes)"
            yield f"IoU is of {kind.value}{where}{others}"


def _runs(runs: list[Run]) -> Iterator[str]:
    """Yield over how many runs the means are, where on any data set it is more than one."""
    said: dict[str, list[str]] = {}
    for run in runs:
        count = len(run.repeats)
        what = f"mean over {counted(count, 'run')}"
        if run.deterministic:
            what = (
                f"deterministic: {counted(count, 'run')} with identical boxes, further ones skipped"
            )
        said.setdefault(what, []).append(run.record.dataset)
    if any(len(run.repeats) > 1 for run in runs):
        for what, datasets in said.items():
            yield what if len(said) == 1 else f"{what} on {', '.join(datasets)}"


def _memory(runs: list[Run]) -> Iterator[str]:
    if peak := max(run.peak_memory for run in runs):
        yield f"{memory(peak)} of memory at most"
    limits = [limit for run in runs if (limit := run.memory_limit) is not None]
    if limits:  # who finds no memory may answer something else
        yield f"it might take {memory(min(limits))} beyond what it imports"


def _letterbox(results: Results, runs: list[Run]) -> Iterator[str]:
    """Yield that a tracker sees frames scaled, where the frames are not of the size it sees."""
    side = runs[0].record.letterbox
    sizes = {results.datasets[run.record.dataset].frame for run in runs}
    if side and sizes != {(side, side)}:
        yield f"frames of other sizes are letterboxed to {side} x {side} pixels"


def _unhashed(results: Results) -> Iterator[str]:
    """Yield what cannot be vouched for: runs without hashes, trackers that are never the same."""
    records = [record for run in results.runs for record in run.records]
    if legacy := [record for record in records if record.legacy]:
        what = ", ".join(record.name for record in legacy)
        yield f"Stored before hashes were kept, so not held to any: {what}."
    reasons = dict.fromkeys(record.unhashed for record in records)
    yield from (f"{reason}." for reason in reasons if reason)


def _version(record: RunRecord) -> Iterator[str]:
    if record.parameters:
        yield ", ".join(f"{name}={value!r}" for name, value in record.parameters.items())
    if record.variables:
        yield variables_in_words(record.variables)
    if record.weights_sha256:
        yield f"weights {record.weights_sha256[:12]}"
    yield f"fingerprint {record.fingerprint[:12]}"


def _rate(runs: list[Run]) -> str:
    seconds = sum(run.seconds for run in runs)
    frames = sum(run.frames for run in runs)
    return frame_rate(frames / seconds if seconds else math.nan)


def _dataset(results: Results, record: DatasetRecord) -> str:
    each = record.frames_each
    frames = f"{min(each)} to {max(each)} frames" if each else counted(record.length, "frame")
    facts = [f"{counted(record.sequences, 'sequence')} of {frames}"]
    if record.anchored is not None:
        whole = f"{counted(record.counted, 'sequence')} of {record.anchored.base}"
        runs_of = f"{counted(record.sequences, 'run')} of {frames}, from anchors in {whole}"
        facts = [runs_of, "a sequence's score is the mean over its runs"]
    if record.start_noise is not None:
        facts.append(
            f"the first boxes of {record.start_noise.base} given with an error: their IoU with the "
            f"true ones is {record.start_noise.iou!r}"
        )
    if record.layout is not None:
        facts += _how_boxes_are_taken(record)
    runs = [run for run in results.runs if run.record.dataset == record.id]
    if unscored := max((run.unscored for run in runs), default=0):
        facts.append(
            f"{counted(unscored, 'frame')} do not count: there is no true box, or none after that "
            "of frame 0"
        )
    if broken := {failure.sequence for run in runs for failure in run.unreadable}:
        facts.append(f"{counted(len(broken), 'sequence')} not scored, for a frame cannot be read")
    return f"{record.id}: {'; '.join(facts)}; fingerprint {record.fingerprint[:12]}."


def _how_boxes_are_taken(record: DatasetRecord) -> list[str]:
    """Return what decides the boxes of files besides the files: ``["boxes=xyxy, origin=1"]``.

    The source of a data set on disk is ``LAYOUT on disk; SETTINGS; boxes: WHO COUNTS HOW``.
    """
    _, _, said = record.source.partition(" on disk; ")
    settings = said.partition("; ")[0].split(", ")
    chosen = [each for each in settings if each and each != "polygons=extent"]
    return [", ".join(chosen)] if chosen else []


def _missed(results: Results, record: RunRecord) -> bool:
    """Whether an unfinished run leaves a gap in these tables."""
    return (
        record.tracker in results.trackers
        and record.dataset in results.datasets
        and record.protocol == results.protocol.value
    )


def _left_out(record: RunRecord) -> str:
    return f"Left out, for it is not finished: {record.name}."


def _published(results: Results) -> str:
    found = [published(cell.tracker, cell.dataset, cell.length) for cell in results.cells()]
    cells: list[PublishedCell] = [cell for cell in found if cell is not None]
    if not cells:
        return "Printed numbers: there are none for these trackers on these data sets and lengths."
    sources = []
    for source in sorted({cell.source for cell in cells}):
        tables = sorted({n for cell in cells if cell.source == source for n in cell.tables})
        noun = plural("Table", len(tables))
        sources.append(f"{source}, {noun} {', '.join(map(str, tables))}")
    return f"Printed numbers: {'; '.join(sources)} (protocol {PROTOCOL.value})."


def _environment(record: RunRecord) -> str:
    if record.imported is not None:
        return f"imported with trackbench {record.versions.get('trackbench', '')}; run elsewhere."
    versions = {"trackbench": "of unknown version", **record.versions}
    libraries = [f"{name} {versions[key]}" for key, name in _LIBRARIES.items() if key in versions]
    return f"{', '.join(libraries)}; {record.processor}."


def _said_by(results: Results, say: Callable[[RunRecord], str]) -> Iterator[str]:
    """Yield what ``say`` says of each run; who it is said of, if not of all."""
    groups: dict[str, list[str]] = {}
    for run in results.runs:
        for record in run.records:
            groups.setdefault(say(record), []).append(record.name)
    for said, runs in groups.items():
        yield said if len(groups) == 1 else f"{', '.join(runs)}: {said}"
