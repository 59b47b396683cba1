"""Time whole suites with this checkout beside another commit's, in turn, on the same machine.

    python scripts/compare_speed.py --old COMMIT [--rounds 3] [--suite paper]

Each tracker is run by the old commit and by this one, one after the other, as often as there are
rounds; printed are the median seconds of each, and the median of the rounds' ratios: a machine that
becomes slower meanwhile becomes so for both of a round. Nothing else may run meanwhile: the
load before each round is printed, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parents[1]
PLUGIN = '''
import torch

class Torch:
    """Adds two small matrices in torch, to be said to use it."""

    def init(self, frame, box):
        self.box = box
        self.sum = torch.ones(8, 8)

    def update(self, frame):
        self.sum = self.sum + torch.ones(8, 8)
        return self.box
'''


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--old", required=True, help="a commit of this repository")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--suite", default="paper")
    options.add_argument("--jobs", default="2")
    options.add_argument(
        "--tracker", action="append", help="default: static, kcf, rectracker-att1, torch"
    )
    given = options.parse_args()
    trackers = given.tracker or ["static", "kcf", "rectracker-att1", "torch"]
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(old), given.old], check=True)
        try:
            (Path(folder) / "torch_plugin.py").write_text(PLUGIN, encoding="utf-8")
            print(f"| tracker | {given.old[:7]}, s | this commit, s | ratio | load |")
            print("|---|---:|---:|---:|---:|")
            for tracker in trackers:
                print(_row(tracker, old, Path(folder), given), flush=True)
        finally:
            subprocess.run([*git, "remove", "--force", str(old)], check=True)


def _row(tracker: str, old: Path, folder: Path, given: argparse.Namespace) -> str:
    load = os.getloadavg()[0]
    seconds: dict[Path, list[float]] = {old: [], HERE: []}
    for _ in range(given.rounds):
        for checkout in (old, HERE):
            seconds[checkout].append(_run(tracker, checkout, folder, given))
    before, now = median(seconds[old]), median(seconds[HERE])
    ratio = median(b / a for a, b in zip(seconds[old], seconds[HERE], strict=True))
    return f"| {tracker} | {before:.1f} | {now:.1f} | {ratio:.2f} | {load:.1f} |"


def _run(tracker: str, checkout: Path, folder: Path, given: argparse.Namespace) -> float:
    plugin = ["--plugin", "torch_plugin.py"] if tracker == "torch" else []
    with tempfile.TemporaryDirectory(dir=folder) as results:
        command = [
            *(sys.executable, "-m", "trackbench", "run", *plugin, "--tracker", tracker),
            *("--suite", given.suite, "--jobs", given.jobs, "--out", str(Path(results) / "r")),
        ]
        begun = time.perf_counter()
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
