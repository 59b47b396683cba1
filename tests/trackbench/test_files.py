"""What is written is on the disk before it stands under its name."""

import os
from pathlib import Path

import pytest

from trackbench.results import atomic_files


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"old")
    held: list[tuple[bytes, bytes]] = []

    def fsync(descriptor: int) -> None:
        held.append((Path(f"/proc/self/fd/{descriptor}").read_bytes(), path.read_bytes()))

    monkeypatch.setattr(os, "fsync", fsync)
    atomic_files.write_bytes(path, b"new")
    assert held == [(b"new", b"old")]
    assert path.read_bytes() == b"new"
    assert [*tmp_path.iterdir()] == [path]
