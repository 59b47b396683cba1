"""What the command line's exit codes mean."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended.

    1 is said by a check alone: any other end that would give 1, as Python's own does after an
    exception, is told as what it is. 128 and more is a signal's number with 128 added.
    """

    GOOD = 0
    REGRESSED = 1
    """A check failed: a tracker got worse, or data are not the published ones."""
    BAD_INPUT = 2
    TRACKER_FAILED = 3
    DEFECT = 70
    """Of trackbench (EX_SOFTWARE)."""
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    """Of a pipe that was written to, where no verdict could be reached without it."""
    TERMINATED = 143
