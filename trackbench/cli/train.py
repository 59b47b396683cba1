"""``trackbench train``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from trackbench.arguments.bounds import COUNT, HELPERS, SEED, THREADS
from trackbench.cli.console import PLAIN_LINE_SECONDS, output
from trackbench.cli.listed_names import separated
from trackbench.cli.out_options import out_folder
from trackbench.cli.parameters import Plugins, whole
from trackbench.trackers.training.progress_words import Rate, describe

if TYPE_CHECKING:
    from trackbench.trackers.training.progress import Progress

FROM_SIGNAL = 128
"""Added to a signal's number, it is the exit code of what the signal has ended."""


def train(
    tracker: Annotated[
        str, typer.Argument(help="rectracker-id, rectracker-attN (N = 1, 2, ...) or convtracker.")
    ],
    recipe: Annotated[
        str,
        typer.Option(help="default; continued, with --start; paper (App. B: RMSProp, 20 frames)."),
    ] = "default",
    steps: Annotated[
        int | None, whole(COUNT, help="Batches to train (default: the recipe's).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for checkpoint, weights and log (default: runs/TRACKER).",
            callback=out_folder("weights"),
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the checkpoint in the folder.")
    ] = False,
    start: Annotated[
        Path | None,
        typer.Option(help="Weights to begin with, as far as they fit; not random ones."),
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    precision: Annotated[
        str,
        typer.Option(help="Of the big products: float32, bfloat16, or auto: whichever is fast."),
    ] = "auto",
    seed: Annotated[int, whole(SEED, help="Of the initial weights and the videos.")] = 0,
    threads: Annotated[
        int | None, whole(THREADS, help="Threads of PyTorch (default: its own choice).")
    ] = None,
    workers: Annotated[
        int, whole(HELPERS, help="Processes that make videos; 0: the training one does.")
    ] = 0,
    dataset: Annotated[
        list[str] | None,
        typer.Option(
            "--dataset",
            "-d",
            help="A training set; may be repeated (default: MNIST).",
            callback=separated,
        ),
    ] = None,
    validation: Annotated[
        list[str] | None,
        typer.Option(
            help="A held-out set; may be repeated (default: held-out MNIST).", callback=separated
        ),
    ] = None,
    plugin: Plugins = None,
) -> int:
    """Train one of the paper's networks.

    The folder gets the weights of the best validation (weights.safetensors), a checkpoint, log.csv
    and a curve (curve.png). Ctrl-C ends with a checkpoint, and --resume goes on from it.

    Example: trackbench train rectracker-att1 --steps 10000 --out runs/att1

    Of data sets of your own, each gives an equal share of every batch; what a recipe says of shares
    is meant for the default ones.

    Example: trackbench train rectracker-att1 --start runs/id/weights.safetensors --out runs/att1
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins
    from trackbench.trackers.training.training import steps_of

    load_plugins(plugin)
    with _progress(tracker, steps_of(recipe, steps)) as show:
        result = trackbench.train(
            tracker,
            recipe=recipe,
            steps=steps,
            out=out,
            resume=resume,
            start=start,
            device=device,
            precision=precision,
            seed=seed,
            threads=threads,
            workers=workers,
            datasets=dataset or (),
            validation=validation or (),
            progress=show,
        )
    output().print(str(result), markup=False, soft_wrap=True)
    return 0 if result.finished else FROM_SIGNAL + result.signal


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[Progress], None]]:
    """Yield what shows a run's progress: a bar, or plain lines where there is no terminal."""
    if not sys.stderr.isatty():
        yield _plain_lines(what, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total, state="")
        rate = Rate()

        def show(run: Progress) -> None:
            bar.update(task, completed=run.step, state=describe(run, rate.of(run)))

        yield show


def _plain_lines(what: str, total: int) -> Callable[[Progress], None]:
    rate, said = Rate(), monotonic()

    def show(run: Progress) -> None:
        nonlocal said
        speed = rate.of(run)
        if monotonic() - said >= PLAIN_LINE_SECONDS or run.step == total:
            said = monotonic()
            sys.stderr.write(f"{what}: {run.step:,} of {total:,}, {describe(run, speed)}\n")
            sys.stderr.flush()

    return show
