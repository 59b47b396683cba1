"""A network for OpenCV's ViT tracker, in four kilobytes: it finds the brightest of 16 x 16 cells.

Written as ONNX is defined (onnx.proto3), for what writes it otherwise is not needed here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

_FLOAT, _INTS, _FLOAT_TENSOR = 1, 7, 1
_VERSION, _OPERATORS = 7, 12


def vit_network() -> bytes:
    """Return the file: what is found is where the search region is brightest, of half its size."""
    mean = np.full((1, 3, 16, 16), 1 / 768)
    nodes = [
        _convolution("template", "no template", "t", size=8),
        _convolution("search", "mean", "s", size=16),
        _node("Add", ("s", "t"), "sum"),
        _node("Sigmoid", ("sum",), "output1"),
        _convolution("s", "nothing", "output2", size=1, bias="quarter"),
        _convolution("s", "nothing", "output3", size=1, bias="half"),
    ]
    tensors = [
        _tensor("no template", np.zeros((1, 3, 8, 8))),
        _tensor("mean", mean),
        _tensor("nothing", np.zeros((2, 1, 1, 1))),
        _tensor("quarter", [0.25, 0.25]),
        _tensor("half", [0.5, 0.5]),
    ]
    inputs = [_value("template", (1, 3, 128, 128)), _value("search", (1, 3, 256, 256))]
    outputs = [_value(f"output{n}", (1, min(n, 2), 16, 16)) for n in (1, 2, 3)]
    graph = b"".join(
        _field(number, item)
        for number, items in ((1, nodes), (5, tensors), (11, inputs), (12, outputs))
        for item in items
    )
    graph += _field(2, b"tiny")
    return (
        _field(1, _VERSION) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, _OPERATORS))
    )


def _convolution(given: str, weights: str, out: str, *, size: int, bias: str = "") -> bytes:
    inputs = (given, weights, bias) if bias else (given, weights)
    return _node("Conv", inputs, out, kernel_shape=(size, size), strides=(size, size))


def _node(kind: str, inputs: Sequence[str], out: str, **attributes: tuple[int, int]) -> bytes:
    found = b"".join(_field(1, name.encode()) for name in inputs)
    found += _field(2, out.encode()) + _field(4, kind.encode())
    for name, values in attributes.items():
        numbers = b"".join(_field(8, value) for value in values)
        found += _field(5, _field(1, name.encode()) + numbers + _field(20, _INTS))
    return found


def _tensor(name: str, values: ArrayLike) -> bytes:
    array = np.asarray(values, "<f4")
    found = b"".join(_field(1, length) for length in array.shape)
    return found + _field(2, _FLOAT) + _field(8, name.encode()) + _field(9, array.tobytes())


def _value(name: str, shape: Sequence[int]) -> bytes:
    lengths = b"".join(_field(1, _field(1, length)) for length in shape)
    kind = _field(1, _field(1, _FLOAT_TENSOR) + _field(2, lengths))
    return _field(1, name.encode()) + _field(2, kind)


def _field(number: int, value: int | bytes) -> bytes:
    """Return a field of a protobuf message: a whole number, or bytes with their length."""
    if isinstance(value, int):
        return _whole(number << 3) + _whole(value)
    return _whole(number << 3 | 2) + _whole(len(value)) + value


def _whole(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
