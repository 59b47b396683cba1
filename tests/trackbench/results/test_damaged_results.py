"""Stored results that are not as they were stored: every command refuses, in one line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trackbench.cli.codes import ExitCode
from trackbench.results.record_file import checksum

StoreIou = Callable[..., Path]
Resign = Callable[..., None]
Commands = Callable[..., Any]

DATASET = "mnist-single-same-v1"
COMMANDS = (
    ("report", "r"),
    ("report", "r", "-f", "csv"),
    ("report", "r", "-f", "html"),
    ("compare", "a", "b", "--results", "r"),
    ("check", "r", "--baseline", "b.json"),
    ("baseline", "r", "--out", "again.json"),
)


@pytest.fixture
def stored(store_iou: StoreIou, commands: Commands) -> Path:
    """Two trackers on sequences of several chunks, and a baseline of them."""
    draw = np.random.default_rng(0)
    path = store_iou("r", {t: {DATASET: draw.random((120, 4))} for t in "ab"})
    assert commands("baseline", "r", "--out", "b.json").code == 0
    return path


def part(path: Path, number: int) -> Path:
    (run,) = path.glob(f"runs/a/{DATASET}/*/[0-9a-f]*")
    return sorted(run.glob("part-*.parquet"))[number]


def rewrite(file: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    table = pq.read_table(file)
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), file)


def with_iou(values: list[Any]) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        column = [*values, *table["iou"].to_pylist()[len(values) :]]
        return table.set_column(table.schema.get_field_index("iou"), "iou", pa.array(column))

    return change


def as_text(table: pa.Table) -> pa.Table:
    column = table["iou"].cast(pa.string())
    return table.set_column(table.schema.get_field_index("iou"), "iou", column)


@pytest.mark.thorough
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:4]))
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_iou([np.nan]), "holds an IoU that is no number from 0 to 1"),
        (with_iou([None]), "holds an IoU that is no number from 0 to 1"),
        (with_iou([5.0]), "holds an IoU that is no number from 0 to 1"),
        (as_text, "its column 'iou' holds no numbers"),
        (lambda table: table.take(np.arange(len(table))[::-1]), "or in disorder"),
    ],
    ids=["nan", "null", "five", "text", "disorder"],
)
def test_a_damaged_column(
    stored: Path,
    commands: Commands,
    command: tuple[str, ...],
    change: Callable[[pa.Table], pa.Table],
    message: str,
    resign: Resign,
) -> None:
    rewrite(part(stored, 1), change)
    for forged, said in ((False, "is not the part that its record names"), (True, message)):
        if forged:
            resign(stored)
        done = commands(*command)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert said in done.err
        assert "part-00001.parquet" in done.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:4]))
def test_a_part_in_the_place_of_another(
    stored: Path, commands: Commands, command: tuple[str, ...], resign: Resign
) -> None:
    shutil.copy(part(stored, 0), part(stored, 1))
    done = commands(*command)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "part-00001.parquet is not the part that its record names" in done.err
    resign(stored)
    done = commands(*command)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "part-00001.parquet is of another chunk than the folder" in done.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:4]))
@pytest.mark.parametrize("how", ["another's", "one bit"])
def test_truth_that_is_not_what_was_scored_against(
    stored: Path, commands: Commands, command: tuple[str, ...], how: str
) -> None:
    """Also by a command whose numbers need none of it: they are of truth that is not there."""
    first, second, *_ = sorted((stored / "datasets" / DATASET).glob("part-*.parquet"))
    if how == "another's":
        shutil.copy(first, second)
    else:
        content = bytearray(second.read_bytes())
        content[len(content) // 2] ^= 1
        second.write_bytes(content)
    done = commands(*command)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"{DATASET}/part-00001.parquet" in done.err


@pytest.mark.thorough
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:4]))
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("versions", None),
        ("versions", {"numpy": 2}),
        ("parameters", []),
        ("processor", 7),
        ("last_run", "9999-12-31T23:59:59.999999Z"),
        ("chunks", {"0": {"seconds": "x", "frames": 1}}),
        ("chunks", {"0": {"seconds": 1.0, "frames": -1}}),
        ("failures", [{"sequence": "x", "frame": 1, "kind": "raised", "message": "m"}]),
    ],
)
def test_a_record_of_the_wrong_kind(
    stored: Path, commands: Commands, command: tuple[str, ...], field: str, value: Any
) -> None:
    (file,) = stored.glob(f"runs/a/{DATASET}/*/*/record.json")
    held = {**json.loads(file.read_text()), field: value}
    del held["checksum"]
    file.write_text(json.dumps({**held, "checksum": checksum(held)}))
    done = commands(*command)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "is not a record of results" in done.err


@pytest.mark.usefixtures("stored")
def test_a_defect_of_ours_is_no_regression(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 means that a check failed; a crash of the check must not look like one."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("trackbench.analysis.regression.check", fail)
    done = commands("check", "r", "--baseline", "b.json")
    assert done.code == ExitCode.DEFECT == 70
    assert "RuntimeError: broken inside" in done.err
    assert done.err.endswith("please report it with the lines above\n")


@pytest.mark.usefixtures("stored")
def test_a_library_that_finds_no_memory_is_no_defect(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ImportError("libarrow.so.1: failed to map segment from shared object")

    monkeypatch.setattr("trackbench.analysis.regression.check", fail)
    done = commands("check", "r", "--baseline", "b.json")
    assert (done.code, done.err) == (2, "trackbench: there is not enough memory for this\n")
