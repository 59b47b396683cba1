"""What is to be known beside a check's verdict, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from trackbench.analysis.baseline import rounded_run_stds
from trackbench.analysis.checked_runs import CheckedRun
from trackbench.analysis.verdict import Limits
from trackbench.errors import parameter
from trackbench.printing.amounts import counted
from trackbench.results.directory import Results
from trackbench.statistics.loss_test import fewest_sequences


def check_notes(results: Results, pairs: list[CheckedRun], limits: Limits) -> Iterator[str]:
    """Yield what a reader must know to judge the verdict.

    Args:
        results: all that is stored.
        pairs: the runs of the baseline, one or more.
        limits: of the check.
    """
    yield from _too_few(pairs, limits.alpha)
    if repeated := [pair for pair in pairs if _is_repeated(pair)]:
        yield from map(_repeated, repeated)
        yield (
            "p is of sequences: what shifts all of them alike from one run to the next is not in "
            "it; hold a loss against what is between runs"
        )
    imported = [pair.before.tracker for pair in pairs if pair.after.record.imported]
    for tracker in dict.fromkeys(imported):
        yield f"{tracker} was imported: its boxes are of another program's files"
    if (metric := pairs[0].metric) is not None:
        yield f"scores are {metric.id}, sequences alike: {metric.definition}"
    seeing = [pair.before.tracker for pair in pairs if pair.after.record.sees_future]
    for tracker in dict.fromkeys(seeing):
        yield f"{tracker} sees the future: it was handed whole videos"
    changed = [pair for pair in pairs if pair.before.fingerprint != pair.after.record.fingerprint]
    for tracker in dict.fromkeys(pair.before.tracker for pair in changed):
        yield f"{tracker} is not the baseline's: its parameters, weights or source have changed"
    if limits.speed is not None and any(
        pair.before.processor != pair.after.record.processor for pair in pairs
    ):
        yield "the baseline was timed on another processor: its speed says little about this one"
    yield from (older.said for older in results.older)
    checked = {(pair.before.tracker, pair.before.dataset) for pair in pairs}
    for run in results.runs:
        if (run.record.tracker, run.record.dataset) not in checked:
            yield (
                f"{run.record.tracker} on {run.record.dataset} is not in the baseline and was "
                "not checked"
            )


def _too_few(pairs: list[CheckedRun], alpha: float) -> Iterator[str]:
    fewest = fewest_sequences(alpha)
    for dataset, sequences in {pair.dataset.id: pair.fewest for pair in pairs}.items():
        if sequences < fewest:
            yield (
                f"{dataset} has {counted(sequences, 'sequence')}: it takes {fewest} until any loss "
                f"of score can be significant at alpha {alpha:g}; for a deterministic tracker, "
                f"{parameter('alpha', 1)} lets the tolerance alone decide"
            )


def _is_repeated(pair: CheckedRun) -> bool:
    return pair.before.runs > 1 or len(pair.after.repeats) > 1


def _repeated(pair: CheckedRun) -> str:
    """Return over how many runs scores are means, and by how much the runs differ."""
    after = rounded_run_stds(pair.after, pair.dataset.lengths, pair.metric)
    sides = (
        ("before", pair.before.runs, pair.before.run_stds),
        ("after", len(pair.after.repeats), after),
    )
    said = [
        f"{counted(runs, 'run')} {when}" + (f" (± {stds[-1]:.3f} between them)" if stds else "")
        for when, runs, stds in sides
    ]
    length = pair.after.dataset.label(max(pair.dataset.lengths))
    what = f"{pair.before.tracker} on {pair.dataset.id}"
    return f"{what}: means over {', '.join(said)} at length {length}"
