"""Masks in stored parts: there and back, and refused where they are not what the record says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trackbench.errors import DamagedFileError, IncompatibleResultsError
from trackbench.host.run_lengths import MaskRuns, encoded
from trackbench.results.compared import Compared
from trackbench.results.directory import Results
from trackbench.results.parquet import sha256_of
from trackbench.results.record_file import checksum
from trackbench.results.single_run import SingleRun

if TYPE_CHECKING:
    from conftest import Kit

SIZE = (100, 100)


def masks_of(chunk: int, sequences: int = 2, length: int = 4) -> MaskRuns:
    """Return masks of noise; frame 1 of each sequence has none."""
    rng = np.random.default_rng(chunk)
    found = [encoded(rng.random(SIZE) > 0.5) for _ in range(sequences * length)]
    found = [np.empty(0, np.uint32) if n % length == 1 else each for n, each in enumerate(found)]
    lengths = np.array([len(each) for each in found], np.int64).reshape(sequences, length)
    return MaskRuns.joined(lengths, np.concatenate(found))


def put(kit: Kit, *, true: bool = True, shift: int = 0) -> None:
    """Store a tracker that answers masks, on data that has some."""
    store, dataset = kit.store, kit.dataset()
    with store.writing(kit.run(), dataset) as begun:
        stored = begun
        for chunk in kit.chunks:
            masks = masks_of(chunk, len(kit.truth(chunk).boxes))
            of_truth = masks_of(chunk + 10 + shift, len(kit.truth(chunk).boxes)) if true else None
            truth = replace(kit.truth(chunk), masks=of_truth)
            made = kit.outcome(chunk, truth=truth, masks=masks, by_masks=true)
            stored = store.add(stored, made)


def single(kit: Kit) -> SingleRun:
    (run,) = Results.load(kit.path).runs
    return run.repeats[0]


def same(one: MaskRuns | None, other: MaskRuns) -> bool:
    return (
        one is not None
        and np.array_equal(one.counts, other.counts)
        and np.array_equal(one.ends, other.ends)
    )


def test_masks_come_back(kit: Kit) -> None:
    put(kit)
    run = single(kit)
    for sequence in range(5):
        chunk, row = divmod(sequence, 2)
        rows = len(kit.truth(chunk).boxes)
        assert same(run.masks(sequence), masks_of(chunk, rows).only(row, 4))
        assert same(run.true_masks(sequence), masks_of(chunk + 10, rows).only(row, 4))
    assert run.record.compared is Compared.MASKS
    assert (run.invalid, run.absent) == (0, 0)


def test_a_part_without_masks_is_as_it_was_before_there_were_any(kit: Kit) -> None:
    kit.put(kit.run())
    run = single(kit)
    assert run.masks(0) is run.true_masks(0) is None
    assert run.record.compared is Compared.BOXES
    for folder in (run.folder, run.truth_folder):
        held = json.loads((folder / "record.json").read_text())
        assert held["schema"] == 2
        assert "mask_runs" not in json.dumps(held)
        for file in folder.glob("*.parquet"):
            read = pq.read_schema(file)
            assert read.metadata[b"trackbench.schema"] == b"2"
            assert "mask_runs" not in read.names


def test_other_true_masks_are_other_data(kit: Kit) -> None:
    put(kit)
    put(kit)  # the same once more
    with pytest.raises(IncompatibleResultsError, match="sequence 0 has other masks than"):
        put(kit, shift=1)
    with pytest.raises(IncompatibleResultsError, match="sequence 0 has other masks than"):
        put(kit, true=False)


def rewritten(kit: Kit, change: Any, *, runs: int | None = None) -> SingleRun:
    """Exchange the column of masks of the first part, sign it, and return the run."""
    run = single(kit)
    file = run.folder / "part-00000.parquet"
    table = pq.read_table(file)
    at = table.schema.get_field_index("mask_runs")
    table = table.set_column(at, "mask_runs", change(table["mask_runs"].to_pylist()))
    pq.write_table(table, file)
    record = run.folder / "record.json"
    held = json.loads(record.read_text())
    held["chunks"]["0"]["sha256"] = sha256_of(file.read_bytes())
    if runs is not None:
        held["chunks"]["0"]["mask_runs"] = runs
    del held["checksum"]
    record.write_text(json.dumps({**held, "checksum": checksum(held)}))
    return single(kit)


def listed(values: list[Any]) -> pa.Array:
    return pa.array(values, pa.list_(pa.uint32()))


def test_damaged_masks_are_refused_though_they_are_signed(kit: Kit) -> None:
    put(kit)

    def shorter(values: list[Any]) -> pa.Array:
        values[0][0] += 1
        return listed(values)

    with pytest.raises(DamagedFileError, match="no masks: run lengths that are not of 10000"):
        rewritten(kit, shorter).masks(0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda values: listed([[*values[0], 1], *values[1:]]), "30056 run lengths, not 30055"),
        (lambda values: listed([values[0][:-1], *values[1:]]), "30054 run lengths, not 30055"),
        (lambda values: listed([None, *values[1:]]), "a mask is missing"),
        (lambda values: pa.array(map(str, values)), "'mask_runs' holds no numbers"),
        (lambda values: pa.array(values, pa.list_(pa.int64())), "'mask_runs' holds no numbers"),
    ],
    ids=["more", "less", "null", "text", "integers"],
)
def test_columns_that_are_not_as_the_record_says(kit: Kit, change: Any, message: str) -> None:
    put(kit)
    with pytest.raises(DamagedFileError, match=message):
        rewritten(kit, change).masks(0)


def test_a_bomb_is_not_unpacked(kit: Kit) -> None:
    """A few kilobytes that would become eight megabytes; or any number."""
    put(kit)

    def bomb(values: list[Any]) -> pa.Array:
        offsets = pa.array([0, *([2 * 10**6] * len(values))], pa.int32())
        return pa.ListArray.from_arrays(offsets, pa.array(np.zeros(2 * 10**6, np.uint32)))

    run = rewritten(kit, bomb)
    assert (run.folder / "part-00000.parquet").stat().st_size < 2**14
    with pytest.raises(DamagedFileError, match="more run lengths of masks than its record says"):
        run.masks(0)
    with pytest.raises(DamagedFileError, match="67108864"):  # and no record may say so many
        rewritten(kit, listed, runs=10**8)


def test_records_that_contradict_themselves(kit: Kit) -> None:
    put(kit)
    run = single(kit)
    record = run.folder / "record.json"
    original = record.read_text()

    def resign(change: Any) -> Path:
        held = json.loads(original)
        del held["checksum"]
        change(held)
        record.write_text(json.dumps({**held, "checksum": checksum(held)}))
        return kit.path

    with pytest.raises(DamagedFileError, match="scored by masks and has none"):
        Results.load(resign(lambda held: held["chunks"]["1"].update(mask_runs=0)))
    with pytest.raises(DamagedFileError, match="schema 4 has no"):
        Results.load(resign(lambda held: held.update(schema=4)))
