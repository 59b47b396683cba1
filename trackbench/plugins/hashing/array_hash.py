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


def array_token(value: Any, token: Callable[[Any], bytes]) -> bytes | None:
    """Return the hash of an array, a NumPy number or a tensor; None if it is none of these.

    What counts is type, shape and values: not how they lie in memory, nor bytes between fields.

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
        return pack("dtype", _dtype(value))
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, getattr(torch, "Tensor", ())):
        return _tensor(value, torch, token)
    return None


def _array(array: NDArray[Any], token: Callable[[Any], bytes]) -> bytes:
    kind = array.dtype
    head = (_dtype(kind), repr(array.shape))
    if kind.names is not None:
        return pack("fields", *head, *(_array(array[name], token) for name in kind.names))
    if kind.hasobject or kind.kind == _STRING:
        return pack("objects", *head, token(array.ravel().tolist()))
    if kind.char in "gG":  # long doubles have bytes that mean nothing
        return pack("long", *head, *(str(number) for number in array.ravel()))
    return pack("bytes", *head, _bytes(array))


def _bytes(array: NDArray[Any]) -> bytes:
    if array.dtype.itemsize == 0 or array.size == 0:
        return b""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return hashlib.sha256(flat.data).digest()


def _dtype(kind: np.dtype[Any]) -> bytes:
    if kind.names is not None:
        fields = ((name, _dtype(kind.fields[name][0])) for name in kind.names if kind.fields)
        return pack("fields", *(part for field in fields for part in field))
    if kind.subdtype is not None:
        return pack("block", _dtype(kind.subdtype[0]), repr(kind.shape))
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
    flat = bare.cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    raw = flat.view(torch.uint8).numpy() if flat.numel() else b""
    return pack("tensor", head, hashlib.sha256(raw).digest())
