"""Where to compute."""

from __future__ import annotations

import torch

from trackbench.errors import TrackbenchError, parameter


def device_of(name: str) -> torch.device:
    """The device of a name such as ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.

    Raises:
        TrackbenchError: there is none of that name here.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise TrackbenchError(f"there is no device {name!r}: use cpu or cuda") from error
    if device.type not in {"cpu", "cuda"}:
        raise TrackbenchError(f"{name!r} is no device to compute on here: use cpu or cuda")
    if device.type == "cuda":
        found = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if not found:
            raise TrackbenchError(
                f"PyTorch finds no CUDA device here: use {parameter('device', 'cpu')}"
            )
        if (device.index or 0) >= found:
            raise TrackbenchError(f"there is no {name}: PyTorch finds {found}, from cuda:0 on")
    return device
