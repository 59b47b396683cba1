"""Which videos a batch is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trackbench.errors import TrackbenchError
from trackbench.trackers.training.plan import BatchPlan, Plan
from trackbench.trackers.training.recipe import Recipe, Stage

STAGES = (
    Stage(until=0.25, frames=4, batch=8, mixture=(1, 0)),
    Stage(until=1.0, frames=6, batch=10, mixture=(3, 1), latest_start=5),
)
STEPS = 40


def recipe(**changes: object) -> Recipe:
    settings = {"name": "t", "stages": STAGES, "replay": 0.5, "buffer": 12, "mirror": True}
    return Recipe(**{**settings, **changes})


def plans(seed: int = 0, **changes: object) -> list[BatchPlan]:
    plan = Plan(recipe(**changes), steps=STEPS, datasets=2, seed=seed)
    return [plan.batch(step) for step in range(STEPS)]


def test_a_batch_depends_on_nothing_but_seed_and_step() -> None:
    backwards = Plan(recipe(), steps=STEPS, datasets=2, seed=0)
    assert [backwards.batch(step) for step in reversed(range(STEPS))] == plans()[::-1]
    assert plans(seed=1) != plans()


def test_the_mixture_of_each_stage() -> None:
    for step, batch in enumerate(plans()):
        of_first = sum(clip.dataset == 0 for clip in batch.clips)
        assert (len(batch.clips), of_first) == ((8, 8) if step < 10 else (10, 8))
        assert batch.stage.frames == (4 if step < 10 else 6)


def test_new_videos_are_the_next_ones_and_the_others_are_known() -> None:
    known: set[tuple[int, int]] = set()
    for step, batch in enumerate(plans()):
        now = {(clip.dataset, clip.index) for clip in batch.clips}
        new = now - known
        if step not in {0, 10}:  # the first batch of a stage is all new
            assert len(new) == (4 if step < 10 else 4 + 1)
        for dataset in (0, 1):
            fresh = sorted(index for of, index in new if of == dataset)
            so_far = 1 + max((index for of, index in known if of == dataset), default=-1)
            assert fresh == list(range(so_far, so_far + len(fresh)))
        known |= now
    assert len(known) == 8 + 9 * 4 + 10 + 29 * 5


def test_nothing_older_than_announced_is_asked_for_again() -> None:
    batches = plans()
    for step, batch in enumerate(batches):
        for later in batches[step:]:
            assert all(clip.index >= batch.oldest[clip.dataset] for clip in later.clips)
    last = batches[-1]
    newest = max(clip.index for clip in last.clips if clip.dataset == 0)
    assert last.oldest[0] == newest + 1 - 12


def test_each_sequence_is_used_as_often_as_replay_says() -> None:
    plan = Plan(recipe(stages=(Stage(batch=8),), replay=0.75), steps=2000, datasets=2, seed=0)
    clips = [clip for step in range(2000) for clip in plan.batch(step).clips]
    distinct = {(clip.dataset, clip.index) for clip in clips}
    assert len(clips) / len(distinct) == pytest.approx(4, rel=0.01)
    assert {clip.mirror for clip in clips} == set(range(8))


def test_without_replay_every_video_is_new() -> None:
    clips = [(c.dataset, c.index) for batch in plans(replay=0.0) for c in batch.clips]
    assert len(set(clips)) == len(clips)


def test_starts_and_directions_as_the_recipe_allows() -> None:
    later = [clip for batch in plans(reverse=True)[10:] for clip in batch.clips]
    assert {clip.start for clip in later} == set(range(6))
    assert {clip.reverse for clip in later} == {False, True}
    assert {(clip.mirror, clip.start) for clip in plans(mirror=False)[0].clips} == {(0, 0)}


def test_a_mixture_may_name_more_or_fewer_sets_than_there_are() -> None:
    alone = Plan(recipe(), steps=STEPS, datasets=1, seed=0).batch(20)
    assert {clip.dataset for clip in alone.clips} == {0}
    three = Plan(recipe(), steps=STEPS, datasets=3, seed=0)
    used = [{clip.dataset for clip in three.batch(step).clips} for step in range(STEPS)]
    assert used == [{0}] * 10 + [{0, 1}] * (STEPS - 10)


def test_a_mixture_that_uses_no_set_is_refused() -> None:
    second_only = replace(recipe(), stages=(Stage(mixture=(0, 1)),))
    with pytest.raises(TrackbenchError, match="of the 1 given none is used"):
        Plan(second_only, steps=STEPS, datasets=1, seed=0)
