"""Runs of plugins' trackers on a small data set of several units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from interpreters import bare_python
from numpy.typing import NDArray
from processors import every_processor

import trackbench
from trackbench.plugins.loading import load_plugin
from trackbench.results.directory import Results

PLUGINS = Path(__file__).parents[2] / "plugins"
Boxes = dict[tuple[str, str], NDArray[np.float64]]


@pytest.fixture(scope="module", autouse=True)
def _processors_are_not_shared() -> Iterator[None]:
    """Let runs have as many jobs as the machine can, and trackers change which they may use."""
    with every_processor():
        yield


@pytest.fixture(scope="session")
def their_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an interpreter that finds NumPy, and neither us nor what else is installed here."""
    return bare_python(tmp_path_factory.mktemp("their environment"))


@pytest.fixture
def boxes_of() -> Callable[[Results], Boxes]:
    """Return what gives (tracker, data set) -> (N, T, 4) predictions, as they are stored."""
    return _boxes_of


def _boxes_of(results: Results) -> Boxes:
    return {
        (run.record.tracker, run.record.dataset): np.concatenate(
            [tracked.predicted for tracked in run.trajectories()]
        )
        for run in results.runs
    }


@pytest.fixture(scope="session")
def run_tiny_in() -> Callable[..., Results]:
    """Return :func:`_run_tiny_in`."""
    return _run_tiny_in


@pytest.fixture
def run_tiny(tmp_path: Path) -> Callable[..., Results]:
    """Run trackers of a plugin on the data sets of ``tiny.py``."""
    return partial(_run_tiny_in, tmp_path)


def _run_tiny_in(
    folder: Path,
    plugin: str | Path,
    trackers: list[str | trackbench.TrackerSpec],
    out: str = "r",
    **options: Any,
) -> Results:
    """Run trackers of a plugin on the data sets of ``tiny.py``, with results in a folder."""
    load_plugin(PLUGINS / "tiny.py")
    load_plugin(PLUGINS / plugin)
    options = {
        "datasets": ["tiny", "tiny-other"],
        "jobs": 2,
        "timeout": 20.0,
        "tell": str,
        **options,
    }
    return trackbench.run(trackers, out=folder / out, **options)
