"""What a contributor is given agrees: pre-commit and make, CITATION.cff and pyproject.toml, CI."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def recipe(target: str) -> list[str]:
    """Return the commands of a target of the Makefile, with ``.venv/bin`` written out."""
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in lines.splitlines()]


def test_a_commit_is_held_to_what_make_holds_it_to() -> None:
    repos = read(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]  # no version of its own of anything
    hooks = repos[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert [hook["entry"] for hook in hooks] == [
        command.removesuffix(" .").replace(" --check", " --check --force-exclude")
        if "format" in command
        else command.replace(" check .", " check --force-exclude")
        for command in recipe("lint") + recipe("types")
    ]
    for hook in hooks:  # ruff is given the files, the others look at everything
        assert hook.get("pass_filenames", True) == ("ruff" in hook["entry"])


@pytest.mark.parametrize("name", [".pre-commit-config.yaml"])
def test_pre_commit_reads_its_configuration(name: str) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_to_be_cited_is_this() -> None:
    cited = read("CITATION.cff")
    assert cited["cff-version"] == "1.2.0"
    assert {"title", "authors", "message"} <= cited.keys()
    assert cited["license"] == PROJECT["license"]
    released = re.findall(r"^## (\d\S*) \(", CHANGELOG, re.MULTILINE)
    assert cited["version"] == (released[0] if released else "0.1.0")  # the one to come, before any
    (paper,) = cited["references"]
    assert paper["url"].endswith("1511.06425")


def test_the_form_asks_for_what_is_needed() -> None:
    form = read(".github/ISSUE_TEMPLATE/bug.yml")
    assert {"name", "description", "body"} <= form.keys()
    asked = {field["id"]: field for field in form["body"]}
    for name, word in (("version", "--version"), ("command", "command"), ("output", "--debug")):
        assert word in asked[name]["attributes"]["label"]
        assert asked[name]["validations"] == {"required": True}


def test_ci_tries_every_python_that_is_promised() -> None:
    jobs = read(".github/workflows/test.yml")["jobs"]
    tried = jobs["test"]["strategy"]["matrix"]["include"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert PROJECT["requires-python"] == f">={promised[0]}"
    systems = {(entry["os"], entry["python"]) for entry in tried}
    assert {python for system, python in systems if system == "ubuntu-latest"} == set(promised)
    assert any(system == "macos-latest" for system, _ in systems)
    assert {entry["extras"] for entry in tried} == {"torch,dev", "dev"}


def test_the_full_run_of_ci_has_all_that_takes_its_time() -> None:
    job = read(".github/workflows/full.yml")["jobs"]["full"]
    assert job["steps"][-1]["run"] == "make ${{ matrix.target }}"
    commands = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    # What each push runs, what the user runs, and what measures on a machine of its own.
    others = {"help", "run", "test", "smoke-check", "baseline", "bench", "clean", "wheel-check"}
    assert set(job["strategy"]["matrix"]["target"]) == commands - others


def test_a_release_is_tried_on_every_python_before_it_is_published() -> None:
    workflow = read(".github/workflows/release.yml")
    jobs = workflow["jobs"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert jobs["smoke"]["strategy"]["matrix"]["python"] == promised
    assert jobs["smoke"]["needs"] == "build"
    assert set(jobs["publish"]["needs"]) == {"build", "smoke"}
    # Only what publishes may ask PyPI, and nothing is held that could be stolen.
    assert workflow["permissions"] == {"contents": "read"}
    asking = [name for name, job in jobs.items() if "id-token" in job.get("permissions", {})]
    assert asking == ["publish"]
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    scripts = {word for run in runs for word in run.split() if word.startswith("scripts/")}
    assert scripts == {"scripts/check_wheel.py", "scripts/cut_release.py"}
    assert all((ROOT / script).is_file() for script in scripts)
