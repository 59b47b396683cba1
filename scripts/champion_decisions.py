"""How clearly ``champion`` tells drawn videos from others, with noise of several strengths.

    python scripts/champion_decisions.py --sequences 60

Prints, for each validation set and each standard deviation of noise added to its frames, the least,
the mean and the greatest spread of levels around the target over what noise alone would make of it,
and the share of videos that the tracker takes for drawn.
"""

from __future__ import annotations

import argparse

import numpy as np

from trackbench.contracts import Boxes, Frame
from trackbench.plugins import registry
from trackbench.trackers.champion_flat import Ground

SETS = ("mnist-valid-single-v1", "mnist-valid-multi-v1", "scenes-valid-v1")
NOISES = (0.0, 4.0, 16.0, 32.0, 48.0)


def main() -> None:
    """Print one line a data set and noise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=60, help="the first so many of each set")
    count = parser.parse_args().sequences
    if count < 1:
        parser.error("--sequences: at least 1")
    for name in SETS:
        dataset = registry.build_dataset(registry.datasets().get(name))
        videos = [dataset.sequence(index, 1) for index in range(count)]
        for noise in NOISES:
            grounds = [
                ground_of(np.asarray(video.frames)[0], video.boxes[0], noise, index)
                for index, video in enumerate(videos)
            ]
            spreads = [ground.spread for ground in grounds]
            drawn = np.mean([ground.flat for ground in grounds])
            print(
                f"{name}, noise {noise:g}: {min(spreads):.2f}, {np.mean(spreads):.2f}, "
                f"{max(spreads):.2f}; drawn {drawn:.0%}"
            )


def ground_of(frame: Frame, box: Boxes, noise: float, seed: int) -> Ground:
    """Look at a frame with noise added."""
    added = np.random.default_rng(seed).normal(0, noise, frame.shape) if noise else 0
    return Ground.of(np.clip(np.rint(frame + added), 0, 255).astype(np.uint8), box)


if __name__ == "__main__":
    main()
