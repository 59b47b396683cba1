"""The site has every page, and its reference every command and every public name."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

import trackbench
from trackbench.cli.commands import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> Any:
    """Return scripts/docs_site.py, which MkDocs loads."""
    spec = importlib.util.spec_from_file_location("docs_site", ROOT / "scripts/docs_site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_led_to() -> None:
    made = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    named = set(re.findall(r"'([\w/-]+\.md)'", str(made["nav"])))
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {name for name in named if "/" not in name} == pages
    assert made["strict"] is True


def test_the_reference_has_every_command_option_and_example(site: Any) -> None:
    page = site.commands_page()
    root: Any = typer.main.get_command(app)
    parts = dict(
        re.findall(r"^## `trackbench ([a-z -]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    )
    commands = {name.removeprefix("trackbench "): c for name, c in site.leaves(root, "trackbench")}
    assert parts.keys() == commands.keys()
    for name, command in commands.items():
        options = {option for p in command.params for option in p.opts if option.startswith("--")}
        assert [option for option in options if option not in parts[name]] == []
        assert f"\ntrackbench {name.split()[0]}" in parts[name], name  # an example


def test_the_reference_has_every_public_name(site: Any) -> None:
    headings = re.findall(r"heading: trackbench\.(\w+)", site.python_page())
    assert sorted(headings) == sorted(trackbench.__all__)


def test_links_out_of_the_folder_lead_to_pages_that_are_made(site: Any) -> None:
    text = "[a](../ARCHITECTURE.md#x) [b](../examples/masks/x.py) [c](datasets.md)"
    assert site.on_page_markdown(text) == (
        "[a](project/architecture.md#x) [b](reference/examples.md) [c](datasets.md)"
    )
    assert "](../walkthrough.md)" in site.page_of_root("ARCHITECTURE.md")
