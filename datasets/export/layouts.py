"""The layouts there are."""

from __future__ import annotations

from trackbench.datasets.export.got10k import GOT10K
from trackbench.datasets.export.layout import Layout
from trackbench.datasets.export.otb import OTB
from trackbench.datasets.export.vot import VOT
from trackbench.errors import UnknownIdError

LAYOUTS: tuple[Layout, ...] = (GOT10K, VOT, OTB)


def layout_named(text: str) -> Layout:
    """Return the layout of an id, or raise :class:`UnknownIdError`."""
    for layout in LAYOUTS:
        if layout.id == text:
            return layout
    raise UnknownIdError("layout", text, [layout.id for layout in LAYOUTS])
