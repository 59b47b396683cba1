"""How planning, resuming, reporting, comparing and checking grow with what is stored.

    python scripts/store_scale.py FOLDER [--units 10 100 1000 10000]

For each number of units a results directory is made by ``trackbench.run``: its plan, store and
records are those of any run, and only what makers and hosts answer is made up (the true boxes, a
little off for each tracker). Then each command is run on it in a process of its own. Printed are
the processor time and the most memory of each, and how they grow: the slope of a straight line
through the logarithms, over all numbers of units; 1 is linear. Of processor time the start of an
interpreter, ``trackbench --help``, is taken away first.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from walking import Walks, dataset, trackers

import trackbench
from trackbench.running.execution import Execution, Listeners
from trackbench.running.messages import Answer, Made, Order, Task
from trackbench.running.pool import Pool
from trackbench.running.videos import Videos

SHAPES = {10: (2, 1), 100: (5, 4), 1000: (20, 10), 10_000: (40, 50), 100_000: (200, 100)}
"""Units -> trackers and data sets; of each pair there are 5 units."""
CHUNKS, SEQUENCES, FRAMES = 5, 10, 20


class MadeUp(Pool):
    """Answers at once what hosts would be asked for; what is about data alone, makers do."""

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer."""
        for order in orders:
            if order.task is Task.TRACK:
                yield order, answer(order)
            else:
                yield from super().work([order])


def answer(order: Order) -> Made:
    """Return boxes that are a little off, by the tracker and the sequence."""
    number = int("".join(filter(str.isdigit, order.dataset.partition("-")[0])))
    truth = Videos(Walks(dataset(number, CHUNKS * SEQUENCES, FRAMES, SEQUENCES)), order).truth()
    off = np.random.default_rng([zlib.crc32(order.tracker.encode()), order.start])
    boxes = truth.boxes + off.uniform(-3, 3, (*truth.boxes.shape[:2], 1)) * [1, 1, 0, 0]
    iou = off.uniform(0.2, 0.9, truth.boxes.shape[:2])
    return Made(truth=truth, boxes=boxes, iou=iou, seconds=0.01, frames=order.frames)


def run(units: int, out: Path, **options: Any) -> None:
    """Run the plan of so many units."""
    count, datasets = SHAPES[units]
    trackbench.run(
        trackers(count),
        datasets=[dataset(n, CHUNKS * SEQUENCES, FRAMES, SEQUENCES) for n in range(datasets)],
        out=out,
        jobs=1,
        tell=lambda _: None,
        **options,
    )


@contextmanager
def made_up(work: Execution, listeners: Listeners) -> Iterator[MadeUp]:
    """Have made-up answers in place of makers."""
    with MadeUp(work.settings.jobs, show_output=listeners.output) as pool:
        yield pool


@dataclass(frozen=True)
class Cost:
    """Of a process and its children: seconds of processors, and bytes of the largest."""

    seconds: float
    bytes_: int


def cost(words: Sequence[str], folder: Path) -> Cost:
    """Run a command and return what it took."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not ("check" in words and process.returncode == 1):
        sys.exit(f"{' '.join(words)} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def main() -> None:
    """Make the directories, run the commands, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--units", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    options.add_argument("--only", nargs="+", metavar="WORD", help="steps whose names have one")
    options.add_argument("--step", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.step is not None:
        shard = given.step if "/" in given.step else None
        with patch("trackbench.running.loop.executor", made_up):
            run(given.units[0], given.folder, dry_run=given.step == "plan", shard=shard)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "trackbench"]
    start = cost([*command, "--help"], given.folder).seconds
    found: dict[str, list[Cost]] = {}
    for units in given.units:
        out = given.folder / f"r{units}"
        shutil.rmtree(out, ignore_errors=True)
        script = [sys.executable, str(Path(__file__).resolve())]
        mine = [*script, str(out), "--units", str(units)]
        shards = [given.folder / f"s{units}-{number}" for number in (1, 2)]
        whole = given.folder / f"m{units}"
        for place in (*shards, whole):
            shutil.rmtree(place, ignore_errors=True)
        baseline = str(given.folder / f"b{units}.json")
        both = ["follows0-v1", "follows1-v1"]
        for name, words in {
            "a run that stores all": [*mine, "--step", "write"],
            "the same run again": [*mine, "--step", "resume"],
            "what it would do (--dry-run)": [*mine, "--step", "plan"],
            "report, Markdown": [*command, "report", str(out), "--out", f"{units}.md"],
            "report, HTML": [
                *command, "report", str(out), "--format", "html", "--out", f"{units}.html"
            ],
            "compare two": [*command, "compare", *both, "--results", str(out)],
            "baseline": [*command, "baseline", str(out), "--out", baseline],
            "check": [*command, "check", str(out), "--baseline", baseline],
            "shard 1/2": [*script, str(shards[0]), "--units", str(units), "--step", "1/2"],
            "shard 2/2": [*script, str(shards[1]), "--units", str(units), "--step", "2/2"],
            "merge of both": [*command, "merge", *map(str, shards), "--out", str(whole)],
        }.items():  # fmt: skip
            if given.only and not any(word in name for word in given.only):
                continue
            begun = time.monotonic()
            found.setdefault(name, []).append(cost(words, given.folder))
            last = found[name][-1]
            print(
                f"{units:>6,} units, {name}: {last.seconds:.2f} s of processors, "
                f"{last.bytes_ / 2**20:.0f} MiB, {time.monotonic() - begun:.1f} s by the clock",
                flush=True,
            )
    print(f"start of a command, taken away below: {start:.2f} s")
    for name, costs in found.items():
        slope = partial(np.polyfit, np.log10(given.units), deg=1)
        seconds = slope(np.log10([max(each.seconds - start, 0.01) for each in costs]))[0]
        memory = slope(np.log10([each.bytes_ for each in costs]))[0]
        print(f"{name}: time grows as units^{seconds:.2f}, memory as units^{memory:.2f}")
        if len(costs) > 1:
            step = np.diff(np.log10([max(each.seconds - start, 0.01) for each in costs[-2:]]))
            last = step[0] / np.diff(np.log10(given.units[-2:]))[0]
            print(f"  in the last step as units^{last:.2f}")


if __name__ == "__main__":
    # Under its own name, as makers import what is in it.
    importlib.import_module("store_scale").main()
