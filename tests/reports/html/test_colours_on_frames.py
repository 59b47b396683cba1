"""A tracker has the same colour in a film as in the charts of its page."""

from __future__ import annotations

import re

import numpy as np

from trackbench.reports.html.template_files import read
from trackbench.reports.tracker_colours import TRUTH_COLOUR

GREEN = 2
"""Of the charts; on frames, green is the truth."""


def _colours(pattern: str, style: str) -> np.ndarray:
    found = {int(n): bytes.fromhex(code) for n, code in re.findall(pattern, style)}
    return np.array([list(found[n]) for n in range(8)], float)


def test_the_nearest_of_the_colours_on_frames_is_its_own() -> None:
    style = read("style.css")
    dark = style[style.index("@media screen and (prefers-color-scheme: dark)") :]
    charts = _colours(r"--c(\d): #(\w{6})", dark)
    frames = _colours(r"\.s(\d) \{ --on-frame: #(\w{6})", style)
    apart = np.linalg.norm(charts[:, None] - frames[None], axis=-1)
    for number in set(range(8)) - {GREEN}:
        assert int(apart[number].argmin()) == number
    assert np.linalg.norm(frames - np.array(TRUTH_COLOUR), axis=-1).min() > 100
