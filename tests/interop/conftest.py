"""Other toolkits as they are released, beside us: ``make interop``."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def _asked_for() -> None:
    if "TRACKBENCH_INTEROP" not in os.environ:
        pytest.skip("takes its time: make interop")
