"""What docs/checking.md says to copy: a workflow for GitHub, and commands for ``trackbench``."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from trackbench.cli.commands import app

DOCS = (Path(__file__).parents[3] / "docs" / "checking.md").read_text(encoding="utf-8")
(RECIPE,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)


def steps() -> list[dict[str, Any]]:
    (job,) = yaml.safe_load(RECIPE)["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def commands_in(line: str) -> list[list[str]]:
    """Return the arguments of each ``trackbench`` of a shell line."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    parts: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set("|&;<>"):
            parts.append([])
        else:
            parts[-1].append(word)
    return [part[1:] for part in parts if part[:1] == ["trackbench"]]


def documented() -> list[list[str]]:
    """Return the arguments of every ``trackbench`` in the recipe and in the blocks for a shell."""
    lines = [step["run"] for step in steps() if "run" in step]
    for block in re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL):
        lines += [line for line in block.splitlines() if line.startswith("trackbench ")]
    return [arguments for line in lines for arguments in commands_in(line)]


def test_the_recipe_is_a_github_workflow_of_under_20_lines() -> None:
    assert len(RECIPE.splitlines()) < 20
    workflow = yaml.safe_load(RECIPE)
    assert workflow.keys() == {"name", True, "jobs"}  # YAML 1.1 reads a bare "on" as true
    (job,) = workflow["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    for step in steps():
        assert len({"run", "uses"} & step.keys()) == 1
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
        else:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])


def test_the_recipe_runs_and_then_checks_what_it_ran() -> None:
    run, check = (words for step in steps() for words in commands_in(step.get("run", "")))
    assert (run[0], check[0]) == ("run", "check")
    assert run[run.index("--out") + 1] == check[1]


@pytest.mark.parametrize("arguments", documented(), ids=" ".join)
def test_the_command_line_takes_what_is_documented(arguments: list[str]) -> None:
    group = typer.main.get_command(app)
    name, *rest = arguments
    assert isinstance(group, typer.core.TyperGroup)
    parsed = group.commands[name].make_context(name, rest)
    assert not parsed.args


def test_the_data_set_with_more_sequences_is_one(
    trackbench_cli: Callable[..., Any], tmp_path: Path
) -> None:
    (written,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    (tmp_path / "more.py").write_text(written)
    listed = trackbench_cli("list", "datasets", "--plugin", "more.py").stdout
    assert re.search(r"^more-single-same-v1 +2000 +160 ", listed, re.MULTILINE)


def test_it_would_be_seen_if_the_command_line_did_not_take_it() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    with pytest.raises(Exception, match="No such option: --basline"):
        group.commands["check"].make_context("check", ["results", "--basline", "b.json"])
