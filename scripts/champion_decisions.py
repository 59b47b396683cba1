"""How clearly ``champion`` tells drawn videos from others: shares of pixels that repeat.

    python scripts/champion_decisions.py --sequences 60

Prints, for each validation set, the least, the mean and the greatest share of the second frame that
is the first one to the level, moved by whole pixels; colour is seen as grey. The tracker takes a
video with more than half for drawn.
"""

from __future__ import annotations

import argparse

import cv2
import numpy as np

from trackbench.contracts import Video
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker
from trackbench.trackers.champion_background import Background
from trackbench.trackers.grey import grey

SETS = ("mnist-valid-single-v1", "mnist-valid-multi-v1", "scenes-valid-v1")


def main() -> None:
    """Print one line a data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=60, help="the first so many of each set")
    count = parser.parse_args().sequences
    for name in SETS:
        dataset = registry.build_dataset(registry.datasets().get(name))
        shares = [_repeated(dataset.sequence(index, 2)) for index in range(count)]
        print(f"{name}: {min(shares):.3f}, {np.mean(shares):.3f}, {max(shares):.3f}")


def _repeated(video: Video) -> float:
    first, second = (np.ascontiguousarray(grey(frame, axes=2)) for frame in video.frames[:2])
    x, y, w, h = (int(side) for side in video.boxes[0])
    reach = ChampionTracker().layering.camera_reach
    background = Background(cv2, first, (x, y, w, h), reach, tolerance=0, memory=1)
    background.separate(second)
    return background.repeated(second)


if __name__ == "__main__":
    main()
