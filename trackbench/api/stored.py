"""Results as the functions of the library take them: a directory, or read already."""

from __future__ import annotations

from pathlib import Path

from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.directory import Results


def loaded(results: str | Path | Results, protocol: str | None = None) -> Results:
    """Return results, read if they are given as a directory.

    Args:
        results: which.
        protocol: id; None: the only one that the directory holds.

    Raises:
        TrackbenchError: there are none, or of several protocols.
    """
    if isinstance(results, Results):
        return results
    return Results.load(results, None if protocol is None else EvaluationProtocol.of(protocol))
