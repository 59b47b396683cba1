"""The file of a run, kept in the results directory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.results.atomic_files import write_text
from trackbench.results.run_file import RUN_FILE
from trackbench.running.bench_file import BenchFile

_NO_CHOICE = frozenset(("progress", "show_output", "tell", "dry_run"))
"""Arguments of a run that choose nothing."""


def keep(bench: BenchFile, given: Mapping[str, Any], folder: Path) -> None:
    """Write the file of a run into its results directory, in the place of an earlier one.

    Args:
        bench: the file.
        given: arguments that went before what it says; they are added as comments.
        folder: the results directory.
    """
    said = [f"#   {name} = {_named(given[name])}" for name in given if name not in _NO_CHOICE]
    target = folder / RUN_FILE
    if target.exists() and target.samefile(bench.file):
        return  # it is the user's own, and stays as it is
    text = bench.text if bench.text.endswith("\n") or not bench.text else f"{bench.text}\n"
    if said:
        text += "\n".join(["# Given beside the file, and before it:", *said, ""])
    write_text(target, text)


def _named(value: object) -> str:
    """Return a value as one line, by its id where it has one."""
    if isinstance(value, TrackerSpec | DatasetSpec | Suite):
        return value.id
    if isinstance(value, list | tuple):
        return ", ".join(map(_named, value))
    return str(value).replace("\n", " ").replace("\r", " ")
