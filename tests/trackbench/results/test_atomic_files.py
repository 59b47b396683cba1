"""What is written is on the disk before it stands under its name."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.results import atomic_files, out_paths


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


def test_links_that_lead_back_to_themselves_are_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "loop"
    path.symlink_to(path)
    with (
        pytest.raises(TrackbenchError, match=r"loop cannot be written: Too many levels"),
        atomic_files.writing_to(path) as temporary,
    ):
        temporary.write_bytes(b"new")
    assert path.is_symlink()


def test_a_folder_that_has_gone_is_said_of_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "it"
    with pytest.raises(FileNotFoundError) as raised:
        atomic_files.write_bytes(path, b"new")
    assert raised.value.filename == str(path)


@pytest.mark.thorough
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


def test_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    """A device is not, either; as root, /dev/null would be gone for everybody."""
    path = tmp_path / "it"
    os.mkfifo(path)
    with pytest.raises(FileExistsError, match="no regular file"):
        atomic_files.write_bytes(path, b"new")
    assert path.is_fifo()
    assert [*tmp_path.iterdir()] == [path]


@pytest.fixture
def out(tmp_path: Path, store_iou: Callable[..., Path]) -> Path:
    """Return a folder beside results ``good``, with all that an ``--out`` may name."""
    store_iou("good", {"a-v1": {"d-v1": np.full((4, 3), 0.5)}})
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "there").write_text("old")
    (folder / "link").symlink_to("there")
    (folder / "dangling").symlink_to("not-there")
    return folder


WRITERS = {
    "report": ("report", "good", "-f", "csv", "-o"),
    "baseline": ("baseline", "good", "-o"),
    "show": ("show", "mnist-single-same", "--length", "2", "-o"),
}


@pytest.mark.parametrize("command", WRITERS)
def test_what_a_user_names_is_written_to_whatever_it_is(
    out: Path, commands: Callable[..., Any], command: str
) -> None:
    suffix = ".png" if command == "show" else ""
    for entry in [*out.iterdir()]:
        entry.rename(f"{entry}{suffix}")
    for link, target in (("link", "there"), ("dangling", "not-there")):
        (out / f"{link}{suffix}").unlink()
        (out / f"{link}{suffix}").symlink_to(f"{target}{suffix}")
        assert commands(*WRITERS[command], out / f"{link}{suffix}").code == 0
        assert (out / f"{link}{suffix}").is_symlink()
        assert len((out / f"{target}{suffix}").read_bytes()) > len(b"old")
    pipe = out / f"pipe{suffix}"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert commands(*WRITERS[command], pipe).code == 0
    assert os.read(reader, 2**20) == (out / f"there{suffix}").read_bytes()
    os.close(reader)
    assert pipe.is_fifo()
    assert sorted(entry.name for entry in out.iterdir()) == sorted(
        f"{name}{suffix}" for name in ("there", "not-there", "link", "dangling", "pipe")
    )


def test_many_that_try_one_folder_at_once_do_not_refuse_each_other(tmp_path: Path) -> None:
    """Each makes it and removes it again, to see whether it could."""
    folder = tmp_path / "new" / "r"
    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            list(pool.map(lambda _: out_paths.check_out_folder(folder, "results"), range(8)))
    assert not list(tmp_path.iterdir())
