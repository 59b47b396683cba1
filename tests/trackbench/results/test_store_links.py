"""Nothing outside a results directory is read or written, and nothing in it makes a reader wait."""

import json
import os
import re
import shutil
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.results.directory import Results
from trackbench.results.record_file import checksum

Kit = Any
Commands = Callable[..., Any]
Resign = Callable[..., None]

RUN = "runs/a/d-v1/paper-v1"
READERS = (
    ("report", "r", "-f", "json"),
    ("report", "r", "-f", "html"),
    ("compare", "a", "b", "--results", "r"),
    ("check", "r", "--baseline", "b.json"),
    ("baseline", "r", "--out", "again.json"),
)


@pytest.fixture
def stored(kit: Kit, commands: Commands) -> Path:
    kit.put(kit.run("a"))
    kit.put(kit.run("b"))
    assert commands("baseline", "r", "--out", "b.json").code == 0
    path: Path = kit.path
    return path


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 30


def version(path: Path) -> Path:
    (found,) = (path / RUN).glob("[0-9a-f]*")
    return found


def refused(done: Any, said: str = "") -> None:
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
    assert done.err.startswith("trackbench: ")
    assert said in done.err
    assert len(done.err) < 1500


LEVELS = ("runs", "runs/a", "runs/a/d-v1", RUN, f"{RUN}/VERSION", "datasets", "datasets/d-v1")
FILES = (
    f"{RUN}/VERSION/record.json",
    f"{RUN}/VERSION/part-00001.parquet",
    "datasets/d-v1/record.json",
)


def moved_out(path: Path, what: str) -> Path:
    """Put something outside the directory, with a link in its place."""
    place = path / what.replace("VERSION", version(path).name)
    outside = path.parent / "outside"
    place.rename(outside)
    place.symlink_to(outside)
    return outside


@pytest.mark.parametrize("what", LEVELS + FILES)
def test_a_link_is_not_followed_by_who_reads(stored: Path, commands: Commands, what: str) -> None:
    moved_out(stored, what)
    for command in READERS:
        refused(commands(*command))


@pytest.mark.parametrize("what", LEVELS)
@pytest.mark.parametrize("fresh", [False, True])
def test_a_link_is_not_followed_by_who_writes(
    kit: Kit, stored: Path, what: str, fresh: bool
) -> None:
    outside = moved_out(stored, what)
    before = {p: p.read_bytes() for p in outside.rglob("*") if p.is_file()}
    with pytest.raises(TrackbenchError):
        kit.put(kit.run("a"), shift=3.0, fresh=fresh)
    assert {p: p.read_bytes() for p in outside.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("what", [".lock", f"{RUN}/.lock", f"{RUN}/VERSION/.lock"])
@pytest.mark.parametrize("kind", ["link", "dangling", "pipe", "folder", "socket"])
def test_a_lock_is_a_file_and_nothing_else(kit: Kit, stored: Path, what: str, kind: str) -> None:
    lock = stored / what.replace("VERSION", version(stored).name)
    lock.unlink()
    outside = stored.parent / "precious"
    outside.write_text("mine")
    replace_by(lock, kind, outside)
    with pytest.raises(DamagedFileError, match="is no lock"):
        kit.put(kit.run("a"))
    assert outside.read_text() == "mine"
    assert not (stored.parent / "nowhere").exists()


@pytest.mark.parametrize("what", [*FILES, "datasets/d-v1/part-00001.parquet"])
@pytest.mark.parametrize("kind", ["dangling", "pipe", "folder", "socket", "device"])
def test_what_is_no_file_is_refused_at_once(
    stored: Path, commands: Commands, what: str, kind: str
) -> None:
    place = stored / what.replace("VERSION", version(stored).name)
    place.unlink()
    try:
        replace_by(place, kind, stored)
    except PermissionError:
        pytest.skip("only root may make a device")
    for command in READERS:
        done = commands(*command)
        needed = not what.endswith("parquet") or what.startswith("runs")
        if needed or "html" in command:
            refused(done, place.name)


def replace_by(path: Path, kind: str, outside: Path) -> None:
    match kind:
        case "link":
            path.symlink_to(outside)
        case "dangling":
            path.symlink_to(outside.parent / "nowhere")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "device":
            os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
        case "socket":
            # a path of a socket has 107 characters at most
            here = os.open(path.parent, os.O_PATH)
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(f"/proc/self/fd/{here}/{path.name}")
            os.close(here)


def test_a_link_in_the_place_of_a_part_that_is_written_is_replaced_not_followed(kit: Kit) -> None:
    kit.put(kit.run("a"), [0])
    precious = kit.path.parent / "precious"
    precious.write_text("mine")
    for folder in (version(kit.path), kit.path / "datasets/d-v1"):
        (folder / "part-00001.parquet").symlink_to(precious)
    kit.put(kit.run("a"), [1, 2])
    assert precious.read_text() == "mine"
    assert len(Results.load(kit.path).runs) == 1


# --- records ---


@pytest.mark.parametrize("file", [f"{RUN}/VERSION/record.json", "datasets/d-v1/record.json"])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        '{"schema": 2, "a": ' + "9" * 10_000 + "}",
        '{"schema": ' + "9" * 400 + "}",
        '{"schema": 1e400}',
        '{"schema": true}',
        '{"schema": 2, "schema": 2}',
        '{"schema": 1, "chunks": {}, "failures": []}',
        "NaN",
    ],
    ids=lambda text: text[:14],
)
def test_json_that_is_no_record(stored: Path, commands: Commands, file: str, text: str) -> None:
    (stored / file.replace("VERSION", version(stored).name)).write_text(text)
    for command in READERS:
        refused(commands(*command), "record.json is not a record of results")


def test_a_record_of_gigabytes_is_not_read(stored: Path, commands: Commands) -> None:
    with (version(stored) / "record.json").open("r+b") as file:
        file.truncate(8 * 2**30)  # without a byte on the disk
    refused(commands("report", "r"), "is larger than 64 MiB")


def test_a_part_of_gigabytes_is_not_read(stored: Path, commands: Commands) -> None:
    with (version(stored) / "part-00001.parquet").open("r+b") as file:
        file.truncate(8 * 2**30)
    refused(commands("report", "r"), "part-00001.parquet is not a part of results: it is larger")


FORGED: tuple[tuple[str, str, Any], ...] = (
    *(("runs", "sequences", v) for v in (0, -1, True, 2.0, "5", None, 10**18, 10**100, [5])),
    *(("runs", "length", v) for v in (0, 2**31, 10**13, 4.5)),
    *(("runs", "chunk", v) for v in (0, 10**12, False)),
    *(("runs", "fingerprint", v) for v in ("", "x" * 64, "D" * 64, 7, None)),
    *(("runs", "started", v) for v in ("yesterday", "2026-11-25", 5, None)),
    *(("runs", "chunks", v) for v in ({"0": {}}, {"-1": 1}, {"1e0": {}}, {"\u0661": {}}, [], 3)),
    *(("runs", "failures", v) for v in (7, [7], {"a": 1}, "ab", [None])),
    *(("runs", "unknown", v) for v in (1,)),
    *(("datasets", "position", v) for v in ("first", -1, None, 1.5, True, 10**30)),
    *(("datasets", "seed", v) for v in ("1", None, 1.0)),
    *(("datasets", "lengths", v) for v in ([4, 4], [5], [True], ["a"], "4", [], [[4]], {"4": 1})),
    *(("datasets", "frame", v) for v in ([100], [100, 0], "ab", [1, 2, 3], [1e9, 1], None)),
    *(("datasets", "parts", v) for v in ({"0": "x"}, {"9": "0" * 64}, {"0": None}, [], {"a": 1})),
    *(("datasets", "chunk", v) for v in (None, 0, "2")),
    *(("datasets", "replaced", v) for v in (1, None)),
)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "field", "value"), FORGED, ids=lambda value: re.sub(r"\W", "", str(value))[:12]
)
def test_a_forged_record_is_one_line(
    stored: Path, commands: Commands, kind: str, field: str, value: Any
) -> None:
    record = min((stored / kind).rglob("record.json"))
    content = json.loads(record.read_text()) | {field: value}
    del content["checksum"]
    record.write_text(json.dumps({**content, "checksum": checksum(content)}))
    for command in READERS[:2]:
        refused(commands(*command), "record.json is not a record of results")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("seconds", v)
            for v in (float("nan"), float("inf"), -1.0, 1e-320, 1e300, "1", None, True)
        ),
        *(("frames", v) for v in (-1, 9, 10**30, 1.0)),
        *(("timeout", v) for v in (float("nan"), -1, "1")),
        *(("memory", v) for v in (0, -5, 1.5, "4GiB")),
        *(("peak_memory", v) for v in (-1, None, 10**30)),
        *(("sha256", v) for v in (None, "", 7, "g" * 64)),
        *(("truth_sha256", v) for v in (None, "0" * 63)),
    ],
)
def test_a_forged_chunk_is_one_line(
    stored: Path, commands: Commands, field: str, value: Any
) -> None:
    record = version(stored) / "record.json"
    content = json.loads(record.read_text())
    content["chunks"]["1"][field] = value
    del content["checksum"]
    record.write_text(json.dumps({**content, "checksum": checksum(content)}))
    refused(commands("report", "r"), "record.json is not a record of results")


# --- parts, by one who knows how they are hashed ---


def metadata_of(part: Path) -> Any:
    return pq.read_schema(part).metadata


def forge(stored: Path, resign: Resign, table: pa.Table, **options: Any) -> None:
    part = version(stored) / "part-00001.parquet"
    pq.write_table(table.replace_schema_metadata(metadata_of(part)), part, **options)
    resign(stored)


@pytest.mark.parametrize(
    "rows", [200_000, pytest.param(20_000_000, marks=pytest.mark.thorough)], ids=["MB", "GB"]
)
def test_a_part_that_unpacks_to_gigabytes(
    stored: Path, commands: Commands, resign: Resign, rows: int
) -> None:
    table = pq.read_table(version(stored) / "part-00001.parquet")
    many = table.take(np.zeros(rows, np.int8))  # one row, again and again
    forge(stored, resign, many, compression="zstd")
    assert (version(stored) / "part-00001.parquet").stat().st_size < 2**20
    refused(commands("report", "r"), f"has {rows} rows, not 8")


def test_a_part_of_many_columns(stored: Path, commands: Commands, resign: Resign) -> None:
    table = pq.read_table(version(stored) / "part-00001.parquet")
    for n in range(600):
        table = table.append_column(f"c{n}", pa.array(np.zeros(8)))
    forge(stored, resign, table)
    refused(commands("report", "r"), "has more than 512 columns")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1.0] * 3] * 8),
        pa.array([{"a": 1}] * 8),
        pa.array(["x" * 9] * 8),
        pa.array(["x"] * 8).dictionary_encode(),
        pa.array([b"x"] * 8),
        pa.array([None] * 8, pa.null()),
    ],
    ids=lambda column: str(column.type)[:10],
)
def test_a_part_with_what_is_no_number(
    stored: Path, commands: Commands, resign: Resign, column: Any
) -> None:
    table = pq.read_table(version(stored) / "part-00001.parquet")
    forge(stored, resign, table.append_column("more", column))
    refused(commands("report", "r"), "its column 'more' holds no numbers")
    at = table.schema.get_field_index("iou")
    forge(stored, resign, table.set_column(at, "iou", column))
    refused(commands("report", "r"), "its column 'iou' holds no numbers")


def test_a_footer_that_says_it_is_huge(stored: Path, commands: Commands, resign: Resign) -> None:
    part = version(stored) / "part-00001.parquet"
    content = part.read_bytes()
    for size in (2**31 - 1, 2**32 - 1, len(content), 4 * 2**20):
        part.write_bytes(content[:-8] + struct.pack("<I", size) + b"PAR1")
        resign(stored)
        refused(commands("report", "r"), "part-00001.parquet cannot be read")


@pytest.mark.parametrize("key", ["tracker", "data", "protocol", "chunk", "schema"])
def test_a_part_of_something_else(
    stored: Path, commands: Commands, resign: Resign, key: str
) -> None:
    part = version(stored) / "part-00001.parquet"
    table = pq.read_table(part)
    name = f"trackbench.{key}".encode()
    for other in ({name: b"9"}, {name: b"\xff"}):
        changed = table.replace_schema_metadata({**table.schema.metadata, **other})
        pq.write_table(changed, part)
        resign(stored)
        for command in READERS:
            refused(commands(*command), "part-00001.parquet")


def test_parts_of_two_trackers_that_were_exchanged(
    stored: Path, commands: Commands, resign: Resign
) -> None:
    mine, theirs = (
        next((stored / "runs").glob(f"{t}/d-v1/paper-v1/*/part-00001.parquet")) for t in "ab"
    )
    held = mine.read_bytes()
    shutil.copy(theirs, mine)
    theirs.write_bytes(held)
    for command in READERS:
        refused(commands(*command), "is not the part that its record names")
    resign(stored)
    for command in READERS:
        refused(commands(*command), "is of another tracker than the folder")


def test_a_run_finds_a_damaged_part_before_it_goes_on(kit: Kit) -> None:
    kit.put(kit.run("a"), [0, 1])
    part = version(kit.path) / "part-00001.parquet"
    held = bytearray(part.read_bytes())
    held[len(held) // 2] ^= 1
    part.write_bytes(held)
    with pytest.raises(DamagedFileError, match=r"part-00001.* run it again with fresh=True"):
        kit.put(kit.run("a"), [2])
    kit.put(kit.run("a"), fresh=True)
    assert len(Results.load(kit.path).runs[0].iou) == 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_not_passed_over(stored: Path, commands: Commands) -> None:
    folder = version(stored)
    folder.chmod(0)
    try:
        refused(commands("report", "r"), "cannot be read")
    finally:
        folder.chmod(0o755)
