"""A plan made of what a caller names: ids are looked up, and the whole of it is checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trackbench.contracts import DatasetSpec, Suite
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import FULL, EvaluationProtocol
from trackbench.plugins.dataset_naming import dataset_named, with_start_noise
from trackbench.running.anchoring import anchored
from trackbench.running.chosen_trackers import chosen_trackers
from trackbench.running.given import GivenTracker
from trackbench.running.plan import Plan
from trackbench.running.plan_checks import check_plan, check_starts
from trackbench.running.selection import selection_of


def make_plan(
    trackers: Sequence[GivenTracker],
    suite: str | Suite | None,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec],
    sequences: int | None,
    lengths: Sequence[int | str] | None,
    out: str | Path | None,
    protocol: str,
    runs: int = 1,
    init_noise: float | None = None,
) -> Plan:
    """Look everything up and check it; what is given is as of :func:`trackbench.run`.

    Raises:
        TrackbenchError: an id is unknown, or what is asked for cannot be run.
    """
    chosen = chosen_trackers(trackers)
    selection = selection_of(suite, datasets)
    wanted = selection.lengths if lengths is None else tuple(lengths)
    named = [dataset_named(item) if isinstance(item, str) else item for item in selection.datasets]
    datasets_run = named
    if init_noise is not None:
        datasets_run = [with_start_noise(spec, init_noise) for spec in named]
    plan = Plan(
        trackers=chosen,
        datasets=tuple(datasets_run),
        sequences_each=selection.counts(datasets_run) if sequences is None else {},
        sequences=selection.sequences if sequences is None else sequences,
        lengths=tuple(length for length in wanted if not isinstance(length, str)),
        full=FULL in wanted,
        out=selection.folder(sequences, lengths, init_noise) if out is None else Path(out),
        protocol=EvaluationProtocol.of(protocol),
        runs=runs,
    )
    check_plan(plan)
    if not plan.protocol.several_starts:
        return plan
    return _started(plan, asked=lengths is not None)


def _started(plan: Plan, *, asked: bool) -> Plan:
    """Return the plan on the runs of its data sets; each is scored at its whole length alone.

    Args:
        plan: on sequences.
        asked: the lengths are the caller's choice; else the longest of a suite's is taken.

    Raises:
        TrackbenchError: several lengths are asked for, or a data set has no such runs.
    """
    if asked and len(plan.lengths) + plan.full > 1:
        raise TrackbenchError(
            f"{plan.protocol.value} scores whole runs: one length of {parameter('lengths')} says "
            "how many frames of each sequence there are, and several say nothing"
        )
    check_starts(plan)
    runs = tuple(
        anchored(spec, plan.chosen_of(spec), max(plan.lengths_of(spec))) for spec in plan.datasets
    )
    return replace(plan, datasets=runs, sequences=None, sequences_each={}, lengths=(), full=True)
