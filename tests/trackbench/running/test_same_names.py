"""Two plugins whose files, or whose modules beside them, have the same names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.results.directory import Results

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

TINY = Path(__file__).parents[2] / "plugins" / "tiny.py"
TRACKER = """
{at_import}
class {name}:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        {later}
        return self.box + [SHIFT, 0, 0, 0]
"""


def write(folder: Path, name: str, shift: float, *, late: bool = False) -> Path:
    """Write a plugin, with the module beside it that says by how much it shifts its boxes."""
    (folder / "shifts").mkdir(parents=True)
    (folder / "helper.py").write_text("import shifts.mine\nSHIFT = shifts.mine.SHIFT\n")
    (folder / "shifts" / "mine.py").write_text(f"SHIFT = {shift}\n")
    line = "from helper import SHIFT"
    at_import, later = ("", line) if late else (line, "")
    plugin = folder / "plugin.py"
    plugin.write_text(TRACKER.format(at_import=at_import, later=later, name=name))
    return plugin


def shift_of(out: Path, tracker: str) -> float:
    (run,) = [run for run in Results.load(out).runs if run.record.tracker == tracker]
    first = next(iter(run.trajectories()))
    return float(first.predicted[0, 1, 0] - first.truth[0, 0, 0])


@pytest.mark.thorough
@pytest.mark.parametrize("late", [False, True])
def test_a_plugin_never_gets_the_module_that_lies_beside_another(
    trackbench_cli: CommandLine, tmp_path: Path, late: bool
) -> None:
    one = write(tmp_path / "one", "One", 1.0, late=late)
    two = write(tmp_path / "two", "Two", 2.0, late=late)
    run = ("run", "--plugin", TINY, "-d", "tiny-other", "--jobs", "1", "-o", tmp_path / "r")
    for plugin, name in ((one, "one"), (two, "two")):
        done = trackbench_cli(*run, "--plugin", plugin, "-t", name)
        assert done.returncode == 0, done.stderr
    both = trackbench_cli(*run, "--plugin", one, "--plugin", two, "-t", "one", "-t", "two")
    assert both.returncode == 2
    assert f"{two} needs {two.parent / 'helper.py'}, and {one.parent / 'helper.py'}" in both.stderr
    assert [shift_of(tmp_path / "r", name) for name in ("one", "two")] == [1.0, 2.0]


def test_nor_one_of_the_working_folder(trackbench_cli: CommandLine, tmp_path: Path) -> None:
    plugin = write(tmp_path / "one", "One", 1.0)
    write(tmp_path, "Two", 2.0)  # that is where commands are started
    run = ("run", "--plugin", TINY, "-d", "tiny-other", "--jobs", "1", "-o", "r")
    done = trackbench_cli(*run, "--plugin", plugin, "-t", "one", "-t", "plugin:Two")
    assert done.returncode == 2
    assert "has the same name" in done.stderr


@pytest.mark.thorough
def test_plugins_of_one_name_are_the_same_in_any_order(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    one, two = write(tmp_path / "one", "One", 1.0), write(tmp_path / "two", "Two", 2.0)
    for plugin, shift in ((one, 1.0), (two, 2.0)):
        text = plugin.read_text().replace("from helper import SHIFT", f"SHIFT = {shift}")
        plugin.write_text(text)
    run = ("run", "--plugin", TINY, "-d", "tiny-other", "--jobs", "1", "-o", tmp_path / "r")
    first = trackbench_cli(*run, "--plugin", one, "--plugin", two, "-t", "one", "-t", "two")
    assert first.returncode == 0, first.stderr
    other = trackbench_cli(*run, "--plugin", two, "--plugin", one, "-t", "one", "-t", "two")
    assert "all stored" in other.stderr
    assert "all stored" in trackbench_cli(*run, "--plugin", two, "-t", "two").stderr
