"""What each part of ``champion`` is worth: mean IoU on validation sequences without it.

    python scripts/champion_ablation.py --first 200 --sequences 16
    python scripts/champion_ablation.py --kind scenes --first 64 --sequences 16
    python scripts/champion_ablation.py --test --first 0 --sequences 32   # once, at the end

Prints a Markdown table; docs/champion.md has its output. Each column is a number of frames. Frames
a second are of processor time, first frames included.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Video
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker

LENGTHS = (20, 40, 80, 160)

Variant = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of videos: data sets to choose on and to test on, and what is taken away there."""

    validation: tuple[str, ...]
    test: tuple[str, ...]
    variants: tuple[Variant, ...]


KINDS = {
    "mnist": Kind(
        validation=("mnist-valid-single-v1", "mnist-valid-multi-v1"),
        test=(
            *("mnist-single-same-v1", "mnist-single-diff-v1"),
            *("mnist-multi-same-v1", "mnist-multi-diff-v1"),
        ),
        variants=(
            ("everything", {}),
            ("nothing is known of the background", {"background": False}),
            ("the camera stands still", {"camera_reach": 0}),
            ("no cost of motion", {"motion_weight": 0}),
            ("no bounces expected", {"bounce_cost": float("inf")}),
            ("the target keeps its size", {"grows": False}),
            ("sides as matched", {"edges": False}),
            ("followed by its looks", {"model": "looks"}),
        ),
    ),
    "scenes": Kind(
        validation=("scenes-valid-v1",),
        test=("scenes-v1",),
        variants=(
            ("everything", {}),
            ("seen as layers of a drawn video", {"model": "layers"}),
            ("it does not turn, grow or bend", {"rigid": True}),
            ("what differs counts as much as anything", {"robust": False}),
            ("the outline is registered, too", {"outline": True}),
            ("it is looked for where it was", {"expects": False}),
            ("the first frame's colours stay", {"looks_rate": 0.0}),
            ("the first frame's mask stays", {"mask_rate": 0.0}),
            ("light is not taken out", {"light_rate": 0.0}),
            ("what is lost is not searched for", {"wide": False}),
        ),
    ),
}


def main() -> None:
    """Print one row a variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default="mnist", help="of videos")
    parser.add_argument("--first", type=int, default=200, help="first sequence of each set")
    parser.add_argument("--sequences", type=int, default=16, help="sequences of each set")
    parser.add_argument("--test", action="store_true", help="of the test sets, not validation")
    arguments = parser.parse_args()
    if arguments.first < 0 or arguments.sequences < 1:
        parser.error("give --first 0 or more, and --sequences 1 or more")
    kind = KINDS[arguments.kind]
    sets = kind.test if arguments.test else kind.validation
    stop = arguments.first + arguments.sequences
    for name in sets:
        there = registry.datasets().get(name).sequences
        if stop > there:
            parser.error(f"{name} has sequences 0 to {there - 1}, not up to {stop - 1}")
    heads = [f"{_called(name)} {length}" for name in sets for length in LENGTHS]
    print(" | ".join(["", "Variant", *heads, "mean", "frames/s", ""]).strip())
    print("|" + "---|" * (len(heads) + 3))
    for title, parameters in kind.variants:
        seconds, scores, frames = 0.0, [], 0
        for name in sets:
            ious = []
            for video in _videos(name, arguments.first, arguments.sequences):
                start = time.process_time()
                boxes = _boxes(ChampionTracker(**parameters), video)
                seconds += time.process_time() - start
                size = (video.frames.shape[1], video.frames.shape[2])
                ious.append(mask_iou(boxes, video.boxes, size))
            scores += [float(np.array(ious)[:, :length].mean()) for length in LENGTHS]
            frames += np.size(ious)
        numbers = [f"{score:.3f}" for score in [*scores, np.mean(scores)]]
        print(" | ".join(["", title, *numbers, f"{frames / seconds:.0f}", ""]).strip(), flush=True)


def _called(name: str) -> str:
    """Return what tells a set from the others: ``single``, or ``single-same``."""
    return name.removeprefix("mnist-").removeprefix("valid-").removesuffix("-v1")


def _videos(name: str, first: int, count: int) -> Iterator[Video]:
    """Make the videos one after the other: many of them do not fit in memory."""
    dataset = registry.build_dataset(registry.datasets().get(name))
    for index in range(first, first + count):
        yield dataset.sequence(index, max(LENGTHS))


def _boxes(tracker: ChampionTracker, video: Video) -> NDArray[np.float64]:
    tracker.init(video.frames[0], video.boxes[0])
    return np.array([video.boxes[0], *(tracker.update(frame) for frame in video.frames[1:])])


if __name__ == "__main__":
    main()
