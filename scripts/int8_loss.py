"""How much mean IoU is lost by storing the large matrix as int8; exit 1 if 0.005 or more anywhere.

    python scripts/int8_loss.py --checkpoint runs/att1/checkpoint.pt --sequences 500
    python scripts/int8_loss.py --sequences 50

The first compares a training run's float32 weights with the same weights stored and read back. The
second needs no run: it compares each shipped file with float32 weights that would be stored as this
very file, each drawn evenly from the values that round to its byte.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers import weights_file
from trackbench.trackers.learned import SHIPPED
from trackbench.trackers.networks import Network, build
from trackbench.trackers.training.validation import LENGTHS, track
from trackbench.trackers.weights_file import Provenance

DATASETS = ("mnist-single-same", "mnist-single-diff", "mnist-multi-same", "mnist-multi-diff")
ALLOWED = 0.005
BATCH = 125


def main() -> int:
    """Print mean IoU with float32 and with int8, and their difference, cell by cell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, help="of trackbench train; else: all shipped")
    parser.add_argument("--sequences", type=int, default=500, help="of each set (default: 500)")
    chosen = parser.parse_args()
    pairs = from_checkpoint(chosen.checkpoint) if chosen.checkpoint else from_shipped()
    worst = 0.0
    for name, exact, stored in pairs:
        for dataset in DATASETS:
            whole, rounded = (
                mean_iou(network, dataset, chosen.sequences) for network in (exact, stored)
            )
            lost = whole - rounded
            worst = max(worst, float(np.abs(lost).max()))
            print(
                f"{name} {dataset}: float32 {whole.round(4)} int8 {rounded.round(4)} "
                f"difference {lost.round(5)}"
            )
    print(f"largest difference {worst:.5f}, allowed {ALLOWED}")
    return int(worst >= ALLOWED)


def from_checkpoint(path: Path) -> Iterator[tuple[str, Network, Network]]:
    """Yield name, network as trained, and as stored."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    exact = build(weights_file.network_spec(json.loads(state["identity"])["network"]))
    exact.load_state_dict(state["network"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stored"
        weights_file.save(file, exact, Provenance())
        yield str(path), exact.eval(), weights_file.load(file).network


def from_shipped() -> Iterator[tuple[str, Network, Network]]:
    """Yield name, a network that is stored as the shipped file, and the shipped one."""
    for file in sorted(SHIPPED.glob("*.safetensors")):
        stored = weights_file.load(file).network
        exact = copy.deepcopy(stored)
        matrix = exact.projection.weight
        whole, scale = weights_file.quantise(matrix)
        draw = torch.Generator().manual_seed(0)
        apart = torch.rand(matrix.shape, generator=draw) - 0.5
        apart[whole.abs() == 127] = 0  # a row's largest is stored exactly
        matrix.copy_(matrix + apart * scale[:, None])
        yield file.stem, exact, stored


def mean_iou(network: Network, dataset: str, sequences: int) -> NDArray[np.float64]:
    """(4,) mean IoU over the first 20, 40, 80 and 160 frames."""
    source = registry.build_dataset(registry.datasets().get(dataset))
    means = []
    for first in range(0, sequences, BATCH):
        some = [
            source.sequence(i, max(LENGTHS)) for i in range(first, min(first + BATCH, sequences))
        ]
        frames = torch.from_numpy(np.stack([video.frames for video in some], axis=1))
        boxes = np.stack([video.boxes for video in some], axis=1)
        iou = mask_iou(track(network, frames, boxes, torch.device("cpu")), boxes, (100, 100))
        means.append(np.stack([iou[:length].mean(axis=0) for length in LENGTHS], axis=1))
    found: NDArray[np.float64] = np.concatenate(means).mean(axis=0)
    return found


if __name__ == "__main__":
    sys.exit(main())
