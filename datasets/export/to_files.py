"""``trackbench.export``: a data set as files that another toolkit reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trackbench.arguments.bounds import COUNT
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec
from trackbench.datasets.export import exporting
from trackbench.datasets.export.card import Card
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import Layout
from trackbench.datasets.export.layouts import layout_named
from trackbench.errors import UnknownIdError, parameter
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.printing.text import visible
from trackbench.running.author_script import stop_where_a_script_is_only_read
from trackbench.running.processors import usable_processors


@dataclass(frozen=True)
class Export:
    """A data set as files.

    Attributes:
        out: the folder.
        card: what it is.
        found: all of it was there before; nothing was written.
        layout: what the other tool reads.
        dataset: what was exported.
        image: how frames are encoded.
    """

    out: Path
    card: Card
    found: bool
    layout: Layout
    dataset: DatasetSpec
    image: ImageFormat

    @property
    def remarks(self) -> list[str]:
        """What must not be found out only later, a line each."""
        remarks = list(self.card.notes)
        if not self.image.lossless:
            remarks.append(
                f"JPEG is lossy: values differ by {self.card.largest_error} of 255 at most, by "
                f"{self.card.mean_error:.4f} on average"
            )
        elif self.layout.suffix(self.image) != ".png":
            remarks.append(
                f"exact: PNG in files called {self.layout.suffix(self.image)}, which Pillow and "
                f"OpenCV read; for what reads JPEG alone: {parameter('image', 'jpeg')}"
            )
        return remarks

    def __str__(self) -> str:
        """Return what was written, remarks, and how to read it."""
        lines = [f"{self.out}: {'already there: ' if self.found else ''}{self.card.extent}"]
        lines += [f"  {remark}" for remark in self.remarks]
        lines.append(f"  read it with {self.layout.opened_with(str(self.out), self.dataset)}")
        return "\n".join(map(visible, lines))


@arguments_checked
def export(
    dataset: str | DatasetSpec,
    layout: str,
    out: str | Path,
    *,
    sequences: int | None = None,
    length: int | None = None,
    image: ImageFormat | str = ImageFormat.PNG,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Write a data set as image files and annotations, for a tracker in another toolkit.

    Each sequence also gets ``attributes.csv``, what is known of each frame; ``trackbench.json``
    says what was written. An export that was stopped goes on where it was.

    Args:
        dataset: an id, or a layout and where it lies, ``"otb:PATH"``.
        layout: ``"got10k"``, ``"vot"`` or ``"otb"``: what the other tool reads.
        out: a new folder, or one to go on with.
        sequences: the first so many; None: all.
        length: the first so many frames of each, or all that it has; None: all.
        image: ``"png"`` is exact, whatever the file is called; ``"jpeg"`` is lossy.
        jobs: processes; None: as many as this process may use processors.
        progress: is told the frames written so far in this call, and how many it will be.

    Raises:
        TrackbenchError: anything that is the caller's to mend.

    Example:
        >>> import trackbench
        >>> print(trackbench.export("mnist-single-same", "got10k", "same", sequences=2))
        same: ...
    """
    stop_where_a_script_is_only_read()
    jobs = COUNT.or_none("jobs", jobs)
    sequences = COUNT.or_none("sequences", sequences)
    out, chosen = Path(out), layout_named(layout)
    try:
        encoded = ImageFormat(image)
    except ValueError:
        known = [each.value for each in ImageFormat]
        raise UnknownIdError("image format", str(image), known) from None
    spec = dataset_named(dataset) if isinstance(dataset, str) else dataset
    done = exporting.export(
        spec,
        chosen,
        encoded,
        out,
        sequences=sequences,
        length=length,
        jobs=jobs or usable_processors(),
        progress=progress or _ignore,
    )
    return Export(out, done.card, done.found, chosen, spec, encoded)


def _ignore(frames: int, total: int) -> None:
    """Tell nobody."""
