"""Any tracker of OpenCV's, as it is: ``opencv:TrackerVit``.

Our own ``kcf``, ``mil`` and so on put right what OpenCV does badly (:mod:`.opencv`). Here nothing
is changed: parameters have OpenCV's defaults, and a box is handed over as OpenCV wants it, in whole
pixels but for those of ``cv2.legacy``. Where OpenCV says that it has lost the target, the last
known box is reported again, as the field's protocols want one for every frame. What
``getTrackingScore`` says is the confidence.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from trackbench.contracts import Answer, Boxes, Frame, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, brief, parameter
from trackbench.plugins.importing import importing
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.opencv import check_visible, import_opencv, load_opencv

_SEED = 1
_LEGACY = "legacy."
_NETWORKS = {
    "TrackerVit": ("net",),
    "TrackerNano": ("backbone", "neckhead"),
    "TrackerDaSiamRPN": ("model", "kernel_cls1", "kernel_r1"),
    "TrackerGOTURN": ("modelTxt", "modelBin"),
}
"""The parameters that name files of networks; ``--weights`` gives the first."""


def opencv_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker of OpenCV's that ``opencv:TrackerName`` names.

    Raises:
        TrackbenchError: there is none here, or another interpreter is asked for.
    """
    if named.python is not None:
        raise TrackbenchError(
            f"opencv:{named.rest} is the OpenCV of this interpreter: leave "
            f"{parameter('python')} out"
        )
    with importing():
        cv2 = import_opencv()
        name = _full_name(cv2, named.rest)
    networks = _NETWORKS.get(name, ())
    return TrackerSpec(
        id=free_id(name),
        factory="trackbench.trackers.opencv_by_name:OpenCVByName",
        parameters={"name": name, **({"weights": None} if networks else {})},
        fixed=("name",),
        needs_weights=bool(networks),
        names_files=networks,
        description=f"OpenCV's {name}, as it is",
        reference="OpenCV",
    )


class OpenCVByName:
    """One of OpenCV's trackers. Building it loads OpenCV and sets it to one thread.

    Args:
        name: ``TrackerX`` or ``legacy.TrackerX``.
        weights: the ONNX file of one that has a network; of several, the first.
        **parameters: fields of OpenCV's ``TrackerX_Params``, the other networks' files among them.

    Raises:
        TrackbenchError: no such tracker or parameter, or a file that is missing, or none of its
            network.
    """

    def __init__(self, name: str, weights: str | None = None, **parameters: Any) -> None:
        self._cv2 = load_opencv()
        self._name = _full_name(self._cv2, name)
        self._parameters = parameters
        networks = _NETWORKS.get(self._name, ())
        if weights is not None:
            self._parameters = {networks[0]: weights, **parameters}
        self._check_files(networks)
        if networks:
            self._try_networks(networks)
        else:
            self._create()  # a mistake shows now, not in a run

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ValueError: no whole pixel of the box is in the frame, or OpenCV cannot start on it.
            cv2.error: OpenCV refuses it for reasons of its own.
        """
        self._box = np.array(box, np.float64)
        check_visible(self._box, frame)
        self._cv2.setRNGSeed(_SEED)
        ctypes.CDLL(None).srand(_SEED)
        self._tracker = self._create()
        given = tuple(self._box.tolist())
        if not self._name.startswith(_LEGACY):
            start, stop = (np.floor(edge + 0.5) for edge in (box[:2], box[:2] + box[2:]))
            given = tuple(int(value) for value in (*start, *(stop - start)))
        if self._tracker.init(self._picture(frame), given) is False:  # True if legacy, else None
            raise ValueError(f"OpenCV's {self._name} could not start on the box {given}")

    def update(self, frame: Frame) -> Answer:
        """Return the box (4,) in ``frame``; where OpenCV lost the target, the last known one."""
        found, rectangle = self._tracker.update(self._picture(frame))
        if found:
            self._box = np.array(rectangle, np.float64)
        score = getattr(self._tracker, "getTrackingScore", None)
        return Answer(self._box.copy(), None if score is None else float(score()))

    def _picture(self, frame: Frame) -> Frame:
        code = self._cv2.COLOR_GRAY2BGR if frame.ndim == 2 else self._cv2.COLOR_RGB2BGR
        picture: Frame = self._cv2.cvtColor(np.ascontiguousarray(frame), code)
        return picture

    def _create(self) -> Any:
        legacy = self._name.startswith(_LEGACY)
        owner = self._cv2.legacy if legacy else self._cv2
        name = self._name.removeprefix(_LEGACY)
        create = getattr(owner, f"{name}_create")
        settings_class = None if legacy else getattr(owner, f"{name}_Params", None)
        if settings_class is None:
            _set(None, self._name, self._parameters)
            return create()
        return create(_set(settings_class(), self._name, self._parameters))

    def _check_files(self, networks: tuple[str, ...]) -> None:
        for number, name in enumerate(networks):
            option = parameter("weights", "FILE") if number == 0 else _param(name)
            given = self._parameters.get(name)
            if given is None:
                raise TrackbenchError(f"{self._name} needs its network ({name}): give {option}")
            if not isinstance(given, str | os.PathLike) or not Path(given).is_file():
                raise TrackbenchError(f"there is no file {given} ({name} of {self._name})")
            self._parameters[name] = str(given)

    def _try_networks(self, networks: tuple[str, ...]) -> None:
        """Let it track one frame: another tracker's network can be read, and fails only then."""
        frame = np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3)
        try:
            tracker = self._create()
            tracker.init(frame, (16, 16, 32, 32))
            tracker.update(frame)
        except self._cv2.error as error:
            files = ", ".join(str(self._parameters[name]) for name in networks)
            raise TrackbenchError(
                f"{self._name} cannot use {files}: not the network of this tracker "
                f"({brief(error)[:200]})"
            ) from error


def _full_name(cv2: Any, name: str) -> str:
    """Return the name that a tracker has in OpenCV, ``legacy.`` before it where it is there alone.

    Raises:
        UnknownIdError: there is none.
    """
    known = _creators(cv2)
    legacy = [f"{_LEGACY}{each}" for each in _creators(getattr(cv2, "legacy", None))]
    for found in (name, f"{_LEGACY}{name}"):
        if found in {*known, *legacy}:
            return found
    raise UnknownIdError(f"tracker of OpenCV {cv2.__version__}", name, [*known, *legacy])


def _creators(module: Any) -> list[str]:
    found = (name.removesuffix("_create") for name in dir(module) if name.endswith("_create"))
    return [name for name in found if name.startswith("Tracker")]


def _set(settings: Any, owner: str, parameters: Mapping[str, Any]) -> Any:
    known = [] if settings is None else [key for key in dir(settings) if key[0] != "_"]
    for key, value in parameters.items():
        if key not in known:
            raise UnknownIdError(f"{owner} parameter", key, known)
        try:
            setattr(settings, key, value)
        except TypeError as error:
            raise TrackbenchError(f"{owner} parameter {key}={value!r}: {error}") from error
    return settings


def _param(name: str) -> str:
    return f"{parameter('parameters', option='param')} {name}=FILE"
