"""Where the results of a run are, and the three commands that come next, filled in."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from trackbench.api.worst import WorstSequence, worst_sequence
from trackbench.results.directory import Results
from trackbench.results.reading_back import stored_protocols
from trackbench.results.shards import Shard

_PAGE, _CLIP, _BASELINE = "report.html", "worst.gif", "baseline.json"


def next_commands(
    results: Results,
    named: Mapping[str, str],
    plugins: Sequence[str] = (),
    about: Sequence[str] = (),
) -> list[str]:
    """Return the lines that a run ends with.

    Args:
        results: of the run.
        named: tracker's id -> the name that ``show`` takes; of others only the video is drawn.
        plugins: files that were given with ``--plugin``.
        about: options about trackers that were given, and that ``show`` has as well.
    """
    folder = str(results.path)
    only = ("--protocol", results.protocol.value) if len(stored_protocols(results.path)) > 1 else ()
    brought = tuple(word for file in plugins for word in ("--plugin", file))
    commands = [
        ("report", folder, "--format", "html", "--out", _PAGE, *only, *brought),
        _compared(results, folder, (*only, *brought)),
    ]
    worst = worst_sequence(results)
    if worst is not None:
        commands.append((*_shown(worst, named, about, (folder, *only)), *brought))
    said = [f"  {shlex.join(('trackbench', *words))}" for words in commands]
    return [f"the results are in {folder}; what to do next:", *said]


def merge_command(path: Path, shard: Shard) -> str:
    """Return the command that makes a whole of a shard and the others, filled in.

    Directories that end as ``--shard`` names them are found by a pattern of the shell; of others
    nobody knows what they are called.
    """
    ending = f"-shard-{shard.number}-of-{shard.of}"
    if path.name.endswith(ending) and path.name != ending:
        whole = str(path).removesuffix(ending)
        every = f"{shlex.quote(whole)}-shard-*-of-{shard.of}"
        return f"trackbench merge {every} --out {shlex.quote(whole)}"
    others = "" if shard.of == 1 else " AND_THE_OTHERS..."
    return f"trackbench merge {shlex.quote(str(path))}{others} --out DIRECTORY"


def _compared(results: Results, folder: str, rest: tuple[str, ...]) -> tuple[str, ...]:
    trackers = results.trackers
    if len(trackers) > 1:
        return ("compare", *trackers[:2], "--results", folder, *rest)
    return ("baseline", folder, "--out", _BASELINE, *rest)


def _shown(
    worst: WorstSequence, named: Mapping[str, str], about: Sequence[str], where: tuple[str, ...]
) -> tuple[str, ...]:
    with_tracker: tuple[str, ...] = ()
    if worst.tracker in named:  # in the colour that it has in the report
        with_tracker = ("--tracker", named[worst.tracker], *about, "--results", *where)
    return (
        *("show", worst.dataset, "--sequence", str(worst.sequence), *with_tracker),
        *("--out", _CLIP),
    )
