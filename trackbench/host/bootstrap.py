"""How an interpreter that need not have trackbench finds the host's files, and ours alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACKAGE = "trackbench_host"

# Nothing is imported before the working folder is off the path: a json.py may lie there.
_CODE = """
import sys
sys.path[:] = [place for place in sys.path if place]
import _signal
_signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # an interrupt is for the parent
import types
package = types.ModuleType({package!r})
package.__path__ = [{folder!r}]
sys.modules[{package!r}] = package
from {package}.server import main
main()
"""


def command(python: str) -> list[str]:
    """Return the command line of a host server that is spoken to over its standard input.

    Nothing in it differs from server to server, for a tracker may look at ``sys.argv``.
    """
    folder = str(Path(__file__).parent)
    return [python, "-c", _CODE.format(package=PACKAGE, folder=folder)]


ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # the order of a set of words must not depend on the process
    **{
        f"{library}_NUM_THREADS": "1"
        for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
    },
    # Networks' weights in huge pages, as NumPy does with large arrays by itself: where the system
    # leaves it to programs, a step that reads 28 MB takes three quarters of the time, and always
    # the same, where else it depends on where the pages happen to lie.
    "THP_MEM_ALLOC_ENABLE": "1",
}
"""What every process has that computes something of a result."""

_LEFT_OUT = frozenset(("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONDEVMODE"))
"""What none of them has: assertions would be left out, or warnings be errors, and nobody could see
that of a number. The interpreter's options ``-O`` and ``-W`` are not theirs, either."""


def is_fixed(name: str) -> bool:
    """Whether a variable of the environment is the same for all that computes something."""
    return name in ENVIRONMENT or name in _LEFT_OUT or name.startswith("TRACKBENCH_")


def environment(variables: Mapping) -> dict:  # type: ignore[type-arg]  # as in Python 3.8
    """Return the environment of a process that computes something of a result."""
    kept = {name: value for name, value in variables.items() if name not in _LEFT_OUT}
    return {**kept, **ENVIRONMENT}
