"""What is written passes the tools that this project holds itself to, whatever the name."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trackbench.errors import TrackbenchError
from trackbench.ids import parse
from trackbench.scaffold.names import LONGEST, names_of
from trackbench.scaffold.package import package_files
from trackbench.scaffold.plugin_kinds import Part
from trackbench.scaffold.rendering import Scaffold, module_text

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "pyproject.toml"
# What mypy knows of NumPy and of ours since "make types"; it reads anew what has changed.
PROJECT_CACHE = ROOT / ".mypy_cache"
NAMES = (
    *("x", "my-tracker", "MyTracker", "a.b_c-2", "mine-v2"),
    # that an import or a class of the example might be called, too
    *("tracker", "batch", "dataset", "Video", "frame", "boxes", "np", "suite", "report"),
    *("z" * LONGEST, "Z-9" * 13),
)
KINDS = [(part, False) for part in Part] + [(Part.TRACKER, True)]


def write(folder: Path, names: tuple[str, ...]) -> None:
    """Write, for each name, ``<number>/<kind>.py`` and ``<number>/package-<n>/...``."""
    for number, name in enumerate(names):
        for part, batched in KINDS:
            file = folder / str(number) / f"{part.value}_{'batch' if batched else 'one'}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(module_text(part, Scaffold(names_of(name), (part,), batched=batched)))
        for batched in (False, True):
            new = Scaffold(names_of(name), tuple(Part), batched=batched, package=True)
            for path, text in package_files(new):
                file = folder / str(number) / f"package{int(batched)}" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    write(folder, NAMES)
    return folder


def tool(folder: Path, *arguments: object) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.thorough
def test_ruff_finds_nothing_in_a_plugin(rendered: Path) -> None:
    files = sorted(rendered.glob("*/*.py"))
    assert len(files) == 4 * len(NAMES)
    # Nobody's plugin is a part of a package.
    tool(rendered, "ruff", "check", "--config", CONFIG, "--ignore", "INP001", *files)
    tool(rendered, "ruff", "format", "--check", "--config", CONFIG, *files)


@pytest.mark.thorough
def test_ruff_finds_nothing_in_a_package(rendered: Path) -> None:
    folders = sorted(rendered.glob("*/package?"))
    tool(rendered, "ruff", "check", *folders)  # with the configuration that each brings
    said = tool(rendered, "ruff", "format", "--check", *folders)
    assert said == f"{8 * 2 * len(NAMES)} files already formatted\n"
    for name in ("x", "tracker", "z" * LONGEST):
        for number in (0, 1):
            folder = rendered / str(NAMES.index(name)) / f"package{number}"
            tool(folder, "ruff", "check", "--config", CONFIG, ".")


@pytest.mark.thorough
def test_mypy_finds_nothing(rendered: Path, tmp_path: Path) -> None:
    if PROJECT_CACHE.is_dir():
        shutil.copytree(PROJECT_CACHE, tmp_path / "cache")
    one, names = rendered / "1", names_of(NAMES[1])
    packages = [one / "package0", one / "package1"]
    for number, folder in enumerate(packages):
        source = folder / "src" / names.module
        files = [*source.glob("*.py"), *folder.glob("tests/*.py")]
        assert len(files) == 7
        plugins = [*one.glob("*.py")] if number == 0 else []
        command = [sys.executable, "-m", "mypy", "--config-file", str(CONFIG), "--strict"]
        done = subprocess.run(
            [*command, "--cache-dir", str(tmp_path / "cache"), *map(str, [*files, *plugins])],
            cwd=folder,
            env={"MYPYPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        checked = len(files) + len(plugins)
        assert done.stdout == f"Success: no issues found in {checked} source files\n", done.stderr


def test_metadata_and_workflow_can_be_read(rendered: Path) -> None:
    for number, name in enumerate(NAMES):
        folder = rendered / str(number) / "package1"
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        assert project["name"] == name
        module = names_of(name).module
        assert project["entry-points"] == {
            f"trackbench.{group}": {parse(name).name: f"{module}.{where}"}
            for group, where in (
                ("trackers", "tracker:TRACKER"),
                ("datasets", "dataset:DATASET"),
                ("suites", "dataset:SUITE"),
                ("reports", "report:REPORT"),
            )
        }
        workflow = yaml.safe_load((folder / ".github/workflows/test.yml").read_text())
        assert "python -m pytest" in [step.get("run") for step in workflow["jobs"]["test"]["steps"]]


def test_no_template_leaves_a_trace(rendered: Path) -> None:
    files = [path for path in rendered.rglob("*") if path.is_file() and ".ruff" not in str(path)]
    for path in files:
        text = path.read_text()
        assert not re.search(r"\{[{%#]|[%#]\}|None-|\bundefined\b", text), path
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert not re.search(r"[ \t]$|\n\n\n\n", text, re.MULTILINE), path


@given(st.from_regex(r"[A-Za-z0-9._-]{1,45}", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_a_name_makes_a_module_and_classes_or_is_refused(name: str) -> None:
    try:
        names = names_of(name)
    except TrackbenchError as error:
        assert "\n" not in str(error)  # noqa: PT017 - most names are good
        return
    assert re.fullmatch(r"[a-z][a-z0-9_]*", names.module)
    assert len(names.module) <= LONGEST
    for what in ("Tracker", "Dataset"):
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", names.class_of(what))
        assert names.class_of(what).endswith(what)
    assert parse(names.versioned).version
    compile(module_text(Part.TRACKER, Scaffold(names, (Part.TRACKER,))), name, "exec")
