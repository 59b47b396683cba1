"""What is said where a toolkit has no number: it stops with an error, and so do we."""

from __future__ import annotations

from trackbench.errors import TrackbenchError


class ToolkitRefusesError(TrackbenchError):
    """The toolkit stops with an error on these boxes; the message says at what, and why.

    Attributes:
        row: number of the sequence among those that were handed over; None where it is not known.
    """

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


def refuse_one_frame(toolkit: str, frames: int) -> None:
    """Raise :class:`ToolkitRefusesError` for a sequence of one frame.

    The toolkits that read results with ``numpy.loadtxt`` or its like get an array of one dimension
    then, and stop.
    """
    if frames == 1:
        raise ToolkitRefusesError(
            f"{toolkit} cannot read results of a single frame; leave such sequences out"
        )
