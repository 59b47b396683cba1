"""Records as JSON files, each with the number of its schema and a checksum of itself.

A newer schema is refused; an older one is brought up to date by the functions in
:data:`MIGRATIONS`. A record whose checksum does not hold was changed after it was written, and is
refused: who shows a number must be able to say where it is from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from trackbench.errors import DamagedFileError, brief
from trackbench.results import atomic_files
from trackbench.results.bounded import parse_json, read_text
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there
from trackbench.results.json_codec import decoded, known_schema
from trackbench.results.json_text import indented
from trackbench.results.json_values import plain
from trackbench.results.record_checks import check
from trackbench.results.run_record import RunRecord
from trackbench.results.schemas import (
    BEFORE_RUNS,
    SCHEMA,
    WITH_LENGTHS,
    WITH_MASKS,
    WITH_RUNS,
    WITH_STARTS,
)

RECORD = "record.json"

MOST_BYTES = 64 * 2**20
"""That a record may have; with thousands of failures, whose output is cut, it stays below."""

_WHAT = "a record of results"
_CHECKSUM = "checksum"

RecordT = TypeVar("RecordT", DatasetRecord, RunRecord)


def save(record: DatasetRecord | RunRecord, path: Path) -> None:
    """Write a record as JSON, atomically; in the oldest schema that says all of it."""
    held = _plain(record)
    for needed, added, before in (
        (_needs_7, _ADDED_BY_7, WITH_STARTS),
        (_needs_6, _ADDED_BY_6, WITH_MASKS),
        (_needs_5, _ADDED_BY_5, WITH_LENGTHS),
        (_needs_4, _ADDED_BY_4, WITH_RUNS),
    ):
        if needed(record):
            break
        _leave_out(added, held)
        held["schema"] = before
    if not held.get("variables"):
        held.pop("variables", None)
    if not held.get("run"):
        held.pop("run", None)
        if held["schema"] == WITH_RUNS:
            held["schema"] = BEFORE_RUNS
    text = indented({**held, _CHECKSUM: checksum(held)})
    atomic_files.write_text(path, text + "\n")


def _plain(record: DatasetRecord | RunRecord) -> dict[str, Any]:
    if isinstance(record, DatasetRecord):
        held: dict[str, Any] = plain(record)
        return held
    held = plain(replace(record, chunks={}))
    # Flat, and many: all of them are written anew with each that is stored.
    held["chunks"] = {str(number): dict(vars(chunk)) for number, chunk in record.chunks.items()}
    return held


def load(kind: type[RecordT], path: Path) -> RecordT:
    """Read a record.

    Raises:
        DamagedFileError: it is no JSON of the kind, was changed, or follows a newer schema.
    """
    refused = f"{path} is not {_WHAT}"
    if not is_there(path):
        raise DamagedFileError(f"{refused}: there is no such file")
    text = read_text(path, MOST_BYTES, _WHAT, links=False)
    found = parse_json(text, refused)
    number = known_schema(found, SCHEMA, path, _WHAT)
    if number > 1 and found.pop(_CHECKSUM, None) != checksum(found):
        raise DamagedFileError(f"{refused}: it was changed after it was written")
    try:
        for older in range(number, SCHEMA):
            found = MIGRATIONS[older](found)
        record = _decoded(kind, found)
        check(record)
    # Whatever the file holds in the place of what it should, the message is one line.
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise DamagedFileError(f"{refused}: {brief(error)}") from error
    return record


def checksum(held: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's JSON without its checksum, however it is laid out."""
    text = json.dumps(held, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _with_what_schema_2_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew no hashes of parts, no code of data sets, no times and no limits."""
    if "chunks" in found:
        added: dict[str, Any] = {"unhashed": None, "started": "", "last_run": ""}
        if any(set(chunk) != {"seconds", "frames"} for chunk in found["chunks"].values()):
            raise ValueError("a chunk is not as schema 1 writes it")
    else:
        added = {"chunk": None, "code_sha256": None, "parts": {}, "made_by": {}, "replaced": False}
    if clash := added.keys() & found.keys():
        raise ValueError(f"schema 1 has no {min(clash)}")
    return {**found, **added, "schema": 2}


def _with_what_schema_3_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 2 knew no repeated runs."""
    if "run" in found:
        raise ValueError("schema 2 has no run")
    return {**found, "schema": 3}


_ADDED_BY_4 = frozenset({"frames_each", "full", "unscored", "names", "imported", "before_frames"})
_ADDED_BY_5 = frozenset({"mask_runs", "by_masks"})
_ADDED_BY_6 = frozenset({"anchored"})
_ADDED_BY_7 = frozenset({"start_noise"})


def _needs_7(record: DatasetRecord | RunRecord) -> bool:
    """Whether first boxes are given with an error."""
    return isinstance(record, DatasetRecord) and record.start_noise is not None


def _needs_6(record: DatasetRecord | RunRecord) -> bool:
    """Whether its sequences are runs from anchors."""
    return isinstance(record, DatasetRecord) and record.anchored is not None


def _needs_5(record: DatasetRecord | RunRecord) -> bool:
    """Whether there are masks."""
    if isinstance(record, DatasetRecord):
        return bool(record.mask_runs)
    return any(chunk.mask_runs for chunk in record.chunks.values())


def _needs_4(record: DatasetRecord | RunRecord) -> bool:
    """Whether sequences differ or have names, frames have no score, or it was imported."""
    if isinstance(record, DatasetRecord):
        return bool(record.frames_each or record.names or record.before_frames)
    unscored = any(chunk.unscored for chunk in record.chunks.values())
    return bool(record.frames_each) or unscored or record.imported is not None


def _leave_out(names: Collection[str], held: dict[str, Any]) -> None:
    for each in (held, *held.get("chunks", {}).values()):
        for name in names:
            each.pop(name, None)


def _with_what_schema_4_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 3 knew no sequences that differ in their frames, no frames without a score, and no
    results of other programs.
    """
    for each in (found, *found.get("chunks", {}).values()):
        if clash := _ADDED_BY_4 & each.keys():
            raise ValueError(f"schema 3 has no {min(clash)}")
    return {**found, "schema": 4}


def _with_what_schema_5_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 4 knew no masks."""
    for each in (found, *found.get("chunks", {}).values()):
        if clash := _ADDED_BY_5 & each.keys():
            raise ValueError(f"schema 4 has no {min(clash)}")
    return {**found, "schema": 5}


def _with_what_schema_6_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 5 knew no runs from several starts."""
    if "anchored" in found:
        raise ValueError("schema 5 has no anchored")
    return {**found, "schema": 6}


def _with_what_schema_7_added(found: dict[str, Any]) -> dict[str, Any]:
    """Schema 6 knew no noise in the start."""
    if "start_noise" in found:
        raise ValueError("schema 6 has no start_noise")
    return {**found, "schema": 7}


MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: _with_what_schema_2_added,
    2: _with_what_schema_3_added,
    3: _with_what_schema_4_added,
    4: _with_what_schema_5_added,
    5: _with_what_schema_6_added,
    6: _with_what_schema_7_added,
}
"""Schema number -> the function that makes its JSON into that of the next number."""


def _decoded(kind: type[RecordT], found: dict[str, Any]) -> RecordT:
    for name in _NEVER_LEFT_OUT[kind]:
        if name not in found:
            raise ValueError(f"it lacks `{name}`")
    return decoded(kind, found)


_NEVER_LEFT_OUT: Mapping[type, tuple[str, ...]] = {
    RunRecord: ("chunks", "failures"),
    DatasetRecord: ("parts", "made_by"),
}
"""What says that there is nothing, if there is nothing: it is not taken for left out."""
