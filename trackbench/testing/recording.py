"""What a tracker did in one step of a check, as numbers that can go from process to process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np

from trackbench.contracts import Boxes


class Kind(Enum):
    """How a tracker stopped before a video's end."""

    RAISED = "raised"
    DIED = "died"
    HUNG = "hung"


@dataclass(frozen=True)
class Stop:
    """That it stopped, and where.

    Attributes:
        kind: how.
        clip: name of the video.
        frame: the frame in hand; None: it was being built.
        message: one line.
        detail: the traceback, or what it printed last.
        read_only: it tried to write into a frame, which is read-only.
    """

    kind: Kind
    clip: str
    frame: int | None
    message: str
    detail: str = ""
    read_only: bool = False


@dataclass(frozen=True)
class Recording:
    """One video, or one of a batch, tracked to its end or until the tracker stopped.

    Attributes:
        clip: name of the video.
        boxes: (T, 4) float64; NaN from where it stopped, and where it called the target absent.
        seconds: of each frame's call; of a batch, of all of it.
        written: the first frame that is another than it was handed out as; None: there is none.
        box_written: it changed the box that ``init`` was handed.
        reused: an answer is another after the next call than it was.
        draws: shared generators that it has drawn from.
        stop: how it stopped; None: it did not.
        absent: of each frame, whether it called the target absent.
    """

    clip: str
    boxes: Boxes
    seconds: tuple[float, ...] = ()
    written: int | None = None
    box_written: bool = False
    reused: bool = False
    draws: tuple[str, ...] = ()
    stop: Stop | None = None
    absent: tuple[bool, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """The recording as what JSON can hold."""
        stop = None if self.stop is None else {**asdict(self.stop), "kind": self.stop.kind.value}
        return {**vars(self), "boxes": self.boxes.tolist(), "stop": stop}

    @staticmethod
    def of_plain(told: dict[str, Any]) -> Recording:
        """Return the recording that :attr:`plain` has told.

        Raises:
            KeyError, TypeError, ValueError: it has told something else.
        """
        stop = told["stop"]
        return Recording(
            clip=str(told["clip"]),
            boxes=np.array(told["boxes"], np.float64).reshape(-1, 4),
            seconds=tuple(map(float, told["seconds"])),
            written=None if told["written"] is None else int(told["written"]),
            box_written=bool(told["box_written"]),
            reused=bool(told["reused"]),
            draws=tuple(map(str, told["draws"])),
            stop=None if stop is None else Stop(**{**stop, "kind": Kind(stop["kind"])}),
            absent=tuple(map(bool, told["absent"])),
        )


@dataclass(frozen=True)
class Endurance:
    """A long run, for what grows.

    Attributes:
        frames: how many had been tracked at each sample.
        memory: bytes that the process held at each sample.
        videos, video_memory: the same for short videos one after the other.
    """

    frames: tuple[int, ...]
    memory: tuple[int, ...]
    videos: tuple[int, ...] = ()
    video_memory: tuple[int, ...] = ()
