"""``--open``: what was written or is served, shown in the browser or whatever the system has."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from trackbench.cli.console import say


def open_file(path: Path) -> None:
    """Open a file; say so where nothing here does."""
    open_address(path.resolve().as_uri())


def open_address(address: str) -> None:
    """Open an address; say so where nothing here does. ``$BROWSER`` goes before what is found."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        line = f"trackbench: nothing here opens {address}: open it yourself, or set $BROWSER"
        say(line)
