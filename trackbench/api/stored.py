"""Results as the functions of the library take them: a directory, or read already."""

from __future__ import annotations

from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.directory import Results
from trackbench.results.shard_file import alone


def loaded(results: str | Path | Results, protocol: str | None = None) -> Results:
    """Return results, read if they are given as a directory.

    Args:
        results: which.
        protocol: id; None: the only one that the directory holds.

    Raises:
        TrackbenchError: there are none, of several protocols, or of one shard alone.
    """
    if isinstance(results, Results):
        if results.shard is not None:
            raise TrackbenchError(alone(results.path, results.shard))
        return results
    return Results.load(results, None if protocol is None else EvaluationProtocol.of(protocol))
