"""Colours of trackers on frames: light ones, which are seen on dark pictures and behind none."""

from __future__ import annotations

Colour = tuple[int, int, int]

TRUTH_COLOUR: Colour = (64, 220, 96)

TRACKER_COLOURS: tuple[Colour, ...] = (
    (255, 120, 60),
    (109, 180, 255),
    (255, 214, 64),
    (232, 130, 255),
    (255, 96, 150),
    (64, 224, 224),
    (214, 219, 226),
    (184, 148, 112),
)
"""None is near :data:`TRUTH_COLOUR`, so that truth and prediction are told apart in each."""


def colour_of(number: int) -> Colour:
    """Return the colour of a tracker by its place, from 0; the ninth has the first one's."""
    return TRACKER_COLOURS[number % len(TRACKER_COLOURS)]
