"""``trackbench.show``: a sequence drawn, with the true box and trackers'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trackbench.api.stored import loaded
from trackbench.arguments.bounds import COUNT, INDEX
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.host.context import Context
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.plugins.start_noise import NoisySpec, given_box
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
from trackbench.reports.picture_files import Form, check_sheet
from trackbench.reports.scenes import Panel, fitting_zoom, scenes
from trackbench.reports.tracker_colours import colour_of
from trackbench.reports.tracker_order import colour_order, colours_in
from trackbench.results.atomic_files import writing_to
from trackbench.results.directory import Results
from trackbench.results.out_paths import check_out_file
from trackbench.running.chosen_trackers import tracker_named
from trackbench.running.hosted import is_of_host
from trackbench.running.preview import follow, follow_hosted


@dataclass(frozen=True)
class Shown(ShowsItself):
    """A drawing of a sequence.

    Attributes:
        out: the file.
        dataset: id of the data set.
        sequence: index in it.
        frames: how many the sequence has.
        name: of the sequence.
    """

    out: Path
    dataset: str
    sequence: int
    frames: int
    name: str = ""

    def __str__(self) -> str:
        """Return it in a line."""
        called = "" if self.name in {"", str(self.sequence)} else f" ({self.name})"
        which = f"{self.dataset} sequence {self.sequence}{called}"
        return visible(f"{self.out}: {which}, {self.frames} frames")


@arguments_checked
@watched()
def show(
    dataset: str,
    out: str | Path,
    *,
    sequence: int | str = 0,
    trackers: str | TrackerSpec | Iterable[str | TrackerSpec] = (),
    length: int | None = None,
    pictures: int = 20,
    columns: int | None = None,
    zoom: int | None = None,
    together: bool = False,
    results: str | Path | Results | None = None,
    protocol: str | None = None,
) -> Shown:
    """Draw the frames of a sequence with the true box (green) and trackers' boxes.

    Each tracker has a colour of its own, that of its name, and dashed boxes, through which the true
    one is seen where both are the same, as in frame 0. Of a tracker with attention, the mask and
    the masked frame are drawn underneath; of one that says how sure it is, or that the target is
    absent, that stands above the frame. A mask that it answers is laid over the frame, and of a
    true one the rim is drawn.

    Args:
        dataset: id of a data set, or a layout and where it lies (``"otb:PATH"``).
        out: a ``.png`` (a sheet of evenly spread frames), or a ``.gif``, ``.webm`` or ``.mp4`` (all
            of them). An MP4 is H.264, and needs the extra ``trackbench[video]``.
        sequence: index in the data set, or the name it has there.
        trackers: whose boxes are drawn; several stand side by side, and many in a grid. For a
            ``"package.module:Class"`` the working folder is put at the end of ``sys.path``.
        length: frames; None: all.
        pictures: frames on a sheet.
        columns: frames in a row of a sheet; None: five, or as many as fit a window.
        zoom: enlargement, a whole number; None: so that trackers' names are read, and that large
            frames fit a window.
        together: all trackers' boxes on one frame, without what attention makes of it.
        results: a results directory, or what :func:`trackbench.run` has returned: its trackers have
            the colours that they have in its report; None: in the order of their names.
        protocol: of that report, if the directory holds several.

    Raises:
        TrackbenchError: an id is unknown, a tracker fails, or the file cannot be written.

    Example:
        >>> import trackbench
        >>> print(trackbench.show("mnist-single-same", "a.png", trackers="kcf"))
        a.png: mnist-single-same-v1 sequence 0, 160 frames
    """
    out = Path(out)
    form = Form.of(out)
    check_sheet(pictures, columns, zoom)
    length = COUNT.or_none("length", length)
    check_out_file(out)
    if protocol is not None and results is None:
        raise TrackbenchError(
            f"{parameter('protocol')} is of stored results: give {parameter('results')}, too"
        )
    listed = [trackers] if isinstance(trackers, str | TrackerSpec) else list(trackers)
    look_in_working_folder(listed)
    specs = [tracker_named(each) if isinstance(each, str) else each for each in listed]
    spec = dataset_named(dataset)
    index = _index(spec, sequence)
    known = [] if results is None else colours_in(loaded(results, protocol))
    made = make_sequence(registry.build_dataset(spec), index, length)
    context = Context(spec.id, index, len(made), 0, spec.name_of(index), made.images or None)
    given = given_box(spec, index, made) if isinstance(spec, NoisySpec) else None
    colours = [
        *known,
        *(each for each in colour_order(one.id for one in specs) if each not in known),
    ]
    panels = []
    for one in specs:
        if is_of_host(one):
            followed = follow_hosted(one, spec, index, len(made))
        else:
            followed = follow(one, made, context, given)
        seen = followed.boxes, followed.masks, followed.remarks, followed.answered
        panels.append(Panel(one.id, *seen, colour=colour_of(colours.index(one.id))))
    shown = form.frames(len(made), pictures)
    names = [panel.name for panel in panels]
    enlarged = (
        fitting_zoom(made.frames.shape[2], names, together=together) if zoom is None else zoom
    )
    masks = {} if made.masks is None else {t: np.asarray(made.masks[t]) for t in shown}
    drawn = scenes(made.frames, made.boxes, panels, shown, enlarged, masks, together=together)
    with writing_to(out) as temporary:
        form.save(drawn, temporary, columns)
    return Shown(out, spec.id, index, len(made), spec.name_of(index))


def _index(spec: DatasetSpec, wanted: int | str) -> int:
    """Return the index of a sequence, by itself, written out, or by the sequence's name.

    Raises:
        TrackbenchError: there is no sequence of this name or index.
    """
    if not isinstance(wanted, str):
        return INDEX.of("sequence", wanted)
    if wanted in spec.names:
        return spec.names.index(wanted)
    try:
        index = int(wanted)
    except ValueError:
        raise UnknownIdError(f"sequence of {spec.id}", wanted, spec.names) from None
    return INDEX.of("sequence", index)
