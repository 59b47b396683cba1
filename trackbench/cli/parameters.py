"""Options that several commands have, and ``--param`` as it is typed."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trackbench.analysis.formats import ComparisonFormat
from trackbench.arguments.bounds import LARGEST, Whole
from trackbench.cli.listed_names import separated
from trackbench.cli.out_options import out_file
from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import FULL

if TYPE_CHECKING:
    from trackbench.contracts import TrackerSpec
    from trackbench.running.trackers_file import TrackersFile


def whole(bounds: Whole, *names: str, help: str) -> Any:  # noqa: A002 - as Typer calls it
    """Return an option for a whole number within the library's bounds, which the help shows.

    A bound that nobody meets is left out of the help: the library refuses what is beyond.
    """
    most = None if bounds.most >= LARGEST else bounds.most
    return typer.Option(*names, min=bounds.least, max=most, help=help)


DatasetId = Annotated[str, typer.Argument(help="A data set, see trackbench list datasets.")]
ResultsDirectory = Annotated[Path, typer.Argument(help="A results directory of trackbench run.")]
Plugins = Annotated[
    list[Path] | None,
    typer.Option(
        "--plugin",
        help="A Python file that brings trackers, data sets or report formats; may be repeated.",
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", help="A parameter of the tracker, NAME=VALUE."),
]
TrackersToml = Annotated[
    Path | None,
    typer.Option("--trackers", help="A trackers.toml; its trackers can be named, too."),
]
Weights = Annotated[
    Path | None, typer.Option("--weights", help="Weights of your own, from trackbench train.")
]
Device = Annotated[
    str | None, typer.Option("--device", help="cpu or cuda, for trackers that learn.")
]
Python = Annotated[
    str | None,
    typer.Option(
        "--python",
        help="Run trackers given as module:Class in this interpreter (3.8 or newer, with NumPy).",
    ),
]
TimeoutOfAll = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        help="Seconds that one call of a tracker may take (default: what its file says, else 60).",
    ),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", help="Processes (default: all processors).")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        help="Workers of a Dask cluster: tcp://HOST:PORT, a scheduler file, or local:2.",
    ),
]
Resources = Annotated[
    str | None,
    typer.Option("--resources", help="What a unit takes of its worker, such as GPU=1."),
]
AllowMixed = Annotated[
    bool,
    typer.Option("--allow-mixed", help="Workers may have other versions of libraries."),
]
Dashboard = Annotated[
    bool, typer.Option("--dashboard", help="Say where the scheduler shows what it does.")
]
StoredTrackers = Annotated[
    list[str] | None,
    typer.Option(
        "--tracker",
        "-t",
        help="Only this one; may be given several times, also as a,b.",
        callback=separated,
    ),
]
StoredProtocol = Annotated[
    str | None,
    typer.Option("--protocol", help="Which protocol, if the directory holds several."),
]
WithPublished = Annotated[
    bool, typer.Option("--with-published", help="Print the paper's numbers beside ours.")
]


SuiteOption = Annotated[str | None, typer.Option("--suite", "-s", help="A suite (default: smoke).")]
DatasetsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--dataset",
        "-d",
        help="A data set, instead of a suite; may be repeated.",
        callback=separated,
    ),
]
SequencesOption = Annotated[
    int | None, typer.Option(help="The first so many sequences of each data set.")
]
LengthsOption = Annotated[
    str | None, typer.Option(help="Lengths in frames, ascending, such as 20,40,80 or 100,full.")
]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="A file (default: standard output).", callback=out_file),
]
PrintedAs = Annotated[ComparisonFormat, typer.Option("--format", "-f", help="How to print it.")]
Tolerance = Annotated[float, typer.Option(help="A mean score may fall by so much.")]


def given_tracker(
    name: str,
    param: list[str] | None,
    device: str | None,
    weights: Path | None,
    python: str | None = None,
    listed: TrackersFile | None = None,
) -> TrackerSpec:
    """Return the tracker that a name and the options about it give.

    Args:
        name: an id, a name with a colon, or one of ``listed``.
        param: ``--param``, each.
        device: ``--device``.
        weights: ``--weights``.
        python: ``--python``.
        listed: the trackers of ``--trackers``; None: there is no such file.

    Raises:
        TrackbenchError: there is none, or it does not take one of them.
    """
    from trackbench.running.asked_trackers import asked_tracker

    return asked_tracker(
        name,
        parameters=given_parameters(param or []),
        device=device,
        weights=weights,
        python=python,
        listed=listed,
    )


def listed_trackers(file: Path | None) -> TrackersFile | None:
    """Return the trackers of ``--trackers``.

    Raises:
        TrackbenchError: something in the file is wrong.
    """
    if file is None:
        return None
    from trackbench.running.trackers_file import TrackersFile

    return TrackersFile(file)


def given_parameters(given: list[str]) -> dict[str, object]:
    """Return what ``--param`` gives: NAME=VALUE, the value as Python writes it, or a bare word.

    Raises:
        TrackbenchError: one is not of that form.
    """
    parameters = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name.isidentifier():
            raise TrackbenchError(f"bad --param {item!r}: write NAME=VALUE, such as n=5")
        if name in parameters:
            raise TrackbenchError(f"--param {name} is given twice")
        try:
            parameters[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            parameters[name] = value  # a bare word is a string
    return parameters


def given_lengths(given: str | None) -> tuple[int | str, ...] | None:
    """Return what ``--lengths`` gives: numbers and ``"full"``, with commas; None: it is not given.

    Raises:
        TrackbenchError: it is something else.
    """
    if given is None:
        return None
    try:
        words = [word.strip() for word in given.split(",")]
        return tuple(word if word == FULL else int(word) for word in words)
    except ValueError:
        raise TrackbenchError(
            f"bad --lengths {given!r}: write numbers, such as 20,40, or {FULL}"
        ) from None
