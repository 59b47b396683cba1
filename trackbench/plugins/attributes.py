"""What a data set says of every frame, made into columns that can be stored and read back."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.printing.text import quoted

RESERVED = frozenset(
    {
        *("sequence", "frame", "x", "y", "w", "h", "frame_hash", "height", "width"),
        *("target_absent", "mask_runs"),
        *("absent_x", "absent_y", "absent_w", "absent_h"),
    }
)
"""Columns of the stored truth that no attribute may overwrite."""

LONGEST = 100
"""Characters of a name."""

_WIDEST = 8
"""Bytes of a number that every reader of Parquet knows."""


def plain_attributes(attributes: Any, length: int) -> dict[str, NDArray[Any]]:
    """Return name -> (T,) array of booleans, integers or floats, native, 64 bits at most.

    Numbers of another byte order, of 16 bits or of more than 64 become such as every file can
    hold; subclasses of arrays and lists of numbers become arrays.

    Args:
        attributes: what a data set gave.
        length: T.

    Raises:
        ValueError: a name or values that cannot be stored; the message is the reason.
    """
    if not isinstance(attributes, Mapping):
        raise ValueError(f"its attributes are {quoted(attributes)}, no mapping")  # noqa: TRY004
    found: dict[str, NDArray[Any]] = {}
    folded: dict[str, str] = {_folded(name): name for name in RESERVED}
    for name, values in attributes.items():
        _check_name(name)
        other = folded.setdefault(_folded(name), name)
        if other in RESERVED:
            raise ValueError(f"an attribute cannot be called {name!r}: that is a column of its own")
        if other is not name:
            raise ValueError(f"attributes {other!r} and {name!r} differ in nothing but case")
        found[str(name)] = _plain(name, values, length)
    return found


def native(values: NDArray[Any]) -> NDArray[Any]:
    """Return values of an array of any kind as a plain array in C order and native byte order.

    Raises:
        ValueError: some of them are masked.
    """
    # Nothing is masked where nobody has imported numpy.ma, which takes a twentieth of a second.
    masked = sys.modules.get("numpy.ma")
    if masked is not None and isinstance(values, masked.MaskedArray) and masked.is_masked(values):
        raise ValueError("some of them are masked")
    plain = np.asarray(values)
    return np.ascontiguousarray(plain, plain.dtype.newbyteorder("="))


def _plain(name: str, values: Any, length: int) -> NDArray[Any]:
    what = f"attribute {name} is not ({length},) numbers or booleans"
    try:
        made = native(values if isinstance(values, np.ndarray) else np.asarray(values))
    except Exception as error:  # an array-like may raise anything
        raise ValueError(f"{what}: {error}") from error
    if made.shape != (length,) or made.dtype.kind not in "biuf":
        raise ValueError(what)
    if made.dtype.kind == "f" and made.dtype.itemsize == 2:
        return made.astype(np.float32)
    if made.dtype.itemsize > _WIDEST:
        return made.astype(np.float64)
    return made


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        raise ValueError(f"an attribute is called {quoted(name)}, no text")  # noqa: TRY004
    if not name.strip() or name != name.strip() or not name.isprintable() or len(name) > LONGEST:
        raise ValueError(
            f"an attribute cannot be called {quoted(name)}: 1 to {LONGEST} characters that can be "
            "seen, with no blank at either end"
        )


def _folded(name: str) -> str:
    """Return what is the same of names that file formats or readers may not tell apart."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
