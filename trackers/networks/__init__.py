"""The paper's networks in PyTorch. Importing this package imports torch."""

from __future__ import annotations

import torch

from trackbench.trackers.networks.convtracker import ConvTracker
from trackbench.trackers.networks.rectracker import RecTracker
from trackbench.trackers.networks.spec import NAMED, Architecture, NetworkSpec, spec_of

__all__ = [
    "NAMED",
    "Architecture",
    "ConvTracker",
    "Network",
    "NetworkSpec",
    "RecTracker",
    "build",
    "spec_of",
]

Network = RecTracker | ConvTracker


def build(spec: NetworkSpec, *, seed: int = 0) -> Network:
    """A network with freshly drawn weights; the same seed gives the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return (
            RecTracker(spec) if spec.architecture is Architecture.RECTRACKER else ConvTracker(spec)
        )
