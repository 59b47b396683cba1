"""The commands of ``trackbench``, put together."""

from __future__ import annotations

import typer

from trackbench.cli.bisecting import bisect
from trackbench.cli.checking import baseline, check
from trackbench.cli.checking_tracker import check_tracker
from trackbench.cli.comparing import compare
from trackbench.cli.diagnosing import diagnose
from trackbench.cli.exporting import export
from trackbench.cli.exporting_results import export_results
from trackbench.cli.importing import import_
from trackbench.cli.init import init
from trackbench.cli.listing import list_ids
from trackbench.cli.merging import merge
from trackbench.cli.new import new
from trackbench.cli.reporting import report
from trackbench.cli.rescoring import rescore
from trackbench.cli.running import run
from trackbench.cli.showing import show
from trackbench.cli.submitting import submit
from trackbench.cli.train import train
from trackbench.cli.verifying import verify
from trackbench.cli.viewing import view

app = typer.Typer(
    name="trackbench",
    help=(
        "Benchmark visual object trackers on seeded synthetic videos with exact ground truth.\n\n"
        "Example: trackbench run --tracker kcf --suite smoke"
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(
        False, "--version", help="Print version, commit and weights, and exit."
    ),
    debug: bool = typer.Option(  # noqa: ARG001 - read by main(), here for --help
        False,
        "--debug",
        help="Show the traceback of an error; allowed anywhere on the line.",
    ),
) -> None:
    """Print the version on request."""
    if version:
        from trackbench.cli.version import version_lines

        typer.echo("\n".join(version_lines()))
        raise typer.Exit


app.command("run")(run)
app.command("merge")(merge)
app.command("report")(report)
app.command("view")(view)
app.command("list")(list_ids)
app.command("show")(show)
app.command("verify")(verify)
app.command("train")(train)
app.command("compare")(compare)
app.command("diagnose")(diagnose)
app.command("baseline")(baseline)
app.command("check")(check)
app.command("bisect")(bisect)
app.command("check-tracker")(check_tracker)
app.command("export")(export)
app.command("init")(init)
app.command("rescore")(rescore)
app.command("import")(import_)
app.command("export-results")(export_results)
app.command("submit")(submit)
app.add_typer(new, name="new")
