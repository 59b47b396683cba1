"""The wheel holds real files; the links in the tree are links; the bare names are refused."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("trackers", "datasets", "reports")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from what git would give a clone."""
    source = tmp_path_factory.mktemp("source") / "trackbench"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).exists() or (ROOT / name).is_symlink():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_links_are_links() -> None:
    for part in PARTS:
        assert (ROOT / "trackbench" / part).readlink() == Path("..") / part


@pytest.mark.thorough
def test_the_wheel_holds_every_module_and_data_file_once(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"trackbench", "trackbench-0.1.0.dist-info"}
    for part in PARTS:
        for path in (ROOT / part).rglob("*"):
            relative = path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in relative.parts:
                assert f"trackbench/{relative}" in names
    templates = list((ROOT / "trackbench/scaffold/template").iterdir())
    assert templates
    assert {str(path.relative_to(ROOT)) for path in templates} <= set(names)
    assert "trackbench/py.typed" in names
    assert {"trackbench-0.1.0.dist-info/licenses/LICENSE"} <= set(names)
    assert {"trackbench-0.1.0.dist-info/licenses/NOTICE"} <= set(names)


@pytest.mark.thorough
def test_the_wheel_runs_outside_the_tree(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "site")
    command = [sys.executable, "-m", "trackbench", "run", "--tracker", "kcf", "--suite", "smoke"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "MNIST-Multi-Diff" in done.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import trackbench.datasets as d; print(d.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(tmp_path / "site"))


@pytest.mark.parametrize("part", PARTS)
def test_the_bare_name_is_refused(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {part}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"ImportError: import trackbench.{part}, not {part}" in done.stderr
