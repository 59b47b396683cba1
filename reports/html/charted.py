"""Which trackers have tiles, charts and film strips: of very many, those with the highest means."""

from __future__ import annotations

from dataclasses import replace

from trackbench.printing.amounts import counted
from trackbench.reports.html.tracker_styles import Look
from trackbench.results.directory import Results

CHOICES = (3, 6, 12, 24)
"""How many a reader can have in tiles and charts."""


def charted(results: Results, most: int) -> Results:
    """Return the results of so many trackers, the first; of all, where there are not more."""
    if len(results.trackers) <= most:
        return results
    return results.only(results.trackers[:most], list(results.datasets))


def marked_beyond(looks: dict[str, Look], shown: Results) -> dict[str, Look]:
    """Return looks that say which trackers are not shown in tiles and charts at first."""
    return {
        tracker: replace(look, beyond=tracker not in shown.trackers)
        for tracker, look in looks.items()
    }


def choices(drawn: Results) -> tuple[int, ...]:
    """Return how many of the drawn ones a reader can choose, ascending; none: always all."""
    count = len(drawn.trackers)
    fewer = tuple(number for number in CHOICES if number < count)
    return (*fewer, count) if fewer else ()


def said_of(results: Results, few: Results) -> str | None:
    """Return in a sentence that some trackers are in tables alone; None: none is."""
    if len(few.trackers) == len(results.trackers):
        return None
    best = counted(len(few.trackers), "tracker")
    return (
        f"Tiles, charts, film strips and legends are of the {best} with the highest means; "
        f"tables have all {len(results.trackers):,}."
    )
