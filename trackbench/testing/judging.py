"""A judgement of what was seen of a tracker: every probe in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from trackbench.metrics import mask_iou
from trackbench.printing.amounts import frame_rate
from trackbench.testing.clips import EASY
from trackbench.testing.drawing import SIDE
from trackbench.testing.evidence import Act
from trackbench.testing.points import Checked, Point, Severity, ordered
from trackbench.testing.probes import answers, colour, lag, reading, repeats, resources, shift
from trackbench.testing.probes.pairs import Pair
from trackbench.testing.probes.readings import GIVEN, Back
from trackbench.testing.recording import Recording
from trackbench.testing.script import (
    AFTER,
    ALONE,
    ENDURANCE,
    FIRST_OF_ALL,
    ONE_AFTER,
    TOGETHER,
)

FOLLOWS = 0.4
"""Mean IoU in easy videos from which a tracker is said to follow its target."""


def judge(
    name: str,
    acts: list[Act],
    third: Act | None = None,
    fourth: Act | None = None,
    *,
    batched: bool,
    also: tuple[Point, ...] = (),
) -> Checked:
    """Return what is wrong with a tracker.

    Args:
        name: what it is called.
        acts: what was seen in the first process, and in one that tracked in another order.
        third: in a process that did what the first did; None: there was no need of it.
        fourth: in one that did what the second did, with the first one's order of sets of words.
        batched: whether it follows several videos in lockstep.
        also: further points, such as what could not be judged.
    """
    first = acts[0]
    seen = list(chain.from_iterable(act.all_videos for act in acts))
    stops = [one.stop for _, one in seen if one.stop] + [act.stop for act in acts if act.stop]
    state = list(_given(_of_state(acts, third, fourth)))
    misread = reading.misread(_pairs([*_alone(first).values(), first.video("still")]))
    back = misread[1] if misread else GIVEN.back
    points = [
        *_without_consequences(
            answers.stopped(stop for stop in stops if not stop.read_only), state
        ),
        *_given([answers.writes(seen)]),
        *answers.invalid(seen),
        *state,
        *([misread[0]] if misread else ()),
        *_given(_of_places(first, back, repeats=not _has(state, "not-deterministic"))),
        *_given(_of_colour(first, back)),
        *(_given([_of_batch(first)]) if batched and not state else ()),
        *_given(_of_resources(acts)),
        *answers.shares(seen),
        *also,
    ]
    return Checked(name, ordered(points), tuple(_facts(first)))


def _given(points: list[Point | None]) -> Iterator[Point]:
    return (point for point in points if point is not None)


def _has(points: list[Point], name: str) -> bool:
    return any(point.name == name for point in points)


def _without_consequences(stopped: list[Point], state: list[Point]) -> list[Point]:
    """Leave out that colour is refused, where another point explains that."""
    elsewhere = _has(state, "keeps-state") or _has(stopped, "raises") or _has(stopped, "no-box")
    return [point for point in stopped if not (elsewhere and point.name == "refuses-colour")]


def _alone(act: Act) -> dict[str, Recording | None]:
    """Return the recordings of the easy videos, by name."""
    return {"one": act.video(ONE_AFTER), "two": act.video(ALONE), "three": act.video("three")}


def _pairs(recordings: list[Recording | None], back: Back = GIVEN.back) -> list[Pair]:
    """Return recordings with the truth, after ``back`` has made boxes of their answers."""
    pairs = [Pair.of(one) for one in recordings if one is not None and len(one.boxes) > 2]
    return [replace(pair, answers=back(pair.answers)) for pair in pairs]


def _of_state(acts: list[Act], third: Act | None, fourth: Act | None) -> list[Point | None]:
    first = acts[0]
    found = repeats.within(first)
    other_order = repeats.between(first, acts[1]) if len(acts) > 1 else 0.0
    if third is None:  # in one process, or nothing differs
        return [repeats.keeps_state(found, other_order)]
    same = repeats.between_equal(first, third)
    if same:
        return [repeats.not_deterministic(max(same, *found.values(), 0.0))]
    if fourth is not None and (left := repeats.between(first, fourth)) != other_order:
        order = repeats.hash_order(other_order)
        return [order, repeats.keeps_state({}, left)]
    return [repeats.keeps_state(found, other_order)]


def _of_places(act: Act, back: Back, *, repeats: bool) -> list[Point | None]:
    """Judge where boxes are, after ``back`` has made boxes of the answers.

    By how much they are off is not said of answers that are meant otherwise than (x, y, w, h), for
    it may come of that; nor of answers that are others each time.
    """
    easy = _pairs(list(_alone(act).values()), back)
    late = lag.lagging(easy) if repeats else None
    if back is not GIVEN.back:
        return [late]
    if not repeats:
        return [_weak(easy)]
    still, fraction = _pairs([act.video("still")]), _pairs([act.video("fraction")])
    return [
        shift.shifted([*easy, *still]),
        shift.resized([*easy, *still]),
        shift.truncated(fraction[0]) if fraction else None,
        late,
        _weak(easy),
    ]


def _weak(easy: list[Pair]) -> Point | None:
    """Note that it follows the target too badly to judge what its answers mean."""
    overlap = _mean_iou(easy)
    if overlap is None or overlap >= FOLLOWS:
        return None
    return Point(
        "does-not-follow",
        f"it does not follow the target even in easy videos (mean IoU {overlap:.2f}): whether its "
        "boxes are late, shifted or in another order could hardly be judged.",
        "if it should follow, see that init takes box as (x, y, w, h), and x to the right.",
        Severity.NOTE,
    )


def _of_colour(act: Act, back: Back) -> list[Point | None]:
    red, blue = _pairs([act.video("red")], back), _pairs([act.video("blue")], back)
    bgr = colour.read_as_bgr(red[0], blue[0]) if red and blue else None
    twins = _pairs([act.video("twins"), act.video("twins-turned")], back)
    grey = _pairs([act.video("twins-grey")], back)
    return [bgr or (colour.follows_twin(twins, grey[0]) if grey else None)]


def _of_batch(act: Act) -> Point | None:
    return repeats.beside_others(act, _alone(act), TOGETHER)


def _of_resources(acts: list[Act]) -> list[Point | None]:
    endurance = acts[0].endurance
    firsts = [acts[0].video(ALONE), *(act.video(FIRST_OF_ALL) for act in acts[1:])]
    laters = [acts[0].video(step) for step in (ONE_AFTER, AFTER, "three")]
    return [
        resources.grows(endurance) if endurance else None,
        resources.growth_not_judged(endurance) if endurance and not _ended(acts[0]) else None,
        resources.slow_first([one for one in firsts if one], [one for one in laters if one]),
    ]


def _ended(act: Act) -> bool:
    """Whether the long run ended by itself, in an error."""
    return any(seen.stop is not None for seen in act.videos(ENDURANCE))


def _facts(act: Act) -> Iterator[str]:
    recordings = [one for one in _alone(act).values() if one is not None]
    seconds = resources.frame_seconds(recordings)
    kind = "median"
    if seconds is None and act.frames:
        seconds, kind = act.seconds / act.frames, "mean"
    if seconds is not None and seconds > 0:
        rate = frame_rate(1 / seconds, digits=3)
        yield f"{rate} ({kind}; one thread, frames of {SIDE} x {SIDE} pixels)"
    overlap = _mean_iou(_pairs(list(recordings)))
    if overlap is not None:
        yield f"mean IoU {overlap:.2f} in easy videos of {act.length} frames"
    endurance = act.endurance
    if endurance is not None and endurance.frames:
        grown = (endurance.memory[-1] - endurance.memory[0]) / 1024
        yield f"memory grew by {max(grown, 0):,.0f} KiB in {endurance.frames[-1]:,} frames"


def _mean_iou(pairs: list[Pair]) -> float | None:
    if len(pairs) < len(EASY):
        return None
    return float(np.mean([mask_iou(p.answers, p.truth, (SIDE, SIDE))[1:].mean() for p in pairs]))
