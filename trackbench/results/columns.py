"""Numbers between NumPy and Arrow; pyarrow's own way imports pandas, a fifth of a small run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_arrow(values: NDArray[Any]) -> Any:
    """Return an Arrow array of (n,) numbers, the one that ``pa.array`` makes of them."""
    import pyarrow as pa

    if values.dtype.kind not in "iufb" or not values.dtype.isnative:
        return pa.array(values)
    packed = np.packbits(values, bitorder="little") if values.dtype.kind == "b" else values
    held = pa.py_buffer(np.ascontiguousarray(packed))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, held], null_count=0)


def from_arrow(column: Any) -> NDArray[Any]:
    """Return a column of a table of numbers, (n,), as its own ``to_numpy`` does.

    Every NaN is NumPy's own: of a signalling one, which a file from outside may hold, whatever is
    computed would be told as an error of the computation.
    """
    import pyarrow as pa

    if column.null_count or not len(column):
        return np.asarray(column.to_numpy())
    if pa.types.is_boolean(column.type):
        return from_arrow(column.cast(pa.uint8())).astype(bool)
    whole = column.combine_chunks()
    held = np.frombuffer(whole.buffers()[1], column.type.to_pandas_dtype())
    values = held[whole.offset : whole.offset + len(whole)]
    if values.dtype.kind != "f":
        return values
    unknown = np.isnan(values)
    return np.where(unknown, values.dtype.type(np.nan), values) if unknown.any() else values
