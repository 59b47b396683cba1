from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackbench.trackers.trax_messages import (
    MessageError,
    box_of,
    polygon,
    read,
    rectangle,
    written,
)

words = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=4)
numbers = st.floats(-1e6, 1e6)


@given(words, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_what_is_written_is_read(given: list[str], value: str) -> None:
    plain = [word for word in given if "=" not in word]
    line = written("frame", *plain, **{"trax.reason": value})
    assert line.count(b"\n") == 1
    message = read(line)
    assert message.name == "frame"
    assert list(message.words) == plain
    assert message.named == {"trax.reason": value}


def test_words_without_quotation_marks_are_words() -> None:
    message = read(b"@@TRAX:state 1,2,3,4 confidence=0.5\r\n")
    assert message.words == ("1,2,3,4",)
    assert message.named == {"confidence": "0.5"}


@given(st.tuples(numbers, numbers, st.floats(0, 1e6), st.floats(0, 1e6)))
def test_a_box_keeps_every_digit(box: tuple[float, ...]) -> None:
    found = box_of(rectangle(np.array(box)))
    assert np.array_equal(found, box)


def test_a_polygon_is_its_tight_box() -> None:
    assert np.array_equal(box_of(polygon(np.array([1.0, 2, 3, 4]))), [1, 2, 3, 4])
    assert np.array_equal(box_of("5,0,10,5,5,10,0,5"), [0, 0, 10, 10])
    assert box_of("0") is None


@pytest.mark.parametrize("region", ["", "a,b,c,d", "1,2", "1,2,3", "1,2,3,4,5", "m0,0,1,1,1"])
def test_what_is_no_region_is_said(region: str) -> None:
    with pytest.raises(MessageError):
        box_of(region)


def test_what_is_no_text_is_no_message() -> None:
    with pytest.raises(MessageError, match="it is not UTF-8"):
        read(b"@@TRAX:state \xff\n")
