"""Import and rescore the results of a large data set: how long that takes, and how much memory.

    python scripts/import_size.py FOLDER [--sequences 280] [--frames 2500] [--trackers 5]

Writes a data set of got10k's layout into FOLDER, whose JPEGs are links to one a sequence, with some
frames without a target, and files of boxes with six decimals for each tracker, as pysot writes
them. Then ``trackbench import`` and ``trackbench rescore`` are run on it, each in a process of its
own. Printed are the seconds of processor time and by the clock, and the most memory that a process
of it held. Of another machine's load the clock suffers, and processor time hardly does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIZE = 1280, 720
_MIB = 1024  # of the KiB in which Linux counts


def main() -> int:
    """Write the data, import and rescore it; return 1 if a command fails."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--sequences", type=int, default=280)
    options.add_argument("--frames", type=int, default=2500)
    options.add_argument("--trackers", type=int, default=5)
    given = options.parse_args()
    data, files, out = (given.folder / name for name in ("data", "files", "results"))
    if not data.exists():
        write(data, files, given.sequences, given.frames, given.trackers)
    if out.exists():
        shutil.rmtree(out)
    dataset = ("--dataset", f"got10k:{data}:val")
    commands = {
        "import": ("import", str(files), *dataset, "--out", str(out)),
        "rescore": ("rescore", str(out)),
    }
    failed = [measured(name, words) for name, words in commands.items()]
    return int(any(failed))


def write(data: Path, files: Path, sequences: int, frames: int, trackers: int) -> None:
    """Write a data set, and the boxes of trackers that drift from the truth by some pixels."""
    rng = np.random.default_rng(0)
    names = [f"GOT-10k_Val_{number:06d}" for number in range(1, sequences + 1)]
    for name in names:
        folder = data / "val" / name
        folder.mkdir(parents=True)
        picture = folder / "00000001.jpg"
        Image.new("RGB", _SIZE, (90, 120, 60)).save(picture)
        for frame in range(2, frames + 1):
            os.link(picture, folder / f"{frame:08d}.jpg")
        truth = walk(rng, frames)
        (folder / "groundtruth.txt").write_text(text(truth, 4))
        gone = np.zeros(frames, int)
        gone[frames // 2 : frames // 2 + frames // 50] = 1
        (folder / "absence.label").write_text("".join(f"{each}\n" for each in gone))
        (folder / "cover.label").write_text("8\n" * frames)
        (folder / "cut_by_image.label").write_text("0\n" * frames)
        (folder / "meta_info.ini").write_text("[METAINFO]\nanno_fps = 10Hz\n")
        for tracker in range(trackers):
            place = files / f"tracker-{tracker}"
            place.mkdir(parents=True, exist_ok=True)
            drift = rng.normal(0, 0.3 * (1 + tracker), (frames, 4)).cumsum(axis=0) / 4
            answers = truth + drift - drift[0]
            answers[:, 2:] = np.maximum(answers[:, 2:], 2)
            (place / f"{name}.txt").write_text(text(answers, 6))
    (data / "val" / "list.txt").write_text("".join(f"{name}\n" for name in names))


def walk(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    """Return (T, 4) boxes that wander through the frame."""
    steps = rng.normal(0, 3, (frames, 2)).cumsum(axis=0)
    corners = np.abs((steps + 300) % 1000 - 500) + np.array([60, 40])
    return np.concatenate([corners, np.tile([80.0, 60.0], (frames, 1))], axis=1)


def text(boxes: NDArray[np.float64], decimals: int) -> str:
    """Return lines ``x,y,w,h``."""
    return "".join(",".join(f"{v:.{decimals}f}" for v in box) + "\n" for box in boxes.tolist())


def measured(name: str, words: tuple[str, ...]) -> bool:
    """Run a command of trackbench's and print what it took; whether it failed."""
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "trackbench", *words], stdout=subprocess.PIPE)
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    clock = time.monotonic() - begun
    print(
        f"{name}: {used.ru_utime + used.ru_stime:.1f} s of processor time, {clock:.1f} s by the "
        f"clock, {used.ru_maxrss / _MIB:,.0f} MiB at most, exit code {process.returncode}",
        flush=True,
    )
    if process.returncode:
        print(said)
    return process.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
