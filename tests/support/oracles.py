"""Trackers that replay the truth and fail by a rule: what a diagnosis has to find is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Video
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters
from trackbench.factor_contract import Factor, FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.start_noise import NoisySpec

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """One sequence of a data set, as far as rules look at it.

    Attributes:
        boxes: (T, 4), the truth.
        measured: name -> (T,) what a rule may ask for: attributes, and what is measured of frames.
    """

    boxes: Boxes
    measured: Mapping[str, Floats]


@dataclass(frozen=True)
class Oracle:
    """A tracker that is lost in the frames in which something is beyond a threshold.

    Attributes:
        factor: that the rule is about.
        measure: what is looked at.
        threshold: of it.
        below: it fails below the threshold and not above.
    """

    factor: str
    measure: str
    threshold: float
    below: bool = False

    def fails(self, seen: Seen) -> NDArray[np.bool_]:
        """Return (T,): where it is lost; never in frame 0, whose box is given."""
        values = seen.measured[self.measure]
        with np.errstate(invalid="ignore"):
            lost = values < self.threshold if self.below else values > self.threshold
        return lost & (np.arange(len(lost)) > 0)

    def level(self, factor: Factor, seen: Mapping[str, list[Seen]]) -> float:
        """Return at which level, as a number with a fraction, its threshold is: the truth.

        That is where the median of what it looks at crosses the threshold, between levels by a
        straight line, and no score is looked at.
        """
        medians = [
            float(np.median([_median(one.measured[self.measure]) for one in seen[level.dataset]]))
            for level in factor.levels
        ]
        beyond = [m < self.threshold if self.below else m > self.threshold for m in medians]
        at = next(i for i in range(len(medians) - 1) if beyond[i] != beyond[i + 1])
        return at + (self.threshold - medians[at]) / (medians[at + 1] - medians[at])


def _median(values: Floats) -> float:
    """Return the median over frames; of what is never there it lies beyond any number."""
    there = values[1:][~np.isnan(values[1:])]
    return float(np.median(there)) if len(there) else 1e6


def scores_of(
    oracle: Oracle | None, seen: Mapping[str, list[Seen]], seed: int
) -> dict[str, Floats]:
    """Return data set -> (N, T) IoU of a tracker that is right but for its rule, within a little.

    Args:
        oracle: its rule; None: it has none.
        seen: of every data set.
        seed: of the noise, which is another on each data set.
    """
    found = {}
    for place, (name, sequences) in enumerate(seen.items()):
        iou = 0.9 + np.random.default_rng((seed, place)).uniform(
            -0.05, 0.05, (len(sequences), len(sequences[0].boxes))
        )
        if oracle is not None:
            iou[np.stack([oracle.fails(each) for each in sequences])] = 0.0
        iou[:, 0] = 1.0
        found[name] = iou
    return found


def seen_of(suite: FactorSuite, sequences: int, length: int) -> dict[str, list[Seen]]:
    """Return sequences of each data set of a factor suite of digits, made as a run makes them."""
    found = {}
    for name in suite.datasets:
        spec = registry.datasets().get(name)
        made = registry.build_dataset(spec)
        start = spec.iou if isinstance(spec, NoisySpec) else 1.0
        found[name] = [
            _seen(made.sequence(index, length), made.spec.generator, start)
            for index in range(sequences)
        ]
    return found


def _seen(video: Video, generator: MnistFactorsParameters, start: float) -> Seen:
    attributes = {k: np.asarray(v, np.float64) for k, v in video.attributes.items()}
    frames = np.asarray(video.frames, np.int16)
    twin, nearest = attributes["twin_distance"], attributes["distractor_distance"]
    measured = {
        **attributes,
        "pace": attributes["speed"] / generator.interval,
        "gap": np.full(len(frames), float(generator.interval)),
        "behind": np.full(len(frames), float(generator.background)),
        "start": np.full(len(frames), start),
        "growth": np.exp(np.abs(np.log(attributes["scale"]))),
        "turn": np.abs(attributes["rotation"]),
        "other_distance": np.where(nearest == twin, np.nan, nearest),
        "grain": np.median(np.abs(np.diff(frames, axis=2)), axis=(1, 2)),
        "peak": np.array([_peak(f, box) for f, box in zip(frames, video.boxes, strict=True)])
        / attributes["brightness"],
    }
    return Seen(video.boxes, measured)


def _peak(frame: NDArray[np.int16], box: Floats) -> float:
    """Return how bright the brightest tenth of the pixels in a box is."""
    x, y, w, h = np.maximum(box, 0).astype(int).tolist()
    inside = frame[y : y + h, x : x + w]
    return float(np.percentile(inside, 90)) if inside.size else 0.0
