"""How ``champion`` fares where a drawn video is changed: noise, JPEG, another ground, colours.

    python scripts/champion_changes.py --first 40 --sequences 10

Prints a Markdown table of mean IoU over 60 frames of ``mnist-valid-multi-v1``; docs/champion.md has
its output.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from trackbench.contracts import Frame, Tracker, Video
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker
from trackbench.trackers.ncc import NccTracker

DATASET = "mnist-valid-multi-v1"
FRAMES = 60


def noisy(frames: Frame, deviation: float) -> Frame:
    """Add normal noise, the same each time, and round to whole levels."""
    noise = np.random.default_rng(0).normal(0, deviation, frames.shape)
    return np.clip(np.rint(frames + noise), 0, 255).astype(np.uint8)


def coded(frames: Frame, quality: int) -> Frame:
    """Return what JPEG of a quality keeps of each frame."""
    asked = [cv2.IMWRITE_JPEG_QUALITY, quality]
    files = (cv2.imencode(".jpg", frame, asked)[1] for frame in frames)
    return np.stack([np.asarray(cv2.imdecode(file, cv2.IMREAD_UNCHANGED)) for file in files])


CHANGES: dict[str, Callable[[Frame], Frame]] = {
    "none": lambda frames: frames,
    **{f"noise of {d} levels": partial(noisy, deviation=d) for d in (2, 4, 8, 16, 32, 64, 128)},
    "JPEG, quality 95": partial(coded, quality=95),
    "JPEG, quality 60": partial(coded, quality=60),
    "half the contrast, on a grey ground": lambda frames: frames // 2 + 60,
    "black on white": lambda frames: 255 - frames,
    "in colours": lambda frames: np.stack([frames, frames // 2, 255 - frames], axis=-1),
}
TRACKERS: dict[str, Callable[[], Tracker]] = {
    "champion": ChampionTracker,
    "as layers": partial(ChampionTracker, model="layers"),
    "by its looks": partial(ChampionTracker, model="looks"),
    "ncc": NccTracker,
}


def main() -> None:
    """Print one row a change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=40, help="first sequence")
    parser.add_argument("--sequences", type=int, default=10, help="how many")
    asked = parser.parse_args()
    dataset = registry.build_dataset(registry.datasets().get(DATASET))
    last = dataset.spec.sequences - 1
    if asked.sequences < 1 or not 0 <= asked.first <= last - asked.sequences + 1:
        parser.error(f"{DATASET} has sequences 0 to {last}")
    chosen = range(asked.first, asked.first + asked.sequences)
    videos = [dataset.sequence(index, FRAMES) for index in chosen]
    print("| Change |", " | ".join(TRACKERS), "|")
    print("|---|" + "---:|" * len(TRACKERS))
    for title, change in CHANGES.items():
        scores = [
            np.mean([score(make(), video, change) for video in videos])
            for make in TRACKERS.values()
        ]
        print(f"| {title} |", " | ".join(f"{each:.2f}" for each in scores), "|", flush=True)


def score(tracker: Tracker, video: Video, change: Callable[[Frame], Frame]) -> float:
    """Return the mean IoU on a video whose frames are changed."""
    frames = change(np.asarray(video.frames))
    tracker.init(frames[0], video.boxes[0])
    boxes = np.array([video.boxes[0], *(tracker.update(frame) for frame in frames[1:])])
    return float(mask_iou(boxes, video.boxes, (frames.shape[1], frames.shape[2])).mean())


if __name__ == "__main__":
    main()
