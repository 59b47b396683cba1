"""``trackbench.run``: trackers on a suite, from the plan to the stored results."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.running.given import GivenTracker
from trackbench.running.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

    from trackbench.contracts import DatasetSpec, Suite
    from trackbench.results.directory import Results
    from trackbench.running.cluster.address import Cluster

DEFAULT_TIMEOUT = 60.0
DEFAULT_PROTOCOL = EvaluationProtocol.PAPER_V1.value


@arguments_checked
def run(
    trackers: GivenTracker | Sequence[GivenTracker],
    suite: str | Suite | None = None,
    *,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec] = (),
    sequences: int | None = None,
    lengths: Sequence[int | str] | None = None,
    out: str | Path | None = None,
    protocol: str = DEFAULT_PROTOCOL,
    runs: int = 1,
    init_noise: float | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | str | None = None,
    retry_failed: bool = False,
    fresh: bool = False,
    shard: str | None = None,
    cluster: str | Path | Client | None = None,
    resources: str | Mapping[str, float] | None = None,
    allow_mixed: bool = False,
    dashboard: bool = False,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
    show_output: Callable[[str, bytes], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Results:
    """Run trackers on a suite, or on data sets, and return the stored results.

    Args:
        trackers: an id (``"kcf"``), ``"package.module:Class"``, a class, a :class:`TrackerSpec`,
            or a list of them. For a ``"package.module:Class"`` the working folder is put at the end
            of ``sys.path``.
        suite: id of a suite; ``"smoke"`` if neither this nor ``datasets`` is given.
        datasets: a data set id or several, instead of the suite's.
        sequences: the first so many sequences of each data set, instead of the suite's.
        lengths: frames, instead of the suite's, and ``"full"`` for the whole of each sequence;
            for ``datasets`` alone that is what counts.
        out: the results directory; ``results/<suite>`` by default.
        protocol: ``"paper-v1"``, ``"ope-v1"``, or ``"vot-st-v1"``: trackers are started at several
            frames of each sequence, and of ``lengths`` one says how many frames of it there are.
        runs: how often each tracker is run, for those with chance in them. Each run is stored by
            itself and seeded by its number, from 0, and tables show the mean over all. After three
            with identical boxes the rest is skipped: the tracker is deterministic.
        init_noise: the first box is given with an error, drawn by seed, and this is its IoU with
            the true one, such as 0.8; None: without. What is run so are data sets of their own,
            such as ``"mnist-single-same-init-0.8-v1"``.
        jobs: processes that make videos, each with one for the tracker; by default, as many as
            this process may use processors. With ``cluster`` its workers' threads count instead.
        timeout: seconds that one call of a tracker may take; None: what its spec says, else 60.
        memory: that a tracker may take beyond what the packages it imports do, in bytes or as
            ``"4GiB"``; None: any.
        retry_failed: run again what failed for reasons of time, memory, or from outside. What
            failed for want of time is run again, too, when it is given more; and what had less
            memory, whether it failed or not.
        fresh: throw away what is stored of these runs.
        shard: ``"3/8"`` runs every eighth unit of work, from the third on, into a directory that
            takes nothing else; :func:`trackbench.merge` puts all eight together.
        cluster: the workers of a Dask cluster make the units: ``"tcp://host:port"`` or a scheduler
            file, ``"local:2"`` for two workers on this machine, or a ``distributed.Client``. It
            needs the extra ``trackbench[cluster]``.
        resources: what each unit takes of its worker, such as ``"GPU=1"``: Dask's worker resources.
        allow_mixed: workers may have other versions of libraries; the records say all of them.
        dashboard: tell where the scheduler shows what it does.
        dry_run: only look what would be done, and track a sequence of each to say how long it would
            take: ``progress`` is called once, with that. Nothing is written, and nothing returned
            that could be reported.
        progress: called with the plan before the first frame, and then several times a second;
            None: in a notebook there are bars under the cell, elsewhere there is nothing.
        show_output: called with what trackers print, as they do: (tracker's id, bytes).
        tell: called with a line that a user should know: that all is stored already, or what cannot
            be hashed and is therefore run anew each time. What nobody may miss is a warning else.

    Returns:
        The results of these trackers on these data sets. What was stored under the same
        fingerprints is not run again. Of a shard ``incomplete`` has the records, and there is no
        table.

    Raises:
        TrackbenchError: anything that is the caller's to mend; nothing is written then.

    Example:
        >>> import trackbench
        >>> table = trackbench.run("kcf", suite="smoke").table()  # a pandas DataFrame
    """
    # Not above: the command line knows this module for its defaults, and its help needs no more.
    from trackbench.arguments.bounds import COUNT, SECONDS, Whole
    from trackbench.arguments.sizes import amount_of_memory
    from trackbench.plugins.own_folders import look_in_working_folder
    from trackbench.plugins.start_noise import checked_iou
    from trackbench.results.directory import Results
    from trackbench.results.json_codec import MOST
    from trackbench.results.record_checks import LEAST_SECONDS
    from trackbench.results.run_record import MOST_RUNS
    from trackbench.results.shards import Shard
    from trackbench.running.author_script import stop_where_a_script_is_only_read
    from trackbench.running.bars import bars_in_a_notebook
    from trackbench.running.chosen_trackers import listed
    from trackbench.running.execution import Listeners, Settings
    from trackbench.running.lengths import checked_lengths
    from trackbench.running.limits import Limits
    from trackbench.running.loop import execute_plan
    from trackbench.running.planning import make_plan
    from trackbench.running.processors import usable_processors

    stop_where_a_script_is_only_read()
    if cluster is not None:
        if jobs is not None:
            raise TrackbenchError(
                f"give {parameter('jobs')} or {parameter('cluster')}, not both: a cluster has as "
                "many jobs as its workers have threads"
            )
        jobs = 1  # here, for what comes first
    jobs = COUNT.or_none("jobs", jobs)
    timeout = SECONDS.or_none("timeout", timeout)
    memory = None if memory is None else amount_of_memory("memory", memory)
    sequences = COUNT.or_none("sequences", sequences)
    lengths = checked_lengths(lengths)
    runs = Whole(1, MOST_RUNS).of("runs", runs)
    init_noise = None if init_noise is None else checked_iou("init_noise", init_noise)
    given = listed(trackers)
    look_in_working_folder(given)
    part = None if shard is None else Shard.named(shard)
    plan = make_plan(given, suite, datasets, sequences, lengths, out, protocol, runs, init_noise)
    if part is not None and out is None:
        folder = f"{plan.out.name}-shard-{part.number}-of-{part.of}"
        plan = replace(plan, out=plan.out.with_name(folder))
    settings = Settings(
        jobs=jobs or usable_processors(),
        # What a record cannot hold is as good as no limit, or as none that is smaller.
        limits=Limits(
            min(max(DEFAULT_TIMEOUT if timeout is None else timeout, LEAST_SECONDS), MOST),
            None if memory is None else min(memory, MOST),
        ),
        timeout_asked=timeout is not None,
        retry_failed=retry_failed,
        fresh=fresh,
        dry=dry_run,
        shard=part,
        cluster=_cluster(cluster, resources, allow_mixed=allow_mixed, dashboard=dashboard),
    )

    with bars_in_a_notebook() as bars:
        told = progress or bars or _ignore
        listeners = Listeners(told, show_output, tell or _ignore, tell or _warn)
        fingerprints = execute_plan(plan, settings, listeners)
    if dry_run:
        return Results(plan.out, ())
    if part is not None:
        return Results.of_shard(plan.out)
    found = Results.load(plan.out, plan.protocol, fingerprints, list(fingerprints))
    return found.only([t.id for t in plan.trackers], [d.id for d in plan.datasets])


def _cluster(
    given: str | Path | Client | None,
    resources: str | Mapping[str, float] | None,
    *,
    allow_mixed: bool,
    dashboard: bool,
) -> Cluster | None:
    if given is None:
        for name, value in (
            ("resources", resources),
            ("allow_mixed", allow_mixed),
            ("dashboard", dashboard),
        ):
            if value:
                raise TrackbenchError(f"{parameter(name)} needs {parameter('cluster')}")
        return None
    from trackbench.running.cluster.address import cluster_named

    return cluster_named(given, resources, allow_mixed=allow_mixed, dashboard=dashboard)


def _ignore(_: object) -> None:
    """Tell nobody."""


def _warn(line: str) -> None:
    warnings.warn(line, stacklevel=2)
