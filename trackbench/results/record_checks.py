"""What the fields of a record must be to each other, so that no table made of it is wrong.

What each of them is for itself say the types of the records: :mod:`trackbench.results.run_record`,
:mod:`~trackbench.results.chunk_record` and :mod:`~trackbench.results.dataset_record`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from trackbench.errors import TrackbenchError
from trackbench.plugins.start_noise import noisy_id
from trackbench.results.chunk_record import ChunkRecord
from trackbench.results.chunks import Failure
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.extent import Extent
from trackbench.results.machine import parse_time
from trackbench.results.run_record import RunRecord

_LAST_YEAR = 9999
_MOST_FRAMES = 10**7
"""Of one sequence: arrays of so many numbers are made before its parts are read."""
LEAST_SECONDS = 1e-9
"""That a tracker can have taken, if it took any time; less would make frames/s infinite."""


def check(record: DatasetRecord | RunRecord) -> None:
    """Make sure that the fields of a record that was read fit together.

    Raises:
        ValueError: one does not; the message names it.
    """
    if isinstance(record, RunRecord):
        _check_run(record)
    else:
        _check_dataset(record)


def _check_dataset(record: DatasetRecord) -> None:
    _check_length(record.length)
    if not record.lengths or list(record.lengths) != sorted({*record.lengths}):
        raise ValueError("its lengths do not ascend")
    if record.lengths[-1] > record.length:
        raise ValueError("a length is longer than its sequences")
    _check_frames_each(record)
    if record.full and (not record.frames_each or record.lengths[-1] != record.length):
        raise ValueError("no length is that of whole sequences")
    if record.names and len(record.names) != record.sequences:
        raise ValueError("it names another number of sequences than it has")
    _check_anchored(record)
    _check_start_noise(record)
    if record.chunk is not None:
        _check_chunks(record.parts, record.extent)
    elif record.parts:
        raise ValueError("it names parts and not how many sequences are in each")
    if not record.mask_runs.keys() <= record.parts.keys():
        raise ValueError("it has masks in a part that it does not name")
    if not record.made_by.keys() <= record.parts.keys():
        raise ValueError("it says who made a part that it does not name")


def _check_anchored(record: DatasetRecord) -> None:
    if record.anchored is None:
        return
    starts, extent = record.anchored.starts, record.extent
    if len(starts) != record.sequences:
        raise ValueError("it has another number of anchors than of runs")
    if not all(
        start.sequence >= 0 and 0 <= start.anchor < start.frames <= _MOST_FRAMES for start in starts
    ):
        raise ValueError("an anchor is no frame of its sequence")
    if any(len(start.places) != extent.frames_of(run) for run, start in enumerate(starts)):
        raise ValueError("a run has other frames than its anchor leaves")


def _check_start_noise(record: DatasetRecord) -> None:
    noise = record.start_noise
    if noise is None:
        return
    if record.anchored is not None:
        raise ValueError("it has runs from anchors, and noise in their start")
    try:
        own = noisy_id(noise.base, noise.iou)
    except TrackbenchError as error:
        raise ValueError(str(error)) from error
    if record.id != own:
        raise ValueError(f"with its noise in the start it would be {own}")


def _check_run(record: RunRecord) -> None:
    _check_length(record.length)
    _check_frames_each(record)
    for name, moment in (("started", record.started), ("last_run", record.last_run)):
        _check_time(name, moment)
    extent = record.extent
    _check_chunks(record.chunks, extent)
    for number, chunk in record.chunks.items():
        _check_chunk(chunk, extent.rows(number))
    hashed = {chunk.sha256 is None for chunk in record.chunks.values()}
    if len(hashed) > 1:
        raise ValueError("it has a hash of some parts and not of others")
    for failure in record.failures:
        _check_failure(failure, record.chunks, extent)


def _check_chunk(chunk: ChunkRecord, rows: int) -> None:
    if chunk.unscored > rows:
        raise ValueError("a chunk has more frames without a score than frames")
    if chunk.by_masks and not chunk.mask_runs:
        raise ValueError("a chunk is scored by masks and has none")
    if chunk.frames > rows:
        raise ValueError("a chunk has more answers than frames")
    for name, seconds in (("seconds", chunk.seconds), ("timeout", chunk.timeout)):
        if seconds is not None and 0 < seconds < LEAST_SECONDS:
            raise ValueError(f"its {name} are no time")
    if (chunk.sha256 is None) != (chunk.truth_sha256 is None):
        raise ValueError("a chunk has the hash of its part or of its truth, and not of the other")


def _check_failure(failure: Failure, chunks: Container[int], extent: Extent) -> None:
    sequence = failure.sequence
    if (
        sequence >= extent.sequences
        or extent.part_of(sequence) not in chunks
        or failure.frame > extent.frames_of(sequence)
    ):
        raise ValueError("a failure lies outside the sequences that are stored")


def _check_chunks(chunks: Iterable[int], extent: Extent) -> None:
    if not all(chunk < extent.parts for chunk in chunks):
        raise ValueError("a chunk lies outside the sequences")


def _check_frames_each(record: DatasetRecord | RunRecord) -> None:
    """The records of others may be anything: they are made into arrays of this size."""
    each = record.frames_each
    if not each:
        return
    if len(each) != record.sequences or max(each) > record.length or {*each} == {record.length}:
        raise ValueError("its sequences have other numbers of frames than it says")


def _check_length(length: int) -> None:
    if length > _MOST_FRAMES:
        raise ValueError(f"a sequence of more than {_MOST_FRAMES:,} frames")


def _check_time(name: str, value: str) -> None:
    if value:
        try:
            moment = parse_time(value)
        except ValueError as error:
            raise ValueError(f"its {name} is no time in UTC") from error
        if moment.year == _LAST_YEAR:  # no later time can be written, so no run would be newer
            raise ValueError(f"its {name} is in the year {_LAST_YEAR}")
