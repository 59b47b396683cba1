"""Parameters of a tracker, from a file of experiments."""

import json
from pathlib import Path
from types import SimpleNamespace


def parameters(name):
    """Return the parameters of this name."""
    file = Path("experiments") / "median" / f"{name}.json"
    return SimpleNamespace(**json.loads(file.read_text()))
