"""What is made for a terminal, as text."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
"""Characters of a line, where nobody's terminal says how many there are."""


def printed(show: Callable[[Console], None], width: int = WIDTH) -> str:
    """Return what ``show`` prints to a console, without colours."""
    from rich.console import Console

    text = io.StringIO()
    # In a notebook a console would show it under the cell, and write nothing.
    plain = Console(file=text, width=width, color_system=None, highlight=False, force_jupyter=False)
    show(plain)
    return text.getvalue()
