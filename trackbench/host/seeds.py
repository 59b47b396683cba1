"""What the runs of a tracker are seeded with: run 0 is the tracker as it is.

Where its seed is 7 in run 0, it is 10 in run 3: no two runs are alike.
"""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, Mapping, Optional

SEED = "seed"


def seeded(factory: Callable[..., Any], given: Mapping[str, Any], run: int) -> Dict[str, Any]:
    """Return the parameters of a factory, with the seed of a run where it takes one.

    Args:
        factory: of the tracker.
        given: parameters; a seed among them is that of run 0.
        run: number of the run.
    """
    parameters = dict(given)
    try:
        taken = inspect.signature(factory).parameters.get(SEED)
    except (TypeError, ValueError):  # it is written in C
        return parameters
    if taken is None:
        return parameters
    taken = taken.replace(default=given[SEED]) if SEED in given else taken
    seed = seed_for(taken, run)
    return parameters if seed is None else {**parameters, SEED: seed}


def seed_for(parameter: inspect.Parameter, run: int) -> Optional[int]:
    """Return what a parameter of the name ``seed`` is handed in a run.

    Args:
        parameter: its default is the seed of run 0; none is 0.
        run: number of the run.

    Returns:
        The seed; None: leave it as it is, for it is run 0 or the default is no whole number.
    """
    kinds = inspect.Parameter
    if parameter.kind not in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY):
        return None
    if parameter.default is kinds.empty:
        return run
    first = 0 if parameter.default is None else parameter.default
    if not run or isinstance(first, bool) or not isinstance(first, int):
        return None
    return first + run
