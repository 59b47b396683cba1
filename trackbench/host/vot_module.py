"""The module ``vot`` as scripts for the VOT toolkit import it; what it says goes to a host.

Source: votchallenge/integration, ``python/vot.py``.
"""

from __future__ import annotations

import math
import os
import types
from typing import TYPE_CHECKING, Any, List, NamedTuple, Optional

import numpy as np

from .families import Reported

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray

    from trackbench.contracts import Boxes


class ScriptError(RuntimeError):
    """The script does not do what such a script does."""


class Rectangle(NamedTuple):
    """A box."""

    x: float
    y: float
    width: float
    height: float


class Point(NamedTuple):
    """A corner."""

    x: float
    y: float


class Polygon(NamedTuple):
    """Corners."""

    points: Any


class Empty(NamedTuple):
    """No target."""


def vot_module(talk: Any) -> types.ModuleType:
    """Return the module.

    Args:
        talk: has ``begun``, ``ask()``, which waits for what the host hands over next, and
            ``reported``, which is set.
    """
    module = types.ModuleType("vot")
    one = type("VOT", (_Vot,), {"_talk": talk})
    many = type("VOTManager", (_VotManager,), {"_vot": one})
    for each in (one, many, Rectangle, Point, Polygon, Empty):
        setattr(module, each.__name__, each)
    return module


class _Vot:
    """One video."""

    _talk: Any = None

    def __init__(
        self, region_format: str, channels: Any = None, multiobject: Optional[bool] = None
    ) -> None:
        if region_format not in ("rectangle", "polygon", "mask"):
            raise ScriptError(f"vot.VOT: there is no region format {region_format!r}")
        if channels not in (None, "rgb", "color", ["color"]):
            raise ScriptError(f"vot.VOT: there are no channels {channels!r}, only color")
        if multiobject is None:
            multiobject = os.environ.get("VOT_MULTI_OBJECT", "0") == "1"
        self._multiobject = multiobject
        if self._talk.begun:
            raise ScriptError("vot.VOT was called twice in one video")
        self._image, box = self._talk.ask()
        self._region = _region(region_format, box)

    def region(self) -> Any:
        """Return the true region of the first frame."""
        return self._region

    def objects(self) -> List[Any]:
        """Return the regions of all objects, of which there is one."""
        return [self._region]

    def frame(self) -> Any:
        """Return the path of the next image; None: there is none."""
        if self._image is not None:
            image, self._image = self._image, None
            return image
        return self._talk.ask()

    def report(self, status: Any, confidence: Any = None) -> None:
        """Say where the target is in the last image."""
        if self._multiobject:
            if not isinstance(status, (list, tuple)) or len(status) != 1:
                raise ScriptError(f"vot: it reported {status!r:.80} where a list of 1 is due")
            (status,) = status
        if self._talk.reported is not None:
            raise ScriptError("vot: it reported twice for one image")
        self._talk.reported = Reported(_box_of(status), confidence)

    def quit(self) -> None:
        """Do nothing: that a video is over is told by :meth:`frame`."""


class _VotManager:
    """A tracker for each object, of which there is one."""

    _vot: Any = None

    def __init__(self, factory: Any, region_format: str, channels: Any = None) -> None:
        self._handle = self._vot(region_format, channels, multiobject=True)
        self._factory = factory

    def run(self) -> None:
        """Track the video."""
        (region,) = self._handle.objects()
        tracker = self._factory(self._handle.frame(), region)
        image = self._handle.frame()
        while image:
            self._handle.report([tracker(image)])
            image = self._handle.frame()


def _region(region_format: str, box: Boxes) -> Any:
    x, y, w, h = box.tolist()
    if region_format == "rectangle":
        return Rectangle(x, y, w, h)
    if region_format == "polygon":
        return Polygon([Point(x, y), Point(x + w, y), Point(x + w, y + h), Point(x, y + h)])
    # A pixel is in it iff its centre is in the box; zeros at right and bottom are left out.
    left, top, right, bottom = (max(math.ceil(v - 0.5), 0) for v in (x, y, x + w, y + h))
    mask = np.zeros((bottom, right), np.uint8)
    mask[top:, left:] = 1
    return mask


def _box_of(region: Any) -> Optional[NDArray[np.float64]]:
    """Return the box (4,) of a region as scripts report them; None: absent."""
    if region is None or type(region).__name__ == "Empty":
        return None
    if hasattr(region, "points"):
        corners = np.array([(point.x, point.y) for point in region.points], np.float64)
    elif all(hasattr(region, name) for name in Rectangle._fields):
        return np.array([region.x, region.y, region.width, region.height], np.float64)
    elif isinstance(region, np.ndarray) and region.ndim == 2:
        rows, columns = np.nonzero(region)
        if not rows.size:
            return None
        corners = np.stack([columns, rows], axis=1).astype(np.float64)
        return np.concatenate([corners.min(axis=0), np.ptp(corners, axis=0) + 1])
    else:
        raise ScriptError(f"vot: it reported {region!r:.80}, which is no region")
    return np.concatenate([corners.min(axis=0), np.ptp(corners, axis=0)])
