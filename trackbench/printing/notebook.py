"""What a notebook shows of a result that is the last line of a cell."""

from __future__ import annotations

from typing import Any


class ShowsItself:
    """A result whose text is shown in IPython and in notebooks, and not its ``repr``."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the text to IPython's printer."""
        del cycle
        printer.text(str(self))
