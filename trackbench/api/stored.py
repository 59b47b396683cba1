"""Results as the functions of the library take them: a directory, or read already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.directory import Results
from trackbench.results.shard_file import alone


def loaded(
    results: str | Path | Results,
    protocol: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> Results:
    """Return results, read if they are given as a directory.

    Args:
        results: which.
        protocol: id; None: the only one that the directory holds.
        tell: called with a line for each thing that is stored and left out.

    Raises:
        TrackbenchError: there are none, of several protocols, or of one shard alone.
    """
    if isinstance(results, Results):
        if results.shard is not None:
            raise TrackbenchError(alone(results.path, results.shard))
        found = results
    else:
        wanted = None if protocol is None else EvaluationProtocol.of(protocol)
        found = Results.load(results, wanted)
    if tell is not None:
        tell_left_out(found, tell)
    return found


def tell_left_out(results: Results, tell: Callable[[str], None]) -> None:
    """Call ``tell`` with a line for each thing that is stored and left out."""
    for line in results.left_out:
        tell(line)
