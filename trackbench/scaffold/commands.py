"""What to run after something new was written; each line can be copied into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path

from trackbench.scaffold.rendering import Scaffold


def plugin_commands(new: Scaffold, path: Path) -> list[str]:
    """Return what to run with a plugin file at ``path``."""
    plugin = f"--plugin {shlex.quote(str(path))}"
    if new.tracker:
        shown = f"{new.names.module}.gif"
        return [
            f"trackbench run {plugin} --tracker {new.tracker} --suite smoke",
            f"trackbench show mnist-single-same {plugin} --tracker {new.tracker} --out {shown}",
        ]
    if new.dataset:
        return [
            f"trackbench verify {new.dataset} {plugin}",
            f"trackbench run {plugin} --suite {new.dataset} --tracker ncc --tracker static",
        ]
    return [
        "trackbench run --tracker static --suite smoke",
        f"trackbench report results/smoke {plugin} --format {new.report}",
    ]


def package_commands(new: Scaffold, folder: Path) -> list[str]:
    """Return what to run with a package in ``folder``."""
    commands = [
        f"cd {shlex.quote(str(folder))}",
        "python -m pip install -e '.[test]'",
        "python -m pytest",
    ]
    if new.tracker:
        commands += [
            f"trackbench run --tracker {new.tracker} --suite smoke --out results/ci",
            "trackbench baseline results/ci --out baseline.json",
        ]
    if new.dataset:
        commands += [
            f"trackbench verify {new.dataset}",
            f"trackbench run --suite {new.dataset} --tracker ncc --tracker static",
        ]
    if new.report:
        commands += [
            "trackbench run --tracker static --suite smoke",
            f"trackbench report results/smoke --format {new.report}",
        ]
    return commands
