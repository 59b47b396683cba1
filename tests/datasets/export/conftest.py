"""Exports made in this process, and the truth that they are held to."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.datasets.export import exporting
from trackbench.datasets.export.card import Card
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layouts import layout_named
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.fingerprints import published_fingerprint

PLUGINS = Path(__file__).parents[2] / "plugins"


@dataclass(frozen=True)
class Export:
    """An export, and the sequences that it should hold."""

    path: Path
    card: Card
    found: bool
    names: list[str]
    truth: list[Video]


Exporting = Callable[..., Export]


def _spec(name: str) -> DatasetSpec:
    for plugin in ("colour.py", "uneven.py", "masked.py"):
        loaded = importlib.util.spec_from_file_location(f"a_{plugin[:-3]}", PLUGINS / plugin)
        assert loaded is not None
        assert loaded.loader is not None
        module = importlib.util.module_from_spec(loaded)
        sys.modules[module.__name__] = module  # a dataclass in it looks itself up
        loaded.loader.exec_module(module)
        own = {spec.id: spec for spec in vars(module).values() if isinstance(spec, DatasetSpec)}
        if name in own:
            return own[name]
    return dataset_named(name)


def _export(
    path: Path,
    dataset: str | DatasetSpec = "mnist-multi-diff-v1",
    layout: str = "got10k",
    *,
    image: ImageFormat = ImageFormat.PNG,
    sequences: int | None = 3,
    length: int | None = 12,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Export:
    spec = _spec(dataset) if isinstance(dataset, str) else dataset
    done = exporting.export(
        spec,
        layout_named(layout),
        image,
        path,
        sequences=sequences,
        length=length,
        jobs=jobs,
        progress=progress,
    )
    count = done.card.extent.sequences
    names = [spec.name_of(i) if spec.names else f"{spec.id}_{i:06d}" for i in range(count)]
    source = registry.build_dataset(spec)
    lengths = [min(done.card.extent.length, spec.frames_of(index)) for index in range(count)]
    truth = [source.sequence(index, length) for index, length in enumerate(lengths)]
    return Export(path, done.card, done.found, names, truth)


@pytest.fixture(scope="module", autouse=True)
def _samples_of_ours_are_hashed_once() -> Iterator[None]:
    """Make the sample of a built-in data set once: every export has its hash, always the same."""
    known: dict[str, str] = {}

    def hashed(dataset: Dataset) -> str:
        if dataset.spec not in list(registry.datasets()):
            return published_fingerprint(dataset)
        if dataset.spec.id not in known:
            known[dataset.spec.id] = published_fingerprint(dataset)
        return known[dataset.spec.id]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "published_fingerprint", hashed)
        yield


@pytest.fixture(scope="session")
def export() -> Exporting:
    """Return :func:`_export`."""
    return _export


@pytest.fixture(scope="session")
def spec_named() -> Callable[[str], DatasetSpec]:
    """Return :func:`_spec`: a data set of the plugin or a built-in one."""
    return _spec


def tree(path: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path there."""
    files = [file for file in path.rglob("*") if file.is_file()]
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


@pytest.fixture(scope="session")
def tree_of() -> Any:
    """Return :func:`tree`."""
    return tree
