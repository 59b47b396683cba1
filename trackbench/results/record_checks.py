"""What a record that was read must be, so that no table made of it is wrong and none fails."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from trackbench.results.chunks import Failure
from trackbench.results.machine import parse_time
from trackbench.results.records import ChunkRecord, DatasetRecord, RunRecord

MOST = 2**40
"""Of anything that is counted: more would be no count, and fits no array."""
_MOST_FRAMES = 10**7
"""Of one sequence: arrays of so many numbers are made before its parts are read."""
LEAST_SECONDS = 1e-9
"""That a tracker can have taken, if it took any time; less would make frames/s infinite."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check(record: DatasetRecord | RunRecord) -> None:
    """Make sure that every field is of its kind and within its bounds.

    Raises:
        TypeError, ValueError: one is not; the message names it.
    """
    if isinstance(record, RunRecord):
        _check_run(record)
    else:
        _check_dataset(record)


def _check_dataset(record: DatasetRecord) -> None:
    _check_texts(
        id=record.id,
        fingerprint=record.fingerprint,
        source=record.source,
        source_sha256=record.source_sha256,
    )
    _check_counts(1, sequences=record.sequences, length=record.length)
    seed: Any = record.seed  # whatever the file holds, not what it should
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise TypeError("its seed is no integer")
    frame: tuple[Any, ...] = record.frame
    if len(frame) != 2:
        raise ValueError("its frame has no height and width")
    _check_counts(1, height=frame[0], width=frame[1])
    _check_counts(0, position=record.position)
    _check_length(record.length)
    _check_lengths(record)
    _check_parts(record)


def _check_lengths(record: DatasetRecord) -> None:
    for length in record.lengths:
        _check_counts(1, length=length)
    if not record.lengths or list(record.lengths) != sorted({*record.lengths}):
        raise ValueError("its lengths do not ascend")
    if record.lengths[-1] > record.length:
        raise ValueError("a length is longer than its sequences")


def _check_parts(record: DatasetRecord) -> None:
    if record.chunk is not None:
        _check_counts(1, chunk=record.chunk)
        _check_chunks(record.parts, record.chunk, record.sequences)
    elif record.parts:
        raise ValueError("it names parts and not how many sequences are in each")
    if not record.made_by.keys() <= record.parts.keys():
        raise ValueError("it says who made a part that it does not name")
    if not isinstance(record.replaced, bool):
        raise TypeError("its replaced is neither true nor false")
    _check_hashes(record.parts.values())
    if record.code_sha256 is not None:
        _check_texts(code_sha256=record.code_sha256)
    for code in record.made_by.values():
        _check_texts(made_by=code)


def _check_run(record: RunRecord) -> None:
    _check_texts(
        tracker=record.tracker,
        description=record.description,
        reference=record.reference,
        dataset=record.dataset,
        dataset_fingerprint=record.dataset_fingerprint,
        protocol=record.protocol,
        processor=record.processor,
    )
    for name in ("weights_sha256", "source_sha256", "unhashed"):
        if (value := getattr(record, name)) is not None:
            _check_texts(**{name: value})
    _check_hashes([record.fingerprint])
    _check_counts(1, sequences=record.sequences, length=record.length, chunk=record.chunk)
    _check_length(record.length)
    if not isinstance(record.parameters, dict):
        raise TypeError("its parameters are no object")
    if not isinstance(record.versions, dict):
        raise TypeError("its versions are no object")
    _check_texts(**{f"version of {name}": value for name, value in record.versions.items()})
    for name in ("started", "last_run"):
        _check_time(name, getattr(record, name))
    _check_chunks(record.chunks, record.chunk, record.sequences)
    for number, chunk in record.chunks.items():
        rows = min(record.chunk, record.sequences - number * record.chunk) * record.length
        _check_chunk(chunk, rows)
    hashed = {chunk.sha256 is None for chunk in record.chunks.values()}
    if len(hashed) > 1:
        raise ValueError("it has a hash of some parts and not of others")
    for failure in record.failures:
        _check_failure(failure, record)


def _check_chunk(chunk: ChunkRecord, rows: int) -> None:
    _check_seconds("seconds", chunk.seconds)
    _check_counts(0, frames=chunk.frames, peak_memory=chunk.peak_memory)
    if chunk.frames > rows:
        raise ValueError("a chunk has more answers than frames")
    if chunk.timeout is not None:
        _check_seconds("timeout", chunk.timeout)
    if chunk.memory is not None:
        _check_counts(1, memory=chunk.memory)
    _check_hashes(value for value in (chunk.sha256, chunk.truth_sha256) if value is not None)
    if (chunk.sha256 is None) != (chunk.truth_sha256 is None):
        raise ValueError("a chunk has the hash of its part or of its truth, and not of the other")


def _check_failure(failure: Failure, record: RunRecord) -> None:
    _check_texts(message=failure.message, traceback=failure.traceback, output=failure.output)
    _check_counts(0, sequence=failure.sequence, frame=failure.frame)
    if failure.sequence // record.chunk not in record.chunks or failure.frame > record.length:
        raise ValueError("a failure lies outside the sequences that are stored")


def _check_chunks(chunks: Any, size: int, sequences: int) -> None:
    if not all(chunk >= 0 and chunk * size < sequences for chunk in chunks):
        raise ValueError("a chunk lies outside the sequences")


def _check_length(length: int) -> None:
    if length > _MOST_FRAMES:
        raise ValueError(f"a sequence of more than {_MOST_FRAMES:,} frames")


def _check_texts(**texts: Any) -> None:
    for name, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"its {name} is no text")


def _check_hashes(values: Iterable[Any]) -> None:
    for value in values:
        if not isinstance(value, str) or not _SHA256.fullmatch(value):
            raise ValueError("a hash in it is no SHA-256")


def _check_counts(least: int, **counts: Any) -> None:
    for name, value in counts.items():
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
            raise ValueError(f"its {name} is no whole number of {least} or more")


def _check_seconds(name: str, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not (value == 0 or LEAST_SECONDS <= value <= MOST):
        raise ValueError(f"its {name} are no time")


def _check_time(name: str, value: Any) -> None:
    _check_texts(**{name: value})
    if value:
        try:
            parse_time(value)
        except ValueError as error:
            raise ValueError(f"its {name} is no time in UTC") from error
