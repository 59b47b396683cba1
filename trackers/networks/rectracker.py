"""RecTracker: convolution, gated recurrent units, box (Sec. 3.1, App. A); attention if N >= 1."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from trackbench.trackers.networks.attention import (
    RANGE,
    bound_focus,
    profiles,
    start_focus,
    weight_blocks,
)
from trackbench.trackers.networks.convolution import BlockConvolution, to_blocks
from trackbench.trackers.networks.projection import Project, Projection
from trackbench.trackers.networks.spec import NetworkSpec


class RecState(NamedTuple):
    """What a RecTracker carries from frame to frame.

    Attributes:
        hidden: h (B, H), the memory.
        corners: z (B, 4), the box of the last frame in network coordinates.
        focus: (B, 3) log-scale, log-stride and log-amplitude of the mask for the next frame;
            (B, 0) in RecTracker-ID.
    """

    hidden: Tensor
    corners: Tensor
    focus: Tensor


class RecTracker(nn.Module):
    """RecTracker-ID (n = 0) and RecTracker-Att-N (n = N).

    phi(x_t) = tanh(conv(m(x_t, z_{t-1}))) (Eq. 2), h_t = GRU(h_{t-1}, z_{t-1}, phi(x_t)) (Eq. 3),
    z_t = tanh(W h_t + b) (Eqs. 4, 5), m from Eq. 6 or Eq. 7.

    The paper does not say how the first frame is used. Here it is a step like the others, with the
    true box as z_{t-1}: the memory sees the target and where it is; the box this step gives is set
    aside for the true one. The mask of that step has three learned numbers of its own.
    """

    focus_start: Tensor
    focus_limit: Tensor

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        hidden, bound = spec.hidden, 1 / math.sqrt(spec.hidden)
        self.convolution = BlockConvolution(spec, channels=1)
        self.projection = Projection(spec.features, 3 * hidden, bound)
        self.recurrent = nn.Linear(hidden, 3 * hidden)
        self.previous = nn.Linear(4, 3 * hidden, bias=False)
        self.output = nn.Linear(hidden, 4)
        if spec.n:
            self.focus = nn.Linear(hidden, 3)
            nn.init.uniform_(self.focus.weight, -0.1 * bound, 0.1 * bound)
            nn.init.zeros_(self.focus.bias)
            self.first_focus = nn.Parameter(torch.zeros(3))
            self.register_buffer("focus_start", start_focus(spec.n), persistent=False)
            self.register_buffer("focus_limit", torch.tensor(RANGE), persistent=False)

    def start(self, frames: Tensor, corners: Tensor) -> RecState:
        """The state after the first frames (B, K, K) uint8 with the true corners (B, 4)."""
        return self._start(self._blocks(frames), corners, self.projection)

    def step(self, frames: Tensor, state: RecState) -> RecState:
        """The state, and in it the predicted corners, after the next frames (B, K, K) uint8."""
        return self._step(self._blocks(frames), state, self.projection)

    def forward(self, frames: Tensor, corners: Tensor, *, through_features: bool = True) -> Tensor:
        """Follow B targets from their true first boxes, for training.

        Args:
            frames: (T, B, K, K) uint8.
            corners: (B, 4) true boxes in the first frames, network coordinates.
            through_features: whether gradients go down into the convolution and the mask; without
                them a batch costs a third less.

        Returns:
            Predicted corners (T - 1, B, 4) of frames 1 to T - 1.
        """
        blocks = self._blocks(frames)
        with torch.set_grad_enabled(torch.is_grad_enabled() and through_features):
            features = None if self.spec.n else self.convolution(blocks.flatten(0, 1))
        if features is not None:
            # Without attention the features wait for no box: one product for all frames.
            projected = self.projection(features).unflatten(0, frames.shape[:2])
            return self._follow(projected, corners)
        return self._follow_attentively(blocks, corners, through_features=through_features)

    def _follow(self, projected: Tensor, corners: Tensor) -> Tensor:
        """Projected features (T, B, 3H), true first corners -> predicted corners (T - 1, B, 4)."""
        first, *later = projected.unbind(0)
        state = self._recur(first, self.blank(corners))._replace(corners=corners)
        predicted = []
        for step in later:
            state = self._recur(step, state)
            predicted.append(state.corners)
        return torch.stack(predicted)

    def _follow_attentively(
        self, blocks: Tensor, corners: Tensor, *, through_features: bool
    ) -> Tensor:
        project = self.projection.deferred()
        first, *later = blocks.unbind(0)
        state = self._start(first, corners, project, through_features=through_features)
        predicted = []
        for step in later:
            state = self._step(step, state, project, through_features=through_features)
            predicted.append(state.corners)
        return torch.stack(predicted)

    def _start(
        self, blocks: Tensor, corners: Tensor, project: Project, *, through_features: bool = True
    ) -> RecState:
        blank = self.blank(corners)
        state = self._step(blocks, blank, project, through_features=through_features)
        return state._replace(corners=corners)

    def _step(
        self, blocks: Tensor, state: RecState, project: Project, *, through_features: bool = True
    ) -> RecState:
        """Eqs. 2 to 5 for one frame, cut into blocks (B, G, G, s * s)."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and through_features):
            if self.spec.n:
                sides = profiles(state.corners, state.focus, self.spec.n, self.spec.frame)
                blocks = weight_blocks(blocks, *sides)
            features = self.convolution(blocks)
        return self._recur(project(features), state)

    def _recur(self, projected: Tensor, state: RecState) -> RecState:
        """Eqs. 3 to 5: the gated recurrent units, as in ``torch.nn.GRUCell``, and the outputs.

        Args:
            projected: (B, 3H), the features' part of the three gates' inputs, biases included.
            state: of the frame before.
        """
        given = projected + self.previous(state.corners)
        recalled = self.recurrent(state.hidden)
        reset_in, update_in, new_in = given.chunk(3, dim=1)
        reset_re, update_re, new_re = recalled.chunk(3, dim=1)
        reset = torch.sigmoid(reset_in + reset_re)
        update = torch.sigmoid(update_in + update_re)
        new = torch.tanh(new_in + reset * new_re)
        hidden = torch.lerp(new, state.hidden, update)
        return RecState(hidden, torch.tanh(self.output(hidden)), self._focus(hidden))

    def _focus(self, hidden: Tensor) -> Tensor:
        if not self.spec.n:
            return hidden[:, :0]
        return self.bounded(self.focus(hidden))

    def bounded(self, raw: Tensor) -> Tensor:
        """Raw outputs (B, 3) as the mask's log-scale, log-stride and log-amplitude (B, 3)."""
        return bound_focus(raw, self.focus_start, self.focus_limit)

    def blank(self, corners: Tensor) -> RecState:
        """The state before the first frame: no memory, the true box, the learned first mask."""
        hidden = corners.new_zeros(len(corners), self.spec.hidden)
        if not self.spec.n:
            return RecState(hidden, corners, hidden[:, :0])
        focus = self.bounded(self.first_focus).expand(len(corners), 3)
        return RecState(hidden, corners, focus)

    def _blocks(self, frames: Tensor) -> Tensor:
        return to_blocks(frames, self.spec.stride)
