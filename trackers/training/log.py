"""What a training run has done so far: rows, a CSV file, a loss curve."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path

from trackbench.results.atomic_files import replacing, write_text
from trackbench.results.json_codec import Count, NotNegative
from trackbench.trackers.training.validation import Validation


@dataclass(frozen=True, kw_only=True)
class Row:
    """The batches since the row before.

    Attributes:
        step: batches done.
        seconds: of training so far, over all resumptions.
        videos: trained on so far.
        frames: of a video, at this stage of the curriculum.
        loss: mean.
        gradient_norm: mean, before clipping.
        learning_rate: the last.
        validation: if there was one at this step.
    """

    step: Count
    seconds: NotNegative
    videos: Count
    frames: Count
    loss: NotNegative
    gradient_norm: NotNegative
    learning_rate: NotNegative
    validation: Validation | None = None


def write_csv(path: Path, history: list[Row]) -> None:
    """Write all rows; the validation's columns are empty where there was none."""
    names: dict[str, None] = {}  # an ordered set
    lines = []
    for row in history:
        line = asdict(row)
        del line["validation"]
        if row.validation:
            line["score"] = row.validation.score
            line |= {f"{c.dataset} {c.length}": c.iou for c in row.validation.cells}
        names |= dict.fromkeys(line)
        lines.append(line)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    write_text(path, text.getvalue())


def draw(path: Path, history: list[Row]) -> None:
    """Draw loss and validation IoU over the steps as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    above.semilogy([row.step for row in history], [row.loss for row in history], lw=0.8)
    above.set_ylabel("training loss")
    curves: dict[str, list[tuple[int, float]]] = {}
    for row in history:
        for cell in row.validation.cells if row.validation else ():
            curve = curves.setdefault(f"{cell.dataset}, {cell.length} frames", [])
            curve.append((row.step, cell.iou))
    for name, curve in curves.items():
        below.plot(*zip(*curve, strict=True), label=name, lw=1)
    if curves:
        below.legend(fontsize="x-small", ncols=2)
    below.set_xlabel("batches")
    below.set_ylabel("validation IoU")
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
