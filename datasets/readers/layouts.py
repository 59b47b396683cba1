"""The layouts that can be read."""

from __future__ import annotations

from trackbench.datasets.readers.dtb70 import DTB70
from trackbench.datasets.readers.folder import FOLDER
from trackbench.datasets.readers.got10k import GOT10K
from trackbench.datasets.readers.lasot import LASOT, LASOT_EXT
from trackbench.datasets.readers.nfs import NFS
from trackbench.datasets.readers.otb import OTB
from trackbench.datasets.readers.reader import Reader
from trackbench.datasets.readers.tc128 import TC128
from trackbench.datasets.readers.tnl2k import TNL2K
from trackbench.datasets.readers.trackingnet import TRACKINGNET
from trackbench.datasets.readers.uav123 import UAV20L, UAV123
from trackbench.datasets.readers.vot import VOT
from trackbench.errors import UnknownIdError

READERS: tuple[Reader, ...] = (
    GOT10K,
    TRACKINGNET,
    UAV123,
    UAV20L,
    TC128,
    NFS,
    LASOT,
    LASOT_EXT,
    DTB70,
    OTB,
    TNL2K,
    VOT,
    FOLDER,
)
"""What has more signs of its own comes first: a folder is of the first layout that fits."""


def reader_named(text: str) -> Reader:
    """Return the reader of a layout's id, or raise :class:`UnknownIdError`."""
    for reader in READERS:
        if reader.id == text:
            return reader
    raise UnknownIdError("layout", text, [reader.id for reader in READERS])
