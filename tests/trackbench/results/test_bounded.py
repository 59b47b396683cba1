"""Files of others: whatever lies there, it is read within its limit or refused in one line."""

from __future__ import annotations

import json
import os
import socket
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from trackbench.errors import DamagedFileError
from trackbench.results.bounded import (
    DEEPEST,
    MOST_DIGITS,
    parse_json,
    read_bytes,
    read_json,
    read_text,
)

LIMIT = 1000


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(DamagedFileError) as found:
        read_json(path, LIMIT, "a baseline", **options)
    message = str(found.value)
    assert len(message.splitlines()) == 1
    assert str(path)[:100] in message
    assert len(message) < len(str(path)) + 200
    return message


def test_what_is_there_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"ü": [1, 2.5, null, true, -0.0]}', encoding="utf-8")
    assert read_bytes(path, LIMIT, "it") == path.read_bytes()
    assert read_text(path, LIMIT, "it") == '{"ü": [1, 2.5, null, true, -0.0]}'
    assert read_json(path, LIMIT, "it", finite=True) == {"ü": [1, 2.5, None, True, -0.0]}
    link = tmp_path / "link.json"
    link.symlink_to(path)
    assert read_json(link, LIMIT, "it") == read_json(path, LIMIT, "it")


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    fifo, loop, missing = tmp_path / "fifo", tmp_path / "loop", tmp_path / "missing"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    assert "it is a pipe" in refused(fifo)  # and nobody waits for a writer
    assert "Is a directory" in refused(tmp_path)
    assert "leads back to itself" in refused(loop)
    assert "No such file or directory" in refused(missing)
    assert "no directory" in refused(Path(__file__) / "below")
    assert "too long" in refused(tmp_path / ("x" * 300))
    assert "it is a device" in refused(Path("/dev/zero"))
    assert "no file has such a name" in refused(tmp_path / "zero\0")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(tmp_path / "socket"))  # the whole path may be too long for one
        assert "it is a socket" in refused(tmp_path / "socket")


def test_a_link_is_followed_only_where_it_may_be(tmp_path: Path) -> None:
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_text("1", encoding="utf-8")
    link.symlink_to(path)
    assert "it is a symbolic link" in refused(link, links=False)
    assert read_json(path, LIMIT, "it", links=False) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1", encoding="utf-8")
    path.chmod(0)
    assert "no permission" in refused(path)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"1" + b" " * (LIMIT - 1))
    assert read_json(path, LIMIT, "it") == 1
    path.write_bytes(b"1" + b" " * LIMIT)
    assert "larger than 1000 bytes" in refused(path)
    with path.open("wb") as large:
        large.truncate(2**40)  # no disk holds it, and it has no block
    assert "larger than" in refused(path)


def test_no_more_memory_is_asked_for_than_a_file_needs(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"small")
    tracemalloc.start()
    try:
        assert read_bytes(path, 2**40, "it") == b"small"
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_file_that_states_no_size_is_bounded_too() -> None:
    path = Path("/proc/kallsyms")
    if not path.exists():
        pytest.skip("no such file here")
    assert path.stat().st_size == 0
    assert "larger than" in refused(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps({"a": 1}).encode("utf-16"), "UTF-16"),
        (json.dumps({"a": 1}).encode("utf-16-le"), "byte 1 is zero"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xff"}', "byte 7 is no text"),
        (b"\0" * 10, "byte 0 is zero"),
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"{} {}", "no JSON"),
        (b'{"a": 1, "b": 2, "a": 1}', "names 'a' twice"),
        (b"9" * 400, "integer of 400 digits"),
        (b"-" + b"9" * 900, "integer of 901 digits"),
        (b'"\x1b[2J"', "no JSON"),
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert reason in refused(path)


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_a_deep_text_is_refused(bracket: str) -> None:
    with pytest.raises(DamagedFileError, match="nested too deeply"):
        parse_json(bracket * 200_000, "it is not JSON")
    closing = {"[": "]", '{"a":': "}"}[bracket]
    inner = bracket * DEEPEST + "1" + closing * DEEPEST
    assert parse_json(inner, "it is not JSON")
    with pytest.raises(DamagedFileError, match="levels deep"):
        parse_json(f"[{inner}]", "it is not JSON")


def test_numbers_that_are_none() -> None:
    text = "[NaN, Infinity, -Infinity, 1e400, 1e-320]"
    assert str(parse_json(text, "x")) == "[nan, inf, -inf, inf, 1e-320]"
    for each in ("NaN", "Infinity", "-Infinity", "1e400", "-1e400"):
        with pytest.raises(DamagedFileError, match="x: "):
            parse_json(f'{{"a": [{each}]}}', "x", finite=True)
    assert float(parse_json("9" * MOST_DIGITS, "x", finite=True)) == 1e300
