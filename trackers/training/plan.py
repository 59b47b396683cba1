"""Which videos each batch is made of: a pure function of recipe, number of steps, seed and step.

A batch's new videos are the next sequences of each training set; the others are drawn from the
sequences used before in the same stage, no further back than the buffer reaches. So what a replay
buffer would hold at any step is known without having run up to it: the buffer is only a cache, and
a resumed run sees the same batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from trackbench.errors import TrackbenchError
from trackbench.trackers.training.recipe import Recipe, Stage


@dataclass(frozen=True)
class Clip:
    """A piece of a sequence, as it goes into a batch.

    Attributes:
        dataset: which training set.
        index: which of its sequences.
        start: first frame.
        mirror: bit 0: left and right, bit 1: up and down, bit 2: rows and columns exchanged.
        reverse: run backwards.
    """

    dataset: int
    index: int
    start: int
    mirror: int
    reverse: bool


@dataclass(frozen=True)
class BatchPlan:
    """The videos of one batch.

    Attributes:
        stage: of the curriculum.
        clips: the videos.
        oldest: for each training set, the first sequence that this and later batches can ask for.
    """

    stage: Stage
    clips: tuple[Clip, ...]
    oldest: tuple[int, ...]


@dataclass(frozen=True)
class _Share:
    """One training set's part in a stage: videos and new videos a batch, first sequence."""

    videos: int
    fresh: int
    base: int

    def fresh_range(self, batch: int) -> range:
        """The new sequences of the stage's batch number ``batch``; all of the first are new."""
        if batch == 0:
            return range(self.base, self.base + self.videos)
        first = self.base + self.videos + (batch - 1) * self.fresh
        return range(first, first + self.fresh)


class Plan:
    """The batches of a whole run."""

    def __init__(self, recipe: Recipe, *, steps: int, datasets: int, seed: int) -> None:
        self._recipe, self._seed = recipe, seed
        self._ends = list(recipe.stage_ends(steps))
        self._shares: list[list[_Share]] = []
        bases = [0] * datasets
        for stage, (first, end) in zip(recipe.stages, pairwise([0, *self._ends]), strict=True):
            shares = [
                _Share(videos, min(videos, max(1, round(videos * (1 - recipe.replay)))), base)
                for videos, base in zip(_videos(stage, datasets), bases, strict=True)
            ]
            self._shares.append(shares)
            if end > first:
                bases = [share.fresh_range(end - first - 1).stop for share in shares]

    @property
    def used(self) -> list[int]:
        """Which training sets any stage takes videos from."""
        counts = zip(*self._shares, strict=True)
        return [i for i, shares in enumerate(counts) if any(share.videos for share in shares)]

    def batch(self, step: int) -> BatchPlan:
        """The videos of batch ``step``, from 0."""
        number = next(i for i, end in enumerate(self._ends) if step < end)
        batch = step - (self._ends[number - 1] if number else 0)
        stage = self._recipe.stages[number]
        draw = np.random.default_rng([self._seed, step])
        chosen: list[tuple[int, int]] = []
        oldest = []
        for dataset, share in enumerate(self._shares[number]):
            fresh = share.fresh_range(batch)
            first = max(share.base, fresh.stop - self._recipe.buffer)
            again = draw.integers(first, max(fresh.start, first + 1), share.videos - len(fresh))
            chosen += [(dataset, int(index)) for index in (*fresh, *again)]
            oldest.append(first)
        count = len(chosen)
        starts = draw.integers(0, stage.latest_start + 1, count)
        mirrors = draw.integers(0, 8 if self._recipe.mirror else 1, count)
        reverses = draw.integers(0, 2 if self._recipe.reverse else 1, count)
        clips = tuple(
            Clip(dataset, index, int(start), int(mirror), bool(reverse))
            for (dataset, index), start, mirror, reverse in zip(
                chosen, starts, mirrors, reverses, strict=True
            )
        )
        return BatchPlan(stage, clips, tuple(oldest))


def _videos(stage: Stage, datasets: int) -> list[int]:
    """How many of a batch's videos come from each training set; they sum to the batch."""
    mixture = (*stage.mixture, *[0.0] * datasets)[:datasets] if stage.mixture else [1.0] * datasets
    if min(mixture) < 0 or not sum(mixture):
        raise TrackbenchError(
            f"a stage mixes training sets as {stage.mixture}: of the {datasets} given none is used"
        )
    edges = np.rint(np.cumsum([0.0, *mixture]) / sum(mixture) * stage.batch).astype(int)
    return [int(count) for count in np.diff(edges)]
