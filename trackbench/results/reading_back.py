"""What stands in a results directory: its finished runs, and what is not shown of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.places import (
    check_scored_against,
    dataset_folder,
    load_dataset,
    run_places,
)
from trackbench.results.run import Run
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_file import check_whole
from trackbench.results.single_run import SingleRun
from trackbench.results.versions import Older, Stored, chosen_versions


@dataclass(frozen=True)
class Held:
    """What a results directory holds.

    Attributes:
        runs: the finished ones, by tracker, and by the position of their data sets.
        incomplete: of runs that were begun and not finished.
        older: versions of trackers beside those of ``runs``.
    """

    runs: tuple[Run, ...]
    incomplete: tuple[RunRecord, ...]
    older: tuple[Older, ...]


def read_directory(
    path: Path,
    protocol: EvaluationProtocol | None,
    fingerprints: Mapping[str, str],
    trackers: Collection[str] | None,
) -> Held:
    """Read a results directory; the arguments and errors are those of ``Results.load``."""
    if not path.is_dir():
        there = _others(path.parent)
        raise TrackbenchError(f"there is no results directory {path}: see trackbench run{there}")
    check_whole(path)
    found = [
        Stored(place, place.load())
        for place in run_places(path)
        if (trackers is None or place.tracker in trackers)
        and (protocol is None or place.protocol == protocol.value)
    ]
    _check_one_protocol(path, found)
    chosen, older = chosen_versions(found, fingerprints)
    runs = _runs(path, [each for each in chosen if each.record.complete])
    incomplete = tuple(each.record for each in chosen if not each.record.complete)
    if not runs:
        raise _nothing(path, unfinished=bool(incomplete))
    runs.sort(key=lambda run: (run.record.tracker, run.dataset.position, run.dataset.id))
    return Held(tuple(runs), incomplete, older)


def _nothing(path: Path, *, unfinished: bool) -> TrackbenchError:
    """Return the error for a directory without a finished run."""
    if unfinished:
        return TrackbenchError(
            f"{path} holds only unfinished runs: the same trackbench run as before goes on"
        )
    return TrackbenchError(
        f"{path} holds no results: run trackers with {parameter('out', str(path))} first"
        f"{_others(path)}"
    )


def stored_protocols(path: Path) -> list[str]:
    """Return the protocols that a results directory has runs of, finished or not."""
    return sorted({place.protocol for place in run_places(path)}) if path.is_dir() else []


def _runs(path: Path, stored: list[Stored]) -> list[Run]:
    """Return finished runs, the repetitions of a tracker on a data set together."""
    repeats: dict[tuple[str, str, str], list[SingleRun]] = {}
    for each in stored:
        record = each.record
        key = record.tracker, record.dataset, record.protocol
        repeats.setdefault(key, []).append(_single(path, each))
    return [
        Run(tuple(sorted(of_one, key=lambda run: run.record.run))) for of_one in repeats.values()
    ]


def _single(path: Path, stored: Stored) -> SingleRun:
    place, record = stored.place, stored.record
    dataset = load_dataset(path, record.dataset)
    check_scored_against(record, dataset, place.folder)
    return SingleRun(place.folder, record, dataset, dataset_folder(path, record.dataset))


def _check_one_protocol(path: Path, found: list[Stored]) -> None:
    held = sorted({each.record.protocol for each in found if each.record.complete})
    for protocol in held:
        EvaluationProtocol.of(protocol)
    if len(held) > 1:
        raise TrackbenchError(
            f"{path} holds {' and '.join(held)}: choose with {parameter('protocol')}"
        )


def _others(folder: Path) -> str:
    """Return which results directories a folder has, to end a message; empty: none."""
    found = sorted(path.parent for path in folder.glob("*/runs") if path.is_dir())
    return f" (there are {', '.join(map(str, found))})" if found else ""
