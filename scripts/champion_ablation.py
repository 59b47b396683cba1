"""What each part of ``champion`` is worth: mean IoU on validation sequences without it.

    python scripts/champion_ablation.py --first 200 --sequences 16
    python scripts/champion_ablation.py --test --first 0 --sequences 32   # once, at the end

Prints a Markdown table; docs/champion.md has its output. Each column is a number of frames.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Video
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker

SETS = ("mnist-valid-single-v1", "mnist-valid-multi-v1")
TEST_SETS = (
    *("mnist-single-same-v1", "mnist-single-diff-v1"),
    *("mnist-multi-same-v1", "mnist-multi-diff-v1"),
)
LENGTHS = (20, 40, 80, 160)
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("everything", {}),
    ("the camera stands still", {"camera_reach": 0}),
    ("the target's looks averaged over 40 frames", {"target_memory": 40}),
    ("no cost of motion", {"motion_weight": 0}),
    ("no bounces expected", {"bounce_cost": float("inf")}),
    ("sides as matched", {"edges": False}),
)


def main() -> None:
    """Print one row a variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=200, help="first sequence of each set")
    parser.add_argument("--sequences", type=int, default=16, help="sequences of each set")
    parser.add_argument("--test", action="store_true", help="of the test sets, not validation")
    arguments = parser.parse_args()
    sets = TEST_SETS if arguments.test else SETS
    videos = {name: _videos(name, arguments.first, arguments.sequences) for name in sets}
    heads = [f"{_called(name)} {length}" for name in sets for length in LENGTHS]
    print(" | ".join(["", "Variant", *heads, "mean", "frames/s", ""]).strip())
    print("|" + "---|" * (len(heads) + 3))
    for title, parameters in VARIANTS:
        start, scores, frames = time.process_time(), [], 0
        for chosen in videos.values():
            ious = np.array([_ious(ChampionTracker(**parameters), video) for video in chosen])
            scores += [float(ious[:, :length].mean()) for length in LENGTHS]
            frames += ious.size
        speed = frames / (time.process_time() - start)
        numbers = [*(f"{score:.3f}" for score in [*scores, np.mean(scores)]), f"{speed:.0f}"]
        print(" | ".join(["", title, *numbers, ""]).strip(), flush=True)


def _called(name: str) -> str:
    """Return what tells a set from the others: ``single``, or ``single-same``."""
    return name.removeprefix("mnist-").removeprefix("valid-").removesuffix("-v1")


def _videos(name: str, first: int, count: int) -> list[Video]:
    spec = registry.datasets().get(name)
    dataset = registry.build_dataset(spec)
    return [dataset.sequence(index, max(LENGTHS)) for index in range(first, first + count)]


def _ious(tracker: ChampionTracker, video: Video) -> NDArray[np.float64]:
    tracker.init(video.frames[0], video.boxes[0])
    boxes = [video.boxes[0], *(tracker.update(frame) for frame in video.frames[1:])]
    height, width = video.frames.shape[1:3]
    ious: NDArray[np.float64] = mask_iou(np.array(boxes), video.boxes, (height, width))
    return ious


if __name__ == "__main__":
    main()
