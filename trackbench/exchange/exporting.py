"""``trackbench.export_results``: stored results as the files of another toolkit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.result_layouts import ResultLayout
from trackbench.exchange.result_text import DIGITS, box_text, lines, number_text
from trackbench.exchange.stored_names import sequence_names, specs_of
from trackbench.exchange.writing_layouts import written_at
from trackbench.metrics import Trajectories
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible
from trackbench.results.atomic_files import creating_folder
from trackbench.results.directory import Results
from trackbench.results.out_paths import check_out_folder
from trackbench.results.run import Run
from trackbench.results.single_run import SingleRun


@dataclass(frozen=True)
class ExportedResults:
    """Stored results as files.

    Attributes:
        out: the folder.
        layout: whose.
        trackers, datasets: of which they are.
        files: of boxes.
        remarks: what the files do not say, a line each.
    """

    out: Path
    layout: str
    trackers: tuple[str, ...]
    datasets: tuple[str, ...]
    files: int
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what was written, and how."""
        head = (
            f"{self.out}: {counted(self.files, 'file')} of boxes in {self.layout}'s layout, of "
            f"{counted(len(self.trackers), 'tracker')} on {', '.join(self.datasets)}"
        )
        said = [f"  numbers in {DIGITS}", *(f"  {remark}" for remark in self.remarks)]
        return "\n".join(map(visible, [head, *said]))


@arguments_checked
def export_results(
    results: str | Path | Results,
    layout: str,
    out: str | Path,
    *,
    trackers: str | Iterable[str] = (),
    datasets: str | Iterable[str] = (),
    protocol: str | None = None,
) -> ExportedResults:
    """Write the boxes of stored results as another toolkit would have, under ``out/DATASET``.

    Read back, by :func:`trackbench.import_results` too, they are the same to the last bit.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        layout: ``"got10k"``, ``"pysot"``, ``"pytracking"`` or ``"vot"``.
        out: a new folder.
        trackers: ids; none: all.
        datasets: where data sets are that have moved since, such as ``"otb:/data/OTB100"``.
        protocol: which, if the directory holds several.

    Raises:
        TrackbenchError: anything that is the caller's to mend; nothing is written then.
    """
    chosen, out = ResultLayout.of(layout), Path(out)
    if out.exists() or out.is_symlink():
        raise TrackbenchError(f"{out} is there already: name a new folder")
    check_out_folder(out, "results")
    stored = chosen_results(results, trackers, protocol)
    given = (datasets,) if isinstance(datasets, str) else tuple(datasets)
    specs = specs_of(stored, given)
    _check_repetitions(stored, chosen)
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    files, remarks = 0, dict.fromkeys(["times of frames are not stored, and so not written"])
    with creating_folder(out) as folder:
        for run in stored.runs:
            spec = specs[run.record.dataset]
            files += _write_run(run, spec, chosen, folder / run.record.dataset)
            remarks |= dict.fromkeys(_remarks(run))
    return ExportedResults(
        out, chosen.value, tuple(stored.trackers), tuple(stored.datasets), files, tuple(remarks)
    )


def chosen_results(
    results: str | Path | Results, trackers: str | Iterable[str], protocol: str | None
) -> Results:
    """Return stored results of some trackers; of none that is named, all.

    Raises:
        UnknownIdError: there is no such tracker.
    """
    from trackbench.analysis.paired import stored_tracker

    if not isinstance(results, Results):
        wanted = None if protocol is None else EvaluationProtocol.of(protocol)
        results = Results.load(results, wanted)
    if results.protocol.several_starts:
        raise TrackbenchError(
            f"{results.path} holds runs from anchors ({results.protocol.value}), and files are "
            f"written of one pass through each sequence: see {parameter('protocol')}"
        )
    given = (trackers,) if isinstance(trackers, str) else tuple(trackers)
    ids = list(dict.fromkeys(stored_tracker(results, each) for each in given))
    for record in results.datasets.values():
        if record.start_noise is not None:
            raise TrackbenchError(
                f"{results.path} holds {record.id}, whose first boxes were given with an error, "
                f"and files of boxes cannot say that: run {record.start_noise.base} into a "
                "directory of its own"
            )
    return results.only(ids or results.trackers, list(results.datasets))


def sequences_of(run: SingleRun) -> Iterator[Trajectories]:
    """Yield predictions and truth of each sequence of a run alone, N = 1, in their order."""
    for tracked in run.trajectories():
        for row in range(len(tracked.predicted)):
            yield tracked.only(row)


def _check_repetitions(results: Results, layout: ResultLayout) -> None:
    if layout is not ResultLayout.PYSOT:
        return
    for run in results.runs:
        if len(run.repeats) > 1:
            raise TrackbenchError(
                f"{run.record.tracker} was run {len(run.repeats)} times, and pysot's layout has "
                f"room for one: choose another {parameter('layout')}"
            )


def _write_run(run: Run, spec: DatasetSpec, layout: ResultLayout, folder: Path) -> int:
    """Write all sequences of a tracker, but those that have nothing; return how many files."""
    names = sequence_names(spec, run.dataset)
    files = 0
    for one in run.repeats:
        missing = {
            failure.sequence for failure in one.record.failures if not failure.kind.of_tracker
        }
        for index, tracked in enumerate(sequences_of(one)):
            if index in missing:
                continue
            place = written_at(
                layout,
                run.record.tracker,
                names[index],
                one.record.run,
                repeated=len(run.repeats) > 1,
            )
            boxes = tracked.predicted[0]
            text = box_text(boxes, layout.separator)
            if layout is ResultLayout.VOT and _same(boxes[0], tracked.truth[0, 0]):
                text[0] = "1"
            _write(folder / place.boxes, lines(text))
            files += 1
            if tracked.confidence is not None and not np.isnan(tracked.confidence).all():
                _write(folder / place.sure, lines(map(number_text, tracked.confidence[0].tolist())))
    return files


def _remarks(run: Run) -> Iterator[str]:
    if run.failures:
        yield f"{run.record.tracker}: frames after a failure are nan, as absent ones are"
    if run.missing or run.unreadable:
        yield f"{run.record.tracker}: sequences without results are not written"


def _same(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    return a.tobytes() == b.tobytes()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
