"""What a data set makes is plain, native arrays before anything sees it, or refused in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import TrackbenchError
from trackbench.plugins.attributes import RESERVED
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.results.directory import Results

LENGTH = 5
FRAMES = np.arange(LENGTH * 6, dtype=np.uint8).reshape(LENGTH, 2, 3)
BOXES = np.tile([0.0, 0.0, 2.0, 1.5], (LENGTH, 1))
NUMBERS = [3, 0, 1, 2, 7]


class Given:
    """A data set of one sequence."""

    spec = DatasetSpec(id="given-v1", factory=None, seed=1, sequences=1, length=LENGTH)

    def __init__(self, attributes: Any = None, frames: Any = FRAMES, boxes: Any = BOXES) -> None:
        self._made = Video(frames, boxes, attributes if attributes is not None else {})

    def sequence(self, index: int, length: int | None = None) -> Video:
        assert (index, length) == (0, None)
        return self._made


def made(*given: Any, **arrays: Any) -> Video:
    return make_sequence(Given(*given, **arrays), 0)


def refused(*given: Any, **arrays: Any) -> str:
    with pytest.raises(TrackbenchError) as error:
        made(*given, **arrays)
    message = str(error.value)
    assert message.startswith("given-v1 sequence 0 breaks the contract: ")
    assert len(message) < 300
    assert message.isprintable()
    return message


def is_plain(array: Any) -> bool:
    return type(array) is np.ndarray and array.dtype.isnative and array.flags.c_contiguous


class Subclass(np.ndarray[Any, Any]):
    """As pandas, astropy and others have them."""


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array(NUMBERS, ">f8"), "f8"),
        (np.array(NUMBERS, ">f4"), "f4"),
        (np.array(NUMBERS, ">i2"), "i2"),
        (np.array(NUMBERS, ">u8"), "u8"),
        (np.array(NUMBERS, np.longdouble), "f8"),
        (np.array(NUMBERS, np.float16), "f4"),
        (np.array(NUMBERS, ">f2"), "f4"),
        (np.array(NUMBERS, np.uint64), "u8"),
        (np.array(NUMBERS, bool), "?"),
        (np.array(NUMBERS, np.int8), "i1"),
        (np.array(NUMBERS * 2, float)[::2], "f8"),
        (np.array(NUMBERS, float).view(Subclass), "f8"),
        (np.ma.masked_array(NUMBERS, mask=False), "i8"),
        (np.array(NUMBERS, np.int64).view(np.recarray), "i8"),
        (NUMBERS, "i8"),
        (tuple(map(float, NUMBERS)), "f8"),
    ],
    ids=lambda value: f"{type(value).__name__} {getattr(value, 'dtype', '')}",
)
def test_attributes_of_any_kind_become_plain_and_stay_the_same_numbers(
    values: Any, dtype: str
) -> None:
    found = made({"a": values}).attributes["a"]
    assert is_plain(found)
    assert found.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(found, np.asarray(values))


@pytest.mark.parametrize(
    "values",
    [
        None,
        "text",
        3.5,
        [None] * LENGTH,
        ["a"] * LENGTH,
        [[1], [2], [3], [4], [5, 6]],
        [10**400] * LENGTH,
        np.array(NUMBERS, object),
        np.array(NUMBERS, complex),
        np.array(NUMBERS, "M8[s]"),
        np.array(NUMBERS, "m8[s]"),
        np.array(NUMBERS, "U3"),
        np.array(NUMBERS, "S3"),
        np.zeros(LENGTH, [("a", float)]),
        np.zeros(LENGTH - 1),
        np.zeros((LENGTH, 1)),
        np.zeros(()),
        np.ma.masked_array(NUMBERS, mask=[0, 1, 0, 0, 0]),
        np.ma.masked,
        dict.fromkeys(range(LENGTH), 1.0),
        iter(NUMBERS),
    ],
    ids=lambda value: f"{type(value).__name__} {getattr(value, 'dtype', '')}",
)
def test_what_is_no_number_a_frame_is_refused(values: Any) -> None:
    assert "attribute a is not (5,) numbers or booleans" in refused({"a": values})


def test_values_that_refuse_to_be_read() -> None:
    class Lazy:
        def __array__(self, *_: Any, **__: Any) -> None:
            raise RuntimeError("\x1b[2Jgone")

    with pytest.raises(TrackbenchError, match="attribute a is not"):
        made({"a": Lazy()})


@pytest.mark.parametrize("name", sorted(RESERVED) + [name.upper() for name in sorted(RESERVED)])
def test_columns_of_ours_are_no_names(name: str) -> None:
    assert "that is a column of its own" in refused({name: NUMBERS})


def test_the_columns_that_are_stored_beside_attributes_are_all_reserved() -> None:
    columns = {"sequence", "frame", *"xywh", "frame_hash", "height", "width", "target_absent"}
    columns |= {"mask_runs", "absent_x", "absent_y", "absent_w", "absent_h"}
    assert columns == RESERVED


@pytest.mark.parametrize(
    "name",
    ["", " ", "a ", "\n", "a\x1b[2Jb", "a\0", "\u202e", "\udcff", "a" * 101, 3, None, b"a", (1, 2)],
)
def test_names_that_cannot_be_a_column(name: Any) -> None:
    refused({name: NUMBERS})


@pytest.mark.parametrize(
    "pair", [("Speed", "speed"), ("é", "e\u0301"), ("STRASSE", "straße"), ("ﬁt", "fit")]
)
def test_names_that_some_reader_takes_for_the_same(pair: tuple[str, str]) -> None:
    assert "differ in nothing but case" in refused(dict.fromkeys(pair, NUMBERS))


@pytest.mark.parametrize("attributes", [[], [("a", NUMBERS)], 3, "a"])
def test_attributes_that_are_no_mapping(attributes: Any) -> None:
    assert "no mapping" in refused(attributes)


@pytest.mark.parametrize(
    ("frames", "boxes"),
    [
        (FRAMES, BOXES.astype(">f8")),
        (np.asfortranarray(FRAMES), np.asfortranarray(BOXES)),
        (FRAMES.view(Subclass), BOXES.view(Subclass)),
        (np.ma.masked_array(FRAMES), np.ma.masked_array(BOXES)),
        (np.repeat(FRAMES, 2, axis=1)[:, ::2], np.repeat(BOXES, 2, axis=0)[::2]),
    ],
)
def test_frames_and_boxes_become_plain(frames: Any, boxes: Any) -> None:
    found = made(frames=frames, boxes=boxes)
    assert is_plain(found.frames)
    assert is_plain(found.boxes)
    assert (found.frames.dtype, found.boxes.dtype) == (np.uint8, np.float64)
    np.testing.assert_array_equal(found.frames, FRAMES)
    np.testing.assert_array_equal(found.boxes, BOXES)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"frames": FRAMES.tolist()}, "must be NumPy arrays"),
        ({"frames": FRAMES.astype(">u2")}, "not uint8"),
        ({"frames": FRAMES.astype(object)}, "not uint8"),
        ({"frames": FRAMES[:, :0]}, "no pixels"),
        ({"frames": np.ma.masked_equal(FRAMES, 3)}, "masked"),
        ({"boxes": np.ma.masked_equal(BOXES, 2.0)}, "masked"),
        ({"boxes": BOXES.astype(np.float32)}, "not float64"),
        ({"boxes": BOXES.astype(np.longdouble)}, "not float64"),
        ({"boxes": BOXES.astype(object)}, "not float64"),
        ({"boxes": BOXES * np.nan}, "the true box of frame 0"),
    ],
)
def test_frames_and_boxes_that_are_no_such(arrays: dict[str, Any], reason: str) -> None:
    assert reason in refused(**arrays)


PLUGIN = """\
import numpy as np
import trackbench

FRAMES = np.zeros((4, 20, 20), np.uint8)
BOXES = np.tile([2.0, 3.0, 5.0, 6.0], (4, 1))
ATTRIBUTES = {
    "byte order": np.arange(4, dtype=">f8"),
    "long": np.arange(4, dtype=np.longdouble),
    "half": np.arange(4, dtype=np.float16),
    "large": np.full(4, 2**64 - 1, np.uint64),
}

class Given:
    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        return trackbench.Video(
            FRAMES[:length], BOXES[:length].astype(">f8"),
            {name: values[:length] for name, values in ATTRIBUTES.items()},
        )

DATASET = trackbench.DatasetSpec(id="given", factory=Given, seed=0, sequences=2, length=4)
"""


@pytest.mark.thorough
def test_a_run_stores_them_and_they_are_read_back(
    tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    (tmp_path / "given.py").write_text(PLUGIN)
    done = trackbench_cli("run", "--plugin", "given.py", "-t", "static", "-d", "given", "-o", "r")
    assert (done.returncode, done.stderr.count("\n")) == (0, 0)
    (run,) = Results.load(tmp_path / "r").runs
    assert run.attribute_names == ("byte order", "half", "large", "long")
    (found,) = run.attributes(run.attribute_names)
    for name in ("byte order", "half", "long"):
        assert found[name].tolist() == [[0, 1, 2, 3]] * 2
    assert found["large"].tolist() == [[2**64 - 1] * 4] * 2
    done = trackbench_cli("export", "given", "--plugin", "given.py", "-l", "vot", "-o", "e")
    assert done.returncode == 0


def test_a_name_that_is_refused_is_refused_before_anything_is_written(
    tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    (tmp_path / "given.py").write_text(PLUGIN.replace('"half"', '"frame_hash"'))
    done = trackbench_cli("run", "--plugin", "given.py", "-t", "static", "-d", "given", "-o", "r")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "an attribute cannot be called 'frame_hash'" in done.stderr
    assert not (tmp_path / "r").exists()
