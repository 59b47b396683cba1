"""What a notebook shows of a result that is the last line of a cell."""

from __future__ import annotations

from typing import Any


class ShowsItself:
    """A result whose text is shown in IPython and in notebooks, and not its ``repr``."""

    def __init_subclass__(cls) -> None:
        """Give each class the method itself: IPython takes a class's own ``__repr__`` before it."""
        cls._repr_pretty_ = ShowsItself._repr_pretty_  # type: ignore[method-assign]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the text to IPython's printer."""
        del cycle
        printer.text(str(self))
