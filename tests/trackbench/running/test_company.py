"""What one plugin does to its process when it is imported is nothing to another's."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trackbench.results.directory import Results

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

PLUGINS = Path(__file__).parents[2] / "plugins"
LOOKS_AROUND = """
import os
import re
from pathlib import Path
class Looks:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        alone = "TRACKBENCH_TEST_COMPANY" not in os.environ and Path("looks.py").is_file()
        return self.box + (0 if alone else 5)
"""
LISTS_VARIABLES = (
    "trackbench: onlooker is run anew each time: it lists the variables of the environment: ask "
    "for those that it needs by name\n"
)


@pytest.mark.thorough
@pytest.mark.parametrize("dataset", ["tiny", "fixed"])
def test_neither_variables_nor_folder_nor_timeouts_of_others(
    trackbench_cli: CommandLine, tmp_path: Path, dataset: str
) -> None:
    (tmp_path / "looks.py").write_text(LOOKS_AROUND)
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "tiny.py", "--plugin", PLUGINS / "company.py"),
        *("--plugin", tmp_path / "looks.py", "--tracker", "looks", "--tracker", "company"),
        *("--dataset", dataset, "--out", tmp_path / "r", "--jobs", "2"),
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    one, other = Results.load(tmp_path / "r").runs
    for mine, its in zip(one.trajectories(), other.trajectories(), strict=True):
        np.testing.assert_array_equal(mine.predicted, its.predicted)


@pytest.mark.thorough
def test_a_module_that_changes_its_process_is_nothing_to_others(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    seen, boxes = [], []
    for company, tracker in (
        (("onlooker",), "onlooker"),
        (("meddler", "onlooker"), "onlooker"),
        (("onlooker", "meddler"), "meddler"),
        (("meddler",), "meddler"),
    ):
        out = tmp_path / f"{tracker} {'-'.join(company)}"
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "tiny.py", "--dataset", "tiny-other", "--out", out),
            *(word for name in company for word in ("--plugin", PLUGINS / f"{name}.py")),
            *("--tracker", tracker, "--jobs", "2"),
        )
        said = LISTS_VARIABLES if tracker == "onlooker" else ""
        assert (done.returncode, done.stderr) == (0, said)
        files = list(tmp_path.glob("seen-*.json"))
        seen.append({file.read_text() for file in files})
        for file in files:
            file.unlink()
        (run,) = Results.load(out).runs
        boxes.append(np.concatenate([tracked.predicted for tracked in run.trajectories()]))
    assert len(seen[0]) == 1
    assert seen[1] == seen[0]
    np.testing.assert_array_equal(boxes[1], boxes[0])
    np.testing.assert_array_equal(boxes[3], boxes[2])
    assert np.diff(boxes[3][..., 1], axis=1).max() > 300  # it has done it to itself


MEDDLING_DATA = """
import os, resource, signal
import numpy as np
from trackbench import DatasetSpec, Video
class Data:
    def __init__(self, spec):
        self.spec = spec
    def sequence(self, index, length=None):
        if MEDDLES:
            os.umask(0o777)
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_NOFILE, (50, resource.getrlimit(7)[1]))
        frames = np.full((length or 3, 20, 20), index, np.uint8)
        return Video(frames, np.tile([5.0, 5.0, 9.0, 9.0], (len(frames), 1)))
DATA = DatasetSpec(id="data-v1", factory=Data, seed=1, sequences=2, length=3, chunk=1)
"""


@pytest.mark.thorough
def test_a_data_set_that_changes_its_process_is_nothing_to_trackers(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    seen = []
    for meddles in (False, True):
        (tmp_path / "data.py").write_text(MEDDLING_DATA.replace("MEDDLES", str(meddles)))
        done = trackbench_cli(
            *("run", "--plugin", tmp_path / "data.py", "--plugin", PLUGINS / "onlooker.py"),
            *("--tracker", "onlooker", "--dataset", "data", "--out", "r", "--fresh"),
            *("--jobs", "1"),
        )
        assert (done.returncode, done.stderr) == (0, LISTS_VARIABLES)
        files = list(tmp_path.glob("seen-*.json"))
        seen.append({file.read_text() for file in files})
        for file in files:
            file.unlink()
    assert len(seen[0]) == 1
    assert seen[1] == seen[0]


PATCHING = """
import builtins, hashlib, json, math, sys
import numpy as np
from trackbench import DatasetSpec, Video
loads = np.load
for name in ("asarray", "ascontiguousarray", "minimum", "mean", "concatenate", "NAME"):
    setattr(np, name, lambda *_, **__: np.zeros(4))
np.load = lambda *given, **more: loads(*given, **{**more, "allow_pickle": True})
del np.sort
builtins.sorted = lambda values, **_: list(values)[::-1]
json.dumps = lambda *_, **__: "{}"
math.isfinite = lambda _: True
sys.stderr = sys.stdout = None
KEPT = np.load, np.NAME
class Patching:
    def __init__(self, spec=None):
        self.spec = spec
    def sequence(self, index, length=None):
        frames = np.full((length or 3, 20, 20), index, np.uint8)
        return Video(frames, np.tile([5.0, 5.0, 9.0, 9.0], (len(frames), 1)))
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        return self.box
PATCHED = DatasetSpec(id="patched-v1", factory=Patching, seed=1, sequences=2, length=3, chunk=1)
"""


@pytest.mark.thorough
def test_functions_of_libraries_that_a_module_replaces_store_nobody_elses_numbers(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "patching.py").write_text(PATCHING)
    parts = []
    for out, more in (("alone", ()), ("company", ("-t", "ncc", "-d", "patched"))):
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "tiny.py", "--tracker", "static", "--lengths", 3),
            *("--dataset", "tiny-other", "--out", tmp_path / out, "--jobs", 1, *more),
            *(("--plugin", tmp_path / "patching.py") if more else ()),
        )
        assert (done.returncode, done.stderr) == (0, "")
        found = (tmp_path / out).glob("*/static-v1/tiny-other-v1/**/*.parquet")
        parts.append({path.name: path.read_bytes() for path in found})
    assert len(parts[0]) == 2
    assert parts[1] == parts[0]


def test_what_a_module_replaces_and_adds_for_itself_stays(tmp_path: Path) -> None:
    (tmp_path / "patching.py").write_text(PATCHING)
    code = (
        "import numpy as np; was = np.asarray; from trackbench.plugins.importing import importing\n"
        "with importing(): import patching\n"
        "print(np.asarray is was, (np.load, np.NAME) == patching.KEPT, hasattr(np, 'sort'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True True True\n"


UNDO = """
import ctypes, os, resource, sys, sysconfig
from trackbench.plugins.importing import importing
sysconfig.get_paths()  # read now: a Python in a home of root's is nobody else's
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)  # without the right to undo it
try:
    with importing():
        exec(sys.argv[1])
except RuntimeError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("os.nice(1)", "(niceness)"),
        ("resource.setrlimit(resource.RLIMIT_CPU, (900, 900))", "RLIMIT_CPU)"),
        ("ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)", "(NoNewPrivs)"),
        ("os.umask(0o777)", ""),
    ],
)
def test_what_cannot_be_undone_is_refused(change: str, what: str) -> None:
    command = [sys.executable, "-c", UNDO, change]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = "importing it changes this process for all that it starts, and that cannot be undone"
    assert done.stdout.startswith(said) == bool(what), done.stdout
    assert what in done.stdout


VENDORED = """
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent / "lib"))
IMPORT
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    "imported", ["from deep import Deep", "import deep\nclass Deep(deep.Deep):\n    pass"]
)
def test_folders_that_a_plugin_adds_are_found_by_it_and_nobody_else(
    trackbench_cli: CommandLine, tmp_path: Path, imported: str
) -> None:
    library = tmp_path / "lib"
    library.mkdir()
    (library / "deep.py").write_text(
        "import deeper\nclass Deep:\n    def init(self, frame, box):\n        self.box = box\n"
        "    def update(self, frame):\n        return self.box + deeper.STEP\n"
    )
    (library / "deeper.py").write_text("STEP = 1.0\n")
    registered = "import trackbench\ntrackbench.register_tracker('deep')(Deep)"
    text = VENDORED.replace("IMPORT", f"{imported}\n{registered}")
    (tmp_path / "vendored.py").write_text(text)
    (tmp_path / "other.py").write_text(
        LOOKS_AROUND.replace("import os\n", "import os, sys\n").replace(
            "alone = ", "alone = not any('lib' == Path(p).name for p in sys.path) and "
        )
    )
    (tmp_path / "looks.py").touch()
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "tiny.py", "--plugin", tmp_path / "vendored.py"),
        *("--plugin", tmp_path / "other.py", "--tracker", "deep", "--tracker", "looks"),
        *("--dataset", "tiny-other", "--out", tmp_path / "r", "--jobs", "1"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    moved = {
        run.record.tracker: {
            float(step)
            for tracked in run.trajectories()
            for step in (tracked.predicted[:, 1] - tracked.predicted[:, 0]).ravel()
        }
        for run in Results.load(tmp_path / "r").runs
    }
    assert moved == {"deep": {1.0}, "looks": {0.0}}


def test_a_data_set_with_a_memory_is_refused(trackbench_cli: CommandLine, tmp_path: Path) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
        *("--dataset", "remembers", "--out", tmp_path / "r", "--jobs", "1"),
    )
    assert done.returncode == 2, done.stdout
    assert "remembers-v1 sequence 0 is another each time that it is made" in done.stderr
    assert not list((tmp_path / "r").rglob("*.parquet"))


@pytest.mark.thorough
@pytest.mark.parametrize("dataset", ["once", "singly", "byclass", "bymodule", "offirsta offirstb"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_data_set_that_depends_on_what_is_made_before_is_refused(
    trackbench_cli: CommandLine, tmp_path: Path, dataset: str, jobs: str
) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
        *(word for name in dataset.split() for word in ("--dataset", name)),
        *("--out", tmp_path / "r", "--jobs", jobs),
    )
    assert done.returncode == 2, done.stdout
    assert re.search("sequence [0-9]+ is another when others are made before it", done.stderr)


def test_with_fresh_one_tracker_runs_on_it_and_tables_say_so(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static", "--fresh"),
        *("--dataset", "bymodule", "--out", tmp_path / "r"),
    )
    assert done.returncode == 0, done.stderr
    assert "no other run sees the same videos" in done.stderr
    (run,) = Results.load(tmp_path / "r").runs
    assert run.record.unhashed is not None


def test_a_data_set_that_only_one_process_can_have_is_run_and_it_is_said(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static", "--jobs", "1"),
        *("--dataset", "alone", "--out", tmp_path / "r"),
    )
    assert done.returncode == 0, done.stderr
    assert "alone-v1 could not be made in another order" in done.stderr


@pytest.mark.parametrize(
    ("tracker", "messages"),
    [
        ("keepsinchild", []),
        pytest.param("nested", [], marks=pytest.mark.thorough),
        ("raises", ["ValueError: closed all"] * 4),
    ],
)
def test_children_that_keep_frames_runs_in_runs_and_errors_without_descriptors(
    trackbench_cli: CommandLine, tmp_path: Path, tracker: str, messages: list[str]
) -> None:
    trackbench_cli(
        *("run", "--plugin", PLUGINS / "tiny.py", "--plugin", PLUGINS / "company.py"),
        *("--tracker", tracker, "--dataset", "tiny-other", "--out", tmp_path / "r"),
    )
    (run,) = Results.load(tmp_path / "r").runs
    assert [failure.message for failure in run.record.failures] == messages


def test_a_plugin_that_cannot_be_looked_at_is_said_in_one_line(
    trackbench_cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKBENCH_TEST_ODD", "1")
    done = trackbench_cli("run", "--plugin", PLUGINS / "company.py", "--tracker", "static")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "it has no name" in done.stderr


@pytest.mark.thorough
def test_a_child_of_a_data_set_that_comes_back_makes_nothing(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    for dataset in ("twice", "fixed"):
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
            *("--dataset", dataset, "--out", tmp_path / dataset),
        )
        assert done.returncode == 0, done.stderr
    one, other = (Results.load(tmp_path / name).runs[0] for name in ("twice", "fixed"))
    for mine, its in zip(one.trajectories(), other.trajectories(), strict=True):
        np.testing.assert_array_equal(mine.predicted, its.predicted)


def test_a_data_set_that_ends_its_process_is_named(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
        *("--dataset", "exits", "--out", tmp_path / "r"),
    )
    assert done.returncode == 2
    assert done.stderr == (
        "trackbench: exits-v1 cannot be made: its process ended with exit code 3\n"
    )


@pytest.mark.parametrize(
    "limits",
    [
        ("--timeout", "inf", "--memory", "99999999999TiB"),
        pytest.param(("--timeout", "1e300"), marks=pytest.mark.thorough),
    ],
)
def test_limits_beyond_all_bounds_are_stored_and_read_again(
    trackbench_cli: CommandLine, tmp_path: Path, limits: tuple[str, ...]
) -> None:
    for _ in range(2):
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
            *("--dataset", "fixed", "--out", tmp_path / "r", *limits),
        )
        assert done.returncode == 0, done.stderr
