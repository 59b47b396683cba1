"""Messages between processes: data, never objects, and nothing that is no message."""

import os
import socket
import struct
from collections.abc import Iterator

import numpy as np
import pytest

from trackbench.host.wire import WireError, receive, send
from trackbench.results.chunks import Failure, FailureKind, Truth
from trackbench.running.answer_codec import decoded, encoded
from trackbench.running.messages import Made, News, Refusal, SpoiledBy, Tried

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_what_is_sent_arrives(pair: Pair) -> None:
    read, write = os.pipe()
    content = np.arange(10, dtype=np.float64)
    send(pair[0], {"a": [1, None, "ä"]}, content, [write])
    os.close(write)
    message = receive(pair[1])
    assert message is not None
    assert message.says == {"a": [1, None, "ä"]}
    np.testing.assert_array_equal(np.frombuffer(message.payload), content)
    (file,) = message.files
    os.write(file, b"through")
    os.close(file)
    assert os.read(read, 100) == b"through"
    os.close(read)


def test_the_end_is_the_end(pair: Pair) -> None:
    pair[0].close()
    assert receive(pair[1]) is None


@pytest.mark.parametrize("cut", [1, 8, 15, 16, 20])
def test_half_a_message_is_none(pair: Pair, cut: int) -> None:
    text = b'{"a": 1}'
    whole = struct.pack("<II", len(text), 0) + struct.pack("<Q", 5) + text + b"12345"
    pair[0].sendall(whole[:cut])
    pair[0].close()
    assert receive(pair[1]) is None


@pytest.mark.parametrize(
    "text", [b"x" * 8, b"[1]", b"\xff\xfe", b"[" * 100_000, b"null", b'{"a"', b"1" * 5000]
)
def test_what_is_no_message_is_an_error(pair: Pair, text: bytes) -> None:
    pair[0].sendall(struct.pack("<II", len(text), 0) + struct.pack("<Q", 0) + text)
    with pytest.raises(WireError):
        receive(pair[1])


def test_a_header_of_gigabytes_is_an_error(pair: Pair) -> None:
    pair[0].sendall(b"\xff" * 16)
    with pytest.raises(WireError):
        receive(pair[1])


def test_every_answer_comes_back_as_it_was(pair: Pair) -> None:
    rng = np.random.default_rng(0)
    truth = Truth(
        rng.normal(size=(2, 3, 4)),
        rng.integers(0, 2**64, (2, 3), np.uint64),
        np.full((2, 2), 7, np.int32),
        {"a b": np.array([[True, False, True]] * 2), "n": rng.normal(size=(2, 3))},
        absent_rows=rng.normal(size=(2, 3, 4)),
    )
    failure = Failure(1, 2, FailureKind.MEMORY, "m", "t", "\x00\udcff"[:1])
    made = Made(rng.normal(size=(2, 3, 4)), rng.uniform(size=(2, 3)), truth, 1.5, 6, (failure,), 9)
    spoiled = SpoiledBy(FailureKind.DIED, "gone")
    for answer in (made, Tried(None), Tried(spoiled), Refusal("m", "d"), News(3, b"\xff")):
        says, payload = encoded(answer)
        send(pair[0], says, payload)
        message = receive(pair[1])
        assert message is not None
        back = decoded(message)
        if not isinstance(back, Made):
            assert back == answer
            continue
        assert back.failures == (failure,)
        for name in ("boxes", "iou"):
            np.testing.assert_array_equal(getattr(back, name), getattr(made, name))
        np.testing.assert_array_equal(back.truth.absent_rows, truth.absent_rows)
        assert back.truth.attributes.keys() == truth.attributes.keys()
        for name, values in truth.attributes.items():
            assert back.truth.attributes[name].dtype == values.dtype
            np.testing.assert_array_equal(back.truth.attributes[name], values)


def test_an_array_of_objects_is_no_answer() -> None:
    says, payload = encoded(Made(np.zeros(1), np.zeros(1), Truth(*[np.zeros((1, 1))] * 3, {})))
    says["made"][0][1] = "|O"
    with pytest.raises(WireError):
        decoded(type("M", (), {"says": says, "payload": payload})())
