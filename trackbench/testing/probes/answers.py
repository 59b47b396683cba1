"""Does it answer with boxes, and leave what it is handed as it is?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from trackbench.errors import parameter
from trackbench.printing.own_code import with_place
from trackbench.testing.clips import ROBUST, clip
from trackbench.testing.colour_clips import COLOUR
from trackbench.testing.points import Point, Severity
from trackbench.testing.recording import Kind, Recording, Stop

Steps = Iterable[tuple[str, Recording]]
"""Each recording with the name of its step."""


def stopped(stops: Iterable[Stop]) -> list[Point]:
    """Say how a tracker stopped before a video's end, each way once, where it was first."""
    points: dict[tuple[str, str], Point] = {}
    for stop in stops:
        point = _stopped(stop)
        error, _, _ = stop.message.partition(":")
        points.setdefault((point.name, error), point)
    return list(points.values())


def _stopped(stop: Stop) -> Point:
    where = "when it is built" if stop.frame is None else f"in frame {stop.frame} of {_shown(stop)}"
    printed = _last_line(stop.detail) if stop.kind is Kind.DIED else ""
    if stop.kind is Kind.HUNG:
        remedy = (
            f"a run would count the sequence as failed; {parameter('timeout')} gives it more time."
        )
        return Point("hangs", f"{stop.message} {where}. Nothing was tried after that.", remedy)
    if stop.kind is Kind.DIED:
        last = f" The last that it printed: {printed}" if printed else ""
        return Point(
            "dies",
            f"{stop.message} {where}.{last} Nothing was tried after that.",
            "a tracker is to return or to raise; a crash is a defect of native code.",
        )
    if stop.message.startswith("AnswerError"):
        what = stop.message.partition(": ")[2]
        if what.startswith(("the tracker returned a mask", "the tracker returned the mask")):
            remedy = "Answer's mask is (H, W) of the frame's size, True on the target."
            return Point("no-mask", f"{what} ({where}).", remedy)
        remedy = "return four numbers (x, y, w, h); of a batch of B videos, (B, 4)."
        return Point("no-box", f"{what} ({where}).", remedy)
    name, severity, remedy = "raises", Severity.ERROR, "a run scores 0 from there on."
    if stop.clip in ROBUST:
        severity = Severity.WARNING
    elif stop.clip in COLOUR:
        name, severity = "refuses-colour", Severity.WARNING
        remedy = "frames may be (H, W, 3): convert those if it needs grey. " + remedy
    what = with_place(f"it raises {stop.message} {where}", stop.detail)
    return Point(name, f"{what}.", remedy, severity)


def _shown(stop: Stop) -> str:
    if stop.clip == "long":
        return "a long video"
    words = {clip(name).words for name in stop.clip.split(", ") if name}
    return " and ".join(sorted(words)) or "a video"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def invalid(steps: Steps) -> list[Point]:
    """Say that boxes have NaN or no area, or that there are none.

    Where the target is out of sight, it is only noted.
    """
    points = {}
    for _, seen in steps:
        if seen.stop is not None:
            continue
        absent = np.array(seen.absent, bool)
        finite = np.isfinite(seen.boxes).all(axis=1).reshape(-1) | absent
        with np.errstate(invalid="ignore"):
            empty = finite & ~absent & (seen.boxes[:, 2:] <= 0).any(axis=1)
        hard = seen.clip in ROBUST
        if absent.any() and ("absent", hard) not in points:
            points["absent", hard] = Point(
                "absent",
                f"it answers None, that the target is absent, in {absent.sum()} of {absent.size} "
                f"frames of {clip(seen.clip).words}, the first in frame {absent.argmax()}. That "
                "scores 0 where the target is there.",
                "" if hard else "the target is in sight: is there a return at the end of update?",
                Severity.NOTE if hard else Severity.ERROR,
            )
        for name, found, what in (
            ("not-finite", ~finite, "NaN or infinity"),
            ("no-area", empty, "a width or height of 0 or less"),
        ):
            if found.any() and (name, hard) not in points:
                points[name, hard] = Point(
                    name,
                    f"{found.sum()} of {found.size} boxes have {what} in {clip(seen.clip).words}, "
                    f"the first in frame {found.argmax()}. Such a box scores 0.",
                    "" if hard else "return the best guess that there is.",
                    Severity.NOTE if hard else Severity.ERROR,
                )
    return list(points.values())


def writes(steps: Steps) -> Point | None:
    """Say that it writes into frames that it is handed."""
    found = [seen for _, seen in steps if seen.written is not None]
    if not found:
        return None
    return Point(
        "writes-into-frame",
        f"it writes into the frames that it is handed: frame {found[0].written} of "
        f"{clip(found[0].clip).words} was changed, or was to be.",
        "frames are read-only, for others see them, too: work on frame.copy().",
    )


def shares(steps: Steps) -> list[Point]:
    """Note what is harmless in a run and not in other programs: shared boxes and generators."""
    seen = [each for _, each in steps]
    points = []
    if any(each.box_written for each in seen):
        points.append(
            Point(
                "writes-into-box",
                "init writes into the box that it is handed. Here that is a copy; elsewhere it may "
                "be the truth.",
                "begin with np.array(box).",
                Severity.NOTE,
            )
        )
    if any(each.reused for each in seen):
        points.append(
            Point(
                "reuses-answer",
                "an answer changes when update is called again: it is an array that the tracker "
                "goes on writing to. Here it is copied at once; in a list of answers, all would be "
                "the last one.",
                "return a copy.",
                Severity.NOTE,
            )
        )
    drawn = sorted({name for each in seen for name in each.draws})
    if drawn:
        points.append(
            Point(
                "shared-generator",
                f"it draws from {' and '.join(drawn)}, which the whole process shares. A run "
                "begins them from a seed; your own program may not.",
                "make a generator of its own in init, such as np.random.default_rng(0).",
                Severity.NOTE,
            )
        )
    return points
