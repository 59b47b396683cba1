"""A first box with an error of known size: any data set, with noise in its start.

Such a data set has an id of its own, so nothing of it is ever taken for the data set without. Its
videos and their truth are the same; only the box that trackers are given in frame 0 is another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trackbench.arguments.bounds import Real
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Boxes, Dataset, DatasetSpec, Video
from trackbench.errors import TrackbenchError, parameter
from trackbench.factor_contract import Factor, FactorLevel
from trackbench.ids import derived
from trackbench.plugins.wrapped_dataset import WrappedDataset

LEAST = 0.01
"""IoU of a box that still has to do with the true one, and that numbers are exact enough for."""

_IOU = Real(f"from {LEAST} to below 1, such as 0.8", lambda value: LEAST <= value < 1)

_TRIES = 100
"""Directions that are drawn before the box is shrunk towards its centre, which always fits."""

_FARTHEST = 0.5
"""IoU at which a direction must fit, too: a sequence has the same one at 0.9, 0.8 and 0.7."""


@dataclass(frozen=True, kw_only=True)
class NoisySpec(DatasetSpec):
    """A data set whose first boxes are given with an error.

    Attributes:
        base: whose videos these are.
        iou: of the box that is given in frame 0 with the true one, of their areas; from
            :data:`LEAST` to below 1.
    """

    base: DatasetSpec
    iou: float


@arguments_checked
def noisy_spec(base: DatasetSpec, iou: float) -> NoisySpec:
    """Return a data set with noise in its start, as ``--init-noise`` runs it.

    Args:
        base: of the data set without.
        iou: of each given first box with the true one.

    Raises:
        TrackbenchError: the IoU is none that a box with an error has; there is such noise already;
            or the id would be too long.

    Example:
        >>> from trackbench import noisy_spec, registry
        >>> noisy_spec(registry.datasets().get("mnist-single-same"), 0.8).id
        'mnist-single-same-init-0.8-v1'
    """
    iou = checked_iou("iou", iou)
    if isinstance(base, NoisySpec):
        raise TrackbenchError(
            f"{base.id} has noise in its start already: run {base.base.id} with "
            f"{parameter('init_noise')}, or this without"
        )
    given = {name: getattr(base, name) for name in DatasetSpec.__dataclass_fields__}
    given |= {
        "id": noisy_id(base.id, iou),
        "fingerprint": None,
        "description": f"{base.id}, the first box given with an error (IoU {iou!r})",
        "superseded_by": None,
    }
    return NoisySpec(**given, base=base, iou=iou)


def first_box_factor(base: str, noisy: Mapping[float, str]) -> Factor:
    """Return noise in the start as a factor; the base's level is 1.

    Args:
        base: id of the data set without.
        noisy: IoU of the first box with the true one -> id of the data set with it.
    """
    levels = sorted({**noisy, 1.0: base}.items())
    return Factor(
        name="first box",
        unit="IoU with the true one",
        levels=tuple(FactorLevel(value=iou, dataset=name) for iou, name in levels),
    )


def checked_iou(name: str, iou: float) -> float:
    """Return the IoU that was given for a parameter.

    Raises:
        TrackbenchError: it is none that a box with an error has.
    """
    try:
        return _IOU.of(name, iou)
    except TrackbenchError as error:
        raise TrackbenchError(
            f"{error}: it is the IoU of the first box with the true one"
        ) from None


def noisy_id(base: str, iou: float) -> str:
    """Return the id of a data set with noise in its start: ``name-init-0.8-vN`` of ``name-vN``.

    Raises:
        TrackbenchError: it is too long for an id.
    """
    return derived(base, f"init-{iou!r}", "one with noise in the start")


class NoisyDataset(WrappedDataset):
    """A :class:`~trackbench.contracts.Dataset` with the videos of another."""

    def __init__(self, spec: NoisySpec, base: Dataset) -> None:
        super().__init__(base)
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make a sequence of the base; see the ``Dataset`` contract."""
        if not 0 <= index < self.spec.sequences:
            raise IndexError(f"{self.spec.id} has no sequence {index}")
        frames = self.spec.frames_of(index)
        if length is not None and not 1 <= length <= frames:
            raise ValueError(f"{self.spec.id} sequence {index} has 1 to {frames} frames")
        return self._base.sequence(index, frames if length is None else length)


def given_box(spec: DatasetSpec, index: int, video: Video) -> Boxes:
    """Return the box (4,) that a tracker is given in frame 0 of a sequence.

    It is the true one, unless the data set has noise in its start. Then the true box is shifted
    and scaled in a direction that is drawn from (data set's seed, sequence, try), so far
    that the IoU of the two areas is the noise's. It reaches no farther out of the frame than the
    true one: directions that lead there are drawn anew.

    Args:
        spec: of the data set.
        index: of the sequence.
        video: the sequence.
    """
    true: Boxes = video.boxes[0]
    if not isinstance(spec, NoisySpec):
        return true
    height, width = video.frames.shape[1:3]
    return np.array(noisy_box(spec, index, _Box(*true.tolist()), width, height), np.float64)


@dataclass(frozen=True)
class _Box:
    """A box ``(x, y, w, h)``, in plain numbers: + - * / alone, which every machine rounds alike."""

    x: float
    y: float
    w: float
    h: float

    def iou(self, other: _Box) -> float:
        """Return the intersection over union of the areas."""
        w = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        both = max(w, 0.0) * max(h, 0.0)
        return both / (self.w * self.h + (other.w * other.h - both))

    def moved(self, direction: tuple[float, ...], far: float) -> _Box:
        """Return the box shifted by parts of its sides and scaled about its centre."""
        dx, dy, *grow = (part * far for part in direction)
        # Grown to twice the side, or shrunk to half of it: never to nothing.
        across, down = (1 + part if part >= 0 else 1 / (1 - part) for part in grow)
        w, h = self.w * across, self.h * down
        return _Box(
            self.x + dx * self.w + (self.w - w) / 2, self.y + dy * self.h + (self.h - h) / 2, w, h
        )

    def at(self, direction: tuple[float, ...], iou: float) -> _Box:
        """Return the box so far in a direction that its IoU with this one is met."""
        near, far = 0.0, 1.0
        while self.iou(self.moved(direction, far)) > iou:
            near, far = far, far * 2
        while near < (middle := (near + far) / 2) < far:
            if self.iou(self.moved(direction, middle)) > iou:
                near = middle
            else:
                far = middle
        return self.moved(direction, near)

    def fits(self, other: _Box, width: int, height: int) -> bool:
        """Whether another box is no farther outside the frame than this one."""
        return (
            other.x >= min(self.x, 0)
            and other.y >= min(self.y, 0)
            and other.x + other.w <= max(self.x + self.w, width)
            and other.y + other.h <= max(self.y + self.h, height)
        )


def noisy_box(
    spec: NoisySpec, index: int, true: _Box, width: int, height: int
) -> tuple[float, float, float, float]:
    """Return the box (x, y, w, h) that is given for a true one in a frame of a size, pixels."""
    for attempt in range(_TRIES):
        direction = _direction(spec.base, index, attempt)
        if max(map(abs, direction)) < 1 / 4:
            continue  # so near to no change that the box would have to be moved very far by it
        if not true.fits(true.at(direction, min(_FARTHEST, spec.iou)), width, height):
            continue
        found = true.at(direction, spec.iou)
        if true.fits(found, width, height):
            break
    else:
        found = true.at((0.0, 0.0, -1.0, -1.0), spec.iou)
    return found.x, found.y, found.w, found.h


def _direction(base: DatasetSpec, index: int, attempt: int) -> tuple[float, ...]:
    """Return how far a box is shifted right and down, and scaled across and down: in [-1, 1)."""
    key = f"first box {base.seed} {index} {attempt}"
    bits = hashlib.sha256(key.encode()).digest()
    words = (int.from_bytes(bits[at : at + 8], "little") for at in range(0, 32, 8))
    return tuple((word >> 11) * 2.0**-52 - 1.0 for word in words)
