"""The data sets ``scenes``: a base, and twins that differ from it in one factor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, DatasetSpec, Video
from trackbench.datasets import factor_attributes
from trackbench.datasets.asked_sequence import asked_length
from trackbench.datasets.scenes.moving import BEFORE
from trackbench.datasets.scenes.parameters import ScenesParameters
from trackbench.datasets.scenes.poses import PIXEL
from trackbench.datasets.scenes.rendering import Rendered, Scene, render


class Scenes:
    """The data set of a spec whose ``generator`` is a :class:`ScenesParameters`."""

    def __init__(self, spec: DatasetSpec) -> None:
        if not isinstance(spec.generator, ScenesParameters):
            raise TypeError(f"{spec.id}: generator must be ScenesParameters")
        self.spec = spec
        self._parameters = spec.generator

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make the first ``length`` frames of sequence ``index``; see the ``Dataset`` contract."""
        rendered = self.render(index, length)
        absent = self._absent(rendered)
        boxes = np.where(absent[:, None], np.nan, rendered.boxes)
        leaves = self._parameters.beyond > 0
        attributes = self._attributes(rendered, boxes, absent)
        return Video(
            rendered.frames,
            boxes,
            attributes,
            absent if leaves else None,
            masks=rendered.visible,
        )

    def render(self, index: int, length: int | None = None) -> Rendered:
        """Return what a sequence is made of; its masks can be asked for."""
        length = asked_length(self.spec, index, length)
        return render(self._parameters, self.spec.seed, index, length)

    def _absent(self, rendered: Rendered) -> NDArray[np.bool_]:
        """Return (T,): the target's box is wholly outside the frame."""
        x, y, w, h = rendered.boxes.T
        p = self._parameters
        outside: NDArray[np.bool_] = (x >= p.width) | (y >= p.height) | (x + w <= 0) | (y + h <= 0)
        return outside

    def _attributes(
        self, rendered: Rendered, boxes: Boxes, absent: NDArray[np.bool_]
    ) -> dict[str, NDArray[Any]]:
        scene, length = rendered.scene, len(boxes)
        shown = slice(BEFORE, BEFORE + length)
        track = scene.target.track
        twins = list(rendered.twins)
        neighbours = [*rendered.similar, *twins]
        size = (self._parameters.height, self._parameters.width)
        distances = factor_attributes.distractors(boxes, neighbours, twins, size)
        distances["distractor_iou"][absent] = np.nan
        return {
            "visibility": rendered.seen / rendered.whole,
            "speed": factor_attributes.speed(boxes),
            "scale": track.size[shown],
            **distances,
            "bounce": track.bounces()[shown] & (np.arange(length) > 0),
            "rotation": track.degrees[shown],
            "deformation": np.abs(track.bends[shown]).max(axis=1),
            "brightness": scene.surroundings.light[shown].min(axis=1),
            "camera": _camera(scene, length),
        }


def _camera(scene: Scene, length: int) -> NDArray[np.float64]:
    """Return (T,): pixels of the far layer that the camera moved since the frame before."""
    place = np.array([scene.surroundings.camera(time) for time in range(length)], np.float64)
    moved = np.full(length, np.nan)
    steps = (place[1:] - place[:-1]) / PIXEL
    moved[1:] = np.sqrt((steps * steps).sum(axis=1))
    return moved
