"""Records and parts that are not as they were stored: refused in one line, or the same numbers.

``TRACKBENCH_FUZZ=full`` tries 6,000 cases, ``TRACKBENCH_FUZZ_SEED`` other ones. With ``-s``, counts
and seed are printed.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing import Fuzzing
from hypothesis import given
from hypothesis import strategies as st

from trackbench.analysis.baseline import baseline_of
from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host.run_lengths import MaskRuns, encoded
from trackbench.metrics import METRICS, mask_iou
from trackbench.report_contract import ReportOptions
from trackbench.reports.footer import footer
from trackbench.reports.rows import render_json
from trackbench.results.chunks import Failure, FailureKind, Outcome, Truth, Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.record_file import checksum
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store

FUZZING = Fuzzing(share=30)
cases, DONE, REFUSED = FUZZING.cases, FUZZING.done, FUZZING.refused
SIZE, SEQUENCES, LENGTH, CHUNK = (50, 60), 5, 6, 3
EVERYTHING = ReportOptions(metrics=tuple(metric.id for metric in METRICS))


JSON: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 1, 2, 7.5, -0.0, 1e-320, 1e308, 10**299, 2**63]),
    st.sampled_from(["\x1b[2J", "\ud800", "..", "x" * 9_000, "paper-v1", "ope-v1", "0" * 64]),
    st.sampled_from([[], {}, [1], {"0": {}}, {"0": "0" * 64}]),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    FUZZING.tell()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two trackers on one data set, one in two versions, with failures, attributes and masks."""
    store = Store(tmp_path_factory.mktemp("outside") / "r")
    spec = DatasetSpec(
        id="d-v1", factory=None, seed=1, sequences=SEQUENCES, length=LENGTH, chunk=CHUNK
    )
    dataset = DatasetRecord.of(spec, "d" * 64, SEQUENCES, SIZE, (3, LENGTH), 0, "c" * 64)
    for tracker, version in (("a", 1), ("a", 2), ("b", 1)):
        rng = np.random.default_rng([version, *tracker.encode()])
        who = TrackerSpec(id=tracker, factory="a:b", parameters={"version": version})
        with store.writing(RunRecord.of(who, dataset, "paper-v1", CHUNK), dataset) as begun:
            run = begun
            for chunk, start in enumerate(range(0, SEQUENCES, CHUNK)):
                unit = Unit(who, spec, chunk, start, min(start + CHUNK, SEQUENCES), LENGTH)
                run = store.add(run, _outcome(unit, rng))
    return store.path


def _outcome(unit: Unit, rng: np.random.Generator) -> Outcome:
    shape = (unit.sequences, unit.length)
    true = np.random.default_rng(unit.chunk)
    truth = np.concatenate([true.uniform(2, 25, (*shape, 2)), np.full((*shape, 2), 20.0)], -1)
    boxes = truth + rng.normal(0, 3, truth.shape)
    boxes[0, 4:] = np.nan
    return Outcome(
        unit=unit,
        boxes=boxes,
        iou=mask_iou(truth, boxes, SIZE),
        truth=Truth(
            boxes=truth,
            frame_hashes=true.integers(0, 2**63, shape).astype(np.uint64),
            sizes=np.full((unit.sequences, 2), SIZE, np.int32),
            attributes={
                "visibility": true.uniform(0, 1, shape),
                "bounce": true.random(shape) > 0.5,
            },
            masks=_masks(true, shape),
        ),
        masks=_masks(rng, shape),
        by_masks=True,
        seconds=0.5,
        frames=unit.frames - 2,
        failures=(Failure(unit.start, 4, FailureKind.RAISED, "lost", "Traceback", "printed"),),
        peak_memory=2**30,
        timeout=60.0,
    )


def _masks(rng: np.random.Generator, shape: tuple[int, int]) -> MaskRuns:
    found = [encoded(rng.random(SIZE) > 0.9) for _ in range(shape[0] * shape[1])]
    lengths = np.array([len(counts) for counts in found], np.int64).reshape(shape)
    return MaskRuns.joined(lengths, np.concatenate(found))


def numbers(path: Path) -> str:
    """Return all that the commands would show, by every way that reads a record or a part."""
    results = Results.load(path)
    baseline = baseline_of(results)
    kept = [(run.tracker, run.scores.tolist(), run.failures, run.invalid) for run in baseline.runs]
    attributes = [
        {name: values.tolist() for name, values in chunk.items()}
        for run in results.runs
        for chunk in run.attributes(run.attribute_names)
    ]
    masks = [
        [hashlib.sha256(values.tobytes()).hexdigest() for values in found]
        for run in results.runs
        for sequence in range(SEQUENCES)
        for found in (run.masks(sequence), run.repeats[0].true_masks(sequence))
        if found is not None
    ]
    texts = (render_json(results, EVERYTHING), *footer(results))
    return repr((kept, attributes, masks, texts, results.left_out))


def is_refused_or_the_same(path: Path, expected: str | None, name: str) -> bool:
    """Show the numbers; return whether that was refused. What is shown must be ``expected``."""
    DONE[name] += 1
    try:
        shown = numbers(path)
    except TrackbenchError as error:
        said = str(error)
    else:
        assert expected is None or shown == expected
        return False
    REFUSED[name] += 1
    assert len(said.splitlines()) == 1
    assert len(said) < 2000
    return True


def parts(path: Path) -> list[Path]:
    """Return the parts of what is shown: of the newest versions, and of the truth."""
    results = Results.load(path)
    folders = [*(run.folder for run in results.runs), path / "datasets/d-v1"]
    return sorted(part for folder in folders for part in folder.glob("*.parquet"))


@pytest.mark.thorough
@cases(2000)
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_a_part_is_refused(stored: Path, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(parts(stored)))
    good = part.read_bytes()
    bit = data.draw(st.integers(0, 8 * len(good) - 1))
    changed = bytearray(good)
    changed[bit // 8] ^= 1 << bit % 8
    part.write_bytes(changed)
    try:
        assert is_refused_or_the_same(stored, None, "flipped bits of parts")
    finally:
        part.write_bytes(good)


@cases(1000)
@given(data=st.data())
def test_a_part_that_is_cut_grown_or_another_is_refused(stored: Path, data: st.DataObject) -> None:
    every = parts(stored)
    part = data.draw(st.sampled_from(every))
    good = part.read_bytes()
    other = data.draw(st.sampled_from([path for path in every if path != part])).read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    changed = data.draw(
        st.sampled_from(
            [good[:at], good[at:], good + other, good[:at] + other[at:], other, good[:at] + b"\0"]
        )
    )
    part.write_bytes(changed)
    try:
        assert (changed == good) != is_refused_or_the_same(stored, None, "cut and exchanged parts")
    finally:
        part.write_bytes(good)


@pytest.mark.thorough
@cases(500)
@given(data=st.data())
def test_a_forged_part_is_refused_or_read_without_a_traceback(
    stored: Path, data: st.DataObject
) -> None:
    """Whoever knows how hashes are made can change what is stored, but break nothing."""
    part = data.draw(st.sampled_from(parts(stored)))
    good = part.read_bytes()
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    records = {file: file.read_bytes() for file in stored.rglob("record.json")}
    part.write_bytes(changed)
    for file, content in records.items():
        old, new = (hashlib.sha256(bytes(b)).hexdigest() for b in (good, changed))
        record = json.loads(content.decode().replace(old, new))
        sign(file, record)
    try:
        is_refused_or_the_same(stored, None, "forged parts")
    finally:
        part.write_bytes(good)
        for file, content in records.items():
            file.write_bytes(content)


def sign(file: Path, record: Any) -> None:
    if isinstance(record, dict):
        record.pop("checksum", None)
        record["checksum"] = checksum(record)
    file.write_text(json.dumps(record))


@pytest.mark.thorough
@cases(1000)
@given(data=st.data())
def test_bytes_of_a_record_that_were_changed(stored: Path, data: st.DataObject) -> None:
    expected = numbers(stored)
    file = data.draw(st.sampled_from(sorted(stored.rglob("record.json"))))
    good = file.read_bytes()
    start = data.draw(st.integers(0, len(good) - 1))
    stop = data.draw(st.integers(start, min(start + 30, len(good))))
    changed = good[:start] + data.draw(st.binary(max_size=4)) + good[stop:]
    file.write_bytes(changed)
    try:
        is_refused_or_the_same(stored, expected, "changed bytes of records")
    finally:
        file.write_bytes(good)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield (*above, key)
        if isinstance(value[key], dict | list):
            yield from places(value[key], (*above, key))


@st.composite
def other_json(draw: Callable[..., Any], original: Any) -> Any:
    """Draw ``original`` with a value replaced, deleted, or renamed."""
    found = copy.deepcopy(original)
    *above, last = draw(st.sampled_from(sorted(places(found), key=repr)))
    parent = found
    for key in above:
        parent = parent[key]
    match draw(st.sampled_from(["replace", "replace", "replace", "delete", "rename"])):
        case "replace":
            parent[last] = draw(JSON)
        case "delete":
            del parent[last]
        case "rename":
            if isinstance(parent, dict):
                parent[draw(st.text(max_size=5))] = parent.pop(last)
    return found


@pytest.mark.thorough
@cases(500)
@given(data=st.data())
def test_values_of_a_record_that_were_changed(stored: Path, data: st.DataObject) -> None:
    expected = numbers(stored)
    file = data.draw(st.sampled_from(sorted(stored.rglob("record.json"))))
    good = file.read_bytes()
    file.write_text(json.dumps(data.draw(other_json(json.loads(good)))))
    try:
        is_refused_or_the_same(stored, expected, "changed values of records")
    finally:
        file.write_bytes(good)


@pytest.mark.thorough
@cases(1000)
@given(data=st.data())
def test_a_forged_record_is_refused_or_read_without_a_traceback(
    stored: Path, data: st.DataObject
) -> None:
    file = data.draw(st.sampled_from(sorted(stored.rglob("record.json"))))
    good = file.read_bytes()
    sign(file, data.draw(other_json(json.loads(good))))
    try:
        is_refused_or_the_same(stored, None, "forged records")
    finally:
        file.write_bytes(good)
