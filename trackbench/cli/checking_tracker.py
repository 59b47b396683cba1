"""``trackbench check-tracker``: what is wrong with a tracker, before its numbers are believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trackbench.arguments.bounds import LONG_RUN
from trackbench.cli.codes import ExitCode
from trackbench.cli.console import frames_progress
from trackbench.cli.parameters import (
    Device,
    Parameters,
    Plugins,
    Python,
    TimeoutOfAll,
    TrackersToml,
    Weights,
    given_tracker,
    listed_trackers,
    whole,
)

if TYPE_CHECKING:
    from trackbench.testing.tracker import Stage


def check_tracker(
    tracker: Annotated[str, typer.Argument(metavar="NAME", help="An id, or package.module:Class.")],
    param: Parameters = None,
    weights: Weights = None,
    device: Device = None,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    timeout: TimeoutOfAll = None,
    python: Python = None,
    frames: Annotated[
        int,
        whole(LONG_RUN, help="Frames of the long run that looks at memory; 0: none."),
    ] = 2000,
) -> ExitCode:
    """Let a tracker follow easy videos whose truth is exact, and say in words what is wrong.

    Found are boxes in another format (corners, centres, x and y swapped, shares of the frame,
    scaled, shifted), answers that lag, BGR taken for RGB, frames that are written into, state kept
    from the video before, other answers in a batch, answers that are not repeatable, and calls that
    raise, hang or crash. Growing memory, slow first frames and rounding are warnings.

    Example: trackbench check-tracker kcf

    Example: trackbench check-tracker --plugin mine.py mine

    Exits with 1 if something makes numbers wrong or unrepeatable, with 0 if not: warnings and notes
    do not count.
    """
    from trackbench.plugins.loading import load_plugins
    from trackbench.running.asked_trackers import check_python_is_used
    from trackbench.testing import check_tracker as checked

    load_plugins(plugin)
    spec = given_tracker(tracker, param, device, weights, python, listed_trackers(trackers))
    check_python_is_used(python, [spec])
    with frames_progress(spec.id) as show:

        def progress(stage: Stage) -> None:
            show(stage.frames, stage.expected)

        found = checked(spec, timeout=timeout, frames=frames, progress=progress)
    typer.echo(str(found))
    return ExitCode.GOOD if found.ok else ExitCode.REGRESSED
