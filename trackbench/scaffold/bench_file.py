"""``trackbench.init``: a ``bench.toml`` to begin with."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from trackbench.arguments.checking import arguments_checked
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
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


@dataclass(frozen=True)
class NewBench(ShowsItself):
    """A run in a file that was written.

    Attributes:
        path: the file.
    """

    path: Path

    @property
    def command(self) -> str:
        """What runs it, for a shell."""
        return f"trackbench run {shlex.quote(str(self.path))}"

    def __str__(self) -> str:
        """Return what was written and what to run next."""
        head = visible(f"{self.path}: a run that works: put yours in its place. Next:")
        return f"{head}\n\n    {visible(self.command)}"


@arguments_checked
def init(out: str | Path | None = None) -> NewBench:
    """Write a run in a file, to begin with: trackers, suite and settings, with comments.

    Nothing is overwritten. What can stand in it: docs/bench-toml.md.

    Args:
        out: the new file; None: ``bench.toml`` in the working folder.

    Raises:
        TrackbenchError: there is something already, or it cannot be written.

    Example:
        >>> import trackbench
        >>> made = trackbench.init("night.toml")
        >>> results = trackbench.run_file(made.path, sequences=1, lengths=[5])
        >>> results.trackers
        ['kcf-v1', 'ncc-v1', 'still']
    """
    path = target(None if out is None else Path(out), "bench.toml")
    with said_of_target(path):
        create_text(path, TEXT)
    return NewBench(path)
