"""The learned trackers as the harness drives them: B videos in lockstep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError, parameter
from trackbench.trackers import shipped, weights_file
from trackbench.trackers.device import device_of
from trackbench.trackers.grey import grey
from trackbench.trackers.letterbox import Letterbox
from trackbench.trackers.networks import NAMED, Network, NetworkSpec, RecTracker
from trackbench.trackers.networks.attention import mask
from trackbench.trackers.networks.convtracker import ConvState
from trackbench.trackers.networks.coordinates import decode, encode
from trackbench.trackers.networks.rectracker import RecState

SHIPPED = shipped.FOLDER


def learned(
    architecture: str = "rectracker",
    n: int = 0,
    weights: str | Path | None = None,
    device: str = "cpu",
) -> LearnedTracker:
    """Build a RecTracker or ConvTracker with trained weights.

    Args:
        architecture: ``"rectracker"`` or ``"convtracker"``.
        n: of a RecTracker: 0 sees the whole frame, N >= 1 through N x N Gaussians.
        weights: a file that ``trackbench train`` wrote; None: the shipped one.
        device: ``"cpu"`` or ``"cuda"``.

    Raises:
        TrackbenchError: there are no such weights, they are of another network, or the device is
            not there.
        DamagedFileError: the weights file is no weights file, or not as it was written.
    """
    path = Path(weights) if weights is not None else shipped_weights(architecture, n)
    network = weights_file.load(path).network
    if (network.spec.architecture, network.spec.n) != (architecture, n):
        raise TrackbenchError(
            f"{path} holds a {network.spec.architecture} with n={network.spec.n}, not a "
            f"{architecture} with n={n}: choose the tracker that it was trained as"
        )
    return LearnedTracker(network, device_of(device))


def shipped_weights(architecture: str, n: int) -> Path:
    """The file of the shipped weights of a network.

    Raises:
        TrackbenchError: there are none for such a network.
        DamagedFileError: the file is not the one that was shipped.
    """
    for name, spec in NAMED.items():
        path = SHIPPED / f"{name}.safetensors"
        if (spec.architecture, spec.n) == (architecture, n) and path.is_file():
            shipped.check(path)
            return path
    raise TrackbenchError(
        f"no weights are shipped for a {architecture} with n={n}: train them with "
        f"`trackbench train` and give the file with {parameter('weights')}"
    )


class LearnedTracker:
    """A network as a :class:`trackbench.contracts.BatchTracker`."""

    def __init__(self, network: Network, device: torch.device) -> None:
        self._network = network.to(device).eval()
        self._device = device
        self._state: RecState | ConvState | None = None
        self._before: RecState | ConvState | None = None
        self._letterbox = Letterbox(network.spec.frame, network.spec.frame, network.spec.frame)

    @property
    def spec(self) -> NetworkSpec:
        """Architecture and sizes."""
        return self._network.spec

    @torch.inference_mode()
    def init(self, frames: Frame, boxes: Boxes) -> None:
        """Start on ``frames`` (B, H, W[, 3]) with the true ``boxes`` (B, 4); reports those."""
        self._letterbox = Letterbox(self.spec.frame, *frames.shape[1:3])
        true = torch.from_numpy(np.array(boxes, np.float32, order="C"))
        corners = encode(self._letterbox.boxes(true.to(self._device)), self.spec.frame)
        if isinstance(self._network, RecTracker):
            self._before = self._network.blank(corners)
        self._state = self._network.start(self._tensor(frames), corners)

    @torch.inference_mode()
    def update(self, frames: Frame) -> Boxes:
        """Return the boxes (B, 4) of the targets in the next frames (B, H, W[, 3])."""
        if self._state is None:
            raise TrackbenchError("update before init: a tracker starts on a frame and a true box")
        self._before = self._state
        self._state = self._network.step(self._tensor(frames), self._state)  # type: ignore[arg-type]  # each network gets back the state it gave
        seen = decode(self._state.corners, self.spec.frame).double()
        found: Boxes = self._letterbox.boxes_back(seen).cpu().numpy()
        return found

    @torch.inference_mode()
    def mask(self) -> NDArray[np.float32] | None:
        """The attention (B, H, W) that weighted the last frames; None: the network has none."""
        if not self.spec.n or not isinstance(self._before, RecState):
            return None
        before = self._before
        weights = mask(before.corners, before.focus, self.spec.n, self.spec.frame)
        found: NDArray[np.float32] = self._letterbox.maps_back(weights).cpu().numpy()
        return found

    def _tensor(self, frames: Frame) -> Tensor:
        """Frames (B, H, W[, 3]) -> grey (B, K, K) uint8 on the network's device."""
        # torch wants memory that it may write to; the harness hands out read-only frames.
        seen = torch.from_numpy(np.array(grey(frames, axes=3), order="C")).to(self._device)
        return self._letterbox.frames(seen)
