"""``trackbench``: the commands, and how an error becomes one line and an exit code.

Exit codes: 0 good, 1 a check failed, 2 bad usage or input, 3 some tracker failed, 130 interrupted
(Ctrl-C), 143 terminated (SIGTERM, as schedulers send it), 70 a defect of trackbench, with its
traceback.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import NoReturn

import typer

from trackbench.cli.checking import baseline, check
from trackbench.cli.comparing import compare
from trackbench.cli.exporting import export
from trackbench.cli.listing import list_ids
from trackbench.cli.new import new
from trackbench.cli.reporting import report
from trackbench.cli.running import run
from trackbench.cli.showing import show
from trackbench.cli.train import train
from trackbench.cli.verifying import verify
from trackbench.errors import TrackbenchError
from trackbench.reports.text import visible

BAD_INPUT = 2
INTERRUPTED, TERMINATED = 130, 143
DEFECT = 70
"""EX_SOFTWARE; Python's own 1 would say that a check found a regression."""

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
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
    debug: bool = typer.Option(  # noqa: ARG001 - read by main(), here for --help
        False,
        "--debug",
        help="Show the traceback of an error; allowed anywhere on the line.",
    ),
) -> None:
    """Print the version on request."""
    if version:
        import trackbench

        typer.echo(f"trackbench {trackbench.__version__}")
        raise typer.Exit


app.command("run")(run)
app.command("report")(report)
app.command("list")(list_ids)
app.command("show")(show)
app.command("verify")(verify)
app.command("train")(train)
app.command("compare")(compare)
app.command("baseline")(baseline)
app.command("check")(check)
app.command("export")(export)
app.add_typer(new, name="new")


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    terminated = False

    def terminate(*_: object) -> NoReturn:
        """End a command as cleanly as Ctrl-C does; Typer makes an exit code of what is raised."""
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, terminate)
    try:
        code = app(arguments, prog_name="trackbench", standalone_mode=False)
    except TrackbenchError as error:
        if debug:
            typer.echo(getattr(error, "detail", "") or traceback.format_exc(), err=True)
        _fail(str(error), BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone: say nothing more, not even at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(BAD_INPUT)
    except OSError as error:
        if debug:
            typer.echo(traceback.format_exc(), err=True)
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}", BAD_INPUT)
    # Click's errors have a message of one line; Typer does not export their common class.
    except Exception as error:  # noqa: BLE001 - what else is raised is told in full
        if not hasattr(error, "format_message"):
            typer.echo(traceback.format_exc(), err=True)
            _fail("this is a defect of trackbench: please report it with the lines above", DEFECT)
        _misused(error.format_message())
    sys.exit(_exit_code(code, terminated=terminated))


def _exit_code(returned: object, *, terminated: bool) -> int:
    if terminated and returned == INTERRUPTED:
        return TERMINATED
    return returned if isinstance(returned, int) else 0


def _misused(message: str) -> NoReturn:
    if not message:  # no command was given, and the help that was printed says the rest
        sys.exit(BAD_INPUT)
    _fail(f"{message} (see trackbench --help)", BAD_INPUT)


def _fail(message: str, code: int) -> NoReturn:
    # one line, and no escape sequence from a file's or a folder's name reaches the terminal
    typer.echo(f"trackbench: {visible(message)}", err=True)
    sys.exit(code)
