"""What is written is on the disk before it stands under its name."""

import errno
import os
import resource
import subprocess
import sys
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


def test_a_full_disk_is_said_of_the_file_that_was_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left") as raised:
            atomic_files.write_bytes(path, b"new")
    assert raised.value.filename == str(path)
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == b"old"


def test_a_folder_that_has_gone_is_said_of_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "it"
    with pytest.raises(FileNotFoundError) as raised:
        atomic_files.write_bytes(path, b"new")
    assert raised.value.filename == str(path)


def test_files_that_may_not_grow_are_no_trackers_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trackbench", "run", "-t", "static", "-s", "smoke", "-o", "r"]
    run = subprocess.run(
        [*command, "--jobs", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # Python would leave half files of it
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )
    assert run.returncode == 2
    assert "File too large" in run.stderr
    assert "static" not in run.stderr
    assert len(run.stderr.splitlines()) == 1
