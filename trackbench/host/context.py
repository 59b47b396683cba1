"""What a tracker is handed about a video, if its ``init`` has a keyword for it."""

from __future__ import annotations

import inspect
from typing import Any, Mapping, NamedTuple


class Context(NamedTuple):
    """Which video a tracker is on: ``def init(self, frame, box, *, context)``.

    A :class:`~trackbench.BatchTracker` is handed a tuple, one for each video.

    Attributes:
        dataset: id of the data set, with its version.
        sequence: index of the sequence in it.
        frames: how many frames it will be handed; frame 0 is that of ``init``.
    """

    dataset: str
    sequence: int
    frames: int


def asked_for(tracker: Any, known: Mapping[str, Any], method: str = "init") -> dict[str, Any]:
    """Return what of ``known`` a tracker's ``init``, or another method, has a keyword for."""
    if not known:
        return {}
    try:
        parameters = inspect.signature(getattr(tracker, method)).parameters.values()
    except (TypeError, ValueError):  # it is written in C
        return {}
    kinds = inspect.Parameter
    positional = [
        each
        for each in parameters
        if each.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
    ]
    # The first two are the frame and the box, unless *args takes them.
    further = [each for each in positional[2:] if each.kind is not kinds.POSITIONAL_ONLY]
    further += [each for each in parameters if each.kind is kinds.KEYWORD_ONLY]
    names = [each.name for each in further]
    return {name: known[name] for name in names if name in known}
