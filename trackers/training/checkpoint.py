"""Everything a run needs to go on as if it had never stopped.

Data come from the step number (``plan``), and nothing in a training step is random, so the state
is: weights, the optimiser's averages, the step and what has been logged.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from trackbench.errors import LONGEST, DamagedFileError, TrackbenchError, parameter
from trackbench.printing.text import quoted
from trackbench.results.atomic_files import replacing
from trackbench.results.bounded import parse_json, read_bytes
from trackbench.results.json_codec import known_schema
from trackbench.trackers.networks import Network
from trackbench.trackers.training.optimiser import COUNT, averages_of
from trackbench.trackers.training.progress import Progress, progress_from

SCHEMA = 2
"""Files of schema 1 lack the batches since the last row of the log, and are read."""

LARGEST = 2**32
"""Bytes of a file; a network of the paper and its averages take 30 MB."""


def save(
    path: Path, network: Network, optimizer: Optimizer, progress: Progress, identity: str
) -> None:
    """Write a checkpoint, atomically.

    Args:
        path: of the file.
        network: its weights.
        optimizer: its averages.
        progress: how far the run is.
        identity: what a resumed run must agree in (see :func:`load`).
    """
    state = {
        "schema": SCHEMA,
        "identity": identity,
        "progress": json.dumps(asdict(progress)),
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    with replacing(path) as temporary:
        torch.save(state, temporary)


def load(path: Path, network: Network, optimizer: Optimizer, identity: str) -> Progress:
    """Restore network and optimiser, and return how far the run was.

    Raises:
        TrackbenchError: the checkpoint is of a run with another network, recipe, data or seed.
        DamagedFileError: the file cannot be read, is of a newer schema, or holds something else
            than :func:`save` writes.
    """
    state = _read(path)
    schema = known_schema(state, SCHEMA, path, "a checkpoint")
    try:
        _check_names(state, ("schema", "identity", "progress", "network", "optimizer"), "it")
        stored = state["identity"]
        if not isinstance(stored, str):
            raise ValueError(f"its identity is {quoted(stored)}, no text")  # noqa: TRY004 - one kind
        if stored != identity:
            raise TrackbenchError(
                f"{path} belongs to another run ({_difference(stored, identity)}): "
                f"give another {parameter('out')}, or the same options"
            )
        _restore_network(state["network"], network)
        _restore_optimiser(state["optimizer"], optimizer)
        return progress_from(state["progress"], since_schema_2=schema > 1)
    except (ValueError, DamagedFileError) as error:
        raise DamagedFileError(
            f"{path} is not a whole checkpoint ({error}): remove it to start again"
        ) from error


def _restore_network(stored: Any, network: Network) -> None:
    """Set the weights, which are as many, as large and of the kind that the network has."""
    own = network.state_dict()
    _check_names(stored, list(own), "its network")
    for name, weight in own.items():
        _check_tensor(stored[name], weight, name)
    network.load_state_dict(stored)


def _restore_optimiser(stored: Any, optimizer: Optimizer) -> None:
    """Set the averages; the settings stay those of the recipe, which has not changed."""
    settings = optimizer.state_dict()["param_groups"]
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    _check_names(stored, ("state", "param_groups"), "its optimiser")
    state = stored["state"]
    if not isinstance(state, dict) or state.keys() != {*range(len(weights))}:
        raise ValueError("its optimiser has not the averages of each weight")
    for number, weight in enumerate(weights):
        _check_names(state[number], sorted(averages_of(optimizer)), "its optimiser")
        for name, value in state[number].items():
            like = torch.zeros(()) if name == COUNT else weight
            _check_tensor(value, like, f"{quoted(name)} of its optimiser")
    optimizer.load_state_dict({"state": state, "param_groups": settings})


def _check_names(found: Any, names: Sequence[str], what: str) -> None:
    """Make sure that a dictionary of tensors, or of such ones, has just these names."""
    if not isinstance(found, dict):
        raise ValueError(f"{what} is {quoted(found)}, no dictionary")  # noqa: TRY004 - one kind
    for name in names:
        if name not in found:
            raise ValueError(f"{what} lacks {quoted(name)}")
    for name in found:
        if name not in names:
            raise ValueError(f"{what} has {quoted(name)}, which is not known here")


def _check_tensor(found: Any, like: Tensor, name: str) -> None:
    if not isinstance(found, Tensor) or found.shape != like.shape or found.dtype != like.dtype:
        raise ValueError(f"{name} is not {like.dtype} of {tuple(like.shape)}")
    if not found.isfinite().all():
        raise ValueError(f"{name} is not finite")


def _read(path: Path) -> dict[str, Any]:
    content = read_bytes(path, LARGEST, "a checkpoint")
    try:
        # weights_only: tensors, numbers, strings and containers; no code is run.
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    # What a foreign or truncated file makes torch raise is not documented, and it is many things.
    except Exception as error:
        raise DamagedFileError(
            f"{path} is not a whole checkpoint ({type(error).__name__}): remove it to start again"
        ) from error
    if not isinstance(state, dict):
        raise DamagedFileError(f"{path} is not a whole checkpoint: remove it to start again")
    return state


def _difference(stored: str, wanted: str) -> str:
    """The first thing two identities differ in."""
    a, b = parse_json(stored, "its identity is no JSON"), json.loads(wanted)
    if not isinstance(a, dict):
        raise ValueError("its identity is no object")  # noqa: TRY004 - one kind for all
    for key in sorted(a.keys() | b.keys()):
        if a.get(key) != b.get(key):
            there, here = (str(one.get(key))[:LONGEST] for one in (a, b))
            return f"{key[:LONGEST]}: {there} there, {here} here"
    return "identities differ"
