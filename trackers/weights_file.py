"""Trained weights in one safetensors file: small, checked, and never a pickle.

The large input matrix is stored as int8 with one float32 scale an output row, everything else as
float32. The header holds the network's sizes, where the weights come from, and a SHA-256 over all
of that and the tensors, which is checked on loading. (In files of schema 1 it is over the tensors
alone.)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.files import replacing
from trackbench.trackers.networks import Architecture, Network, NetworkSpec, build

SCHEMA = 2
FORMAT = "trackbench-weights"
MATRIX, SCALE = "projection.weight", "projection.weight.scale"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where weights come from.

    Attributes:
        recipe: its name.
        steps: batches trained.
        seed: of the initial weights and the order of the data.
        data: training set id -> fingerprint (SHA-256, or "" where it was not computed).
        score: mean validation IoU, NaN if none was measured.
        validation: "data set length" -> mean IoU.
        start: SHA-256 of the weights it began with, "" for random ones.
        precision: of the factors of the big products.
    """

    recipe: str = ""
    steps: int = 0
    seed: int = 0
    data: dict[str, str] = field(default_factory=dict)
    score: float = float("nan")
    validation: dict[str, float] = field(default_factory=dict)
    start: str = ""
    precision: str = ""


@dataclass(frozen=True)
class Weights:
    """A network with its weights, and where they come from."""

    network: Network
    provenance: Provenance
    sha256: str


def save(path: Path, network: Network, provenance: Provenance) -> str:
    """Write a network's weights, atomically; returns the SHA-256 over its tensors."""
    tensors = {
        name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()
    }
    tensors[MATRIX], tensors[SCALE] = quantise(tensors[MATRIX])
    header = {
        "format": FORMAT,
        "schema": str(SCHEMA),
        "network": json.dumps(asdict(network.spec)),
        "provenance": json.dumps(asdict(provenance)),
    }
    header["sha256"] = digest = _digest(header, tensors)
    with replacing(path) as temporary:
        temporary.write_bytes(safetensors.torch.save(tensors, header))
    return digest


def load(path: Path) -> Weights:
    """Read weights that :func:`save` wrote.

    Raises:
        TrackbenchError: there is no such file, or it is of a newer schema.
        DamagedFileError: it is no weights file of ours, or not as it was written.
    """
    header, tensors = _read(path)
    if header.get("format") != FORMAT:
        raise DamagedFileError(f"{path} holds no trackbench weights: give a file that train wrote")
    if header.get("schema") not in {"1", str(SCHEMA)}:
        raise TrackbenchError(
            f"{path} has weights schema {header.get('schema')}, this version reads {SCHEMA}: "
            "upgrade trackbench"
        )
    if header.get("sha256") != _digest(header, tensors):
        raise DamagedFileError(f"{path} is damaged: it does not have the SHA-256 that it states")
    try:
        spec = network_spec(json.loads(header["network"]))
        provenance = Provenance(**json.loads(header["provenance"]))
        tensors[MATRIX] = dequantise(tensors[MATRIX], tensors.pop(SCALE))
        network = build(spec)
        network.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError, ArithmeticError) as error:
        reason = str(error).splitlines()[0]
        raise DamagedFileError(
            f"{path}: header and tensors do not fit together ({reason})"
        ) from error
    return Weights(network.eval().requires_grad_(requires_grad=False), provenance, header["sha256"])


def network_spec(fields: dict[str, Any]) -> NetworkSpec:
    """The spec whose ``asdict``, through JSON, is ``fields``."""
    return NetworkSpec(**{**fields, "architecture": Architecture(fields["architecture"])})


def quantise(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix (O, F) float32 -> int8 (O, F) and scales (O,): about matrix = int8 * scale."""
    scale = matrix.abs().amax(dim=1).clamp(min=torch.finfo(torch.float32).tiny) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


def dequantise(matrix: Tensor, scale: Tensor) -> Tensor:
    """The inverse of :func:`quantise`, to half a scale."""
    return matrix.to(torch.float32) * scale[:, None]


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not path.is_file():
        raise TrackbenchError(f"there is no weights file {path}")
    try:
        with safetensors.safe_open(path, "pt") as file:
            return file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (safetensors.SafetensorError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedFileError(f"{path} is not a whole safetensors file ({reason})") from error


def _digest(header: dict[str, str], tensors: dict[str, Tensor]) -> str:
    """SHA-256 over network and provenance, then names, types, shapes and bytes by name."""
    digest = hashlib.sha256()
    if header["schema"] != "1":
        digest.update(f"{header.get('network')}\n{header.get('provenance')}\n".encode())
    for name, value in sorted(tensors.items()):
        digest.update(f"{name} {value.dtype} {list(value.shape)} ".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
