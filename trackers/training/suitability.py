"""Whether network, recipe and data sets go together, before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trackbench.contracts import Dataset
from trackbench.errors import TrackbenchError
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.trackers.networks import NetworkSpec
from trackbench.trackers.training.recipe import Recipe, Stage


def suited(
    recipe: Recipe, network: NetworkSpec, training: Sequence[Dataset], validation: Sequence[Dataset]
) -> Recipe:
    """Return the recipe with clips that begin early enough to lie within the training sets.

    Raises:
        TrackbenchError: there is nothing to train on or to validate with, frames are not of the
            network's size, or sequences are shorter than the recipe's clips.
    """
    if not training or not validation:
        raise TrackbenchError("training needs a training set and a held-out set at least")
    for dataset in (*training, *validation):
        height, width = make_sequence(dataset, 0, 1).frames.shape[1:3]
        if (height, width) != (network.frame, network.frame):
            raise TrackbenchError(
                f"{dataset.spec.id} has frames of {height} x {width} pixels, and this network "
                f"sees {network.frame} x {network.frame}"
            )
    shortest = min(training, key=lambda dataset: dataset.spec.length).spec
    if max(stage.frames for stage in recipe.stages) > shortest.length:
        raise TrackbenchError(
            f"{shortest.id} has {shortest.length} frames a sequence, and recipe {recipe.name} "
            f"trains on more: give longer sequences, or another recipe"
        )
    stages = tuple(_within(stage, shortest.length) for stage in recipe.stages)
    return replace(recipe, stages=stages)


def _within(stage: Stage, length: int) -> Stage:
    return replace(stage, latest_start=min(stage.latest_start, length - stage.frames))
