"""What a tracker is told of a video, if its ``init`` has a keyword for it."""

from __future__ import annotations

import inspect
from typing import Any, Mapping, NamedTuple


class Context(NamedTuple):
    """Which video a tracker is on: ``def init(self, frame, box, *, context)``.

    A :class:`~trackbench.BatchTracker` is told a tuple, one for each video.

    Attributes:
        dataset: id of the data set, with its version.
        sequence: index of the sequence in it.
        frames: how many frames it will be handed; frame 0 is that of ``init``.
    """

    dataset: str
    sequence: int
    frames: int


def asked_for(tracker: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ``known`` a tracker's ``init`` has a keyword for."""
    if not known:
        return {}
    try:
        _, _, *further = inspect.signature(tracker.init).parameters.values()
    except (TypeError, ValueError):  # it is written in C, or takes anything
        return {}
    wanted = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [each.name for each in further if each.kind in wanted]
    return {name: known[name] for name in names if name in known}
