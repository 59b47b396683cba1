"""``trackbench run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from trackbench.api.running import DEFAULT_PROTOCOL
from trackbench.arguments.sizes import amount_of_memory
from trackbench.cli.console import output, say
from trackbench.cli.listed_names import separated_trackers
from trackbench.cli.out_options import out_folder
from trackbench.cli.parameters import (
    AllowMixed,
    Cluster,
    Dashboard,
    DatasetsOption,
    Device,
    Jobs,
    LengthsOption,
    Parameters,
    Plugins,
    Python,
    Resources,
    SequencesOption,
    SuiteOption,
    TimeoutOfAll,
    TrackersToml,
    Weights,
    WithPublished,
    given_lengths,
    given_tracker,
    listed_trackers,
)
from trackbench.cli.run_display import Speech, displayed
from trackbench.cli.run_results import show_results
from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.text import visible
from trackbench.running.progress import Progress
from trackbench.running.progress_words import estimate_line, plan_lines

if TYPE_CHECKING:
    from trackbench.api.run_options import RunOptions
    from trackbench.contracts import TrackerSpec
    from trackbench.results.directory import Results
    from trackbench.running.bench_file import BenchFile


def run(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A bench.toml, which says all this; options go before it. See trackbench init.",
            show_default=False,
        ),
    ] = None,
    tracker: Annotated[
        list[str] | None,
        typer.Option(
            "--tracker",
            "-t",
            help="An id, or file.py:Class. May be given several times, also as a,b.",
            callback=separated_trackers,
        ),
    ] = None,
    suite: SuiteOption = None,
    dataset: DatasetsOption = None,
    sequences: SequencesOption = None,
    lengths: LengthsOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Results directory (default: results/SUITE).",
            callback=out_folder("results"),
        ),
    ] = None,
    jobs: Jobs = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            help="paper-v1 (every frame counts; the default), ope-v1 (not frame 0), or vot-st-v1 "
            "(VOT's starts at several frames)."
        ),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option(help="Run each tracker so often, for one with chance in it (default: 1)."),
    ] = None,
    init_noise: Annotated[
        float | None,
        typer.Option(
            help="Give the first box with an error: its IoU with the true one, such as 0.8.",
            show_default=False,
        ),
    ] = None,
    param: Parameters = None,
    weights: Weights = None,
    device: Device = None,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    python: Python = None,
    timeout: TimeoutOfAll = None,
    memory: Annotated[
        str | None,
        typer.Option(
            help="Memory that a tracker may take, such as 4GiB. What had less is run again."
        ),
    ] = None,
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed", help="Run again what ran out of time or memory, or was killed."
        ),
    ] = False,
    show_output: Annotated[
        bool, typer.Option("--show-output", help="Show what trackers print, as they do.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw away what is stored of these runs.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(help="Run a part of the units alone, such as 3/8; see trackbench merge."),
    ] = None,
    cluster: Cluster = None,
    resources: Resources = None,
    allow_mixed: AllowMixed = False,
    dashboard: Dashboard = False,
    with_published: WithPublished = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be run, and for how long; write nothing."),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the table alone: no plan, no progress.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Print plan and next commands where there is no terminal, too."
        ),
    ] = False,
) -> int:
    """Run trackers over a suite and print the table.

    What is stored already is not run again; a run that was stopped goes on where it was.

    Example: trackbench run --tracker kcf --tracker mosse --suite smoke

    Example: trackbench run --tracker mine.py:Mine --suite paper --out results/mine

    Example: trackbench run bench.toml --jobs 1

    Example: trackbench run --tracker kcf --suite paper --dry-run

    Example: trackbench run --tracker kcf --suite smoke --init-noise 0.8

    Example: trackbench run --trackers trackers.toml --tracker mine --tracker kcf --suite smoke

    Example: trackbench run --tracker kcf --suite paper --cluster tcp://scheduler:8786

    Exits with 3 if a tracker failed some sequence (it raised, hung or died there).
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins
    from trackbench.running.asked_trackers import check_python_is_used

    load_plugins(plugin)
    if file is None and not tracker:
        raise TrackbenchError("which tracker? choose with --tracker, or give a bench.toml")
    _refuse_tracker_as_file(file)
    speech = _speech(quiet=quiet, verbose=verbose)
    options = _given(
        suite=suite,
        datasets=dataset,
        sequences=sequences,
        lengths=given_lengths(lengths),
        out=out,
        protocol=protocol,
        runs=runs,
        init_noise=init_noise,
        jobs=jobs,
        timeout=timeout,
        memory=None if memory is None else amount_of_memory("memory", memory),
        retry_failed=retry_failed,
        fresh=fresh,
        shard=shard,
        cluster=cluster,
        resources=resources,
        allow_mixed=allow_mixed,
        dashboard=dashboard,
        dry_run=dry_run,
        tell=_tell,
    )
    bench = None if file is None else trackbench.read_bench(file)
    if with_published:
        _check_published(options, bench)
    listed = listed_trackers(trackers) if bench is None or trackers is not None else bench.sections
    chosen = [given_tracker(name, param, device, weights, python, listed) for name in tracker or ()]
    check_python_is_used(python, chosen)
    if bench is not None and not chosen:
        _refuse_with_file(bench, param=param, device=device, weights=weights, python=python)
    results = _run(chosen, bench, options, speech, show_output=show_output)
    if dry_run:
        return 0
    code = show_results(results, with_published=with_published)
    if speech.plan_at_once and results.shard is None:
        named = _named(bench, chosen, tracker or []) if device is None else {}
        about = {"--param": param, "--weights": weights, "--trackers": trackers, "--python": python}
        _say_next(results, named, plugin, about)
    return code


def _given(**options: object) -> RunOptions:
    """Return the options that were given, for :func:`trackbench.run`."""
    given = {
        name: value
        for name, value in options.items()
        if not (value is None or value is False or value == [])
    }
    return cast("RunOptions", given)


def _run(
    trackers: list[TrackerSpec],
    bench: BenchFile | None,
    options: RunOptions,
    speech: Speech,
    *,
    show_output: bool,
) -> Results:
    """Run trackers, or what a file says, and show how far it is."""
    import trackbench

    with displayed(speech) as display:
        options["progress"] = _say_plan if "dry_run" in options else display
        if show_output:
            options["show_output"] = display.hand_on
        try:
            if bench is None:
                return trackbench.run(trackers, **options)
            return trackbench.run_file(bench, trackers=trackers or None, **options)
        except KeyboardInterrupt:
            message = "interrupted: what is finished is stored, and the same command goes on"
            say(f"trackbench: {message}")
            raise


def _named(bench: BenchFile | None, chosen: list[TrackerSpec], names: list[str]) -> dict[str, str]:
    """Return trackers' ids and what ``show`` knows them by, as far as it does."""
    if bench is None:
        return {spec.id: name for spec, name in zip(chosen, names, strict=True)}
    from trackbench.plugins import registry

    known = {spec.id: spec for spec in registry.trackers()}
    return {spec.id: spec.id for spec in bench.trackers if known.get(spec.id) == spec}


def _say_next(
    results: Results,
    named: dict[str, str],
    plugins: list[Path] | None,
    about: dict[str, list[str] | str | Path | None],
) -> None:
    from trackbench.cli.next_commands import next_commands

    options = [
        word
        for option, given in about.items()
        for each in (given if isinstance(given, list) else [given] if given is not None else [])
        for word in (option, str(each))
    ]
    for line in next_commands(results, named, list(map(str, plugins or ())), options):
        say(line)


def _check_published(options: RunOptions, bench: BenchFile | None) -> None:
    """Make sure that there are published numbers by the protocol of a run.

    Raises:
        TrackbenchError: there are none.
    """
    from trackbench.reports.published_numbers import check_protocol

    whole = options if bench is None else bench.arguments(options)
    check_protocol(EvaluationProtocol.of(whole.get("protocol", DEFAULT_PROTOCOL)))


def _speech(*, quiet: bool, verbose: bool) -> Speech:
    if quiet and verbose:
        raise TrackbenchError("choose --quiet or --verbose, not both")
    return Speech.QUIET if quiet else Speech.VERBOSE if verbose else Speech.USUAL


def _say_plan(state: Progress) -> None:
    for line in (*plan_lines(state), estimate_line(state), "nothing was written"):
        output().print(visible(line), markup=False, soft_wrap=True)


def _refuse_tracker_as_file(file: Path | None) -> None:
    """Refuse a tracker that was written without its option, and so was taken for a bench.toml."""
    if file is not None and file.suffix != ".toml" and not file.exists():
        raise TrackbenchError(f"there is no file {file}: a tracker is given as --tracker {file}")


def _refuse_with_file(bench: BenchFile, **given: object) -> None:
    """Raise where an option is about a tracker, and none is given beside the file.

    Raises:
        TrackbenchError: there is one.
    """
    for name, value in given.items():
        if value:
            raise TrackbenchError(
                f"--{name} is about trackers that are given with --tracker: those of {bench.file} "
                f"have theirs in a section, [tracker.NAME]"
            )


def _tell(line: str) -> None:
    say(f"trackbench: {line}")
