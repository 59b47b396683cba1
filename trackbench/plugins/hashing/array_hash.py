"""NumPy arrays and torch tensors by their content."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.plugins.hashing.tokens import UnhashableError, pack

_STRING = "T"  # NumPy 2's strings of any length, which are pointers
_ARRAYS = frozenset({np.ndarray, np.memmap})


def is_array(value: Any) -> bool:
    """Whether a value is an array or a tensor, whose numbers can be changed."""
    if type(value) in _ARRAYS or isinstance(value, np.void):
        return True
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, getattr(torch, "Tensor", ()))


def array_token(value: Any, token: Callable[[Any], bytes]) -> bytes | None:
    """Return the hash of an array, a NumPy number or a tensor; None if it is none of these.

    Type, shape and values count. So does how the values lie in memory, as far as pickling keeps it:
    whether an array is in Fortran's order, and the order of a tensor's axes. In another order sums
    are rounded otherwise. Bytes between the fields of a record do not count.

    Args:
        value: anything.
        token: hashes the objects of an array of objects.

    Raises:
        UnhashableError: a tensor without values, or of a layout that is not known here.
    """
    if type(value) in _ARRAYS:
        return pack("array", _array(value, token))
    if isinstance(value, np.generic):
        return pack("number", _array(np.asarray(value), token))
    if isinstance(value, np.dtype):
        return pack("dtype", _dtype(value, token))
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, getattr(torch, "Tensor", ())):
        return _tensor(value, torch, token)
    return None


def _array(array: NDArray[Any], token: Callable[[Any], bytes]) -> bytes:
    kind = array.dtype
    head: list[bytes | str] = [_dtype(kind, token), repr(array.shape)]
    if array.flags.f_contiguous and not array.flags.c_contiguous:
        head.append("Fortran")
    if kind.names is not None:
        return pack("fields", *head, *(_array(array[name], token) for name in kind.names))
    if kind.hasobject or kind.kind == _STRING:
        return pack("objects", *head, token(array.ravel().tolist()))
    if kind.char in "gG":  # long doubles have bytes that mean nothing
        return pack("long", *head, *map(_long, array.ravel()))
    return pack("bytes", *head, _bytes(array))


def _bytes(array: NDArray[Any]) -> bytes:
    if array.dtype.itemsize == 0 or array.size == 0:
        return b""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return hashlib.sha256(flat.data).digest()


def _long(number: Any) -> str:
    return f"-{number}" if np.isnan(number).any() and np.signbit(number) else str(number)


def _dtype(kind: np.dtype[Any], token: Callable[[Any], bytes]) -> bytes:
    layout = _layout(kind, token)
    if kind.metadata is None:
        return layout
    return pack("metadata", layout, token(dict(kind.metadata)))


def _layout(kind: np.dtype[Any], token: Callable[[Any], bytes]) -> bytes:
    if kind.names is not None and kind.fields is not None:
        fields = [(name, *kind.fields[name][:2]) for name in kind.names]
        parts: list[bytes | str] = []
        for name, inner, _ in fields:
            parts += [name, _dtype(inner, token)]
        ends = [0, *(offset + inner.itemsize for _, inner, offset in fields)]
        starts = [*(offset for _, _, offset in fields), kind.itemsize]
        if starts == ends and not kind.isalignedstruct:
            return pack("fields", *parts)
        return pack("fields apart", *parts, repr(starts), repr(kind.isalignedstruct))
    if kind.subdtype is not None:
        return pack("block", _dtype(kind.subdtype[0], token), repr(kind.shape))
    return pack("plain", kind.str)


def _tensor(tensor: Any, torch: Any, token: Callable[[Any], bytes]) -> bytes:
    kind = type(tensor)
    head = pack(
        f"{kind.__module__}.{kind.__qualname__}",
        str(tensor.dtype),
        repr(tuple(tensor.shape)),
        tensor.device.type,
        repr(bool(tensor.requires_grad)),
    )
    if held := getattr(tensor, "__dict__", None):
        head = pack("with attributes", head, token(held))
    bare = tensor.detach()
    if bare.layout == torch.sparse_coo:
        bare = bare.coalesce()
        return pack("sparse", head, token(bare.indices()), token(bare.values()))
    if bare.layout != torch.strided or bare.is_quantized or bare.device.type == "meta":
        raise UnhashableError(f"a tensor of layout {bare.layout} on {bare.device}")
    if axes := _order(bare):
        head = pack("axes", head, axes)
    flat = bare.cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    raw = flat.view(torch.uint8).numpy() if flat.numel() else b""
    return pack("tensor", head, hashlib.sha256(raw).digest())


def _order(tensor: Any) -> str:
    """Return the order of a tensor's axes in memory; an empty string where it is the usual one."""
    steps = {axis: tensor.stride(axis) for axis, size in enumerate(tensor.shape) if size > 1}
    if 0 in steps.values():
        return f"one number many times {steps}"
    order = sorted(steps, key=lambda axis: -steps[axis])
    return "" if order == sorted(order) else repr(order)
