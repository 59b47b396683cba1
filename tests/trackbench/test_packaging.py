"""The wheel holds real files; the links in the tree are links; the bare names are refused."""

import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

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
    (info,) = tops - {"trackbench"}
    assert info == "trackbench-0.1.0.dev0.dist-info"  # there is no git where it was built
    for part in PARTS:
        for path in (ROOT / part).rglob("*"):
            relative = path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in relative.parts:
                assert f"trackbench/{relative}" in names
    templates = list((ROOT / "trackbench/scaffold/template").iterdir())
    assert templates
    assert {str(path.relative_to(ROOT)) for path in templates} <= set(names)
    assert "trackbench/py.typed" in names
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= set(names)


@pytest.mark.thorough
def test_what_is_wrong_with_a_wheel_is_told(wheel: Path, tmp_path: Path) -> None:
    check_wheel = script("check_wheel")
    # This one was built outside of git, and is as it should be else.
    lacks = ["it lacks trackbench/built_from.json"]
    assert list(check_wheel.wrong_in_wheel(wheel, None)) == lacks
    spoiled = tmp_path / wheel.name
    shutil.copy(wheel, spoiled)
    with zipfile.ZipFile(spoiled, "a") as opened:
        opened.writestr("tests/secret.py", "x = 1")
    told = list(check_wheel.wrong_in_wheel(spoiled, "v0.2.0"))
    assert [line.partition(" beside")[0] for line in told] == [
        "RECORD does not list tests/secret.py",
        "it holds tests",
        *lacks,
        "its version is 0.1.0.dev0, and the tag is v0.2.0",
    ]


def test_the_version_is_the_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made: list[str] = []
    monkeypatch.setattr("setuptools.setup", lambda **given: made.append(given["version"]))
    shutil.copy(ROOT / "setup.py", tmp_path)

    def git(*words: str) -> str:
        own = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        return subprocess.run(
            ["git", *own, *words], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    def version() -> str:
        runpy.run_path(str(tmp_path / "setup.py"))
        return made.pop()

    def commit() -> str:
        git("commit", "--quiet", "--allow-empty", "--message", "Work")
        return git("rev-parse", "--short=10", "HEAD")

    assert version() == "0.1.0.dev0"
    git("init", "--quiet")
    git("add", "setup.py")
    assert version() == "0.1.0.dev0"
    first = commit()
    assert version() == f"0.1.0.dev0+g{first}"
    git("tag", "v0.2.0rc1")
    assert version() == "0.2.0rc1"
    git("tag", "--delete", "v0.2.0rc1")
    git("tag", "--annotate", "v0.2.0", "--message", "0.2.0")
    git("tag", "not-a-version")
    assert version() == "0.2.0"
    (tmp_path / "setup.py").write_text((ROOT / "setup.py").read_text() + "\n", encoding="utf-8")
    assert version() == f"0.2.1.dev0+g{git('rev-parse', '--short=10', 'HEAD')}.dirty"
    git("checkout", "--quiet", "setup.py")
    second = commit()
    assert version() == f"0.2.1.dev1+g{second}"
    (tmp_path / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: trackbench\nVersion: 9.9\n")
    assert version() == "9.9"


def test_a_release_is_cut_out_of_what_is_unreleased() -> None:
    cut_release = script("cut_release")
    unreleased = "## Unreleased\n\n### Added\n\n- A thing.\n"
    log = f"# Changelog\n\n{unreleased}\n## 0.1.0 (2026-01-01)\n\n- All.\n"
    cut = cut_release.cut(log, "0.2.0", "2026-02-03")
    assert cut_release.notes(cut, "0.2.0") == "### Added\n\n- A thing."
    assert cut_release.notes(cut, "0.1.0") == "- All."
    assert cut.index("## Unreleased") < cut.index("## 0.2.0 (2026-02-03)") < cut.index("## 0.1.0")
    cited = cut_release.with_version(
        "title: x\nversion: 0.1.0\nlicense: MIT\n", "0.2.0", "2026-02-03"
    )
    assert cited == "title: x\nversion: 0.2.0\ndate-released: 2026-02-03\nlicense: MIT\n"
    cut_release.check(cut, f"\n{cited}", "0.2.0")
    for wrong in (
        lambda: cut_release.cut(cut, "0.3.0", ""),
        lambda: cut_release.notes(log, "0.3.0"),
    ):
        with pytest.raises(SystemExit, match=r"CHANGELOG\.md has no"):
            wrong()
    with pytest.raises(SystemExit, match="is not of"):
        cut_release.check(cut, cited, "0.1.0")


def script(name: str) -> Any:
    """Return a program of the repository as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
