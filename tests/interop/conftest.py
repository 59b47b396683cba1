"""Other toolkits as they are released, in an environment of their own: ``make interop``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PYTHON = "TRACKBENCH_INTEROP"
"""Variable that names the interpreter of that environment."""


@pytest.fixture(scope="session")
def their_python() -> str:
    """Return the interpreter that has the toolkits, and trackbench."""
    python = os.environ.get(PYTHON)
    if python is None:
        pytest.skip("needs the other toolkits: make interop")
    return str(Path(python).absolute())
