"""A program that is handed a folder cannot fill the disk unseen."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from trackbench.trackers import folder
from trackbench.trackers.child_program import ProgramError
from trackbench.trackers.folder import FolderTracker

WRITES = (
    "import os, sys\n"
    "place = os.path.dirname(sys.argv[1])\n"
    "with open(os.path.join(place, 'heap'), 'wb') as heap:\n"
    "    for _ in range(int(sys.argv[3])):\n"
    "        heap.write(bytes(1 << 20))\n"
    "open(sys.argv[2], 'w').write('1,2,3,4\\n' * 2)\n"
    "print('written', file=sys.stderr, flush=True)\n"
    "if sys.argv[4] == 'stay':\n"
    "    sys.stdin.read()\n"
    "    import time\n"
    "    time.sleep(60)\n"
)


def tracked(tmp_path: Path, mebibytes: int, end: str) -> list[object]:
    (tmp_path / "writes.py").write_text(WRITES)
    words = [sys.executable, str(tmp_path / "writes.py"), "{frames}", "{boxes}"]
    frames = np.zeros((2, 24, 32), np.uint8)
    tracker = FolderTracker([*words, str(mebibytes), end])
    return list(tracker.track(frames, np.array([1.0, 2.0, 3.0, 4.0])))


@pytest.mark.parametrize("end", ["stay", "leave"])
def test_what_a_program_writes_is_bounded(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_WRITTEN", 4 * 2**20)
    with pytest.raises(ProgramError, match="wrote more than 4 MiB into the folder"):
        tracked(tmp_path, 6, end)


def test_what_it_may_write_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_WRITTEN", 4 * 2**20)
    assert len(tracked(tmp_path, 2, "leave")) == 2
