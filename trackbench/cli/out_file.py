"""The file that ``--out`` names."""

from __future__ import annotations

from pathlib import Path

from trackbench.errors import TrackbenchError


def check_out_file(out: Path) -> None:
    """Raise :class:`TrackbenchError` where no file of this name can be."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise TrackbenchError(f"--out {out} is not a file in an existing folder")
