"""Where the system is not Linux: a run is the same without what Python has there alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.running import anonymous_file
from trackbench.running.processors import usable_processors

LINUX_ALONE = (
    *("memfd_create", "posix_fallocate", "waitid"),
    *("splice", "eventfd", "pidfd_open", "getxattr"),
)
"""Of :mod:`os`, what a Python on macOS lacks. (mypy finds every use: see ``make thorough``.)"""

COMMAND = ("run", "-t", "static", "-t", "ncc", "-s", "smoke", "--jobs", "2", "--out", "out")


@pytest.fixture
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LINUX_ALONE:
        monkeypatch.delattr(os, name, raising=False)


def table(folder: Path, *, bare: bool) -> str:
    """Return what a run prints; bare: in Pythons without what Linux alone has."""
    folder.mkdir()
    taken = f"for name in {LINUX_ALONE}:\n    if hasattr(os, name):\n        delattr(os, name)\n"
    log = f"open({str(folder / 'began')!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
    (folder / "sitecustomize.py").write_text("import os\n" + (taken if bare else "") + log)
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *COMMAND],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len((folder / "began").read_text().split()) > 3  # makers and servers, too
    return "\n".join(line for line in done.stdout.splitlines() if "frames/s" not in line)


@pytest.mark.thorough
def test_a_run_is_the_same_without_what_only_linux_has(tmp_path: Path) -> None:
    assert table(tmp_path / "bare", bare=True) == table(tmp_path / "whole", bare=False)


def test_processors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    assert 1 <= usable_processors() <= (os.cpu_count() or 1)


@pytest.mark.usefixtures("_elsewhere")
def test_memory_between_processes_is_a_file_of_zeros() -> None:
    frames = anonymous_file.FrameFile((3, 700, 1000))  # no multiple of what is written at once
    try:
        assert os.fstat(frames.file).st_size == 3 * 700 * 1000
        assert not frames.frames.any()
        frames.frames[2, 699, 999] = 7
        assert os.pread(frames.file, 1, 3 * 700 * 1000 - 1) == b"\x07"
        assert np.count_nonzero(frames.frames) == 1
    finally:
        frames.close()


@pytest.mark.usefixtures("_elsewhere")
def test_a_full_disk_is_said_before_anything_is_put_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Path("/dev/full").open("wb"))  # noqa: SIM115
    with pytest.raises(TrackbenchError, match=r"no room for 1\.91 MiB .*: No space left on"):
        anonymous_file.create(2_000_000)
