"""What a tracker is handed about a video, if its ``init`` has a keyword for it."""

from __future__ import annotations

import inspect
from typing import Any, Mapping, NamedTuple, Optional, Tuple

from .seeds import SEED, seed_for


class Context(NamedTuple):
    """Which video a tracker is on: ``def init(self, frame, box, *, context)``.

    A :class:`~trackbench.BatchTracker` is handed a tuple, one for each video.

    Attributes:
        dataset: id of the data set, with its version.
        sequence: index of the sequence in it.
        frames: how many frames it will be handed; frame 0 is that of ``init``.
        run: number of the run, from 0; the further ones are repetitions.
        name: of the sequence; where the data set gives none, its index.
        images: paths of the image files that the frames are read from, one a frame; None: they are
            read from none.
    """

    dataset: str
    sequence: int
    frames: int
    run: int = 0
    name: str = ""
    images: Optional[Tuple[str, ...]] = None

    @property
    def numbers(self) -> range:
        """Numbers of the frames in the sequence; that of ``init`` is the first."""
        return range(self.frames)


def known_of(context: Context | tuple[Context, ...] | None, mask: Any = None) -> dict[str, Any]:
    """Return what can be told of a video, or of a tuple of videos, by the names of keywords.

    Args:
        context: of which; None: nobody says, and nothing is told.
        mask: (H, W) bool, or (B, H, W) of a tuple, the true masks of frame 0; None: there are none.
    """
    if context is None:
        return {}
    first = context if isinstance(context, Context) else context[0]
    return {"context": context, SEED: first.run, "mask": mask}


def asked_for(tracker: Any, known: Mapping[str, Any], method: str = "init") -> dict[str, Any]:
    """Return what of ``known`` a method of a tracker has a keyword for; a seed as it is due."""
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
    asked = {each.name: known[each.name] for each in further if each.name in known}
    for each in further:
        if each.name == SEED and SEED in asked:
            asked[SEED] = seed_for(each, asked[SEED])
            if asked[SEED] is None:
                del asked[SEED]
    return asked
