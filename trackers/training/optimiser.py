"""The optimisers of the recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from trackbench.trackers.training.recipe import Recipe, Rule

COUNT = "step"
"""What Adam keeps beside averages: how often it moved the weight, one number."""

GRAVES = ("square", "mean", "change")
"""The averages of Graves' rule: n, m and d."""


def optimiser(recipe: Recipe, parameters: Iterable[nn.Parameter]) -> Optimizer:
    """The recipe's optimiser over a network's parameters."""
    if recipe.rule is Rule.RMSPROP:
        return GravesRMSProp(parameters, lr=recipe.learning_rate)
    # fused: one pass over each parameter instead of a dozen; on a CPU three times as fast.
    return torch.optim.Adam(parameters, lr=recipe.learning_rate, fused=True)


def averages_of(optimizer: Optimizer) -> frozenset[str]:
    """Return the names of what an optimiser keeps of each weight."""
    if isinstance(optimizer, GravesRMSProp):
        return frozenset(GRAVES)
    return frozenset({COUNT, "exp_avg", "exp_avg_sq"})


class GravesRMSProp(Optimizer):
    """RMSProp as in Graves (2013), Eqs. 38 to 45.

    n <- 0.95 n + 0.05 g^2;  m <- 0.95 m + 0.05 g;  d <- 0.9 d - lr g / sqrt(n - m^2 + 1e-4);
    w <- w + d. ``torch.optim.RMSprop`` adds its epsilon outside the root, which for small gradients
    is another rule.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        *,
        lr: float = 1e-4,
        decay: float = 0.95,
        momentum: float = 0.9,
        epsilon: float = 1e-4,
    ) -> None:
        defaults = {"lr": lr, "decay": decay, "momentum": momentum, "epsilon": epsilon}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]  # the base class has an overload for each
        """Move every parameter that has a gradient."""
        loss = closure() if closure else None
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, group)
        return loss

    def _move(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if not state:
            for name in GRAVES:
                state[name] = torch.zeros_like(weight)
        square, mean, change = state["square"], state["mean"], state["change"]
        keep = group["decay"]
        square.mul_(keep).addcmul_(gradient, gradient, value=1 - keep)
        mean.mul_(keep).add_(gradient, alpha=1 - keep)
        spread = torch.addcmul(square, mean, mean, value=-1).add_(group["epsilon"]).sqrt_()
        change.mul_(group["momentum"]).addcdiv_(gradient, spread, value=-group["lr"])
        weight.add_(change)
