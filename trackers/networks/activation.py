"""tanh of millions of features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def quick_tanh(values: Tensor) -> Tensor:
    """Replace values by their tanh; its gradient, like that of a convolution, needs only these.

    On a CPU it is computed as 2 sigmoid(2 x) - 1, for PyTorch's sigmoid is several times as fast as
    its tanh. The two differ by rounding: 1e-7 in float32.
    """
    return _quick_tanh(values) if values.device.type == "cpu" else values.tanh_()


class _QuickTanh(Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.mark_dirty(values)
        values.mul_(2).sigmoid_().mul_(2).sub_(1)
        ctx.save_for_backward(values)
        return values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (values,) = ctx.saved_tensors
        down: Tensor = torch.ops.aten.tanh_backward(gradient, values)
        return down


# Function.apply carries no types.
_quick_tanh: Callable[[Tensor], Tensor] = _QuickTanh.apply
