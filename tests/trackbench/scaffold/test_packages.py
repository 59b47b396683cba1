"""A package of ``trackbench new``, really installed: exactly the commands that are printed."""

import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from trackbench.results.directory import Results

Shell = Callable[..., str]
PrintedCommands = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment that has what this one has, and return its folder of programs."""
    home = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    ours = sysconfig.get_path("purelib")
    # Unlike --system-site-packages, this sees the environment that the tests run in.
    beneath = home / "lib" / version / "site-packages" / "beneath.pth"
    beneath.write_text(f"import site; site.addsitedir({ours!r})\n")
    program = home / "bin" / "trackbench"
    program.write_text(f"#!{home}/bin/python\nfrom trackbench.cli.app import main\nmain()\n")
    program.chmod(0o755)
    return home / "bin"


@pytest.mark.thorough
def test_a_tracker(
    tmp_path: Path, programs: Path, shell: Shell, printed_commands: PrintedCommands
) -> None:
    commands = printed_commands(shell(["trackbench new package my-own"], tmp_path))
    assert commands[:3] == ["cd my-own", "python -m pip install -e '.[test]'", "python -m pytest"]
    said = shell(commands, tmp_path, programs=programs)
    assert " 2 passed in " in said
    assert "my-own-v1: " in said
    folder = tmp_path / "my-own"
    for cell in Results.load(folder / "results/ci").cells():
        assert (cell.failures, cell.invalid) == (0, 0)
        assert cell.mean > 0.5

    # The workflow as the CI server runs it, but for what prepares the machine.
    jobs = yaml.safe_load((folder / ".github/workflows/test.yml").read_text())["jobs"]
    steps = [step["run"] for step in jobs["test"]["steps"] if "run" in step]
    assert steps[1:3] == commands[1:3]
    run, check = steps[3:]
    assert "my-own-v1" in shell([run, check], folder, programs=programs)

    # A tracker that got worse is stopped.
    module = folder / "src/my_own/tracker.py"
    text = module.read_text()
    worse = text.replace("        return self._box\n", "        return self._box + [5, 5, 0, 0]\n")
    assert worse != text
    module.write_text(worse)
    shell([run.replace("results/ci", "results/ci --fresh")], folder, programs=programs)
    shell([check], folder, programs=programs, expected=1)


@pytest.mark.thorough
@pytest.mark.slow
def test_everything_at_once(
    tmp_path: Path, programs: Path, shell: Shell, printed_commands: PrintedCommands
) -> None:
    made = "trackbench new package all.of-it --with report --with dataset --with tracker"
    commands = printed_commands(shell([f"{made} --batched --out ./elsewhere"], tmp_path))
    assert commands[0] == "cd elsewhere"
    said = shell(commands, tmp_path, programs=programs)
    assert " 6 passed in " in said
    assert re.search(r"^all.of-it-v1  [0-9a-f]{64}  has no published", said, re.MULTILINE)
    assert re.search(r"^  0\.12 #####  +static-v1$", said, re.MULTILINE)
    listed = shell(["trackbench list trackers"], tmp_path, programs=programs)
    assert re.search(r"^all\.of-it-v1 +looks around its last places", listed, re.MULTILINE)
    assert "cannot be loaded" not in listed
    steps = yaml.safe_load((tmp_path / "elsewhere/.github/workflows/test.yml").read_text())
    *_, last = steps["jobs"]["test"]["steps"]
    assert last["run"] in commands

    # What is installed is registered, so the name is taken.
    shell(["trackbench new tracker all.of-it"], tmp_path, programs=programs, expected=2)
