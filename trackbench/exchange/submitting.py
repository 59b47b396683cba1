"""``trackbench.submit``: stored results as the archive that an evaluation server wants."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.exporting import chosen_results, sequences_of
from trackbench.exchange.result_text import box_text, lines
from trackbench.exchange.servers import Server, server_named
from trackbench.exchange.stored_names import sequence_names, specs_of
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible
from trackbench.results.atomic_files import writing_to
from trackbench.results.directory import Results
from trackbench.results.out_paths import check_out_file
from trackbench.results.run import Run

_STAMP = (1980, 1, 1, 0, 0, 0)
"""Of every file in an archive: the same boxes are the same bytes."""


@dataclass(frozen=True)
class Submission:
    """An archive for a server.

    Attributes:
        out: the file.
        server: whose.
        tracker, dataset: of which it is.
        sequences: in it.
        how: what to do with it.
        remarks: what was written otherwise than it is stored, a line each.
    """

    out: Path
    server: str
    tracker: str
    dataset: str
    sequences: int
    how: str
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what was written, and what to do with it."""
        head = f"{self.out}: {counted(self.sequences, 'sequence')} of {self.tracker}; {self.how}"
        return "\n".join(map(visible, [head, *(f"  {remark}" for remark in self.remarks)]))


@arguments_checked
def submit(
    server: str,
    results: str | Path | Results,
    out: str | Path,
    *,
    tracker: str | None = None,
    dataset: str | None = None,
    protocol: str | None = None,
) -> Submission:
    """Write a tracker's boxes as the archive that an evaluation server wants, held to the data set.

    Args:
        server: ``"got10k"``, ``"trackingnet"`` or ``"lasot"``.
        results: a results directory, or what :func:`trackbench.run` has returned.
        out: the zip file.
        tracker: which; None: there is one alone.
        dataset: where the data set is, if it has moved since, such as ``"got10k:PATH:test"``.
        protocol: which, if the directory holds several.

    Raises:
        TrackbenchError: these are no results of the server's whole test set, or of several
            trackers; nothing is written then.
    """
    wanted, out = server_named(server), Path(out)
    check_out_file(out)
    if out.suffix != ".zip":
        raise TrackbenchError(f"{parameter('out')} {out}: its name must end with .zip")
    stored = chosen_results(results, () if tracker is None else tracker, protocol)
    specs = specs_of(stored, () if dataset is None else (dataset,))
    run = _only_run(stored, specs, wanted)
    names = sequence_names(specs[run.record.dataset], run.dataset)
    _check_whole(run, specs[run.record.dataset], names, wanted)
    files, remarks = _files(run, names, wanted)
    with (
        writing_to(out) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return Submission(
        out,
        wanted.id,
        run.record.tracker,
        run.record.dataset,
        len(names),
        wanted.how,
        tuple(dict.fromkeys(remarks)),
    )


def _only_run(results: Results, specs: dict[str, DatasetSpec], server: Server) -> Run:
    """Return the run on the server's test set."""
    if len(results.trackers) > 1:
        raise TrackbenchError(
            f"{results.path} has results of {', '.join(results.trackers)}: choose one with "
            f"{parameter('tracker')}"
        )
    fitting = [
        run
        for run in results.runs
        if all(map(server.name_fits, sequence_names(specs[run.record.dataset], run.dataset)))
    ]
    if len(fitting) != 1:
        raise TrackbenchError(
            f"{results.path} has no results on the test set of {server.id}, whose sequences are "
            f"called like {server.called}: it is on {', '.join(results.datasets)}"
        )
    return fitting[0]


def _check_whole(run: Run, spec: DatasetSpec, names: list[str], server: Server) -> None:
    if len(names) != server.sequences:
        raise TrackbenchError(
            f"{server.id} wants {server.sequences} sequences, and {run.record.tracker} has "
            f"{len(names)} on {run.record.dataset}"
        )
    if lacking := [*run.missing, *run.unreadable]:
        raise TrackbenchError(
            f"{server.id} wants all sequences, and of {names[lacking[0].sequence]} there is no "
            f"result of {run.record.tracker}"
        )
    for index, name in enumerate(names):
        has, want = run.record.extent.frames_of(index), spec.frames_of(index)
        if has != want:
            raise TrackbenchError(
                f"{server.id} wants all {want} frames of {name}, and {has} were tracked: run it "
                f"with {parameter('lengths', 'full')}"
            )


def _files(run: Run, names: list[str], server: Server) -> tuple[dict[str, str], Iterable[str]]:
    """Return the files of an archive, and remarks on them."""
    first = run.repeats[0]
    tracker = run.record.tracker
    files: dict[str, str] = {}
    remarks = []
    if len(run.repeats) > 1:
        remarks.append(f"of {len(run.repeats)} runs, run 0")
    each = first.record.seconds / first.record.frames if first.record.seconds else 0.0
    for name, tracked in zip(names, sequences_of(first), strict=True):
        boxes, emptied = _without_nothing(tracked.predicted[0])
        if emptied:
            remarks.append("where there is no box (absent, or after a failure) stands 0,0,0,0")
        files[server.boxes(tracker, name)] = lines(box_text(boxes, ","))
        if server.times is not None and each:
            files[server.times(tracker, name)] = f"{each:.8f}\n" * len(boxes)
            remarks.append("times are the mean over all frames, for those of each are not stored")
    if server.times is not None and not each:
        remarks.append(f"no times: {tracker} was not timed")
    return files, remarks


def _without_nothing(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """Return boxes (T, 4) with zeros where there is none, and whether there was none."""
    nothing: NDArray[np.bool_] = np.logical_not(np.logical_and.reduce(np.isfinite(boxes), axis=1))
    return np.where(nothing[:, None], 0.0, boxes), bool(nothing.any())
