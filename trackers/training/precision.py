"""In which numbers training multiplies."""

from __future__ import annotations

from enum import StrEnum

import torch
from torch import nn

from trackbench.trackers.networks.projection import Projection


class Precision(StrEnum):
    """Factors and results of the big matrix products; everything else is float32."""

    AUTO = "auto"
    """bfloat16 where the device multiplies it faster, else float32."""
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    """8 significant bits: twice as fast where the processor has instructions for it."""


def resolve(precision: Precision, device: torch.device) -> Precision:
    """What ``auto`` means on a device."""
    if precision is not Precision.AUTO:
        return precision
    if device.type == "cuda":
        # Chips before Ampere emulate bfloat16, slower than float32.
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        fast = _processor_has_bfloat16()
    return Precision.BFLOAT16 if fast else Precision.FLOAT32


def set_precision(network: nn.Module, precision: Precision) -> None:
    """Have a network's training use a precision that is resolved."""
    dtype = torch.bfloat16 if precision is Precision.BFLOAT16 else None
    for module in network.modules():
        if isinstance(module, Projection):
            module.precision = dtype


def _processor_has_bfloat16() -> bool:
    # Without the instructions PyTorch emulates them, ten times slower than float32. It tells of
    # them by functions that not every release has.
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, lambda: False)() for name in names)
