"""Where to compute."""

from __future__ import annotations

import torch

from trackbench.errors import TrackbenchError


def device_of(name: str) -> torch.device:
    """The device of a name such as ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.

    Raises:
        TrackbenchError: there is none of that name here.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise TrackbenchError(f"there is no device {name!r}: use cpu or cuda") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise TrackbenchError("PyTorch finds no CUDA device here: use --device cpu")
    return device
