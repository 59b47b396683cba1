"""The data sets ``mnist-factors``: a base, and twins that differ from it in one factor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets import factor_attributes
from trackbench.datasets.asked_sequence import asked_length
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters
from trackbench.datasets.mnist_factors.rendering import Rendered, render


class MnistFactors:
    """The data set of a spec whose ``generator`` is a :class:`MnistFactorsParameters`."""

    def __init__(self, spec: DatasetSpec) -> None:
        if not isinstance(spec.generator, MnistFactorsParameters):
            raise TypeError(f"{spec.id}: generator must be MnistFactorsParameters")
        self.spec = spec
        self._parameters = spec.generator

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make the first ``length`` frames of sequence ``index``; see the ``Dataset`` contract."""
        rendered = self.render(index, length)
        boxes = rendered.target.sprites.boxes()
        return Video(rendered.frames, boxes, self._attributes(rendered))

    def render(self, index: int, length: int | None = None) -> Rendered:
        """Return what a sequence is made of, its masks included."""
        length = asked_length(self.spec, index, length)
        return render(self._parameters, self.spec.seed, index, length)

    def _attributes(self, rendered: Rendered) -> dict[str, NDArray[Any]]:
        target = rendered.target
        boxes = target.sprites.boxes()
        canvas = self._parameters.canvas
        neighbours = [each.sprites.boxes() for each in rendered.neighbours]
        twins = [each.sprites.boxes() for each in rendered.twins]
        shown = np.count_nonzero(rendered.visible, axis=(1, 2))
        return {
            "visibility": shown / np.count_nonzero(target.sprites.opaque, axis=(1, 2)),
            "speed": factor_attributes.speed(boxes),
            "scale": target.size,
            **factor_attributes.distractors(boxes, neighbours, twins, (canvas, canvas)),
            "bounce": target.bounce,
            "rotation": target.turned,
            "brightness": rendered.gains / 256,
        }
