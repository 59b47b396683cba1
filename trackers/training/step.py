"""One batch: predict, compare, differentiate, move."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.optim import Optimizer

from trackbench.trackers.networks import Network
from trackbench.trackers.networks.coordinates import encode
from trackbench.trackers.training.loss import tracking_loss
from trackbench.trackers.training.recipe import Recipe
from trackbench.trackers.training.stream import Batch


def train_on(
    batch: Batch, network: Network, optimizer: Optimizer, recipe: Recipe, *, step: int, steps: int
) -> tuple[Tensor, Tensor]:
    """Train on one batch that lies on the network's device.

    Returns:
        The loss and the gradient's norm before clipping, scalars on the device.
    """
    for group in optimizer.param_groups:
        group["lr"] = recipe.learning_rate_at(step, steps)
    optimizer.zero_grad(set_to_none=True)
    side = network.spec.frame
    true = encode(batch.boxes, side)
    through = step % recipe.feature_period == 0
    predicted = network(batch.frames, true[0], through_features=through)
    loss = tracking_loss(predicted, true[1:], recipe, side)
    loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip_norm)
    optimizer.step()
    return loss.detach(), norm
