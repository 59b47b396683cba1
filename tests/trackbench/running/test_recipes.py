"""However a tracker is brought, it arrives: by script, module, file, standard input, or cell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRACKER = """
import functools, threading
LOCK = threading.Lock()
HANDLE = open(__file__)

@functools.lru_cache
def step(number):
    return number / 2

class Base:
    factor = 1.0

class Mine(Base):
    def __init__(self, add=0.0):
        self.add = add
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        with LOCK:
            self.box = self.box + [step(3) * self.factor + self.add, 0, 0, 0]
        return self.box
"""
RUN = """
import trackbench
OPTIONS = dict(datasets=["mnist-single-same"], sequences=2, lengths=[5], jobs=1)
def show(results):
    (run,) = results.runs
    boxes = next(run.trajectories()).predicted
    print("STEP", *(boxes[:, 1, 0] - boxes[:, 0, 0]).tolist())
"""
IN_FILE = TRACKER + RUN
# A lock and an open file cannot travel by value: what is in no file does without.
IN_CELL = TRACKER + RUN
for of_a_file in ("LOCK = threading.Lock()", "HANDLE = open(__file__)", "@functools.lru_cache"):
    IN_CELL = IN_CELL.replace(of_a_file, "").replace("with LOCK:", "if True:")


def run(
    folder: Path, *arguments: str, given: str | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


def steps(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("STEP")]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "ending",
    [
        'show(trackbench.run(Mine, out="r", **OPTIONS))\n',
        'if __name__ == "__main__":\n    show(trackbench.run(Mine, out="r", **OPTIONS))\n',
        'def main():\n    show(trackbench.run([Mine], out="r", **OPTIONS))\nmain()\n',
    ],
)
def test_a_script(tmp_path: Path, ending: str) -> None:
    (tmp_path / "script.py").write_text(IN_FILE + ending)
    assert steps(run(tmp_path, "script.py")) == ["STEP 1.5 1.5"]


@pytest.mark.thorough
def test_a_script_with_several_runs_and_classes_between(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        IN_FILE
        + 'show(trackbench.run(Mine, out="r", **OPTIONS))\n'
        + "class Later:\n"
        + "    def init(self, frame, box): self.box = box\n"
        + "    def update(self, frame): return self.box + [4.0, 0, 0, 0]\n"
        + 'show(trackbench.run(Later, out="s", **OPTIONS))\n'
    )
    assert steps(run(tmp_path, "script.py")) == ["STEP 1.5 1.5", "STEP 4.0 4.0"]


@pytest.mark.thorough
def test_a_script_whose_class_is_made_by_a_function_or_inside_another(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        RUN
        + "def made(step):\n"
        + "    class Made:\n"
        + "        def init(self, frame, box): self.box = box\n"
        + "        def update(self, frame): return self.box + [step, 0, 0, 0]\n"
        + "    return Made\n"
        + "class Outer:\n"
        + "    class Inner(made(7.0)):\n"
        + "        pass\n"
        + 'show(trackbench.run(made(5.0), out="r", **OPTIONS))\n'
        + 'show(trackbench.run(Outer.Inner, out="s", **OPTIONS))\n'
    )
    assert steps(run(tmp_path, "script.py")) == ["STEP 5.0 5.0", "STEP 7.0 7.0"]


@pytest.mark.thorough
def test_a_module_run_with_python_m(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "helper.py").write_text("ADD = 2.0\n")
    (package / "script.py").write_text(
        IN_FILE
        + "from .helper import ADD\n"
        + 'spec = trackbench.TrackerSpec(id="mine", factory=Mine, parameters={"add": ADD})\n'
        + 'show(trackbench.run(spec, out="r", **OPTIONS))\n'
    )
    assert steps(run(tmp_path, "-m", "package.script")) == ["STEP 3.5 3.5"]


@pytest.mark.thorough
@pytest.mark.parametrize("arguments", [("-",), ("-c",)])
def test_what_lives_in_no_file(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code = IN_CELL + 'show(trackbench.run(Mine, out="r", **OPTIONS))\n'
    if arguments == ("-c",):
        assert steps(run(tmp_path, "-c", code)) == ["STEP 1.5 1.5"]
    else:
        assert steps(run(tmp_path, "-", given=code)) == ["STEP 1.5 1.5"]


SMALL = ("--dataset", "mnist-single-same", "--sequences", "2", "--lengths", "5", "--jobs", "1")


@pytest.mark.thorough
def test_a_dotted_name_in_a_package_of_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(TRACKER)
    done = run(tmp_path, "-m", "trackbench", "run", "-t", "mine:Mine", *SMALL, "-o", "r")
    assert "mine: " in done.stdout


@pytest.mark.thorough
def test_two_plugin_files_of_one_name_are_two(tmp_path: Path) -> None:
    for name, step in (("a", 1.0), ("b", 2.0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plugin.py").write_text(
            f"class {name.upper()}:\n"
            "    def init(self, frame, box): self.box = box\n"
            f"    def update(self, frame): return self.box + [{step}, 0, 0, 0]\n"
        )
    (tmp_path / "script.py").write_text(
        RUN
        + "from pathlib import Path\n"
        + "from trackbench.plugins.loading import load_plugin\n"
        + 'for name in "ab":\n'
        + '    load_plugin(Path(name) / "plugin.py")\n'
        + 'for name in "ab":\n'
        + "    show(trackbench.run(name, out=name + 'r', **OPTIONS))\n"
    )
    assert steps(run(tmp_path, "script.py")) == ["STEP 1.0 1.0", "STEP 2.0 2.0"]


@pytest.mark.thorough
def test_a_module_of_the_author_is_not_another_of_the_same_name(tmp_path: Path) -> None:
    """``pygments`` is installed; the script's own folder comes first for its own modules."""
    pytest.importorskip("pygments")
    (tmp_path / "pygments.py").write_text("STEP = 6.0\n")
    (tmp_path / "script.py").write_text(
        "import pygments\n"
        + RUN
        + "class Mine:\n"
        + "    def init(self, frame, box): self.box = box\n"
        + "    def update(self, frame): return self.box + [pygments.STEP, 0, 0, 0]\n"
        + 'show(trackbench.run(Mine, out="r", **OPTIONS))\n'
    )
    assert steps(run(tmp_path, "script.py")) == ["STEP 6.0 6.0"]


@pytest.mark.thorough
def test_files_beside_a_plugin_take_no_names_away(tmp_path: Path) -> None:
    beside, executed = tmp_path / "beside", tmp_path / "executed"
    beside.mkdir()
    executed.mkdir()
    for name in ("lzma", "numpy", "select", "socket", "json", "torch", "cv2"):
        (beside / f"{name}.py").write_text(f"open({str(executed / name)!r}, 'w')\nraise SystemExit")
    (beside / "mine.py").write_text(TRACKER)
    program = Path(sys.executable).parent / "trackbench"
    arguments = ("run", "--plugin", "mine.py", "-t", "mine", *SMALL, "-o", "r")
    done = subprocess.run(
        [program, *arguments], cwd=beside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not list(executed.iterdir())


EDITABLE = """
import sys
from importlib.machinery import PathFinder
WORD = "__editable__.mine.finder.__path_hook__"
class Finder:
    def find_spec(name, target=None):
        return PathFinder.find_spec(name, [{folder!r}])
def hook(path):
    if path != WORD:
        raise ImportError
    return Finder
sys.path_hooks.append(hook)
sys.path.append(WORD)
"""
"""What setuptools has an interpreter do for an editable installation with a namespace package."""


@pytest.mark.thorough
def test_words_on_the_search_path_that_are_no_folders_are_words_everywhere(tmp_path: Path) -> None:
    """A module that only their finder finds; and nobody reads a file where none can be."""
    site, folder = tmp_path / "site", tmp_path / "elsewhere"
    site.mkdir()
    folder.mkdir()
    (site / "sitecustomize.py").write_text(EDITABLE.format(folder=str(folder)))
    (folder / "hooked.py").write_text("STEP = 8.0\n")
    (tmp_path / "plugin.py").write_text(
        "from importlib.metadata import distributions\n"
        "class Mine:\n"
        "    def init(self, frame, box):\n"
        "        import hooked\n"
        "        list(distributions(name='no such'))\n"
        "        self.box = box + [hooked.STEP, 0, 0, 0]\n"
        "    def update(self, frame): return self.box\n"
    )
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", "run", "--plugin", "plugin.py", "-t", "mine", *SMALL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "__path_hook__" not in done.stderr
    assert "in memory here it is something else" not in done.stderr
