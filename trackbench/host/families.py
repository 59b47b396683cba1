"""Trackers written for other toolkits, wrapped so that they are called as those of trackbench are.

==============  ==============================================  ==============================
family          what its trackers have                          what they are handed
==============  ==============================================  ==============================
``got10k``      ``init(image, box)``, ``update(image)``         PIL images in RGB; one object
``pysot``       ``init(img, bbox)``, ``track(img)`` -> a dict   BGR arrays; one object
``pytracking``  ``initialize(image, info)``,                    RGB arrays; an object for each
                ``track(image, info)`` -> a dict                video
==============  ==============================================  ==============================

Sources: got-10k/toolkit ``got10k/trackers/__init__.py``; STVIR/pysot ``pysot/tracker`` and
``tools/test.py``; visionml/pytracking ``pytracking/evaluation/tracker.py``. The toolkits need not
be there. A frame is converted once for each tracker, into memory that the tracker may write to. A
grey one has three equal channels, as it has where these toolkits read a file. Boxes are
``(x, y, w, h)`` from 0 in all of them. (pysot's own script adds half a pixel to the corner of a
rectangle; that is not done here.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

import numpy as np

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray

    from trackbench.contracts import Boxes, Frame

_NO_TARGET = (-1.0, -1.0, -1.0, -1.0)
"""What trackers of pytracking's family answer for a target that is absent."""


class Reported(NamedTuple):
    """An answer of a tracker of another family (:mod:`.answers`).

    Attributes:
        box: (4,); None: the smallest around the mask, and without one the target is absent.
        confidence: on the tracker's own scale; None: it did not say.
        mask: (H, W) bool; None: it answered none.
    """

    box: Any
    confidence: Any
    mask: Any = None


class Got10k:
    """A tracker written for the got10k toolkit; one object serves all videos."""

    needs = ("init", "update")
    calls = "init(image, box) and update(image)"

    def __init__(self, build: Callable[[], Any]) -> None:
        self._tracker = build()

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on a frame (H, W[, 3]) with the true box (4,); what it returns is no box there."""
        self._tracker.init(_pil(frame), box)

    def update(self, frame: Frame) -> Any:
        """Return what the tracker answers; of a row of a table (1, 4), as its toolkit takes, it."""
        answer = self._tracker.update(_pil(frame))
        return answer[0] if getattr(answer, "shape", None) == (1, 4) else answer


class Pysot:
    """A tracker as pysot's ``build_tracker`` returns it; one object serves all videos."""

    needs = ("init", "track")
    calls = "init(img, bbox) and track(img)"

    def __init__(self, build: Callable[[], Any]) -> None:
        self._tracker = build()

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on a frame (H, W[, 3]) with the true box (4,)."""
        self._tracker.init(bgr(frame), box.tolist())

    def update(self, frame: Frame) -> Any:
        """Return ``bbox`` of the tracker's dictionary, and ``best_score`` as its confidence."""
        found = _dictionary(self._tracker.track(bgr(frame)), "bbox")
        return Reported(found["bbox"], found.get("best_score"))


class Pytracking:
    """A tracker of pytracking's family; each video has an object of its own."""

    needs = ("initialize", "track")
    calls = "initialize(image, info) and track(image, info)"

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._next = build()  # a mistake shows now, not in a run
        self._tracker: Any = None
        self._previous: Any = {}

    def init(self, frame: Frame, box: Boxes, *, mask: Optional[NDArray[np.bool_]] = None) -> Any:
        """Start on a frame (H, W[, 3]) with the true box (4,), and its mask (H, W) if it has one.

        The tracker is handed a mask as ``init_mask``, of zeros and ones.
        """
        info: dict[str, Any] = {"init_bbox": box.tolist()}
        if mask is not None:
            info["init_mask"] = mask.astype(np.uint8)
        self._tracker = None  # before the next is there: it may hold most of a GPU
        self._tracker, self._next = self._next or self._build(), None
        self._previous = self._tracker.initialize(rgb(frame), info) or {}
        if not hasattr(self._previous, "get") or self._previous.get("target_bbox") is None:
            return None
        return self._reported()

    def update(self, frame: Frame) -> Any:
        """Return ``target_bbox``, the mask ``segmentation``, or both, and what they are scored.

        The score is ``object_presence_score``, or ``best_score``. The tracker is handed its
        answer before, as in pytracking, and never a true box.
        """
        info = {"previous_output": self._previous}
        self._previous = _dictionary(
            self._tracker.track(rgb(frame), info), "target_bbox", "segmentation"
        )
        return self._reported()

    def _reported(self) -> Reported:
        found = self._previous
        score = found.get("object_presence_score", found.get("best_score"))
        drawn = found.get("segmentation")
        mask = None if drawn is None else np.asarray(drawn) > 0.5
        if "target_bbox" not in found:
            return Reported(None, score, mask)
        box = found["target_bbox"]
        if box is None or np.array_equal(np.asarray(box).ravel(), _NO_TARGET):
            return Reported(None, score)
        return Reported(box, score, mask)


FAMILIES: dict[str, type[Got10k | Pysot | Pytracking]] = {
    "got10k": Got10k,
    "pysot": Pysot,
    "pytracking": Pytracking,
}
"""Name of a family -> what drives its trackers."""


def rgb(frame: Frame) -> Frame:
    """Return a copy of a frame (H, W[, 3]) as (H, W, 3) RGB, contiguous and writable."""
    return np.repeat(frame[..., None], 3, axis=2) if frame.ndim == 2 else frame.copy(order="C")


def bgr(frame: Frame) -> Frame:
    """Return a copy of a frame (H, W[, 3]) as (H, W, 3) BGR, contiguous and writable."""
    return rgb(frame) if frame.ndim == 2 else np.array(frame[..., ::-1], order="C")


def _pil(frame: Frame) -> Any:
    from PIL import Image

    return Image.fromarray(rgb(frame))


def _dictionary(answer: Any, *keys: str) -> Any:
    """Hold an answer to be a dictionary with one of these keys."""
    if not hasattr(answer, "get") or not any(key in answer for key in keys):
        raise TypeError(f"track returned {_shown(answer)}, not a dict with {' or '.join(keys)}")
    return answer


def _shown(answer: Any) -> str:
    if hasattr(answer, "keys"):
        return f"a dict with {', '.join(map(str, answer)) or 'nothing'}"
    return f"an object of class {type(answer).__name__}"
