"""Begin training with weights instead of random numbers."""

from __future__ import annotations

from pathlib import Path

import torch

from trackbench.errors import TrackbenchError
from trackbench.trackers import weights_file
from trackbench.trackers.networks import Network


def warm_start(network: Network, path: Path) -> str:
    """Copy into ``network`` the tensors of a weights file that fit by name and shape.

    Attention adds tensors to RecTracker-ID's and changes none, and its first masks are wide, so a
    RecTracker-Att-N that begins with RecTracker-ID's weights begins as a tracker.

    Returns:
        The file's SHA-256.

    Raises:
        TrackbenchError: the large matrix does not fit.
        DamagedFileError: it is no weights file, or not as it was written.
    """
    loaded = weights_file.load(path)
    given, own = loaded.network.state_dict(), network.state_dict()
    fitting = {
        name: tensor
        for name, tensor in given.items()
        if name in own and own[name].shape == tensor.shape
    }
    if weights_file.MATRIX not in fitting:  # nearly all that was learned is in the large matrix
        raise TrackbenchError(
            f"{path} holds a {loaded.network.spec.architecture} whose large matrix does not fit"
        )
    with torch.no_grad():
        for name, tensor in fitting.items():
            own[name].copy_(tensor)
    return loaded.sha256
