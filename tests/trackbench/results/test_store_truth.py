"""Truth is stored once and compared ever after: frames, boxes, sizes, attributes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from trackbench.errors import DamagedFileError, IncompatibleResultsError
from trackbench.reports.footer import footer
from trackbench.results.chunks import Truth
from trackbench.results.directory import Results

Kit = Any
Resign = Callable[..., None]


def other_frame(truth: Truth) -> Truth:
    hashes = truth.frame_hashes.copy()
    hashes[1, 2] += 1
    return replace(truth, frame_hashes=hashes)


def other_size(truth: Truth) -> Truth:
    sizes = truth.sizes.copy()
    sizes[1, 1] += 1
    return replace(truth, sizes=sizes)


def other_box(truth: Truth) -> Truth:
    boxes = truth.boxes.copy()
    boxes[1, 3, 0] = np.nextafter(boxes[1, 3, 0], 0)
    return replace(truth, boxes=boxes)


def attribute(name: str, change: Callable[[Any], Any]) -> Callable[[Truth], Truth]:
    def call(truth: Truth) -> Truth:
        return replace(
            truth, attributes={**truth.attributes, name: change(truth.attributes.get(name))}
        )

    return call


def at_1_0(value: float) -> Callable[[Any], Any]:
    def call(values: Any) -> Any:
        changed = values.copy()
        changed[1, 0] = value
        return changed

    return call


def without_speed(truth: Truth) -> Truth:
    return replace(truth, attributes={"bounce": truth.attributes["bounce"]})


CHANGES = {
    "frames": (other_frame, "sequence 3 has other frames than were stored"),
    "sizes": (other_size, "sequence 3 has other frames than were stored"),
    "boxes": (other_box, "sequence 3 has other boxes than were stored"),
    "value": (attribute("speed", at_1_0(0.5)), "sequence 3 has other attribute speed than"),
    "nan": (attribute("speed", at_1_0(np.nan)), "sequence 3 has other attribute speed than"),
    "missing": (without_speed, "sequence 2 has other attribute speed than"),
    "new": (attribute("size", lambda _: np.zeros((2, 4))), "sequence 2 has other attribute size"),
    "dtype": (
        attribute("speed", lambda values: values.astype(np.float32)),
        r"sequence 2 has other attribute speed \(float32, not float64\) than",
    ),
    "kind": (
        attribute("bounce", lambda values: values.astype(np.uint8)),
        r"sequence 2 has other attribute bounce \(uint8, not bool\) than",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_truth_that_is_not_what_is_stored_is_refused_by_name(kit: Kit, change: str) -> None:
    kit.put(kit.run("a"))
    part = kit.path / "datasets/d-v1/part-00001.parquet"
    held = part.read_bytes()
    changed, said = CHANGES[change]
    store = kit.store
    with store.writing(kit.run("b"), kit.dataset()) as begun:
        stored = store.add(begun, kit.outcome(0, "b"))
        with pytest.raises(IncompatibleResultsError, match=f"d-v1 .*{said}.* with fresh=True"):
            store.add(stored, kit.outcome(1, "b", truth=changed(kit.truth(1))))
    assert part.read_bytes() == held
    with pytest.raises(IncompatibleResultsError, match=said):
        kit.store.compare(kit.dataset(), 1, changed(kit.truth(1)))


def test_the_first_sequence_that_differs_is_named(kit: Kit) -> None:
    kit.put(kit.run("a"))
    truth = other_box(kit.truth(1))
    hashes = truth.frame_hashes.copy()
    hashes[0, 3] += 1
    with pytest.raises(IncompatibleResultsError, match="sequence 2 has other frames"):
        kit.store.compare(kit.dataset(), 1, replace(truth, frame_hashes=hashes))


def test_equal_truth_with_nan_and_in_another_byte_order_is_equal(kit: Kit) -> None:
    kit.put(kit.run("a"))
    truth = kit.truth(0)
    assert np.isnan(truth.attributes["speed"]).any()
    swapped = {n: v.astype(v.dtype.newbyteorder(">")) for n, v in truth.attributes.items()}
    kit.store.compare(kit.dataset(), 0, replace(truth, attributes=swapped))


def test_zeros_of_another_sign_are_another_truth(kit: Kit) -> None:
    zero = replace(kit.truth(0), attributes={"speed": np.zeros((2, 4))})
    store = kit.store
    with store.writing(kit.run("a"), kit.dataset()) as begun:
        store.add(begun, kit.outcome(0, truth=zero))
    negative = replace(zero, attributes={"speed": -np.zeros((2, 4))})
    with pytest.raises(IncompatibleResultsError, match="sequence 0 has other attribute speed"):
        kit.store.compare(kit.dataset(), 0, negative)


def test_fresh_replaces_truth_once_and_what_was_scored_against_the_old_is_refused(kit: Kit) -> None:
    for tracker in "abc":
        kit.put(kit.run(tracker))
    store = kit.store
    for tracker in "ab":
        with store.writing(kit.run(tracker), kit.dataset(), fresh=True) as begun:
            stored = begun
            for chunk in kit.chunks:
                truth = other_box(kit.truth(chunk)) if chunk == 1 else kit.truth(chunk)
                stored = store.add(stored, kit.outcome(chunk, tracker, truth=truth))
            # a data set that draws without a seed makes another truth each time
            with pytest.raises(IncompatibleResultsError, match="sequence 3 has other boxes"):
                store.add(stored, kit.outcome(1, tracker))
    assert Results.load(kit.path, trackers=["a", "b"]).trackers == ["a", "b"]
    with pytest.raises(
        IncompatibleResultsError,
        match=r"c on d-v1 was scored against other truth .*part 1.* fresh=True",
    ):
        Results.load(kit.path)
    with pytest.raises(IncompatibleResultsError, match="c on d-v1 was scored against other"):
        kit.store.stored(kit.run("c"))


def test_chunks_made_by_other_code_are_to_be_compared_until_they_were(kit: Kit) -> None:
    def made_by(code: str | None) -> Any:
        return kit.dataset(code_sha256=code)

    store = kit.store
    assert store.chunks_to_compare(made_by("1")) == []
    with store.writing(kit.run(), made_by("1")) as begun:
        stored = begun
        for chunk in kit.chunks:
            stored = store.add(stored, kit.outcome(chunk))
    assert kit.store.chunks_to_compare(made_by("1")) == []
    assert kit.store.chunks_to_compare(made_by(None)) == [0, 1, 2]
    assert kit.store.chunks_to_compare(made_by("2")) == [0, 1, 2]
    kit.store.compare(made_by("2"), 1, kit.truth(1))
    kit.store.note(made_by("2"))  # interrupted here: the rest is compared the next time
    assert kit.store.chunks_to_compare(made_by("2")) == [0, 2]
    with pytest.raises(IncompatibleResultsError):
        kit.store.compare(made_by("2"), 2, replace(kit.truth(2), attributes={}))
    assert kit.store.chunks_to_compare(made_by("2")) == [0, 2]
    store = kit.store
    with store.writing(kit.run("b"), made_by("2")) as begun:
        store.add(begun, kit.outcome(0, "b"))
    assert kit.store.chunks_to_compare(made_by("2")) == [2]


def test_code_that_is_not_known_either_time_is_not_compared(kit: Kit) -> None:
    kit.put(kit.run())
    assert kit.store.chunks_to_compare(kit.dataset()) == []
    assert kit.store.chunks_to_compare(kit.dataset(code_sha256="1")) == [0, 1, 2]


def test_damaged_truth_is_mended_only_by_what_it_was(kit: Kit) -> None:
    kit.put(kit.run())
    part = kit.path / "datasets/d-v1/part-00001.parquet"
    good = part.read_bytes()
    part.write_bytes(b"junk")
    store = kit.store
    with store.writing(kit.run("b"), kit.dataset()) as begun:
        with pytest.raises(DamagedFileError, match=r"part-00001.* run it again with fresh=True"):
            store.add(begun, kit.outcome(1, "b", truth=other_box(kit.truth(1))))
        assert part.read_bytes() == b"junk"
        store.add(begun, kit.outcome(1, "b"))
    assert part.read_bytes() == good


def test_a_truth_part_without_a_record_is_nobodys(kit: Kit) -> None:
    """A run was killed between writing the part and naming it."""
    kit.put(kit.run(), [0])
    folder = kit.path / "datasets/d-v1"
    (folder / "part-00001.parquet").write_bytes((folder / "part-00000.parquet").read_bytes())
    (folder / ".part-00002.parquet.x1y2").write_bytes(b"half")
    kit.put(kit.run(), [1, 2])
    (run,) = Results.load(kit.path).runs
    assert [len(chunk.truth) for chunk in run.trajectories()] == [2, 2, 1]
    assert sorted(path.name for path in folder.iterdir()) == [
        *(f"part-0000{n}.parquet" for n in range(3)),
        "record.json",
    ]


# --- results of schema 1 ---


def as_schema_1(kit: Kit) -> None:
    """Make what is stored into what schema 1 stored, which knew no hashes, sizes or versions."""
    for record in kit.path.glob("datasets/*/record.json"):
        content = json.loads(record.read_text())
        for name in ("chunk", "code_sha256", "parts", "made_by", "replaced", "checksum"):
            del content[name]
        record.write_text(json.dumps(content | {"schema": 1}))
    for record in kit.path.glob("runs/*/*/*/*/record.json"):
        content = json.loads(record.read_text())
        for name in ("unhashed", "started", "last_run", "checksum"):
            del content[name]
        for chunk in content["chunks"].values():
            for name in chunk.keys() - {"seconds", "frames"}:
                del chunk[name]
        for part in record.parent.glob("part-*"):
            part.rename(record.parents[1] / part.name)
        (record.parents[1] / "record.json").write_text(json.dumps(content | {"schema": 1}))
        record.unlink()
        for left in record.parent.iterdir():
            left.unlink()
        record.parent.rmdir()
    for part in kit.path.rglob("*.parquet"):
        table = pq.read_table(part)
        kept = [n for n in table.column_names if n not in {"frame_hash", "height", "width"}]
        old = table.select(kept).replace_schema_metadata({"trackbench.schema": "1"})
        pq.write_table(old, part)


def test_schema_1_is_read_shown_and_counts_as_stored(kit: Kit) -> None:
    run = kit.put(kit.run())
    table = Results.load(kit.path).table(every=True)
    as_schema_1(kit)
    found = Results.load(kit.path)
    shown = found.table(every=True)
    assert shown.drop(columns="peak_memory").equals(table.drop(columns="peak_memory"))
    assert found.runs[0].record.legacy
    assert "Stored before hashes were kept, so not held to any: a on d-v1." in footer(found)
    stored = kit.store.stored(kit.run())
    assert stored is not None
    assert stored.chunks_to_run(retry_failed=False, timeout=60.0, memory=None) == []
    assert kit.store.stored(kit.run(version=2)) is None
    kit.put(kit.run(version=2), shift=9.0)
    assert [o.fingerprint for o in Results.load(kit.path).older] == [run.fingerprint]
    kit.store.asked(kit.run())
    assert Results.load(kit.path).table(every=True)["mean"].tolist() == table["mean"].tolist()
    assert [o.last_run != "" for o in Results.load(kit.path).older] == [True]


def test_schema_1_truth_is_compared_in_what_it_has_and_gains_the_rest(kit: Kit) -> None:
    kit.put(kit.run())
    as_schema_1(kit)
    part = kit.path / "datasets/d-v1/part-00001.parquet"
    old = part.read_bytes()
    store = kit.store
    with store.writing(kit.run("b"), kit.dataset(code_sha256="1")) as begun:
        with pytest.raises(IncompatibleResultsError, match="sequence 3 has other boxes"):
            store.add(begun, kit.outcome(1, "b", truth=other_box(kit.truth(1))))
        assert part.read_bytes() == old
        stored = store.add(begun, kit.outcome(1, "b", truth=other_frame(kit.truth(1))))
        assert pq.read_table(part)["frame_hash"].to_pylist()[6] == 100 + 6 + 1
        with pytest.raises(IncompatibleResultsError, match="sequence 3 has other frames"):
            store.add(stored, kit.outcome(1, "b"))
        for chunk in (0, 2):
            stored = store.add(stored, kit.outcome(chunk, "b"))
    results = Results.load(kit.path)
    assert results.trackers == ["a", "b"]
    for run in results.runs:
        assert [len(chunk.truth) for chunk in run.trajectories()] == [2, 2, 1]
    assert kit.store.chunks_to_compare(kit.dataset(code_sha256="1")) == []


def test_schema_1_truth_is_compared_where_all_is_stored(kit: Kit) -> None:
    kit.put(kit.run())
    as_schema_1(kit)
    record = kit.dataset(code_sha256="1")
    assert kit.store.chunks_to_compare(record) == [0, 1, 2]
    with pytest.raises(IncompatibleResultsError, match="sequence 3 has other boxes"):
        kit.store.compare(record, 1, other_box(kit.truth(1)))
    for chunk in kit.chunks:
        kit.store.compare(record, chunk, kit.truth(chunk))
    assert kit.store.chunks_to_compare(record) == []
    assert Results.load(kit.path).trackers == ["a"]


def test_an_unfinished_run_of_schema_1_is_run_anew_beside_it(kit: Kit) -> None:
    kit.put(kit.run(), [0, 1], shift=3.0)
    as_schema_1(kit)
    store = kit.store
    with store.writing(kit.run(), kit.dataset()) as begun:
        chunks = begun.chunks_to_run(retry_failed=False, timeout=60.0, memory=None)
        assert chunks == [0, 1, 2]
        stored = begun
        for chunk in chunks:
            stored = store.add(stored, kit.outcome(chunk))
    results = Results.load(kit.path)
    (run,) = results.runs
    assert run.folder.name == run.record.fingerprint[:16]
    assert run.iou[0, 0] == pytest.approx(49 / 51)
    assert not results.incomplete
    assert not results.older


def test_a_schema_1_run_whose_truth_was_replaced_is_refused(kit: Kit) -> None:
    kit.put(kit.run())
    as_schema_1(kit)
    store = kit.store
    with store.writing(kit.run("b"), kit.dataset(), fresh=True) as begun:
        stored = begun
        for chunk in kit.chunks:
            made = kit.truth(chunk)
            truth = other_box(made) if len(made.boxes) > 1 else made
            stored = store.add(stored, kit.outcome(chunk, "b", truth=truth))
    with pytest.raises(IncompatibleResultsError, match="a on d-v1 was scored against other truth"):
        Results.load(kit.path)


def test_a_record_of_schema_1_that_knows_schema_2_is_none(kit: Kit, tmp_path: Path) -> None:
    """Otherwise changing one digit would make its hashes go unchecked."""
    kit.put(kit.run())
    for record in tmp_path.rglob("record.json"):
        good = record.read_text()
        record.write_text(good.replace('"schema": 2', '"schema": 1'))
        with pytest.raises(DamagedFileError, match="is not a record of results"):
            Results.load(kit.path)
        record.write_text(good)
    assert Results.load(kit.path).trackers == ["a"]
