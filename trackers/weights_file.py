"""Trained weights in one safetensors file: small, checked, and never a pickle.

The large input matrix is stored as int8 with one float32 scale an output row, everything else as
float32. The header holds the network's sizes, where the weights come from, and a SHA-256 over all
of that and the tensors, which is checked on loading. (In files of schema 1 it is over the tensors
alone.)
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from trackbench.errors import DamagedFileError, TrackbenchError, brief
from trackbench.results.atomic_files import replacing
from trackbench.results.bounded import parse_json, read_bytes
from trackbench.results.json_codec import decoded, known_schema
from trackbench.trackers.networks import Network, NetworkSpec, build
from trackbench.trackers.weights_header import Provenance, network_spec, provenance_from

__all__ = [
    "MATRIX",
    "SCALE",
    "Provenance",
    "Weights",
    "dequantise",
    "load",
    "network_spec",
    "quantise",
    "save",
]

SCHEMA = 2
FORMAT = "trackbench-weights"
LARGEST = 2**30
"""Bytes of a file that is read; the shipped ones have three million."""
MATRIX, SCALE = "projection.weight", "projection.weight.scale"


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
        TrackbenchError: there is no such file.
        DamagedFileError: it is no weights file of ours, follows a newer schema, or is not as it
            was written.
    """
    header, tensors = _read(path)
    if header.get("format") != FORMAT:
        raise DamagedFileError(f"{path} holds no trackbench weights: give a file that train wrote")
    known_schema({"schema": _schema(header)}, SCHEMA, path, "a file of weights")
    try:
        if header.get("sha256") != _digest(header, tensors):
            raise DamagedFileError(
                f"{path} is damaged: it does not have the SHA-256 that it states"
            )
        network = _network(network_spec(_json(header["network"])), tensors)
        provenance = provenance_from(_json(header["provenance"]))
    except DamagedFileError:
        raise
    except (TrackbenchError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise DamagedFileError(
            f"{path}: header and tensors do not fit together ({brief(error)})"
        ) from error
    return Weights(network.eval().requires_grad_(requires_grad=False), provenance, header["sha256"])


def _schema(header: dict[str, str]) -> int | str | None:
    """Return the number of the schema that a header states, in which all values are texts."""
    said = header.get("schema")
    return int(said) if said is not None and re.fullmatch("[0-9]{1,9}", said) else said


def _network(spec: NetworkSpec, tensors: dict[str, Tensor]) -> Network:
    """Build a network with its tensors, whose kinds and shapes are looked at before."""
    given = {name: (value.dtype, value.shape) for name, value in tensors.items()}
    scale = given.pop(SCALE)
    # No more memory is taken for what a header says than for what the file holds.
    large = (spec.features * spec.hidden, spec.filters * spec.kernel**2, spec.hidden**2)
    if max(large) > sum(value.numel() for value in tensors.values()):
        raise ValueError("its tensors are too small for the network")
    network = build(spec)
    wanted = {name: (value.dtype, value.shape) for name, value in network.state_dict().items()}
    matrix = wanted[MATRIX][1]
    wanted[MATRIX] = (torch.int8, matrix)
    if given != wanted or scale != (torch.float32, matrix[:1]):
        raise ValueError("its tensors are not those of the network")
    whole = dequantise(tensors[MATRIX], tensors[SCALE])
    rest = {name: value for name, value in tensors.items() if name != SCALE}
    network.load_state_dict({**rest, MATRIX: whole})
    return network


def quantise(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix (O, F) float32 -> int8 (O, F) and scales (O,): about matrix = int8 * scale."""
    scale = matrix.abs().amax(dim=1).clamp(min=torch.finfo(torch.float32).tiny) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


def dequantise(matrix: Tensor, scale: Tensor) -> Tensor:
    """The inverse of :func:`quantise`, to half a scale."""
    return matrix.to(torch.float32) * scale[:, None]


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Return header and tensors.

    All of the file is read at once: one that is mapped, and cut by somebody meanwhile, would end
    the process.
    """
    if not path.exists() or path.is_dir():
        raise TrackbenchError(f"there is no weights file {path}")
    content = read_bytes(path, LARGEST, "a weights file")
    try:
        tensors = safetensors.torch.load(content)
        size = int.from_bytes(content[:8], "little")
        said = _json(content[8 : 8 + size].decode()).get("__metadata__") or {}
        header = decoded(dict[str, str], said)
    # What a foreign file makes safetensors and torch raise is not documented.
    except Exception as error:
        raise DamagedFileError(
            f"{path} is not a whole safetensors file ({brief(error)})"
        ) from error
    return header, tensors


def _json(written: str) -> dict[str, Any]:
    found = parse_json(written, "its header")
    if not isinstance(found, dict):
        raise ValueError("its header is no object")  # noqa: TRY004 - as all reasons
    return found


def _digest(header: dict[str, str], tensors: dict[str, Tensor]) -> str:
    """SHA-256 over network and provenance, then names, types, shapes and bytes by name."""
    digest = hashlib.sha256()
    if header["schema"] != "1":
        digest.update(f"{header.get('network')}\n{header.get('provenance')}\n".encode())
    for name, value in sorted(tensors.items()):
        digest.update(f"{name} {value.dtype} {list(value.shape)} ".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
