"""Files that a tracker names: relative to where it is written, hashed, and missed in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from python_server import command_server

TRACKER = """
import trackbench
{decorator}
class Mine:
    {attribute}
    def init(self, frame, box): self.box = box
    def update(self, frame): return self.box
"""
SAY = """
import sys
from pathlib import Path
from trackbench.plugins import registry
from trackbench.errors import TrackbenchError
from trackbench.plugins.factories import with_source
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.plugins.loading import load_plugin
if sys.argv[1:]:
    load_plugin(Path(sys.argv[1]))
try:
    print(tracker_identity(with_source(registry.trackers().get("mine"))).fingerprint)
except TrackbenchError as error:
    print(error)
"""
WAYS = {
    "a decorator": ('@trackbench.register_tracker("mine", files=("config.json", "more"))', ""),
    "an attribute": ("", 'files = ("config.json", "more")'),
    "a list": ("", 'files = ["config.json", __import__("pathlib").Path("more")]'),
}


def said(cwd: Path, *arguments: object, stdin: str = SAY) -> str:
    done = subprocess.run(
        [sys.executable, "-", *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": f"{Path(__file__).parents[3]}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def write(folder: Path, way: str) -> Path:
    decorator, attribute = WAYS[way]
    (folder / "more").mkdir(parents=True)
    (folder / "config.json").write_text("1")
    (folder / "more/a.txt").write_text("1")
    (folder / "mine.py").write_text(TRACKER.format(decorator=decorator, attribute=attribute))
    return folder / "mine.py"


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_they_count_wherever_the_command_is_given(tmp_path: Path, way: str) -> None:
    plugin = write(tmp_path / "there", way)
    first = said(tmp_path, plugin)
    assert len(first) == 64
    assert said(plugin.parent, "mine.py") == first
    assert said(tmp_path, write(tmp_path / "moved", way)) == first
    for changed in ("config.json", "more/a.txt"):
        (plugin.parent / changed).write_text("2")
        assert said(tmp_path, plugin) != first
        (plugin.parent / changed).write_text("1")
    assert said(tmp_path, plugin) == first
    (plugin.parent / "config.json").unlink()
    assert said(tmp_path, plugin) == (
        f"mine reads config.json, and there is no {plugin.parent}/config.json: see files= of mine"
    )


@pytest.mark.thorough
def test_of_what_is_in_no_file_they_lie_in_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path, "a decorator")
    typed = TRACKER.format(decorator=WAYS["a decorator"][0], attribute="") + SAY
    first = said(tmp_path, stdin=typed)
    assert len(first) == 64
    (tmp_path / "more/a.txt").write_text("2")
    assert said(tmp_path, stdin=typed) != first
    assert said(tmp_path / "more", stdin=typed).startswith("mine reads config.json")


@pytest.mark.thorough
def test_an_attribute_of_another_kind_is_none_of_ours(tmp_path: Path) -> None:
    for attribute in ("files = {'a': 1}", "files = (1, 2)", "def files(self): return 1"):
        plugin = tmp_path / "mine.py"
        plugin.write_text(TRACKER.format(decorator="", attribute=attribute))
        assert len(said(tmp_path, plugin)) == 64


def test_a_missing_one_is_said_before_the_run(tmp_path: Path) -> None:
    plugin = write(tmp_path, "an attribute")
    (tmp_path / "config.json").unlink()
    command = [
        *("-m", "trackbench", "run", "--plugin", str(plugin), "-t", "mine"),
        *("-d", "mnist-single-same", "--sequences", "1", "--lengths", "5", "-o", "r"),
    ]
    done = command_server().run(command, tmp_path)
    assert done.returncode == 2
    assert "mine reads config.json" in done.stderr
    assert not (tmp_path / "r").exists()
