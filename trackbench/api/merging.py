"""``trackbench.merge``: the shards of a run, put together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.arguments.checking import arguments_checked

if TYPE_CHECKING:
    from trackbench.results.directory import Results


@arguments_checked
def merge(shards: Iterable[str | Path], out: str | Path) -> Results:
    """Put all shards of a run together in a results directory, and return its results.

    Its parts are the same bytes as those of one run of everything, and its records say the same but
    for times and machines. Everything is checked first: that all shards are there, each once, of
    one plan, finished, and unchanged since.

    Args:
        shards: the directories that ``trackbench.run(..., shard="1/8")`` and so on have written, in
            any order.
        out: the directory to be written; it must not be there, or be empty.

    Raises:
        TrackbenchError: a shard is missing, there twice, not finished, of something else or
            damaged; nothing is written then.
    """
    from trackbench.results.directory import Results
    from trackbench.results.merging import merge_shards

    merge_shards([Path(shard) for shard in shards], Path(out))
    return Results.load(Path(out))
