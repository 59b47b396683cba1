"""The generators of random numbers that all code of a process shares."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np


def begin() -> None:
    """Begin the generators that a process shares alike, as a run does for each unit of work."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - it is the one that trackers use without a word
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)


def states() -> dict[str, Any]:
    """Return what tells whether one was drawn from: its name -> its state."""
    found: dict[str, Any] = {
        "random": hash(random.getstate()),
        "numpy.random": _told(np.random.get_state(legacy=False)),  # noqa: NPY002 - as above
    }
    torch = sys.modules.get("torch")
    if torch is not None:
        found["torch"] = bytes(torch.get_rng_state().numpy())
    return found


def _told(state: Any) -> Any:
    """Return a generator's state as what can be compared: nested mappings of numbers and arrays."""
    if isinstance(state, dict):
        return tuple((name, _told(value)) for name, value in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state
