"""The schemas of stored files: this program's, and what earlier ones did not know."""

from __future__ import annotations

from pathlib import Path

from trackbench.errors import DamagedFileError
from trackbench.printing.text import quoted

SCHEMA = 7

BEFORE_RUNS, WITH_RUNS, WITH_LENGTHS, WITH_MASKS, WITH_STARTS = 2, 3, 4, 5, 6
"""The schemas that knew no repeated runs, no sequences that differ in their frames, no masks, no
runs from several starts, and no noise in the start.

What says none of these is still written so, for older programs.
"""


def refuse_newer(number: int, newest: int, path: Path) -> None:
    """Refuse a file of a schema that this program does not know.

    Raises:
        DamagedFileError: it follows a newer one than ``newest``.
    """
    if number > newest:
        raise DamagedFileError(
            f"{path} follows schema {quoted(number)}, newer than this trackbench knows ({newest}): "
            "upgrade trackbench"
        )
