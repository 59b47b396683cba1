"""Kills at random moments among wrong trackers: in the end, everything is as if nothing had been.

``make chaos`` sends 100 of them; here it is a few, among trackers that are wrong at once.
Which, when and at whom is drawn from a seed: ``TRACKBENCH_CHAOS_SEED``, ``TRACKBENCH_CHAOS_KILLS``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import children, marked

from trackbench.results.directory import Results

PLUGINS = Path(__file__).parents[1] / "plugins"
KILLS = int(os.environ.get("TRACKBENCH_CHAOS_KILLS", "0"))
SEED = int(os.environ.get("TRACKBENCH_CHAOS_SEED", "1"))
FEW = 3
QUICK = ("raises", "exits", "crashes", "garbage", "forks", "sharedgenerators", "right")
SLOW = ("hangs", "eatsmemory", "prints", "closeseverything", "lazyanswer", "sleepsindel")
TRACKERS = (*QUICK, *SLOW) if KILLS else QUICK
DATASETS = ("tiny", "tiny-other") if KILLS else ("tiny-other",)
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP)
ROLES = ("parent", "maker", "host")


def command(out: str, *more: str) -> list[str]:
    plugins = [PLUGINS / name for name in ("tiny.py", "wrong.py", "selfish.py")]
    return [
        *(sys.executable, "-m", "trackbench", "run", "--out", out, "--jobs", "2"),
        *("--timeout", "3", "--memory", "200MiB"),
        *(word for dataset in DATASETS for word in ("--dataset", dataset)),
        *(word for plugin in plugins for word in ("--plugin", str(plugin))),
        *(word for tracker in TRACKERS for word in ("--tracker", tracker)),
        *more,
    ]


def content(path: Path) -> dict[str, Any]:
    """Return what a results directory says, without times and memory."""
    found: dict[str, Any] = {}
    for run in Results.load(path).runs:
        name = f"{run.record.tracker} {run.record.dataset}"
        tracked = list(run.trajectories())
        found[name] = [
            np.concatenate([t.predicted for t in tracked]).tobytes(),
            np.concatenate([t.truth for t in tracked]).tobytes(),
            run.iou.tobytes(),
            run.invalid,
            [(f.sequence, f.frame, f.kind) for f in run.record.failures],
        ]
    return found


def of_role(role: str, parent: int) -> list[int]:
    if role == "parent":
        return [parent]
    makers = children(parent)
    if role == "maker":
        return makers
    return [host for maker in makers for server in children(maker) for host in children(server)]


TOO_EARLY = "Fatal Python error: init_"


class Chaos:
    """Runs a command again and again while it is disturbed, until enough was done."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)  # noqa: S311 - to be repeated
        self.mark = f"TRACKBENCH_TEST={folder}"
        self.environment = {
            **os.environ,
            "TRACKBENCH_TEST": str(folder),
            "TMPDIR": str(folder / "tmp"),
        }
        (folder / "tmp").mkdir()
        self.done: Counter[str] = Counter()

    def finish(self, out: str, kills: int) -> int:
        """Run until it is through; return how many kills of ``kills`` were sent on the way."""
        sent = 0
        while True:
            with (self.folder / "log").open("ab") as log:
                run = subprocess.Popen(
                    command(out),
                    cwd=self.folder,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
            while run.poll() is None:
                time.sleep(self.random.uniform(0.05, 0.6))
                if sent < kills and self.disturb(run.pid):
                    sent += 1
            if run.returncode == 3:
                return sent
            said = (self.folder / "log").read_text(errors="replace")[-3000:]
            # Ctrl-C before there is a program: the interpreter says so, and ends with 1.
            too_early = run.returncode == 1 and TOO_EARLY in said and "KeyboardInterrupt" in said
            assert too_early or run.returncode in {-9, -15, -2, 130, 143}, (run.returncode, said)

    def disturb(self, parent: int) -> bool:
        role, number = self.random.choice(ROLES), self.random.choice(SIGNALS)
        processes = of_role(role, parent)
        if not processes:
            return False
        victim = self.random.choice(processes)
        with suppress(ProcessLookupError):
            os.kill(victim, number)
            if number == signal.SIGSTOP:
                time.sleep(self.random.uniform(0.1, 1.5))
                os.kill(victim, signal.SIGCONT)
            self.done[f"{role} {number.name}"] += 1
            return True
        return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("undisturbed")
    done = subprocess.run(command("r"), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    return content(folder / "r")


@pytest.mark.thorough
@pytest.mark.slow
def test_in_the_end_everything_is_as_if_nothing_had_been(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    chaos = Chaos(tmp_path, SEED)
    sent = rounds = 0
    kills = KILLS or FEW
    while sent < kills:
        rounds += 1
        out = f"r{rounds}"
        sent += chaos.finish(out, kills - sent)
        # A sequence that was hit twice is a failure of its circumstances, which this runs again.
        again = subprocess.run(
            command(out, "--retry-failed"),
            cwd=tmp_path,
            env=chaos.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 3, again.stderr
        found = content(tmp_path / out)
        assert found.keys() == undisturbed.keys()
        for name, expected in undisturbed.items():
            assert found[name] == expected, (name, found[name][3:], expected[3:])
        left = [p for p in (tmp_path / out).rglob(".*") if p.name != ".lock"]
        assert not left
    deadline = time.monotonic() + 10
    while (alive := marked(chaos.mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive
    assert not list((tmp_path / "tmp").iterdir())
    said = ", ".join(f"{count} {what}" for what, count in sorted(chaos.done.items()))
    print(  # noqa: T201 - for docs/reliability.md
        f"\nseed {SEED}: {sent} kills in {rounds} rounds: {said}"
    )
