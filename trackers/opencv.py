"""OpenCV's KCF, CSRT, MIL, MOSSE, MedianFlow and TLD behind one adapter.

What it does beyond calling OpenCV, each point found by trying OpenCV 5.0:

* **Lost.** When OpenCV says that it lost the target, the last known box is reported again: the
  field's protocols (OTB's, and ours) want a box for every frame, none of these trackers has a
  motion model that knows better, and they go on searching from there. A box without area says the
  same: KCF cuts its boxes off at the frame's edge, and one that has drifted out has none left.
* **Repeatable.** MIL draws from ``cv::theRNG``, and MIL and TLD from C's ``rand``, during ``init``
  only; both are seeded there. One thread, and no OpenCL: with either, sums depend on the machine.
* **Colour.** Frames are handed over as BGR, a grey one as three equal channels: on one channel
  KCF's second update fails.
* **Small targets.** TLD enlarges a frame in which the target's short side has less than 20 pixels,
  but then reports boxes in pixels of the enlarged frame. MOSSE takes the target for lost if its
  peak-to-sidelobe ratio is below 5.7, which no peak reaches in a window of less than 21 x 21 pixels
  and not every one does in one of 32 x 32. So the adapter enlarges the frames of these two first.
* **Hangs and crashes.** MIL and TLD loop for ever or kill the process on some boxes. Those raise
  ValueError (:mod:`trackbench.trackers.opencv_hazards`). OpenCV's own exceptions pass as they are.

What stays as OpenCV has it: KCF, CSRT and MIL work in whole pixels, KCF cuts its boxes off at the
frame's edge, and MOSSE reports its filter's size: the box's, rounded up to products of 2, 3 and 5.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.trackers.opencv_hazards import check_mil, check_tld

_SEED = 1


class OpenCVTracker:
    """One of OpenCV's trackers. Building it loads OpenCV and sets it to one thread.

    Args:
        algorithm: ``"kcf"``, ``"csrt"``, ``"mil"``, ``"mosse"``, ``"medianflow"`` or ``"tld"``.
        min_side: frames are enlarged so that the first box's short side has at least this many
            pixels; 0: never; None: 20 for TLD, 64 for MOSSE, 0 for the others.
        **parameters: fields of OpenCV's ``TrackerKCF.Params``, ``TrackerCSRT.Params`` or
            ``TrackerMIL.Params``; the other three have none in Python. What is not given is
            OpenCV's default, but for KCF's ``detect_thresh``, which is 0: Henriques' tracker never
            declares the target lost, and with OpenCV's 0.5 it does at once.

    Raises:
        TrackbenchError: no such algorithm or parameter, or OpenCV is not there, or not whole.
    """

    def __init__(
        self, algorithm: str, *, min_side: float | None = None, **parameters: float | str
    ) -> None:
        names = [member.name.lower() for member in Algorithm]
        if algorithm not in names:
            raise UnknownIdError("OpenCV tracker", algorithm, names)
        self.algorithm = Algorithm[algorithm.upper()]
        self.min_side = self.algorithm.value.min_side if min_side is None else min_side
        if not 0 <= self.min_side < np.inf:
            raise TrackbenchError(f"{algorithm} parameter min_side={min_side}: give pixels, or 0")
        self.parameters = {**self.algorithm.value.parameters, **parameters}
        self._cv2 = load_opencv()
        _create(self._cv2, self.algorithm, self.parameters)  # a mistake shows now, not in a run

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ValueError: no whole pixel of the box is in the frame, or OpenCV cannot start on it.
            cv2.error: OpenCV refuses it for reasons of its own.
        """
        self._box = np.array(box, np.float64)
        self._found: tuple[float, ...] | None = None
        check_visible(self._box, frame)
        height, width = frame.shape[:2]
        factor = max(1.0, self.min_side / self._box[2:].min())
        self._enlarges = factor > 1
        self._shape = (int(np.ceil(width * factor)), int(np.ceil(height * factor)))
        self._zoom = np.tile(np.divide(self._shape, (width, height)), 2)
        picture = self._picture(frame)
        recipe: _Recipe = self.algorithm.value
        given = _rectangle(self._box * self._zoom, self._shape, recipe)
        if self.algorithm is Algorithm.MIL:
            check_mil(given)
        if self.algorithm is Algorithm.TLD:
            check_tld(given, self._shape)
        self._cv2.setRNGSeed(_SEED)
        ctypes.CDLL(None).srand(_SEED)
        self._tracker = _create(self._cv2, self.algorithm, self.parameters)
        if self._tracker.init(picture, given) is False:  # True if legacy, else None
            raise ValueError(f"OpenCV's {recipe.name} could not start on the box {given}")

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame``; where OpenCV lost the target, the last known one."""
        found, rectangle = self._tracker.update(self._picture(frame))
        if found and min(rectangle[2], rectangle[3]) > 0:
            self._found = rectangle
        if self._found is None:
            return self._box.copy()
        box = np.array(self._found, np.float64)
        return box / self._zoom if self._enlarges else box

    def _picture(self, frame: Frame) -> Frame:
        cv2 = self._cv2
        code = cv2.COLOR_GRAY2BGR if frame.ndim == 2 else cv2.COLOR_RGB2BGR
        picture: Frame = cv2.cvtColor(np.ascontiguousarray(frame), code)
        if self._enlarges:
            picture = cv2.resize(picture, self._shape, interpolation=cv2.INTER_LINEAR)
        return picture


@dataclass(frozen=True)
class _Recipe:
    """How one tracker is made and what it must be given.

    Attributes:
        name: of its class.
        legacy: it is in ``cv2.legacy``.
        whole_pixels: it wants the box in whole pixels (TLD does not, but rounds one side at a time,
            which can put it a pixel outside).
        inside: it fails on a box that is partly outside the frame.
        min_side: see :class:`OpenCVTracker`.
        parameters: where our defaults are not OpenCV's.
    """

    name: str
    legacy: bool = False
    whole_pixels: bool = False
    inside: bool = False
    min_side: float = 0.0
    parameters: Mapping[str, float | str] = field(default_factory=dict)


class Algorithm(Enum):
    """OpenCV's trackers that need no network."""

    KCF = _Recipe("TrackerKCF", whole_pixels=True, parameters={"detect_thresh": 0.0})
    CSRT = _Recipe("TrackerCSRT", whole_pixels=True)
    MIL = _Recipe("TrackerMIL", whole_pixels=True, inside=True)
    MOSSE = _Recipe("TrackerMOSSE", legacy=True, min_side=64.0)
    MEDIANFLOW = _Recipe("TrackerMedianFlow", legacy=True)
    TLD = _Recipe("TrackerTLD", legacy=True, whole_pixels=True, inside=True, min_side=20.0)


def import_opencv() -> Any:
    """Return OpenCV as it is.

    Raises:
        TrackbenchError: it cannot be loaded.
    """
    try:
        import cv2
    except ImportError as error:
        reason = str(error).partition("\n")[0]
        raise TrackbenchError(f"OpenCV cannot be loaded ({reason}): {REMEDY}") from error
    return cv2


def load_opencv() -> Any:
    """Return OpenCV, set to one thread and no OpenCL: with either, sums depend on the machine.

    Raises:
        TrackbenchError: it cannot be loaded.
    """
    cv2 = import_opencv()
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    return cv2


REMEDY = "install opencv-contrib-python-headless, after uninstalling every other opencv package"


def _create(cv2: Any, algorithm: Algorithm, parameters: Mapping[str, float | str]) -> Any:
    name = algorithm.value.name
    module = getattr(cv2, "legacy", None) if algorithm.value.legacy else cv2
    if not hasattr(module, f"{name}_create"):
        raise TrackbenchError(f"OpenCV {cv2.__version__} here has no {name}: {REMEDY}")
    owner = algorithm.name.lower()
    settings = None if algorithm.value.legacy else getattr(cv2, f"{name}_Params")()
    known = [] if settings is None else [key for key in dir(settings) if key[0] != "_"]
    for key, value in parameters.items():
        if key not in known:
            raise UnknownIdError(f"{owner} parameter", key, known)
        try:
            setattr(settings, key, value)
        except TypeError as error:
            raise TrackbenchError(f"{owner} parameter {key}={value!r}: {error}") from error
    create = getattr(module, f"{name}_create")
    return create() if settings is None else create(settings)


def check_visible(box: Boxes, frame: Frame) -> None:
    """Raise where no whole pixel of a box (4,) is in a frame.

    Raises:
        ValueError: none is, or the box is not finite.
    """
    limit = frame.shape[1::-1]
    visible = np.clip(box[:2] + box[2:], 0, limit) - np.clip(box[:2], 0, limit)
    if not (visible >= 1).all():  # also if the box has a NaN
        raise ValueError(f"no whole pixel of the box {box.tolist()} is in a {limit} frame")


def _rectangle(box: Boxes, shape: tuple[int, int], recipe: _Recipe) -> tuple[float, ...]:
    """Make what OpenCV takes out of ``box`` (4,) in a picture of ``shape`` (width, height)."""
    start, stop = box[:2], box[:2] + box[2:]
    if recipe.whole_pixels:
        start, stop = np.floor(start + 0.5), np.floor(stop + 0.5)
    if recipe.inside:
        start, stop = np.clip(start, 0, shape), np.clip(stop, 0, shape)
    kind = int if recipe.whole_pixels else float
    return tuple(kind(value) for value in (*start, *(stop - start)))
