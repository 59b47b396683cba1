"""The ways in which toolkits lay out the files of their results."""

from __future__ import annotations

from enum import Enum

from trackbench.arguments.bounds import Real
from trackbench.errors import UnknownIdError


class ResultLayout(Enum):
    """Who lays files out so; in ``docs/other-results.md`` each is drawn."""

    GOT10K = "got10k"
    """``TRACKER/SEQ/SEQ_001.txt``, ``SEQ_time.txt``; of OTB's kind ``TRACKER/SEQ.txt``; commas."""
    PYSOT = "pysot"
    """``TRACKER/SEQ.txt``; of VOT's kind ``TRACKER/baseline/SEQ/SEQ_001.txt``; commas."""
    PYTRACKING = "pytracking"
    """``TRACKER/PARAM[_000]/SEQ.txt``, ``SEQ_time.txt``; tabs."""
    VOT = "vot"
    """``TRACKER/EXPERIMENT/SEQ/SEQ_001.txt``, ``SEQ_001_time.value``; a region a line."""

    @property
    def separator(self) -> str:
        """What stands between the numbers that it writes."""
        return "\t" if self is ResultLayout.PYTRACKING else ","

    @property
    def has_codes(self) -> bool:
        """A line may be a single number: 1 where a tracker was given the truth, 2 for a failure."""
        return self in {ResultLayout.VOT, ResultLayout.PYSOT}

    @classmethod
    def of(cls, given: str) -> ResultLayout:
        """Return the layout of an id.

        Raises:
            UnknownIdError: there is none.
        """
        try:
            return cls(given)
        except ValueError:
            known = [each.value for each in cls]
            raise UnknownIdError("layout of results", given, known) from None


AUTO = "auto"
"""In the place of a layout: whichever the files have."""


def asked_layout(given: str) -> ResultLayout | None:
    """Return the layout of an id; None: it is to be seen from the files.

    Raises:
        UnknownIdError: there is none.
    """
    if given == AUTO:
        return None
    known = [AUTO, *(each.value for each in ResultLayout)]
    if given not in known:
        raise UnknownIdError("layout of results", given, known)
    return ResultLayout(given)


ORIGIN = Real("from -1 to 1", lambda value: -1 <= value <= 1)
"""From which files count pixels."""
