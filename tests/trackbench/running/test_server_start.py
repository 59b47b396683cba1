"""A server of hosts that somebody ends, or interrupts, while it starts is no failure of a run."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap
from trackbench.results.directory import Results
from trackbench.running.host_server import HostServer

pytestmark = pytest.mark.usefixtures("processes_are_started")

SIGNALLED = """
import os, pathlib, sys
count = pathlib.Path({count!r})
begun = int(count.read_text()) if count.exists() else 0
count.write_text(str(begun + 1))
class Finder:
    def find_spec(name, path=None, target=None):
        if name == "trackbench_host.server" and begun < {times}:
            os.kill(os.getpid(), {signal})
sys.meta_path.insert(0, Finder)
"""


def started(folder: Path, signal: int, times: int) -> int:
    """Start a server whose first ``times`` processes get a signal; return how many it took."""
    count = folder / "count"
    text = SIGNALLED.format(count=str(count), times=times, signal=int(signal))
    (folder / "sitecustomize.py").write_text(text)
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    environment = bootstrap.environment({**os.environ, "PYTHONPATH": path})
    server = HostServer.started(sys.path, ["json"], environment)
    assert server.alive
    server.close()
    return int(count.read_text())


@pytest.mark.parametrize("signal", [15, 9, 1])
def test_one_that_is_ended_from_outside_is_started_again(tmp_path: Path, signal: int) -> None:
    assert started(tmp_path, signal, times=4) == 5


def test_an_interrupt_is_nothing_to_it_from_the_beginning(tmp_path: Path) -> None:
    assert started(tmp_path, 2, times=1) == 1


def test_one_that_crashes_is_not_tried_for_ever(tmp_path: Path) -> None:
    with pytest.raises(TrackbenchError, match="a process for a tracker does not start"):
        started(tmp_path, 11, times=99)
    assert int((tmp_path / "count").read_text()) == 2


KEEPS_A_FILE = """
import pathlib, tempfile, weakref
FILE = pathlib.Path(tempfile.mkdtemp(dir={folder!r})) / "of the package"
FILE.touch()
weakref.finalize(pathlib, FILE.unlink)
"""
NEEDS_IT = """
import keeps_a_file
import trackbench

@trackbench.register_tracker("needs")
class Needs:
    def init(self, frame, box):
        keeps_a_file.FILE.read_bytes()
        self.box = box

    def update(self, frame):
        return self.box
"""


@pytest.mark.thorough
def test_a_host_does_not_take_away_what_packages_made_in_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_tiny: Callable[..., Results]
) -> None:
    """A package may finish things at a process's end: a host that ends is not that process."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "keeps_a_file.py").write_text(KEEPS_A_FILE.format(folder=str(tmp_path)))
    plugin = tmp_path / "needs.py"
    plugin.write_text(NEEDS_IT)
    monkeypatch.syspath_prepend(packages)
    results = run_tiny(plugin, ["needs"], datasets=["tiny"], jobs=1)
    assert not results.runs[0].record.failures
