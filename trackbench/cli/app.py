"""``trackbench``: how whatever a command comes to becomes one line and an exit code.

Exit codes: 0 good, 1 a check failed, 2 bad usage or input, 3 some tracker failed, 130 interrupted
(Ctrl-C), 143 terminated (SIGTERM, as schedulers send it), 129 hung up (SIGHUP: the terminal was
closed), 70 a defect of trackbench, with its traceback. A reader of the output that has gone changes
none of them.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import NoReturn

from trackbench.cli.codes import ExitCode
from trackbench.cli.environment import forget_nonsense
from trackbench.cli.signals import Signals
from trackbench.cli.streams import Streams
from trackbench.errors import TrackbenchError, brief, naming_options
from trackbench.host import exits
from trackbench.printing.text import quoted, visible

COMPLETION = "_TRACKBENCH_COMPLETE"
"""By this variable a shell asks for completions, after which Typer ends the program."""

_MISTAKES = (TrackbenchError, OSError, MemoryError)
"""What is told in one line: the user's, or the machine's."""

_NO_ROOM = ("failed to map segment", "cannot allocate memory", "Cannot allocate memory")
"""What the dynamic linker says where memory is wanting."""

LONGEST_MESSAGE = 2000
"""Characters; what quotes more of its input than that helps nobody."""


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    signals = Signals()
    try:
        forget_nonsense()
        exits.refuse()
        streams = Streams()
        with naming_options():
            code = _code(sys.argv[1:], signals)
        # here and not at the interpreter's end, where an error could not be told any more
        if (failure := streams.finish()) is not None:
            _say(f"standard output cannot be written: {failure.strerror}")
            code = code or ExitCode.BAD_INPUT
    except KeyboardInterrupt:
        code = signals.code
    exits.decided(code)
    signals.over(code)
    # Where Ctrl-C came in the middle of an exec() of a library's, "python -m" would still end with
    # that signal and not with this code; the next exec() makes Python forget it.
    exec("")  # noqa: S102
    sys.exit(code)


def _code(arguments: list[str], signals: Signals) -> int:
    """Run a command, say what went wrong, and return the exit code."""
    try:
        returned = _run([argument for argument in arguments if argument != "--debug"])
    except KeyboardInterrupt:
        return signals.code
    except SystemExit as ended:
        return _ended(ended)
    except Exception as error:  # noqa: BLE001 - what is no user's mistake is told in full
        return _failed(error, debug="--debug" in arguments)
    if returned == ExitCode.INTERRUPTED:
        return signals.code
    # A verdict is an ExitCode. Typer returns a plain 1 for failures of its own.
    if returned == 1 and not isinstance(returned, ExitCode):
        return ExitCode.BAD_INPUT
    return returned if isinstance(returned, int) else ExitCode.GOOD


def _run(arguments: list[str]) -> object:
    """Return what a command returns, or the exit code that Typer ended it with."""
    try:
        # Imported here, so that neither a broken installation nor Ctrl-C ends with Python's own 1.
        import typer

        from trackbench.cli.commands import app
    except ImportError as error:
        raise TrackbenchError(
            f"trackbench is not wholly installed ({brief(error)}): install it again"
        ) from error
    try:
        return app(arguments, prog_name="trackbench", standalone_mode=False)
    except typer.Abort as error:
        if isinstance(error.__cause__, EOFError):  # Typer takes every one for the end of the input
            raise error.__cause__ from None
        raise KeyboardInterrupt from error


def _ended(ended: SystemExit) -> int:
    """Return the code for what ended the program from within."""
    cause = ended.__context__
    if isinstance(cause, OSError) and cause.errno == errno.EPIPE:  # Typer exits with 1 for it
        return _say("the reader of a pipe has gone", ExitCode.READER_GONE)
    if not ended.code and COMPLETION in os.environ:
        return ExitCode.GOOD
    return _say(f"something ended the program ({brief(ended)})")


def _failed(error: Exception, *, debug: bool) -> int:
    """Say what a command failed of, and return the code."""
    # Click's errors have a message of one line; Typer does not export their common class.
    misused = getattr(error, "format_message", None)
    if not (misused or isinstance(error, _MISTAKES) or _no_text(error) or _no_room(error)):
        sys.stderr.write(traceback.format_exc())
        return _say(
            "this is a defect of trackbench: please report it with the lines above",
            ExitCode.DEFECT,
        )
    if debug:
        sys.stderr.write(getattr(error, "detail", "") or traceback.format_exc())
    if misused is None:
        return _say(_reason(error))
    # without a message no command was given, and the help was printed
    if not (told := misused()):
        return ExitCode.BAD_INPUT
    # Typer's own words for a wrong choice stand behind what Pydantic calls every ValueError.
    told = told.replace(": Value error, ", ": ", 1)
    return _say(f"{told} (see trackbench --help)")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or brief(error)}"
    if isinstance(error, MemoryError) or _no_room(error):
        return "there is not enough memory for this"
    if isinstance(error, UnicodeEncodeError):
        return f"{quoted(error.object)} is no text in UTF-8: choose another name"
    return _with_place(error)


def _with_place(error: Exception) -> str:
    """Return what an error says, with the place in the user's code where that raised it."""
    from trackbench.printing.own_code import with_place

    detail = str(getattr(error, "detail", ""))
    if not detail and isinstance(error, TrackbenchError) and error.__cause__ is not None:
        detail = "".join(traceback.format_exception(error.__cause__, chain=False))
    return with_place(str(error), detail)


def _no_text(error: Exception) -> bool:
    """Whether a library was given a file's name that is no text, which files can have."""
    return isinstance(error, UnicodeEncodeError) and any(
        "\udc80" <= character <= "\udcff" for character in error.object
    )


def _no_room(error: Exception) -> bool:
    """Whether a library found no memory to be loaded into (``ulimit -v``)."""
    return isinstance(error, ImportError) and any(words in str(error) for words in _NO_ROOM)


def _say(message: str, code: ExitCode = ExitCode.BAD_INPUT) -> ExitCode:
    """Print one line; no escape sequence from a file's or a folder's name reaches the terminal."""
    line = visible(message)
    if len(line) > LONGEST_MESSAGE:
        line = f"{line[:LONGEST_MESSAGE]}..."
    sys.stderr.write(f"trackbench: {line}\n")
    return code
