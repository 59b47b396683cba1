"""The product with the big input matrix, whose gradient is formed once for a whole video.

In Att-N the features of a frame depend on the box predicted in the frame before, so the 28 MB
matrix W is read at every time step: P_t = F_t W^T + b. Plain automatic differentiation would also
*write* a 28 MB gradient G_t^T F_t at every step and add the steps up. Here every step only keeps
its features F_t and its gradient G_t, and when the last of them is there, one product over all
dW = sum_t G_t^T F_t = [G_1; ...; G_T]^T [F_1; ...; F_T] is formed.

These products are most of what training costs. Where the processor multiplies bfloat16 numbers
faster, training may round the factors to it (``precision``), and with them the product, to 8
significant bits; weights, what is made of the product, and tracking stay float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

Project = Callable[[Tensor], Tensor]
"""Features (B, F) -> projected features (B, O)."""
_Kept = list[tuple[Tensor, Tensor]]


class Projection(nn.Module):
    """An affine map with a weight gradient that can be put off.

    Attributes:
        weight: (outputs, features), rows contiguous: all three products of a step like it so.
        bias: (outputs,).
        precision: of the factors while a gradient is being recorded; tracking is always float32.
    """

    def __init__(self, features: int, outputs: int, bound: float) -> None:
        super().__init__()
        self.precision: torch.dtype | None = None
        self.weight = nn.Parameter(torch.empty(outputs, features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(outputs).uniform_(-bound, bound))

    def forward(self, features: Tensor) -> Tensor:
        """Features (..., F) -> (..., O), differentiated in the ordinary way."""
        if self.precision is None or not torch.is_grad_enabled():
            return nn.functional.linear(features, self.weight, self.bias)
        product = features.to(self.precision) @ self.weight.to(self.precision).t()
        return product.to(self.bias.dtype) + self.bias

    def deferred(self) -> Project:
        """The same map for the steps of one video; they share one weight gradient."""
        kept: _Kept = []
        token = _form_gradient(self.weight, kept)
        weight = self.weight.detach().to(self.precision or self.weight.dtype)

        def project(features: Tensor) -> Tensor:
            return _keep_factors(features, weight, token, kept) + self.bias

        return project


class _FormGradient(Function):
    """Stands between W and the steps; its backward runs when all steps' backwards have run.

    Its output is an empty token that every step takes as an argument: automatic differentiation
    then knows the order, also if only some of the steps reach the loss.
    """

    @staticmethod
    def forward(ctx: Any, weight: Tensor, kept: _Kept) -> Tensor:
        ctx.kept, ctx.dtype = kept, weight.dtype
        return weight.new_empty(0)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, _token: Tensor) -> tuple[Tensor, None]:
        features, gradients = zip(*ctx.kept, strict=True)
        ctx.kept.clear()
        return (torch.cat(gradients).t() @ torch.cat(features)).to(ctx.dtype), None


class _KeepFactors(Function):
    """One step's F W^T; its backward gives F its gradient and keeps the two factors of W's."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, weight: Tensor, _token: Tensor, kept: _Kept) -> Tensor:
        factor = features.to(weight.dtype)
        ctx.save_for_backward(factor, weight)
        ctx.kept, ctx.dtype = kept, features.dtype
        return (factor @ weight.t()).to(features.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, None, Tensor, None]:
        features, weight = ctx.saved_tensors
        factor = gradient.to(weight.dtype)
        ctx.kept.append((features, factor))
        down = (factor @ weight).to(ctx.dtype) if ctx.needs_input_grad[0] else None
        return down, None, gradient.new_zeros(0), None


# Function.apply carries no types.
_form_gradient: Callable[[Tensor, _Kept], Tensor] = _FormGradient.apply
_keep_factors: Callable[[Tensor, Tensor, Tensor, _Kept], Tensor] = _KeepFactors.apply
