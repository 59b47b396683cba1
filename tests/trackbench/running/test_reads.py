"""What a tracker reads on its own decides its numbers: it is hashed, or said and not reused."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from python_server import command_server

from trackbench.results.directory import Results

PLUGIN = Path(__file__).parents[2] / "plugins" / "reading.py"
HASHED = [
    *("module", "modulereads", "bytes", "cached", "global", "numpy", "descriptor", "listed"),
    *("globbed", "image", "database", "variable", "thread", "absent", "own", "named", "given"),
    *("variablebuilt", "variableunset", "variableown", "ownfolder", "linked"),
    *("variableexpanded", "variablechained", "variableofvideos"),
]
IN_MEMORY = Path("/dev/shm")  # noqa: S108
if IN_MEMORY.is_dir():
    HASHED.append("inmemory")
NOT_HASHED = ["lazy", "child", "program", "server", "variablelater", "variablelisted"]

OWN = {"own": 2.0, "variableown": 2.0, "ownfolder": 2.0}
"""Whose shift stands in the code."""


class Folder:
    """A folder with the plugin, and all that it reads."""

    def __init__(self, path: Path, port: int) -> None:
        self.path = path
        self.variables = {**os.environ}
        self.in_memory = IN_MEMORY / str(path).replace("/", "_")
        shutil.copy(PLUGIN, path)
        (path / "port").write_text(str(port))
        for name in ("pk", "numbers", "listed", "globbed", "templates"):
            (path / name).mkdir()
        (path / "pk" / "__init__.py").touch()
        (path / "pk" / "reads.py").write_text(
            "from pathlib import Path\n"
            "def load(): return float((Path(__file__).parent / ('shi' + 'ft.txt')).read_text())\n"
        )
        (path / "pk" / "videos.py").write_text(
            "import os\ndef load(): return float(os.environ['MY_' + 'HIDDEN'])\n"
        )
        for n in range(40):
            (path / "numbers" / f"light{n}.txt").write_text(str(100 + n))
        self.write(1)

    def write(self, shift: int) -> None:
        """Let everything be another number."""
        numbers = self.path / "numbers"
        for name in ("at_import", "bytes", "descriptor", "thread", "lazy", "child", "program"):
            (numbers / f"{name}.txt").write_text(str(shift))
        if IN_MEMORY.is_dir():
            self.in_memory.write_text(str(shift))
        for name in ("named", "given", "linked"):
            (numbers / f"{name}.txt").write_text(str(shift))
        (self.path / "pk" / "shift.txt").write_text(str(shift))
        (self.path / "pk" / "submodule.py").write_text(f"SHIFT = {shift}.0  # {'x' * shift}")
        (numbers / "cached.json").write_text(f'{{"shift": {shift}}}')
        np.save(numbers / "numpy.npy", np.array([shift]))
        (self.path / "listed" / str(shift)).touch()
        for name in ("globbed/image.png", "templates/image.png"):
            cv2.imwrite(str(self.path / name), np.full((4, 4), shift, np.uint8))
        (self.path / "database.sqlite").unlink(missing_ok=True)
        with sqlite3.connect(self.path / "database.sqlite") as database:
            database.execute("create table n (x real)")
            database.execute("insert into n values (?)", (shift,))
        database.close()
        self.variables["MY_SHIFT"] = self.variables["MY_HIDDEN"] = str(shift)
        if shift > 1:
            self.variables["MY_LATER"] = ""
            (numbers / "absent.txt").write_text(str(shift))

    def run(self, trackers: list[str], *more: str) -> subprocess.CompletedProcess[str]:
        named = [word for name in trackers for word in ("-t", name)]
        command = [
            *("-m", "trackbench", "run", "--plugin", "reading.py", "-d", "read", "-o", "r"),
            *("--sequences", "2", "--jobs", "1", *named, *more),
        ]
        found = command_server().run(command, self.path, **self.variables)
        assert found.returncode == 0, found.stderr
        return found

    def shifts(self) -> dict[str, float]:
        found = {}
        for run in Results.load(self.path / "r").runs:
            (tracked,) = run.trajectories()
            found[run.record.tracker] = float(tracked.predicted[0, 1, 0] - tracked.truth[0, 1, 0])
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        folder = Folder(tmp_path, server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    asked, _ = server.accept()
                except OSError:
                    return
                with asked:
                    asked.sendall(folder.variables["MY_SHIFT"].encode())

        threading.Thread(target=serve, daemon=True).start()
        yield folder
        folder.in_memory.unlink(missing_ok=True)


@pytest.mark.thorough
def test_what_a_tracker_reads_is_hashed_or_said_and_not_reused(folder: Folder) -> None:
    every = HASHED + NOT_HASHED
    first = folder.run(every)
    for name in NOT_HASHED:
        assert f"{name} is run anew each time" in first.stderr
    for name in HASHED:
        assert f": {name} is run anew" not in first.stderr
    expected = dict.fromkeys(every, 1.0) | {"absent": 0.5, "variableunset": 0.5} | OWN
    assert folder.shifts() == expected
    # Nothing was edited: nothing is run, but what cannot be hashed.
    assert "all stored" in folder.run(HASHED).stderr
    folder.write(3)
    folder.run(every)
    assert folder.shifts() == dict.fromkeys(every, 3.0) | OWN


@pytest.mark.thorough
def test_a_data_set_that_reads_what_no_hash_stands_for_is_compared_each_time(
    folder: Folder,
) -> None:
    first = folder.run(["named"], "--sequences", "40")
    assert "read-v1 is made and compared anew each time: it reads" in first.stderr
    again = folder.run(["named"], "--sequences", "40")
    assert "all stored" in again.stderr
    (folder.path / "numbers" / "light7.txt").write_text("9")
    with pytest.raises(AssertionError, match="sequence 7 has other frames than were stored"):
        folder.run(["named"], "--sequences", "40")
