"""Film strips: a few frames of a sequence with the true and the predicted box."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.host.run_lengths import MaskRuns, decoded
from trackbench.metrics import Trajectories, valid
from trackbench.printing.text import quoted, visible
from trackbench.report_contract import FramesOf
from trackbench.reports.drawing import tinted
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.tables import decimal
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.reports.tracker_colours import Colour, colour_of
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.run import Run

FRAMES = 8
_LARGEST = 160
"""Side of an embedded picture, pixels."""
_CANVAS = (100, 100)
"""(height, width) where the data set does not say."""
_NOT_ASKED = "No pictures: frames were not asked for."


@dataclass(frozen=True)
class Rectangle:
    """A box in the frame's pixels, brought near to the frame if it is far away."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shot:
    """One frame of a strip.

    Attributes:
        frame: its number.
        iou: text; with it, that the tracker called the target absent, or how sure it was.
        picture: a data URI; None: there is none.
        truth, predicted: the boxes; None: not valid.
    """

    frame: int
    iou: str
    picture: str | None
    truth: Rectangle | None
    predicted: Rectangle | None


@dataclass(frozen=True)
class Strip:
    """One sequence of one tracker.

    Attributes:
        look: of the tracker.
        place: best, median or worst.
        dataset: as tables name it.
        sequence: its name, or its number where it has none.
        score: text.
        width, height: of the frames, pixels.
        shots: from first to last.
        notes: what is to be said: why there are no pictures, where the tracker failed.
        clip: place of the data set in their order, and the number of the sequence: ``"0/17"``.
    """

    look: Look
    place: str
    dataset: str
    sequence: str
    score: str
    width: int
    height: int
    shots: tuple[Shot, ...]
    notes: tuple[str, ...]
    clip: str = ""

    @property
    def alternative(self) -> str:
        """The strip in words."""
        ious = ", ".join(f"{shot.iou} at frame {shot.frame}" for shot in self.shots)
        return (
            f"{self.look.name}, {self.place} sequence: {self.dataset}, sequence {self.sequence}, "
            f"score {self.score}. True and predicted box in {len(self.shots)} frames; IoU {ious}."
        )


def strips_of(
    results: Results,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    frames: FramesOf | None,
    chosen: Sequence[str] = (),
) -> list[Strip]:
    """Return the best, the median and the worst sequence of each tracker, over all data sets.

    Args:
        results: the results.
        curves: of every run.
        looks: of every tracker.
        frames: makes pictures; None: there are none.
        chosen: names or numbers of sequences that are shown as well.

    Raises:
        TrackbenchError: no data set has such a sequence.
    """
    labels = dataset_labels(results.datasets)
    for name in chosen:
        if not any(_numbers(curve.run.dataset, name) for curve in curves):
            raise TrackbenchError(f"no data set here has a sequence {quoted(name)}")
    order = [record.id for record in in_order(results)]
    strips = []
    for tracker, look in looks.items():
        own = [c for c in curves if c.run.record.tracker == tracker]
        asked = [
            ("chosen", curve, number)
            for name in chosen
            for curve in own
            for number in _numbers(curve.run.dataset, name)
        ]
        for place, found, sequence in (*extremes(own), *asked):
            record, score = found.run.dataset, float(found.scores[sequence])
            label = labels[record.id]
            strip = strip_of(found.run, sequence, look, place, label, score, frames)
            strips.append(replace(strip, clip=f"{order.index(record.id)}/{sequence}"))
    return strips


def _numbers(record: DatasetRecord, name: str) -> list[int]:
    """Return the sequences of a data set that are called so; one at most."""
    names = map(record.name_of, range(record.sequences))
    return [number for number, each in enumerate(names) if each == name]


def extremes(curves: Sequence[RunCurves]) -> Iterator[tuple[str, RunCurves, int]]:
    """Yield the best, median and worst sequence of one tracker's runs, by score; each once.

    Of equal scores the first counts: the one in the earlier data set, with the lower number. The
    median of an even number of sequences is the lower one.
    """
    scores = np.concatenate([c.scores for c in curves])
    order = np.argsort(scores, kind="stable")[: int((~np.isnan(scores)).sum())]  # NaN is last
    if not len(order):
        return
    last = int(np.flatnonzero(scores == scores[order[-1]])[0])
    chosen = {"best": last, "median": int(order[(len(order) - 1) // 2]), "worst": int(order[0])}
    starts = np.cumsum([0, *(len(c.scores) for c in curves)])
    seen: set[int] = set()
    for place, index in chosen.items():
        if index not in seen:
            seen.add(index)
            which = int(np.searchsorted(starts, index, side="right")) - 1
            yield place, curves[which], index - int(starts[which])


def strip_of(
    run: Run,
    sequence: int,
    look: Look,
    place: str,
    label: str,
    score: float,
    frames: FramesOf | None,
) -> Strip:
    """Return the strip of one sequence of a run.

    Args:
        run: a tracker on a data set.
        sequence: its index.
        look: of the tracker.
        place: what the sequence is shown for.
        label: of the data set.
        score: of the sequence.
        frames: makes pictures; None: there are none.
    """
    record = run.record
    tracked = run.trajectory(sequence)
    masks, colour = run.masks(sequence), colour_of(look.colour)
    shown = sorted({int(t) for t in np.linspace(0, tracked.iou.shape[1] - 1, FRAMES).round()})
    pictures, notes = _pictures(run, sequence, shown, frames)
    height, width = _size(tracked) if not pictures else next(iter(pictures.values())).shape[:2]
    if len(run.repeats) > 1:
        notes.append(f"Run {record.run} of {len(run.repeats)}; the score is their mean.")
    notes += [
        visible(f"Failed from frame {failure.frame} on: {failure.message}")
        for failure in record.failures
        if failure.sequence == sequence
    ]
    return Strip(
        look=look,
        place=place,
        dataset=label,
        sequence=visible(run.dataset.name_of(sequence)),
        score=decimal(score),
        width=width,
        height=height,
        shots=tuple(
            Shot(
                frame=t,
                iou=_said(tracked, t),
                picture=_uri(_with_mask(pictures[t], masks, t, colour)) if t in pictures else None,
                truth=_rectangle(tracked.truth[0, t], width, height),
                predicted=_rectangle(tracked.predicted[0, t], width, height),
            )
            for t in shown
        ),
        notes=tuple(notes),
    )


def _with_mask(frame: Frame, masks: MaskRuns | None, t: int, colour: Colour) -> Frame:
    """Return a frame with the mask that the tracker answered there laid over it, if any."""
    counts = () if masks is None else masks.of(0, t)
    height, width = frame.shape[:2]
    if not len(counts) or int(np.sum(counts, dtype=np.int64)) != height * width:
        return frame
    return tinted(frame, decoded(np.asarray(counts), (height, width)), colour)


def _said(tracked: Trajectories, t: int) -> str:
    """Return the IoU of the only sequence in a frame, and what the tracker said of it."""
    words = [decimal(float(tracked.iou[0, t]))]
    if tracked.absent is not None and tracked.absent[0, t]:
        words.append("absent")
    if tracked.confidence is not None and not np.isnan(tracked.confidence[0, t]):
        words.append(f"sure {float(tracked.confidence[0, t]):.3g}")
    return ", ".join(words)


def _size(tracked: Trajectories) -> tuple[int, int]:
    """Return height and width of the frames of the only sequence."""
    if tracked.frame is None:
        return _CANVAS
    height, width = np.reshape(np.asarray(tracked.frame), 2).tolist()
    return height, width


def _pictures(
    run: Run, sequence: int, shown: Sequence[int], frames: FramesOf | None
) -> tuple[dict[int, Frame], list[str]]:
    """Return the frames (H, W[, 3]) to show by their numbers; or none, and why there are none."""
    if frames is None:
        return {}, [_NOT_ASKED]
    try:
        length = run.record.extent.frames_of(sequence)
        made = frames(run.dataset.id, sequence, length)
        if len(made) != length:
            return {}, [f"No pictures: {len(made)} frames were made."]
        return {t: made[t] for t in shown}, []
    except TrackbenchError as error:
        return {}, [visible(f"No pictures: {error}.")]


def _rectangle(box: Boxes, width: int, height: int) -> Rectangle | None:
    """Return a box (4,), its edges at most a frame's size outside of it; None for no box."""
    if not valid(box):
        return None
    size = np.array([width, height], np.float64)
    with np.errstate(over="ignore"):
        first, last = np.clip([box[:2], box[:2] + box[2:]], -size, 2 * size).round(2)
    (x, y), (w, h) = first.tolist(), (last - first).tolist()
    return Rectangle(x, y, round(w, 2), round(h, 2))


def _uri(frame: NDArray[np.uint8]) -> str:
    """Return a frame as a small picture: (H, W) as PNG, (H, W, 3) as JPEG, a fifth of its size."""
    picture = Image.fromarray(np.ascontiguousarray(frame))
    picture.thumbnail((_LARGEST, _LARGEST))
    form, options = ("PNG", {"optimize": True}) if frame.ndim == 2 else ("JPEG", {"quality": 90})
    out = io.BytesIO()
    picture.save(out, format=form, **options)
    return f"data:image/{form.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"
