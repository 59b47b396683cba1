"""One batch: predict, compare, differentiate, move."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from trackbench.trackers.networks import Network
from trackbench.trackers.networks.coordinates import encode
from trackbench.trackers.training.loss import tracking_loss
from trackbench.trackers.training.recipe import Recipe
from trackbench.trackers.training.stream import Batch


class Step:
    """Trains a network on one batch after the other.

    On CUDA, forward and backward pass of each shape of batch are recorded once as a CUDA graph and
    then replayed: twenty frames of small operations would otherwise be bound by their launches.
    """

    def __init__(
        self, network: Network, optimizer: Optimizer, recipe: Recipe, *, steps: int
    ) -> None:
        self._network, self._optimizer = network, optimizer
        self._recipe, self._steps = recipe, steps
        self._parameters = list(network.parameters())
        self._graphs: dict[tuple[torch.Size, bool], _Graph] = {}
        self._captures = self._parameters[0].is_cuda

    def __call__(self, batch: Batch, step: int) -> tuple[Tensor, Tensor]:
        """Train on a batch that lies on the network's device; ``step`` counts from 0.

        Returns:
            The loss and the gradient's norm before clipping, scalars on the device.
        """
        through = step % self._recipe.feature_period == 0
        loss = self._replay(batch, through) if self._captures else self._eagerly(batch, through)
        for group in self._optimizer.param_groups:
            group["lr"] = self._recipe.learning_rate_at(step, self._steps)
        norm = nn.utils.clip_grad_norm_(self._parameters, self._recipe.clip_norm)
        self._optimizer.step()
        return loss, norm

    def _eagerly(self, batch: Batch, through_features: bool) -> Tensor:
        """Set the gradients of a batch; returns its loss."""
        self._optimizer.zero_grad(set_to_none=True)
        side = self._network.spec.frame
        true = encode(batch.boxes, side)
        predicted = self._network(batch.frames, true[0], through_features=through_features)
        loss = tracking_loss(predicted, true[1:], self._recipe, side)
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
        return loss.detach()

    def _replay(self, batch: Batch, through_features: bool) -> Tensor:
        key = (batch.frames.shape, through_features)
        if key not in self._graphs:
            try:
                self._graphs[key] = self._capture(batch, through_features)
            except RuntimeError as error:
                # Not every driver and version can record everything; the plain way always works.
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                warnings.warn(f"training without CUDA graphs, slower: {reason}", stacklevel=2)
                self._captures = False
                torch.cuda.synchronize()
                return self._eagerly(batch, through_features)
        graph = self._graphs[key]
        graph.batch.frames.copy_(batch.frames, non_blocking=True)
        graph.batch.boxes.copy_(batch.boxes, non_blocking=True)
        graph.graph.replay()
        for parameter, gradient in zip(self._parameters, graph.gradients, strict=True):
            parameter.grad = gradient
        return graph.loss.clone()

    def _capture(self, batch: Batch, through_features: bool) -> _Graph:
        own = Batch(batch.frames.clone(), batch.boxes.clone())
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # torch does not type it
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):  # libraries choose their algorithms in the first runs
                self._eagerly(own, through_features)
        torch.cuda.current_stream().wait_stream(aside)
        # The gradients must be made inside the graph, so that they lie in its memory.
        self._optimizer.zero_grad(set_to_none=True)
        graph = torch.cuda.CUDAGraph()
        # thread_local: the thread that makes batches may take page-locked memory meanwhile, which
        # a capture that watches every thread forbids, there and here.
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            loss = self._eagerly(own, through_features)
        return _Graph(graph, own, loss, tuple(parameter.grad for parameter in self._parameters))


@dataclass(frozen=True)
class _Graph:
    """A recorded pass, and the tensors that it reads and writes."""

    graph: torch.cuda.CUDAGraph
    batch: Batch
    loss: Tensor
    gradients: tuple[Tensor | None, ...]
