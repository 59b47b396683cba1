"""Draw docs/NAME.png for each built-in factor suite: a row a factor, a picture a level.

    python scripts/contact_sheets.py

All pictures show the same sequence with the target's true box. Those of a row show the same frame,
so that they differ in the row's factor alone: where the level that is farthest from the base's
differs most from it. The row of noise in the start shows frame 0, with the box that is given there.
The base's level has a white name, the others grey ones.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from trackbench.contracts import Video
from trackbench.datasets.catalogue import FACTOR_SUITES
from trackbench.factor_contract import Factor, FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.start_noise import NoisySpec, given_box

DOCS = Path(__file__).resolve().parents[1] / "docs"
SEQUENCE, LENGTH = 7, 120
WIDTH, LABEL = 130, 14
"""Pixels of a picture's width and of the line above it."""
COLOURS = 64
"""Of the palette: with more, a sheet of scenes is larger than 300 kB."""
PANELS = 2
"""Groups of factors beside each other."""


def main() -> None:
    """Draw all sheets."""
    for suite in FACTOR_SUITES:
        rows = [row(suite, number) for number in range(len(suite.factors))]
        height = -(-len(rows) // PANELS)
        rows += [np.zeros_like(rows[0])] * (PANELS * height - len(rows))
        panels = [np.concatenate(rows[n * height : (n + 1) * height]) for n in range(PANELS)]
        sheet = Image.fromarray(np.concatenate(panels, axis=1))
        path = DOCS / f"{suite.id}.png"
        sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def row(suite: FactorSuite, number: int) -> NDArray[np.uint8]:
    """Return the pictures of a factor's levels beside each other."""
    factor = suite.factors[number]
    frame = telling_frame(suite, factor)
    cells = []
    for level in factor.levels:
        picture = framed(level.dataset, frame)
        cell = Image.new("RGB", (picture.width + 2, picture.height + LABEL + 2))
        cell.paste(picture, (1, LABEL))
        colour = "white" if level.dataset == suite.base else "grey"
        ImageDraw.Draw(cell).text((2, 1), f"{factor.name} {level.value:g}", fill=colour)
        cells.append(np.asarray(cell))
    return np.concatenate(cells, axis=1)


def telling_frame(suite: FactorSuite, factor: Factor) -> int:
    """Return in which frame the level farthest from the base's differs most from it.

    Noise in the start changes no frame, and is in frame 0.
    """
    own = [level.dataset for level in factor.levels]
    end = own[-1] if own[-1] != suite.base else own[0]
    base, twin = (video(name).frames for name in (suite.base, end))
    return int(
        np.argmax([np.abs(a.astype(int) - b).mean() for a, b in zip(base, twin, strict=True)])
    )


def framed(dataset: str, frame: int) -> Image.Image:
    """Return a frame of a data set with the target's box; in frame 0 the one that is given."""
    spec, shown = registry.datasets().get(dataset), video(dataset)
    noisy = frame == 0 and isinstance(spec, NoisySpec)
    box = given_box(spec, SEQUENCE, shown) if noisy else shown.boxes[frame]
    picture = Image.fromarray(shown.frames[frame]).convert("RGB")
    share = WIDTH / picture.width
    small = picture.resize((WIDTH, round(share * picture.height)), Image.Resampling.BOX)
    x, y, w, h = (box * share).tolist()
    if np.isfinite(x):
        outline = (x - 1, y - 1, x + w, y + h)
        ImageDraw.Draw(small).rectangle(outline, outline=(255, 255, 0))
    return small


@lru_cache(maxsize=6)
def video(dataset: str) -> Video:
    """Return the sequence that is shown."""
    return registry.build_dataset(registry.datasets().get(dataset)).sequence(SEQUENCE, LENGTH)


if __name__ == "__main__":
    sys.exit(main())
