"""The arguments of ``trackbench.run`` beside the trackers, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from trackbench.running.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

    from trackbench.contracts import DatasetSpec, Suite


class RunOptions(TypedDict, total=False):
    """What :func:`trackbench.run` takes beside its trackers; all may be left out."""

    suite: str | Suite | None
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec]
    sequences: int | None
    lengths: Sequence[int | str] | None
    out: str | Path | None
    protocol: str
    runs: int
    init_noise: float | None
    jobs: int | None
    timeout: float | None
    memory: int | str | None
    retry_failed: bool
    fresh: bool
    shard: str | None
    cluster: str | Path | Client | None
    resources: str | Mapping[str, float] | None
    allow_mixed: bool
    dashboard: bool
    dry_run: bool
    progress: Callable[[Progress], None] | None
    show_output: Callable[[str, bytes], None] | None
    tell: Callable[[str], None] | None
