"""``--out`` and its like: refused as soon as the line is read, not when the work is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trackbench.results.out_paths import check_out_file, check_out_folder

Checked = Callable[[Path | None], Path | None]


def out_file(given: Path | None) -> Path | None:
    """Return a file that is to be written, as it is given.

    Raises:
        TrackbenchError: it cannot be.
    """
    if given is not None:
        check_out_file(given)
    return given


def chart_file(given: Path | None) -> Path | None:
    """Return a chart's file, as it is given.

    Raises:
        TrackbenchError: it cannot be written, or its ending says not what to draw.
    """
    if given is not None:
        from trackbench.bisection.chart_file import check_chart

        check_chart(given)
    return given


def out_folder(what: str) -> Checked:
    """Return what makes sure that a folder can be written into, which need not be there.

    Args:
        what: its content, in the plural, for messages.
    """

    def check(given: Path | None) -> Path | None:
        if given is not None:
            check_out_folder(given, what)
        return given

    return check
