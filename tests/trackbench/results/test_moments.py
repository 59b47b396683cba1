"""When runs are asked for, and what finding that out costs where there are many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stored import MadeUp, store_run

from trackbench.contracts import TrackerSpec
from trackbench.results import places
from trackbench.results.record_file import RECORD, load, save
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store

TRACKER = TrackerSpec(id="static", factory="trackbench.trackers.static:Static")


def dataset(number: int) -> MadeUp:
    truth = np.tile([10.0, 10.0, 20.0, 20.0], (1, 2, 1))
    return MadeUp(f"made{number}-v1", f"{number:064x}", number, truth, chunk=1)


def stored(path: Path, count: int) -> list[RunRecord]:
    """Store a tracker on so many data sets; return what a run asks for."""
    made = [dataset(number) for number in range(count)]
    for each in made:
        store_run(path, each, TRACKER, each.truth)
    return [RunRecord.of(TRACKER, each.record, "paper-v1", each.chunk) for each in made]


def test_asking_for_all_that_is_stored_reads_each_record_a_few_times_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def noted(kind: Any, path: Path) -> Any:
        read.append(path)
        return load(kind, path)

    counts = {}
    for count in (3, 6, 12):
        runs = stored(tmp_path / str(count), count)
        monkeypatch.setattr(places, "load", noted)
        read.clear()
        store = Store(tmp_path / str(count))
        for run in runs:
            assert store.stored(run) is not None
            store.asked(run)
        monkeypatch.undo()
        counts[count] = len(read)
    assert counts[3] > 0
    assert counts[12] - counts[6] == 2 * (counts[6] - counts[3])  # a straight line


def test_what_another_store_was_asked_for_meanwhile_is_older_though_its_clock_is_ahead(
    tmp_path: Path,
) -> None:
    first, second = stored(tmp_path, 2)
    store = Store(tmp_path)
    store.asked(first)
    ahead = replace(second, fingerprint="f" * 64, last_run="2999-01-01T00:00:00.000000Z")
    place = places.run_place(tmp_path, ahead)
    place.folder.mkdir()
    save(ahead, place.folder / RECORD)
    store.asked(second)
    asked = places.run_place(tmp_path, second).load().last_run
    assert asked > ahead.last_run
    store.asked(first)  # and so it is on every data set after that
    assert places.run_place(tmp_path, first).load().last_run > asked
