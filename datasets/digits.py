"""The 70,000 digits of MNIST, shipped with the package and checked before they are used.

LeCun, Cortes and Burges' files, uncompressed, in one archive. Test sets are made from the test
images; training streams from the first 55,000 training images; validation from the last 5,000.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, brief
from trackbench.results.bounded import read_bytes

ARCHIVE = Path(__file__).parent / "data" / "mnist.zip"
SIDE = 28
HEADER_BYTES = 16
HELD_OUT = 5_000

TRAIN_SHA256 = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
TEST_SHA256 = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"

LARGEST = 64 * 2**20
"""Bytes of the archive, and of a file in it; the larger one has 47,040,016."""


class Digits(Enum):
    """Which of MNIST's digits."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"

    @property
    def sha256(self) -> str:
        """Hash of the uncompressed IDX file the digits are taken from."""
        return TEST_SHA256 if self is Digits.TEST else TRAIN_SHA256


def load(digits: Digits, archive: Path = ARCHIVE) -> NDArray[np.uint8]:
    """Return the digits, (N, 28, 28) uint8, read-only: 55,000, 5,000 or 10,000 of them.

    Raises:
        DamagedFileError: the archive is missing, unreadable or not what its hashes promise.
    """
    if digits is Digits.TEST:
        return _images(archive, "t10k-images-idx3-ubyte", TEST_SHA256)
    images = _images(archive, "train-images-idx3-ubyte", TRAIN_SHA256)
    return images[:-HELD_OUT] if digits is Digits.TRAIN else images[-HELD_OUT:]


@cache
def _images(archive: Path, member: str, sha256: str) -> NDArray[np.uint8]:
    advice = "reinstall trackbench"
    try:
        packed = read_bytes(archive, LARGEST, "the digits file")
        with zipfile.ZipFile(io.BytesIO(packed)) as opened, opened.open(member) as unpacked:
            content = unpacked.read(LARGEST)
    # What a damaged archive makes zipfile raise is not documented, and it is many things.
    except Exception as error:
        raise DamagedFileError(
            f"the digits file {archive} cannot be read ({brief(error)}): {advice}"
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(f"the digits file {archive} is damaged: {advice}")
    return np.frombuffer(content, np.uint8, offset=HEADER_BYTES).reshape(-1, SIDE, SIDE)
