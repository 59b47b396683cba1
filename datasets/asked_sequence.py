"""Which sequence is asked of a generated data set, and how much of it."""

from __future__ import annotations

from trackbench.contracts import DatasetSpec


def asked_length(spec: DatasetSpec, index: int, length: int | None) -> int:
    """Return how many frames of a sequence are to be made.

    Args:
        spec: of the data set.
        index: of the sequence.
        length: frames that are asked for; None: all.

    Raises:
        IndexError: there is no such sequence.
        ValueError: it has not so many frames.
    """
    length = spec.length if length is None else length
    if not 0 <= index < spec.sequences:
        raise IndexError(f"{spec.id} has no sequence {index}: 0..{spec.sequences - 1}")
    if not 1 <= length <= spec.length:
        raise ValueError(f"{spec.id}: length {length} is not in 1..{spec.length}")
    return length
