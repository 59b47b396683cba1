"""A third party's tracker comes by entry point, by file, by dotted name, or from a script."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from forking import COMMAND_LINE
from python_server import PythonServer

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.naming import tracker_by_dotted_name
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named
from trackbench.trackers.static import StaticTracker

PACKAGE = Path(__file__).parents[2] / "plugin_package"
SMALL = ("--dataset", "mnist-single-same", "--sequences", "2", "--lengths", "3", "--out", "r")

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

TRACKER = '''
class {name}:
    """{doc}"""

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
'''

CHECK = """
from trackbench.testing import check_factor_suite
print(check_factor_suite("black-square").raise_if_wrong())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Really install the plugin package, beside the environment's packages."""
    target = tmp_path_factory.mktemp("site")
    # Building leaves files beside the source, so it is a copy that is built.
    source = tmp_path_factory.mktemp("source") / "plugin"
    shutil.copytree(PACKAGE, source)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check", "--target", target, source),
        ],
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture(scope="module")
def beside(installed: Path) -> Iterator[PythonServer]:
    """Return what processes are forked from that have the plugin package beside the others."""
    path = [str(installed), *filter(None, [os.environ.get("PYTHONPATH")])]
    with PythonServer(COMMAND_LINE, PYTHONPATH=os.pathsep.join(path)) as server:
        yield server


@pytest.fixture
def beside_cli(beside: PythonServer, tmp_path: Path) -> CommandLine:
    """Run ``trackbench`` where the plugin package is installed."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        return beside.run(["-m", "trackbench", *map(str, arguments)], tmp_path)

    return call


@pytest.mark.thorough
def test_an_installed_package_is_listed_and_runs(beside_cli: CommandLine) -> None:
    listed = beside_cli("list", "trackers")
    assert "drifter-v1" in listed.stdout
    assert "moves one pixel a frame" in listed.stdout
    done = beside_cli("run", "--tracker", "drifter", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "drifter-v1" in done.stdout
    data = beside_cli("run", "--tracker", "static", "--dataset", "black-square", "--out", "r2")
    assert data.returncode == 0, data.stderr
    report = beside_cli("report", "r", "--format", "shout")
    assert report.stdout == "DRIFTER-V1\n"


@pytest.mark.thorough
def test_an_installed_package_brings_a_factor_suite(
    beside: PythonServer, beside_cli: CommandLine, tmp_path: Path
) -> None:
    listed = beside_cli("list", "factor-suites")
    assert re.search(r"^black-square-v1 +3 +speed, first box", listed.stdout, re.MULTILINE)
    checked = beside.run(["-c", CHECK], tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "factor suite black-square-v1: nothing is wrong" in checked.stdout
    names = ("black-square", "black-square-speed-4", "black-square-init-0.8")
    done = beside_cli("run", "--tracker", "static", "--dataset", ",".join(names), "--out", "r")
    assert done.returncode == 0, done.stderr
    assert "black-square-init-0.8-v1: 3 sequences of 6 frames; the first boxes" in done.stdout
    diagnosed = beside_cli("diagnose", "r")
    assert diagnosed.returncode == 0, diagnosed.stderr
    assert "first box" in diagnosed.stdout


@pytest.mark.thorough
def test_an_installed_package_brings_a_scheme(beside_cli: CommandLine) -> None:
    listed = beside_cli("list", "schemes")
    assert re.search(r"^drift +drift:PIXELS +moves so many pixels", listed.stdout, re.MULTILINE)
    assert re.search(r"^pysot +pysot:package.module:factory", listed.stdout, re.MULTILINE)
    done = beside_cli("run", "--tracker", "drift:2", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "drifts-2" in done.stdout
    assert "step=2.0" in done.stdout
    wrong = beside_cli("run", "--tracker", "drift:far", *SMALL)
    assert wrong.returncode == 2
    (line,) = wrong.stderr.splitlines()
    assert "the scheme drift fails: ValueError: could not convert string to float" in line


@pytest.mark.thorough
def test_a_package_that_cannot_be_imported_is_listed_with_the_reason(
    beside_cli: CommandLine,
) -> None:
    listed = beside_cli("list", "trackers")
    assert listed.returncode == 0
    assert "cannot be loaded: trackbench_demo_broken:SPEC: ModuleNotFoundError" in listed.stdout
    assert "a_module_nobody_has" in listed.stdout
    assert "kcf-v1" in listed.stdout


def test_a_file(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    (tmp_path / "helper_of_mine.py").write_text("OFFSET = 1\n")
    (tmp_path / "mine.py").write_text(
        "from helper_of_mine import OFFSET\n" + TRACKER.format(name="Mine", doc="My own.")
    )
    done = trackbench_cli("run", "--plugin", tmp_path / "mine.py", "--tracker", "mine", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "mine: " in done.stdout


def test_a_dotted_name(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__init__.py").touch()
    (tmp_path / "pack/age.py").write_text(TRACKER.format(name="Mine", doc="My own."))
    done = trackbench_cli("run", "--tracker", "pack.age:Mine", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "mine: " in done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("guard", ["if True:", 'if __name__ == "__main__":'])
def test_a_script_with_and_without_a_guard(tmp_path: Path, guard: str) -> None:
    (tmp_path / "script.py").write_text(
        "import trackbench\n\n"
        '@trackbench.register_tracker("mine", shift=2)'
        + TRACKER.format(name="Mine", doc="My own.")
        + "\n    def __init__(self, shift):\n        self.shift = shift\n"
        + guard
        + '\n    results = trackbench.run("mine", datasets=["mnist-single-same"], sequences=2,'
        ' lengths=[3], out="r", jobs=2)\n'
        "    print(results.table(every=True).to_csv(index=False))\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "tracker,dataset,length,mean,std,sequences,fps,failures,invalid,"
        "peak_memory,absent,sees_future,runs,run_std,deterministic,memory_limit,imported,"
        "compared\nmine,mnist-single-same-v1"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import a_module_nobody_has", "fails: ModuleNotFoundError: No module named 'a_module"),
        ("raise SystemExit(3)", "fails: SystemExit: 3"),
        ("from os import _exit\n_exit(9)", r"fails: EndOfProcess: _exit\(9\) would end trackbench"),
        ("import os\nos.abort()", r"fails: EndOfProcess: abort\(\) would end trackbench"),
        ("import os\nos.kill(os.getpid(), 9)", r"fails: EndOfProcess: kill\(\.\.\.\) would end"),
        ("import os\nos.execv('/bin/true', ['true'])", r"fails: EndOfProcess: execv\(\.\.\.\)"),
        ("import os\nos.close(0)\nos.close(2)", "importing it closes stdin and stderr of this"),
        ("def f(:", "fails: SyntaxError"),
        ("x = 1", "brings nothing: define a class with init"),
        ("class A:\n    def init(self, frame, box): pass", "brings nothing"),
    ],
)
def test_a_file_that_brings_nothing_says_why(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "plugin.py").write_text(text)
    with pytest.raises(TrackbenchError, match=message):
        load_plugin(tmp_path / "plugin.py")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere:Tracker", "there is no module 'nowhere'"),
        ("trackbench.errors:Nothing", "has no 'Nothing'"),
        ("trackbench.errors:TrackbenchError", "TrackbenchError has no method init"),
    ],
)
def test_a_dotted_name_that_is_no_tracker_says_why(name: str, message: str) -> None:
    with pytest.raises(TrackbenchError, match=message):
        tracker_by_dotted_name(name)


def test_looking_a_tracker_up_by_a_dotted_name_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The working folder is searched, and a tracker registered, only where somebody says so."""
    (tmp_path / "somewhere_else.py").write_text(TRACKER.format(name="Mine", doc="My own."))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    path, registered = sys.path[:], list(trackbench.registry.trackers())
    with pytest.raises(TrackbenchError, match="there is no module 'somewhere_else'"):
        tracker_named("somewhere_else:Mine")
    look_in_working_folder(["static"])
    assert sys.path == path
    look_in_working_folder(["static", "somewhere_else:Mine"])
    assert sys.path == [*path, str(tmp_path)]
    assert tracker_named("somewhere_else:Mine").id == "mine"
    assert list(trackbench.registry.trackers()) == registered


@pytest.mark.thorough
def test_what_a_file_brings_is_listed_and_verified(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(
        TRACKER.format(name="Mine", doc="My own.")
        + "from dataclasses import replace\n"
        + "from trackbench import registry\n"
        + "SAME = [registry.datasets().get('mnist-single-same-v1')]\n"
        + "FEW = replace(SAME[0], id='few-v1', sequences=2, fingerprint=None)\n"
        + "WRONG = replace(SAME[0], id='wrong-v1', sequences=2, fingerprint='f00')\n"
    )
    listed = trackbench_cli("list", "--plugin", "mine.py")
    assert listed.returncode == 0
    assert re.search(r"^mine +My own\.", listed.stdout, re.MULTILINE)
    assert "few-v1" in trackbench_cli("list", "datasets", "--plugin", "mine.py").stdout
    fine = trackbench_cli("verify", "few", "--plugin", "mine.py")
    assert re.fullmatch(r"few-v1  [0-9a-f]{64}  has no published fingerprint\n", fine.stdout)
    assert fine.returncode == 0
    wrong = trackbench_cli("verify", "few", "wrong", "--plugin", "mine.py")
    assert "DIFFERS from f00" in wrong.stdout
    assert wrong.returncode == 1


@pytest.mark.parametrize("command", ["list", "verify"])
def test_a_plugin_file_that_is_not_there_is_one_clear_line(
    trackbench_cli: CommandLine, command: str
) -> None:
    done = trackbench_cli(command, "--plugin", "nowhere.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "trackbench: there is no plugin file nowhere.py\n"


@pytest.mark.thorough
def test_a_file_that_makes_its_own_of_a_built_in_spec(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "more.py").write_text(
        "from dataclasses import replace\n"
        "from trackbench import registry\n"
        "SAME = registry.datasets().get('mnist-single-same')\n"
        "MORE = replace(SAME, id='more-v1', sequences=600, fingerprint=None)\n"
    )
    listed = trackbench_cli("list", "datasets", "--plugin", "more.py")
    assert listed.returncode == 0, listed.stderr
    assert "more-v1" in listed.stdout
    done = trackbench_cli(
        *("run", "--tracker", "static", "--plugin", "more.py", "--dataset", "more"),
        *("--sequences", "2", "--lengths", "3", "--out", "r"),
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("factory", ["Mine", "'mine:Mine'"])
def test_a_class_with_a_spec_is_run_as_the_spec_says(
    factory: str, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "mine.py").write_text(
        TRACKER.format(name="Mine", doc="My own.")
        + "\n    def __init__(self, shift):\n        self.shift = shift\n"
        + "import trackbench\n"
        + f"SPEC = trackbench.TrackerSpec(id='mine-v1', factory={factory},"
        + " parameters={'shift': 2}, description='with a shift')\n"
    )
    listed = trackbench_cli("list", "--plugin", "mine.py").stdout
    assert re.findall(r"^mine\S*", listed, re.MULTILINE) == ["mine-v1"]
    done = trackbench_cli("run", "--plugin", "mine.py", "--tracker", "mine", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "mine-v1" in done.stdout


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (partial(StaticTracker), "is no tracker: give an id, a class or a Tracker"),
        (
            StaticTracker(),
            "^trackers must be a text, a TrackerSpec, a class or a list of .*, not a",
        ),
    ],
)
def test_a_factory_without_a_source_is_refused(made: Any, said: str, tmp_path: Path) -> None:
    spec = trackbench.TrackerSpec(id="mine", factory=made)
    with pytest.raises(TrackbenchError, match=r"mine is made by a .*, not by a class or function"):
        trackbench.run(spec, out=tmp_path / "r")
    with pytest.raises(TrackbenchError, match=said):
        trackbench.run(made, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_dotted_name_of_a_partial_is_one_clear_line(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "mod.py").write_text(
        "from functools import partial\n"
        + TRACKER.format(name="Mine", doc="")
        + "P = partial(Mine)\n"
    )
    done = trackbench_cli("run", "--tracker", "mod:P", *SMALL)
    assert done.returncode == 2
    assert done.stderr == (
        "trackbench: mod-p is made by a partial, not by a class or function: give what these are "
        "called with as parameters\n"
    )
