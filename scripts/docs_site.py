"""What of the site is made from the code and from files outside of docs/: MkDocs calls this.

Pages are added for every command, with its options and examples as Typer has them; for every name
that ``import trackbench`` gives; for the files of ``examples/``; and for the pages of the
repository's root. Links of pages are led there.
"""

from __future__ import annotations

import inspect
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main

import trackbench
from trackbench.cli.commands import app

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[1]
OF_ROOT = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
}
EXAMPLES = "reference/examples.md"
_COMMANDS = """# Commands

Made from the program itself: what `trackbench COMMAND --help` prints. By what they are for:
[the commands](../commands.md).

Everywhere: `--help`; `--debug` shows the traceback of an error. `trackbench --version` prints
version, commit and weights."""
_PYTHON = """# Python

All that `import trackbench` gives. Each function is a command, too;
[examples/library.py](examples.md) uses them in their order."""
_REGISTRY = """::: trackbench.plugins.registry
    options:
      heading: trackbench.registry
      members: [trackers, datasets, suites, factor_suites, reports, schemes, layouts]"""
EXAMPLE = re.compile(r"^Example: ", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    from mkdocs.structure.files import File

    pages = {
        "reference/commands.md": commands_page(),
        "reference/python.md": python_page(),
        EXAMPLES: examples_page(),
        **{page: page_of_root(name) for name, page in OF_ROOT.items()},
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Lead a page's links to files outside of docs/ to the pages that are made of them."""
    for name, page in OF_ROOT.items():
        markdown = markdown.replace(f"](../{name}", f"]({page}")
    return re.sub(r"\]\(\.\./examples/[^)#]*", f"]({EXAMPLES}", markdown)


def commands_page() -> str:
    """Return the page about every command, with its options."""
    root: Any = typer.main.get_command(app)
    parts = [
        _COMMANDS,
    ]
    for name, command in sorted(leaves(root, "trackbench")):
        parts += [f"## `{name}`", *_described(command), *_parameters(command)]
    return "\n\n".join(parts) + "\n"


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield (name, command) of every command that does something."""
    for key, below in getattr(command, "commands", {}).items():
        yield from leaves(below, f"{name} {key}")
    if not getattr(command, "commands", {}):
        yield name, command


def _described(command: Any) -> Iterator[str]:
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("Example: "):
            examples = EXAMPLE.split(paragraph)[1:]
            yield "```sh\n" + "".join(f"{' '.join(e.split())}\n" for e in examples) + "```"
        else:
            yield paragraph


def _parameters(command: Any) -> Iterator[str]:
    context = command.make_context(command.name, [], resilient_parsing=True)
    records = [p.get_help_record(context) for p in command.params if not p.hidden]
    rows = [f"| `{_cell(names)}` | {_cell(said)} |" for names, said in filter(None, records)]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def python_page() -> str:
    """Return the page about every public name of the library."""
    names = [name for name in trackbench.__all__ if name != "registry"]
    functions = [name for name in names if name.islower()]
    others = [name for name in names if not name.islower()]
    parts = [
        _PYTHON,
        "## Functions",
        *map(_member, functions),
        "## Classes and types",
        *map(_member, others),
        "## The registry",
        _REGISTRY,
    ]
    return "\n\n".join(parts) + "\n"


def _member(name: str) -> str:
    home = f"trackbench.{trackbench._HOME[name]}.{name}"  # noqa: SLF001 - where each name is from
    return f"::: {home}\n    options:\n      heading: trackbench.{name}\n      toc_label: {name}"


def examples_page() -> str:
    """Return the page with the programs of ``examples/``."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "examples"],  # noqa: S607 - as found
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    parts = ["# Examples", "The files of the repository's `examples/`, which the tests run."]
    for name in sorted(listed):
        suffix = Path(name).suffix.removeprefix(".")
        if suffix in {"py", "toml", "c", "cpp", "sh", "ini", "yaml", "md"}:
            text = (ROOT / name).read_text(encoding="utf-8").rstrip()
            parts += [f"## {name}", f"````{suffix}\n{text}\n````"]
    return "\n\n".join(parts) + "\n"


def page_of_root(name: str) -> str:
    """Return a page of the repository's root, its links as from the page in the site."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](../")
    for other, page in OF_ROOT.items():
        text = text.replace(f"]({other}", f"]({Path(page).name}")
    return text
