"""What a run ends with: its tables, what failed, and the exit code of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackbench.cli.codes import ExitCode
from trackbench.cli.console import output
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible

if TYPE_CHECKING:
    from trackbench.results.directory import Results
    from trackbench.results.shards import Shard


def show_results(results: Results, *, with_published: bool) -> ExitCode:
    """Print the tables and what failed; return the exit code."""
    from trackbench.reports.terminal import print_tables

    if results.shard is None:
        print_tables(results, output(), with_published=with_published)
    else:
        _say_shard(results, results.shard)
    spoiled = results.spoiled
    if spoiled:
        output().print(str(spoiled), markup=False, soft_wrap=True)
    return ExitCode.TRACKER_FAILED if spoiled else ExitCode.GOOD


def _say_shard(results: Results, shard: Shard) -> None:
    """Say what a shard is, and what makes a whole of it: it has no table of its own."""
    from trackbench.cli.next_commands import merge_command

    units = sum(len(record.chunks) for record in results.incomplete)
    of = f"shards 1 to {shard.of} are" if shard.of > 1 else "it is"
    for line in (
        f"{shard.words} is finished: {counted(units, 'unit')} in {results.path}",
        f"when {of}: {merge_command(results.path, shard)}",
    ):
        output().print(visible(line), markup=False, soft_wrap=True)
