"""All files of a tracker's results, read and held to the data set before anything is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.exchange.name_matching import matched_names, names_of
from trackbench.exchange.noticing import Remark
from trackbench.exchange.reading import Reading, ReadRun, read_run
from trackbench.exchange.result_files import TrackerFiles
from trackbench.exchange.result_layouts import ResultLayout
from trackbench.plugins.identity import json_sha256
from trackbench.printing.amounts import counted
from trackbench.results.extent import Extent
from trackbench.results.repeats import ENOUGH_ALIKE
from trackbench.results.run_record import MOST_RUNS

_SHOWN = 5


@dataclass(eq=False)
class ReadTracker:
    """What the files of a tracker say about the sequences of a data set.

    Attributes:
        id: of the tracker.
        layout: who wrote the files.
        fingerprint: of their content and how they were read.
        files: of boxes.
        runs: by number: index of the sequence -> what was read.
        missing: names of sequences of which there is nothing, in some run or in all.
        other_spelling: name in the files -> name in the data set, where they differ.
        unknown: names that the data set does not have.
        said: remark -> names of sequences, with details.
    """

    id: str
    layout: ResultLayout
    fingerprint: str
    files: int
    runs: list[dict[int, ReadRun]]
    missing: tuple[str, ...]
    other_spelling: Mapping[str, str]
    unknown: tuple[str, ...]
    said: dict[Remark, list[str]] = field(default_factory=dict)

    @property
    def timed(self) -> int:
        """Sequences of run 0 whose files say how long they took."""
        return sum(run.timed > 0 for run in self.runs[0].values())

    @property
    def fps(self) -> float:
        """Frames/s by the files of times, over all runs; NaN: there are none."""
        every = [run for runs in self.runs for run in runs.values()]
        seconds = sum(run.seconds for run in every)
        return sum(run.timed for run in every) / seconds if seconds else math.nan


def read_tracker(
    files: TrackerFiles, id_: str, spec: DatasetSpec, extent: Extent, reading: Reading
) -> ReadTracker:
    """Read all files of a tracker, which is to have an id.

    Raises:
        TrackbenchError: a file is wrong, of another length than its sequence, of a sequence that
            the data set does not have, or one is missing; see :class:`Reading` for what is allowed.
    """
    own, name = names_of(spec, extent.sequences), files.name
    try:
        meant, unknown = matched_names(spec, extent.sequences, list(files.sequences))
    except TrackbenchError as error:
        raise TrackbenchError(f"{name}: {error}") from error
    _check_there(name, spec, own, meant, unknown, reading)
    hashes: list[tuple[int, int, str, str]] = []
    said: dict[Remark, list[str]] = {}
    by_sequence: dict[int, dict[int, ReadRun]] = {}
    layouts: set[ResultLayout] = set()
    for given, index in sorted(meant.items(), key=lambda each: each[1]):
        of_one = files.sequences[given]
        for number, run_files in of_one.items():
            want, whole = extent.frames_of(index), spec.frames_of(index)
            run, found = read_run(run_files, want, whole, files.nested, reading)
            if whole != want and found.prefix:
                said.setdefault(Remark.PREFIX, []).append(own[index])
            layouts.add(found.layout)
            hashes += [(number, index, kind, sha256) for kind, sha256 in found.hashes]
            by_sequence.setdefault(index, {})[number] = run
    runs, missing = _as_runs(name, by_sequence, own, said, reading)
    decides = {
        "imported": 1,
        "files": sorted(hashes),
        "origin": reading.origin,
        "corners": reading.corners,
    }
    return ReadTracker(
        id=id_,
        layout=reading.layout or _likeliest(layouts),
        fingerprint=json_sha256(decides),
        files=files.files,
        runs=runs,
        missing=missing,
        other_spelling={given: own[i] for given, i in meant.items() if given != own[i]},
        unknown=tuple(unknown),
        said=said,
    )


def _check_there(
    name: str,
    spec: DatasetSpec,
    own: list[str],
    meant: Mapping[str, int],
    unknown: list[str],
    reading: Reading,
) -> None:
    if unknown and (not reading.partial or not meant):
        raise TrackbenchError(
            f"{name} has results of {listed(unknown)}, which {spec.id} does not have: name the "
            f"data set they are of{_or_partial(meant)}"
        )
    missing = [own[index] for index in sorted(set(range(len(own))) - set(meant.values()))]
    if missing and not reading.partial:
        raise TrackbenchError(
            f"{name} has no results of {counted(len(missing), 'sequence')} of {len(own):,}: "
            f"{listed(missing)}; import what there is with {parameter('partial', True)}"
        )


def _or_partial(meant: Mapping[str, int]) -> str:
    return f", or leave them out with {parameter('partial', True)}" if meant else ""


def listed(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - _SHOWN:,} more" if len(every) > _SHOWN else ""
    return f"{', '.join(every[:_SHOWN])}{more}"


def _likeliest(layouts: set[ResultLayout]) -> ResultLayout:
    return next(each for each in ResultLayout if each in layouts)


def _as_runs(
    name: str,
    by_sequence: Mapping[int, dict[int, ReadRun]],
    own: list[str],
    said: dict[Remark, list[str]],
    reading: Reading,
) -> tuple[list[dict[int, ReadRun]], tuple[str, ...]]:
    """Return the sequences of each run, and the names of those that are not in all of them.

    A run is of the files of one number, whichever numbers there are.
    """
    numbers = sorted({number for runs in by_sequence.values() for number in runs})
    if len(numbers) > MOST_RUNS:
        raise TrackbenchError(f"{name} has more than {MOST_RUNS} repetitions")
    short = []
    for index, runs in by_sequence.items():
        if len(runs) == len(numbers):
            continue
        lacking = numbers[len(runs) :]
        first_ones = sorted(runs) == numbers[: len(runs)]
        if len(runs) >= ENOUGH_ALIKE and first_ones and _alike(list(runs.values())):
            said.setdefault(Remark.FILLED, []).append(
                f"{own[index]} ({len(runs)} of {len(numbers)})"
            )
            runs.update(dict.fromkeys(lacking, runs[numbers[0]]))
        else:
            short.append(own[index])
    if short and not reading.partial:
        raise TrackbenchError(
            f"{name} has {len(numbers)} repetitions, but less of {listed(short)}: import what "
            f"there is with {parameter('partial', True)}"
        )
    numbered = [
        {index: runs[number] for index, runs in by_sequence.items() if number in runs}
        for number in numbers
    ]
    missing = {own[i] for i in range(len(own)) if len(by_sequence.get(i, ())) < len(numbers)}
    return numbered, tuple(each for each in own if each in missing)


def _alike(runs: list[ReadRun]) -> bool:
    first = runs[0].boxes
    return all(np.array_equal(run.boxes, first, equal_nan=True) for run in runs)
