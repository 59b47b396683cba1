"""What the process that runs a tracker at one commit is told, and what it answers: JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What is run at each commit.

    Attributes:
        tracker: its name; a file's path is relative to the working folder.
        parameters: of it; plain values.
        python: the interpreter that it is to run in; None: this one.
        trackers: a ``trackers.toml`` in which it may stand; None: there is none.
        plugins: files that bring trackers, data sets or suites.
        suite, datasets, sequences, lengths, protocol, runs: as of :func:`trackbench.run`.
        out: the results directory, absolute.
        jobs: processes; None: as many as there are processors.
        timeout: seconds that one call of the tracker may take; None: what its spec says.
    """

    tracker: str
    parameters: dict[str, Any]
    python: str | None
    trackers: str | None
    plugins: tuple[str, ...]
    suite: str | None
    datasets: tuple[str, ...]
    sequences: int | None
    lengths: tuple[int | str, ...] | None
    protocol: str
    runs: int
    out: str
    jobs: int | None
    timeout: float | None


@dataclass(frozen=True)
class Order:
    """What is asked, and where the commit's files are.

    Attributes:
        asked: what is run.
        worktree: real path of the folder with the commit's files.
        roots: real paths of the repository's other working trees, from which nothing may come.
    """

    asked: Asked
    worktree: str
    roots: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What came of it.

    Attributes:
        reason: why the tracker cannot be run at this commit; empty: it was.
        tracker, fingerprint: its id, and under what its results are kept.
        datasets: ids of those that it was run on.
        notes: lines that a reader of the numbers should know.
    """

    reason: str = ""
    tracker: str = ""
    fingerprint: str = ""
    datasets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
