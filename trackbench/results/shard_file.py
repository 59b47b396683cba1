"""``shard.json``: which shard of which plan a results directory holds, and nothing else.

Such a directory takes no other shard, no other plan and no whole run, and nothing shows its numbers
as if they were the whole's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError, parameter
from trackbench.printing.text import quoted
from trackbench.results import atomic_files
from trackbench.results.bounded import read_json
from trackbench.results.folders import is_there, make_inside
from trackbench.results.json_codec import decoded, known_schema
from trackbench.results.json_values import plain
from trackbench.results.locks import locked
from trackbench.results.record_file import checksum
from trackbench.results.shards import Shard, ShardedPlan

SHARD = "shard.json"
SCHEMA = 1

_LOCK = ".lock"
_MOST_BYTES = 64 * 2**20
_MOST_RUNS = 10**7
_WHAT = "the description of a shard"
_CHECKSUM = "checksum"


@dataclass(frozen=True)
class ShardFile:
    """What ``shard.json`` says.

    Attributes:
        shard: which.
        plan: of all shards.
    """

    shard: Shard
    plan: ShardedPlan
    schema: int = SCHEMA


def read_shard(path: Path) -> ShardFile | None:
    """Return what a results directory says of its shard; None: it holds no shard.

    Raises:
        DamagedFileError: the file is damaged, was changed, or is from a newer schema.
    """
    file = path / SHARD
    if not is_there(file):
        return None
    found = read_json(file, _MOST_BYTES, _WHAT, links=False)
    known_schema(found, SCHEMA, file, _WHAT)
    refused = f"{file} is not {_WHAT}"
    if found.pop(_CHECKSUM, None) != checksum(found):
        raise DamagedFileError(f"{refused}: it was changed after it was written")
    try:
        held = decoded(ShardFile, found, whole=True)
        if held.shard.number > held.shard.of:
            raise ValueError(f"there is no {held.shard.words}")
        _check_size(held.plan)
    except ValueError as error:
        raise DamagedFileError(f"{refused}: {error}") from error
    return held


def _check_size(plan: ShardedPlan) -> None:
    """Refuse a plan that nobody has: it is gone through run by run."""
    if len(plan.trackers) * len(plan.datasets) * plan.runs > _MOST_RUNS:
        raise ValueError(f"more than {_MOST_RUNS:,} runs")
    for dataset in plan.datasets:
        if dataset.frames_each and len(dataset.frames_each) != dataset.sequences:
            raise ValueError(f"{quoted(dataset.id)} has other numbers of frames than it says")


def check_whole(path: Path) -> None:
    """Refuse a directory that holds a shard, where the whole is wanted.

    Raises:
        TrackbenchError: it does.
        DamagedFileError: as :func:`read_shard`.
    """
    held = read_shard(path)
    if held is not None:
        raise TrackbenchError(alone(path, held.shard))


def alone(path: Path, shard: Shard) -> str:
    """Say that a shard is not the whole."""
    return (
        f"{path} holds {shard.words} alone, not the whole: put all of them together with "
        "trackbench merge, and use what that writes"
    )


def check_takes(path: Path, shard: Shard | None) -> None:
    """Make sure, before anything is computed, that a directory may hold a shard, or a whole run.

    Raises:
        IncompatibleResultsError: it holds another shard, or the other of the two.
        DamagedFileError: as :func:`read_shard`.
    """
    held = read_shard(path)
    if held is None and shard is not None and _has_results(path):
        raise _refused(path, "results of a whole run", shard)
    if held is not None and held.shard != shard:
        raise _refused(path, held.shard.words, shard)


def claim(path: Path, wanted: ShardFile) -> None:
    """Make a directory that of a shard; one that is it already may be gone on with.

    Raises:
        IncompatibleResultsError: it holds something else, or the shard of another plan.
        DamagedFileError: as :func:`read_shard`.
    """
    make_inside(path)
    with locked(path / _LOCK):
        check_takes(path, wanted.shard)
        held = read_shard(path)
        if held is None:
            text = {**plain(wanted), _CHECKSUM: checksum(plain(wanted))}
            atomic_files.write_text(path / SHARD, json.dumps(text, indent=1, sort_keys=True) + "\n")
        elif (other := held.plan.difference_from(wanted.plan)) is not None:
            raise IncompatibleResultsError(
                f"{path} holds {held.shard.words} of another plan ({other}): choose another "
                f"{parameter('out')}"
            )


def _has_results(path: Path) -> bool:
    return any(is_there(path / name) for name in ("runs", "datasets"))


def _refused(path: Path, what: str, wanted: Shard | None) -> IncompatibleResultsError:
    instead = "a whole run" if wanted is None else wanted.words
    return IncompatibleResultsError(
        f"{path} holds {what}, and takes nothing of {instead}: choose another {parameter('out')}"
    )
