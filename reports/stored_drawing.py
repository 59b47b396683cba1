"""``trackbench.draw``: what is stored of a sequence, drawn on its frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from trackbench.analysis.paired import stored_tracker
from trackbench.api.frames import frames_of
from trackbench.api.stored import loaded
from trackbench.arguments.bounds import INDEX
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Frame
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.host.run_lengths import decoded
from trackbench.ids import unversioned
from trackbench.plugins.decoder_complaints import watched
from trackbench.reports.picture_files import Form, check_sheet
from trackbench.reports.scenes import Panel, fitting_zoom, scenes
from trackbench.reports.titles import TITLE_HEIGHT, Title, titled
from trackbench.reports.tracker_colours import colour_of
from trackbench.reports.tracker_order import colours_in
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.picture import Picture, PictureKind
from trackbench.results.run import Run


@arguments_checked
@watched()
def draw(
    results: str | Path | Results,
    sequence: int | str = 0,
    *,
    dataset: str | None = None,
    trackers: str | Iterable[str] = (),
    clip: bool = False,
    together: bool = True,
    pictures: int = 8,
    columns: int | None = None,
    zoom: int | None = None,
) -> Picture:
    """Draw a sequence with the true box (green) and the boxes that are stored of trackers.

    Nothing is tracked. The frames are made again, from the data set that was tracked; above them
    stands the IoU that each tracker had. Each has the colour of its name.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        sequence: number in the data set, or the name it has there.
        dataset: which; None: the first of the results.
        trackers: whose boxes; none: those of all that ran on the data set.
        clip: a film of all frames (WebM), instead of a sheet of a few.
        together: all boxes on one frame; else each tracker has one of its own.
        pictures: frames on a sheet.
        columns: frames in a row of a sheet; None: five, or as many as fit a window.
        zoom: enlargement, a whole number; None: so that names are read.

    Raises:
        TrackbenchError: there is no such data set, tracker or sequence, or its frames cannot be
            made again here.

    Example:
        >>> import trackbench
        >>> trackbench.draw("results/smoke", 3).write("three.png")
    """
    check_sheet(pictures, columns, zoom)
    if not isinstance(sequence, str):
        sequence = INDEX.of("sequence", sequence)
    stored = loaded(results)
    if not stored.runs:
        raise TrackbenchError(f"{stored.path}: nothing was run, so there is nothing to draw")
    record = _dataset(stored, dataset)
    index = _sequence(record, sequence)
    wanted = [trackers] if isinstance(trackers, str) else list(trackers)
    chosen = [stored_tracker(stored, name) for name in wanted] or stored.trackers
    runs = {run.record.tracker: run for run in stored.runs if run.dataset.id == record.id}
    if missing := [name for name in chosen if wanted and name not in runs]:
        there = ", ".join(runs)
        raise TrackbenchError(f"{missing[0]} was not run on {record.id}, where there is {there}")
    length = record.extent.frames_of(index)
    frames = frames_of(stored)(record.id, index, length)
    colours = colours_in(stored)
    panels = [
        _panel(runs[name], index, frames, colours.index(name)) for name in chosen if name in runs
    ]
    form = Form.WEBM if clip else Form.SHEET
    names = [f"{panel.name} IoU 0.99" for panel in panels]
    enlarged = fitting_zoom(frames.shape[2], names, together=together) if zoom is None else zoom
    shown = form.frames(len(frames), pictures)
    truth = next(iter(runs.values())).trajectory(index).truth[0]
    drawn = scenes(frames, truth, panels, shown, enlarged, together=together)
    said = f"{record.id}, sequence {record.name_of(index)}"
    description = f"{said}: {', '.join(panel.name for panel in panels)}"
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"drawn{form.value}"
        form.save(drawn, out, columns)
        if form is Form.SHEET:
            _headed(out, f"{said} (truth: green)")
        content = out.read_bytes()
    return Picture(content, PictureKind.WEBM if clip else PictureKind.PNG, description)


def _dataset(results: Results, wanted: str | None) -> DatasetRecord:
    datasets = results.datasets
    if wanted is None:
        return min(datasets.values(), key=lambda record: record.position)
    found = [name for name in datasets if wanted in {name, unversioned(name)}]
    if not found:
        raise UnknownIdError(f"data set in {results.path}", wanted, datasets, listed=datasets)
    return datasets[max(found, key=lambda name: (name == wanted, len(name), name))]


def _sequence(record: DatasetRecord, wanted: int | str) -> int:
    """Return the number of a sequence, by itself or by its name."""
    names = [record.name_of(number) for number in range(record.sequences)]
    if isinstance(wanted, str):
        if wanted not in names:
            raise UnknownIdError(f"sequence of {record.id}", wanted, names[:1000])
        return names.index(wanted)
    if not 0 <= wanted < record.sequences:
        raise TrackbenchError(
            f"{parameter('sequence')} {wanted} of {record.id} is not in 0..{record.sequences - 1}"
        )
    return wanted


def _panel(run: Run, sequence: int, frames: Frame, place: int) -> Panel:
    tracked = run.trajectory(sequence)
    panel = Panel(
        run.record.tracker, tracked.predicted[0], colour=colour_of(place), iou=tracked.iou[0]
    )
    masks = run.masks(sequence)
    if masks is None:
        return panel
    height, width = frames.shape[1:3]
    answered = {}
    for t in range(len(frames)):
        counts = np.asarray(masks.of(0, t))
        if len(counts) and int(counts.sum(dtype=np.int64)) == height * width:
            answered[t] = decoded(counts, (height, width))
    return replace(panel, answered=answered)


def _headed(out: Path, words: str) -> None:
    """Write a line above a picture, in its file."""
    with Image.open(out) as read:
        picture = read.convert("RGB")
    whole = Image.new("RGB", (picture.width, picture.height + TITLE_HEIGHT))
    titled(whole, [Title(words)], 1)
    whole.paste(picture, (0, TITLE_HEIGHT))
    whole.save(out, format="PNG")
