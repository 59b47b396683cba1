"""A ``bench.toml`` to begin with."""

from __future__ import annotations

from pathlib import Path

from trackbench.results.atomic_files import create_text
from trackbench.scaffold.target import said_of_target, target

TEXT = """\
# A run in a file:   trackbench run bench.toml
# Options on the line go before what stands here:   trackbench run bench.toml --jobs 1
# Paths start from this file's folder. What a line says is docs/bench-toml.md's subject.

# Ids (trackbench list trackers), file.py:Class, other schemes (trackbench list schemes), and the
# sections below.
trackers = ["kcf", "ncc", "still"]

# A suite (trackbench list suites), or data sets in its place (trackbench list datasets), among them
# videos on your disk (trackbench list layouts):
suite = "smoke"
# datasets = ["mnist-single-same", "otb:/data/OTB100"]
# sequences = 8                # the first so many of each data set
# lengths = [20, 40, "full"]   # frames, ascending

# protocol = "ope-v1"          # frame 0 does not count; paper-v1: every frame does
# runs = 5                     # of each tracker, for those with chance in them
out = "results/bench"
# jobs = 2                     # processes; without it, as many as there are processors
# timeout = 60                 # seconds that one call of a tracker may take
# memory = "4GiB"              # that a tracker may take
# plugins = ["mine.py"]        # files that bring trackers, data sets or report formats

# A tracker of your own, or one with other parameters; its keys are those of a trackers.toml.
[tracker.still]
tracker = "static"
description = "the first box for ever"
# tracker = "mine.py:Mine"
# parameters = { reach = 8 }
# python = "../venv/bin/python"
# environment = { THREADS = "1" }
# weights = "weights.onnx"
"""


def write_bench(out: Path | None = None) -> Path:
    """Write a ``bench.toml`` that works, with comments; return where.

    Args:
        out: the new file; None: ``bench.toml`` in the working folder.

    Raises:
        TrackbenchError: there is something already, or it cannot be written.
    """
    path = target(out, "bench.toml")
    with said_of_target(path):
        create_text(path, TEXT)
    return path
