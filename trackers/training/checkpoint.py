"""Everything a run needs to go on as if it had never stopped.

Data come from the step number (``plan``), and nothing in a training step is random, so the state
is: weights, the optimiser's averages, the step and what has been logged.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch.optim import Optimizer

from trackbench.errors import DamagedFileError, TrackbenchError, parameter
from trackbench.results.atomic_files import replacing
from trackbench.trackers.networks import Network
from trackbench.trackers.training.log import Row, row_from

SCHEMA = 2
"""Files of schema 1 lack the batches since the last row of the log, and are read."""


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        step: batches done.
        videos: videos trained on.
        seconds: time spent training, over all resumptions.
        best: the best validation score, and ``best_step`` the step it was reached at.
        since_best: validations since then.
        history: the log.
        recent: (loss, gradient norm) of each batch between the last row of the log and the last
            checkpoint.
    """

    step: int = 0
    videos: int = 0
    seconds: float = 0.0
    best: float = float("-inf")
    best_step: int = 0
    since_best: int = 0
    history: list[Row] = field(default_factory=list)
    recent: list[list[float]] = field(default_factory=list)


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
        DamagedFileError: the file cannot be read.
    """
    state = _read(path)
    if state.get("schema") not in {1, SCHEMA}:
        raise TrackbenchError(f"{path} was written by another version: start again elsewhere")
    if state.get("identity") != identity:
        raise TrackbenchError(
            f"{path} belongs to another run ({_difference(state['identity'], identity)}): "
            f"give another {parameter('out')}, or the same options"
        )
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    fields = json.loads(state["progress"])
    history = [row_from(row) for row in fields.pop("history")]
    return Progress(**fields, history=history)


def _read(path: Path) -> dict[str, Any]:
    try:
        # weights_only: tensors, numbers, strings and containers; no code is run.
        state = torch.load(path, map_location="cpu", weights_only=True)
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
    a, b = json.loads(stored), json.loads(wanted)
    for key in sorted(a.keys() | b.keys()):
        if a.get(key) != b.get(key):
            return f"{key}: {a.get(key)!r} there, {b.get(key)!r} here"
    return "identities differ"
