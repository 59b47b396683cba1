"""``trackbench verify``: are the data made here the published data?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.codes import ExitCode
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.plugins.identity import dataset_files_sha256
from trackbench.printing.text import visible


def verify(
    dataset: Annotated[
        list[str] | None, typer.Argument(help="Data sets (default: all that are registered).")
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that brings data sets.")
    ] = None,
) -> ExitCode:
    """Make the sample of each data set and compare its fingerprint with the published one.

    Of a data set that names the files it reads, a hash of their content is printed as well.

    Example: trackbench verify mnist-single-same

    Example: trackbench verify mine --plugin mine.py

    Exits with 1 if one differs.
    """
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    known = registry.datasets()
    different = 0
    for spec in [known.get(name) for name in dataset] if dataset else list(known):
        try:
            made = dataset_fingerprint(registry.build_dataset(spec))
            files = dataset_files_sha256(spec)
        except TrackbenchError as error:
            typer.echo(visible(f"{spec.id}  CANNOT BE MADE: {error}"))
            different += 1
            continue
        if spec.fingerprint is None:
            verdict = "has no published fingerprint"
        elif made == spec.fingerprint:
            verdict = "ok"
        else:
            verdict, different = f"DIFFERS from {spec.fingerprint}", different + 1
        typer.echo(visible(f"{spec.id}  {made}  {verdict}"))
        if files is not None:
            typer.echo(visible(f"{spec.id}  {files}  content of its files"))
    return ExitCode.REGRESSED if different else ExitCode.GOOD
