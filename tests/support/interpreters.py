"""Interpreters that have less than the one of the tests."""

import stat
import sys
from pathlib import Path

import numpy as np


def bare_python(folder: Path) -> str:
    """Make an interpreter that finds NumPy, and neither us nor what else is installed here."""
    packages = folder / "site-packages"
    packages.mkdir()
    where = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (where / name).exists():
            (packages / name).symlink_to(where / name)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec "{sys.executable}" -S "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    return str(python)
