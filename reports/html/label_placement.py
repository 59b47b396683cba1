"""Where the names of lines and dots stand in a drawing, so that none lies over another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trackbench.reports.html.charts import MOST_NOTES, Series

LEFT, TOP = 48.0, 12.0
"""Where the plot begins."""
LINE_HEIGHT = 14.0
CHARACTER = 8.0
"""Width of a letter, about; on a phone, where letters are larger."""
GAP = 14.0
"""Between a line's end and its name."""

Ends = Mapping[str, tuple[float, float]]
"""Tracker -> (x, y) of the end of its line, or of its dot."""


@dataclass(frozen=True)
class Label:
    """A name beside (x, y).

    Attributes:
        text: the name.
        x, y: its left end, at half its height.
        begin: a thin line comes from there, if it had to move away.
        note: a second line.
        marked: the marker stands before it.
    """

    text: str
    x: float
    y: float
    begin: tuple[float, float] | None = None
    note: str = ""
    marked: bool = False


def beside_ends(
    ends: Ends, texts: Mapping[str, str], right: float, bottom: float
) -> dict[str, Label]:
    """Return labels beside the ends of lines, moved apart where they would overlap."""
    order = sorted(ends, key=lambda name: ends[name][1])
    heights: list[float] = []
    for name in order:
        lowest = heights[-1] + LINE_HEIGHT if heights else 0.0
        heights.append(max(ends[name][1], lowest))
    limit = bottom - 2
    for i in reversed(range(len(heights))):  # push up again what fell out at the bottom
        heights[i] = min(heights[i], limit)
        limit = heights[i] - LINE_HEIGHT
    labels = {}
    for name, height in zip(order, heights, strict=True):
        x, y = ends[name]
        away = abs(height - y) > 3 or right - x > 8
        labels[name] = Label(texts[name], right + GAP, round(height, 1), (x, y) if away else None)
    return labels


def in_a_column(series: Sequence[Series], right: float) -> dict[str, Label]:
    """Return labels in a column from the top, with their notes if there is room."""
    noted = len(series) <= MOST_NOTES
    step = LINE_HEIGHT * (2.5 if noted else 1.2)
    return {
        s.look.tracker: Label(
            text=s.look.label,
            x=right + GAP + 8,
            y=TOP + 4 + number_ * step,
            note=s.note if noted else "",
            marked=True,
        )
        for number_, s in enumerate(series)
    }


def beside_dots(ends: Ends, texts: Mapping[str, str], right: float) -> dict[str, Label]:
    """Return labels beside dots, each in the first place around its dot that is free."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in ends.values()]
    labels = {}
    for name, (x, y) in ends.items():
        width = len(texts[name]) * CHARACTER
        places = [
            (left, y + down)
            for down in (0.0, -LINE_HEIGHT, LINE_HEIGHT, -2 * LINE_HEIGHT, 2 * LINE_HEIGHT)
            for left in (x + 9, x - 9 - width)
            if left >= LEFT and left + width <= right
        ] or [(LEFT + 4, y - LINE_HEIGHT)]
        boxes = [(left, at - 6, left + width, at + 6) for left, at in places]
        free = [i for i, box in enumerate(boxes) if not any(_meet(box, other) for other in taken)]
        chosen = free[0] if free else 0
        taken.append(boxes[chosen])
        left, at = places[chosen]
        labels[name] = Label(texts[name], round(left, 1), round(at, 1))
    return labels


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
