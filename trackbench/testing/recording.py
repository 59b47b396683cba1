"""What a tracker did in one step of a check, as plain numbers for another process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np

from trackbench.contracts import Boxes

FIRST_CALLS = 4
"""Of a video, ``init`` among them: in these a tracker may still load or compile something, as
TorchScript does in the second and third, which says nothing about the other frames."""


class Kind(Enum):
    """How a tracker stopped before a video's end."""

    RAISED = "raised"
    DIED = "died"
    HUNG = "hung"


@dataclass(frozen=True)
class Stop:
    """How and where a tracker stopped.

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
        written: the first frame that is no longer what was handed out; None: there is none.
        box_written: it changed the box that ``init`` was handed.
        reused: an answer has changed when the next call was made.
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
    def of_plain(plain: dict[str, Any]) -> Recording:
        """Return the recording of which this is :attr:`plain`.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        stop = plain["stop"]
        return Recording(
            clip=str(plain["clip"]),
            boxes=np.array(plain["boxes"], np.float64).reshape(-1, 4),
            seconds=tuple(map(float, plain["seconds"])),
            written=None if plain["written"] is None else int(plain["written"]),
            box_written=bool(plain["box_written"]),
            reused=bool(plain["reused"]),
            draws=tuple(map(str, plain["draws"])),
            stop=None if stop is None else Stop(**{**stop, "kind": Kind(stop["kind"])}),
            absent=tuple(map(bool, plain["absent"])),
        )


@dataclass(frozen=True)
class Endurance:
    """The memory of a long run.

    Attributes:
        frames: how many had been tracked at each sample.
        memory: bytes that the process held at each sample.
        videos, video_memory: the same for short videos one after the other.
    """

    frames: tuple[int, ...]
    memory: tuple[int, ...]
    videos: tuple[int, ...] = ()
    video_memory: tuple[int, ...] = ()
