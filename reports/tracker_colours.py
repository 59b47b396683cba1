"""Colours of trackers on frames: light ones, which are seen on dark pictures and behind none."""

from __future__ import annotations

Colour = tuple[int, int, int]

TRUTH_COLOUR: Colour = (64, 220, 96)

TRACKER_COLOURS: tuple[Colour, ...] = (
    (109, 180, 255),
    (255, 120, 60),
    (184, 148, 112),
    (232, 130, 255),
    (255, 214, 64),
    (214, 219, 226),
    (255, 96, 150),
    (64, 224, 224),
)
"""None is near :data:`TRUTH_COLOUR`, so that truth and prediction are told apart in each.

They are ``style.css``'s ``--on-frame``, and each is near its colour in charts.
"""


def colour_of(number: int) -> Colour:
    """Return the colour of a tracker by its place among names; the ninth has the first one's."""
    return TRACKER_COLOURS[number % len(TRACKER_COLOURS)]
