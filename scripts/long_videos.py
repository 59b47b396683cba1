"""Run one long video and many uneven ones: how much memory, how busy, and the same after a kill.

    python scripts/long_videos.py FOLDER [--tracker static] [--share 1]

Writes a data set into FOLDER, of JPEGs of which most are links to few files: a video of 3,000
frames of 1280 x 720, and 200 of 100 to 900 frames of 160 x 120 to 640 x 480. It is run twice by
``--jobs 2``: once whole, once killed (SIGKILL) and run again, and what is stored must be the same
bytes. Printed are the most that any process held, and how busy the run was in each tenth of its
time: the seconds of processor time a second, and how many of the two workers had any. Of another
machine's load the first suffers, and the second does not. ``--share 0.1`` takes a tenth of all.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SECONDS = 0.5
"""Between two looks at the processes."""
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PICTURES = 16
"""Different ones of a video."""


@dataclass(frozen=True)
class Process:
    """A process at one moment: who started it, its processor time, its memory."""

    parent: int
    seconds: float
    bytes_: int


def main() -> None:
    """Write the data, run, kill, run again, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--tracker", default="static")
    options.add_argument("--share", type=float, default=1.0)
    given = options.parse_args()
    videos = given.folder / "videos"
    if not videos.exists():
        write_videos(videos, given.share)
    whole, killed = given.folder / "whole", given.folder / "killed"
    looks = run(videos, given.tracker, whole)
    print_looks(looks)
    for part in (0.3, 0.6):
        run(videos, given.tracker, killed, stop_after=part * looks[-1][0])
    run(videos, given.tracker, killed)
    parts = [stored_parts(folder) for folder in (whole, killed)]
    if parts[0] != parts[1]:
        raise SystemExit("what is stored differs after a kill")
    print(f"{len(parts[0])} parts are the same bytes after two kills")


def write_videos(root: Path, share: float) -> None:
    """Write the data set, if it is not there."""
    draws = np.random.default_rng(1)
    write_video(root / "long", max(2, int(3000 * share)), (1280, 720), draws)
    for number in range(max(1, int(200 * share))):
        width = 160 + 16 * int(draws.integers(0, 31))
        frames = int(draws.integers(100, 901))
        write_video(root / f"v{number}", frames, (width, 3 * width // 4), draws)
    (root / "dataset.toml").write_text('boxes = "xywh"\norigin = 0\n', encoding="utf-8")


def write_video(
    folder: Path, frames: int, size: tuple[int, int], draws: np.random.Generator
) -> None:
    """Write one video; frame t is a link to one of a few pictures."""
    folder.mkdir(parents=True)
    small = draws.integers(0, 256, (_PICTURES, size[1] // 16, size[0] // 16, 3), np.uint8)
    for t in range(frames):
        file = folder / f"{t:05d}.jpg"
        if t < _PICTURES:
            Image.fromarray(small[t]).resize(size).save(file, quality=90)
        else:
            file.hardlink_to(folder / f"{t % _PICTURES:05d}.jpg")
    rows = "".join(f"{10 + t % 7},12,40,30\n" for t in range(frames))
    (folder / "groundtruth.txt").write_text(rows, encoding="utf-8")


def run(
    videos: Path, tracker: str, out: Path, stop_after: float | None = None
) -> list[tuple[float, dict[int, Process]]]:
    """Run, or kill the run after some seconds; return its processes at every look."""
    command = [sys.executable, "-m", "trackbench", "run", "--jobs", "2", "-t", tracker]
    command += ["-d", f"folder:{videos}", "-o", str(out)]
    looks = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as started:
        began = time.monotonic()
        while started.poll() is None:
            looks.append((time.monotonic() - began, family(started.pid)))
            time.sleep(SECONDS)
            if stop_after is not None and time.monotonic() - began > stop_after:
                os.kill(started.pid, signal.SIGKILL)
                break
    if stop_after is None and started.returncode != 0:
        raise SystemExit(f"the run ended with {started.returncode}")
    return looks


def family(top: int) -> dict[int, Process]:
    """Return a process and all that come from it, by their ids."""
    every = dict(processes())
    kept = {top: every[top]} if top in every else {}
    grown = True
    while grown:
        new = {pid: each for pid, each in every.items() if each.parent in kept and pid not in kept}
        kept |= new
        grown = bool(new)
    return kept


def processes() -> Iterator[tuple[int, Process]]:
    """Yield every process there is; frames on their way, which are shared, count as its own."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            resident = (folder / "statm").read_text().split()[1]
        except OSError:
            continue  # it has ended
        seconds = (int(words[11]) + int(words[12])) / _TICK
        yield int(folder.name), Process(int(words[1]), seconds, int(resident) * _PAGE)


def print_looks(looks: list[tuple[float, dict[int, Process]]]) -> None:
    """Print the most memory, and a line for each tenth of the time."""
    largest = max(each.bytes_ for _, found in looks for each in found.values())
    print(f"{looks[-1][0]:.0f} s; the largest process held {largest / 2**20:.0f} MiB")
    print("| tenth of the time | processor seconds a second | workers at work |")
    print("|---:|---:|---:|")
    for tenth in range(10):
        first, last = (int(at * (len(looks) - 1) / 10) for at in (tenth, tenth + 1))
        used, at_work = [], []
        for (start, before), (stop, after) in zip(
            looks[first:last], looks[first + 1 : last + 1], strict=True
        ):
            spent = {
                pid: each.seconds - (before[pid].seconds if pid in before else 0.0)
                for pid, each in after.items()
            }
            used.append(sum(spent.values()) / (stop - start))
            at_work.append(sum(_of_worker(pid, after, spent) > 0 for pid in workers(after)))
        print(f"| {tenth + 1} | {np.mean(used):.2f} | {np.mean(at_work):.2f} |")


def workers(found: dict[int, Process]) -> list[int]:
    """Return the processes that the first one has started."""
    top = min(pid for pid, each in found.items() if each.parent not in found)
    return [pid for pid, each in found.items() if each.parent == top]


def _of_worker(worker: int, found: dict[int, Process], spent: dict[int, float]) -> float:
    """Return the seconds of a worker and of all that come from it."""
    own = [pid for pid, each in found.items() if each.parent == worker]
    return spent[worker] + sum(_of_worker(pid, found, spent) for pid in own)


def stored_parts(folder: Path) -> dict[str, str]:
    """Return the hash of every part that is stored."""
    parts = sorted(folder.rglob("part-*.parquet"))
    return {
        part.relative_to(folder).as_posix(): hashlib.sha256(part.read_bytes()).hexdigest()
        for part in parts
    }


if __name__ == "__main__":
    main()
