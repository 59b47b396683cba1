"""Frames of stored sequences are made again, or it is said why not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.api.frames import frames_of
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.results.directory import Results

Resign = Callable[..., None]
Edited = Callable[..., Results]
NAME = "mnist-single-same-v1"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "results"
    trackbench.run("static", datasets=NAME, sequences=2, lengths=[3], out=out)
    return out


@pytest.fixture
def stored(run: Path, tmp_path: Path) -> Path:
    """The run, for a test that changes it."""
    return Path(shutil.copytree(run, tmp_path / "results"))


@pytest.fixture
def edited(stored: Path, resign: Resign) -> Edited:
    def call(**changes: str) -> Results:
        if "id" in changes:
            (stored / "datasets" / NAME).rename(stored / "datasets" / changes["id"])
            (stored / "runs/static-v1" / NAME).rename(stored / "runs/static-v1" / changes["id"])
        if "fingerprint" in changes:
            (version,) = stored.glob("runs/*/*/*/[0-9a-f]*")
            version.rename(version.with_name(changes["fingerprint"][:16]))
        resign(stored, **changes)
        return Results.load(stored)

    return call


def test_they_are_those_that_were_tracked(stored: Path) -> None:
    frames = frames_of(Results.load(stored))(NAME, 1, 3)
    made = registry.build_dataset(registry.datasets().get(NAME)).sequence(1, 3).frames
    np.testing.assert_array_equal(frames, made)


def test_another_fingerprint_is_refused(edited: Edited) -> None:
    results = edited(fingerprint="0" * 64, dataset_fingerprint="0" * 64)
    with pytest.raises(TrackbenchError, match=r"is not the data that was tracked: .* 000000000000"):
        frames_of(results)(NAME, 0, 3)


def test_an_unknown_data_set_is_named(edited: Edited) -> None:
    results = edited(id="gone-v1", dataset="gone-v1")
    with pytest.raises(TrackbenchError, match="no data set gone-v1 is registered here"):
        frames_of(results)("gone-v1", 0, 3)


def test_nothing_is_made_before_it_is_asked_for(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    whole = registry.build_dataset
    monkeypatch.setattr(registry, "build_dataset", lambda s: made.append(s.id) or whole(s))
    frames = frames_of(Results.load(stored))
    assert made == []
    frames(NAME, 0, 3)
    frames(NAME, 1, 3)
    assert made == [NAME]
