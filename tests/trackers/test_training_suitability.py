"""Data sets that do not go with a network or a recipe, and those that do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import TrackbenchError
from trackbench.trackers.networks import NetworkSpec
from trackbench.trackers.training.loop import Trained, train
from trackbench.trackers.training.recipe import Recipe, Stage
from trackbench.trackers.training.suitability import suited
from trackbench.trackers.training.task import Settings, Task

TINY = NetworkSpec(frame=20, filters=2, hidden=8)
LATER = Recipe(name="later", stages=(Stage(frames=6, batch=4, latest_start=60),))


class Toy:
    """A bright square that moves right; it keeps to the contract's lengths."""

    def __init__(self, name: str, *, length: int = 9, side: int = 20) -> None:
        self.spec = DatasetSpec(id=name, factory=Toy, seed=0, sequences=8, length=length)
        self.side = side

    def sequence(self, index: int, length: int | None = None) -> Video:
        length = self.spec.length if length is None else length
        if not 1 <= length <= self.spec.length:
            raise ValueError(f"length {length} is outside 1..{self.spec.length}")
        frames = np.zeros((length, self.side, self.side), np.uint8)
        boxes = np.array([[t % 8, index, 6, 6] for t in range(length)], float)
        for frame, (x, y, w, h) in zip(frames, boxes.astype(int), strict=True):
            frame[y : y + h, x : x + w] = 255
        return Video(frames, boxes, {})


def trained(
    training: list[Toy],
    validation: list[Toy],
    out: Path,
    *,
    recipe: Recipe = LATER,
    steps: int,
    start: Path | None = None,
) -> Trained:
    task = Task(
        network=TINY,
        recipe=recipe,
        training=training,
        validation=validation,
        steps=steps,
        start=start,
    )
    return train(task, Settings(), out)


def test_clips_begin_where_they_fit_into_short_sequences() -> None:
    found = suited(LATER, TINY, [Toy("long-v1", length=80), Toy("short-v1")], [Toy("held-v1")])
    assert [stage.latest_start for stage in found.stages] == [3]
    whole = suited(LATER, TINY, [Toy("long-v1", length=80)], [Toy("held-v1")])
    assert whole == LATER


def test_training_on_sequences_shorter_than_the_recipe_would_like(tmp_path: Path) -> None:
    result = trained([Toy("a-v1")], [Toy("b-v1")], tmp_path, steps=30)
    assert result.progress.step == 30


@pytest.mark.parametrize(
    ("training", "validation", "message"),
    [
        ([Toy("a-v1", length=5)], [Toy("b-v1")], "a-v1 has 5 frames a sequence, and recipe later"),
        ([Toy("a-v1", side=30)], [Toy("b-v1")], "a-v1 has frames of 30 x 30 pixels, and this"),
        ([Toy("a-v1")], [Toy("b-v1", side=15)], "b-v1 has frames of 15 x 15 pixels, and this"),
        ([Toy("a-v1")], [], "a training set and a held-out set at least"),
        ([], [Toy("b-v1")], "a training set and a held-out set at least"),
    ],
)
def test_what_does_not_go_together(
    tmp_path: Path, training: list[Toy], validation: list[Toy], message: str
) -> None:
    with pytest.raises(TrackbenchError, match=message):
        trained(training, validation, tmp_path / "out", steps=1)
    assert not (tmp_path / "out").exists()


def test_the_weights_name_only_the_sets_that_were_used(tmp_path: Path) -> None:
    from trackbench.trackers import weights_file

    recipe = Recipe(name="first", stages=(Stage(frames=6, batch=4, mixture=(1.0,)),))
    sets = [Toy("a-v1"), Toy("b-v1")]
    result = trained(sets, [Toy("c-v1")], tmp_path / "one", recipe=recipe, steps=2)
    stated = weights_file.load(result.weights).provenance
    assert (set(stated.data), stated.start) == ({"a-v1"}, "")
    again = trained(sets, [Toy("c-v1")], tmp_path / "two", steps=2, start=result.weights)
    stated = weights_file.load(again.weights).provenance
    assert set(stated.data) == {"a-v1", "b-v1"}
    assert stated.start == weights_file.load(result.weights).sha256
    assert stated.precision in {"float32", "bfloat16"}
