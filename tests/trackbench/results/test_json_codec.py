"""JSON of ours is taken as it is or refused, and the message says where, what and why."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from trackbench.contracts import TrackerSpec
from trackbench.errors import DamagedFileError
from trackbench.results.chunk_record import ChunkRecord
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.json_codec import (
    MOST,
    Count,
    NotNegative,
    Positive,
    Seconds,
    Sha256,
    Share,
    decoded,
)
from trackbench.results.record_file import checksum, load, save
from trackbench.results.run_record import RunRecord

Kit = Any


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    count: Count = 0
    share: Share = 0.0


@dataclass(frozen=True)
class Outer:
    colour: Colour = Colour.RED
    name: str = ""
    sizes: tuple[Positive, Positive] = (1, 1)
    inner: tuple[Inner, ...] = ()
    by_number: dict[Count, Inner] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    free: Any = None
    seconds: Seconds = 0
    number: NotNegative = 0.0
    sha256: Sha256 | None = None
    yes: bool = False


@dataclass(frozen=True)
class Failures:
    failures: tuple[Failure, ...]


def test_what_is_written_is_what_is_read() -> None:
    found = decoded(
        Outer,
        {
            "colour": "red",
            "sizes": [2, 3],
            "inner": [{"count": 1, "share": 0.5}, {}],
            "by_number": {"0": {}, "12": {"count": MOST}},
            "texts": {"a": "b"},
            "free": {"any": [1, {"thing": None}]},
            "seconds": 60,
            "sha256": "0" * 64,
        },
    )
    assert found == Outer(
        sizes=(2, 3),
        inner=(Inner(1, 0.5), Inner()),
        by_number={0: Inner(), 12: Inner(MOST)},
        texts={"a": "b"},
        free={"any": [1, {"thing": None}]},
        seconds=60,
        sha256="0" * 64,
    )
    assert type(found.seconds) is int
    assert type(decoded(Outer, {"seconds": 60.0}).seconds) is float


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([], "it is a list: expected `object`, got `array`"),
        ({"other": 1}, "it has 'other', which is not known here"),
        ({"\x1b[2J": 1}, r"it has '\x1b[2J', which is not known here"),
        ({"inner": [{}, {"oter": 1}]}, "inner[1] has 'oter', which is not known here"),
        ({"by_number": {"7": {"x": 1}}}, "by_number.7 has 'x', which is not known here"),
        ({"name": None}, "name is None: expected `str`, got `null`"),
        ({"yes": 1}, "yes is 1: expected `bool`, got `int`"),
        ({"inner": 3}, "inner is 3: expected `array`, got `int`"),
        ({"inner": [{"count": "1"}]}, "inner[0].count is '1': expected `int`, got `str`"),
        ({"inner": [{"count": True}]}, "inner[0].count is True: expected `int`, got `bool`"),
        ({"inner": [{"count": 1.0}]}, "inner[0].count is 1.0: expected `int`, got `float`"),
        ({"inner": [{"count": -1}]}, "inner[0].count is -1: expected `int` >= 0"),
        (
            {"inner": [{"count": 10**299}]},
            f"inner[0].count is an integer of too many digits: expected `int` <= {MOST}",
        ),
        ({"inner": [{"share": 1.5}]}, "inner[0].share is 1.5: expected `float` <= 1.0"),
        ({"inner": [{"share": math.nan}]}, "inner[0].share is nan: expected `float` >= 0.0"),
        ({"inner": [{"share": True}]}, "inner[0].share is True: expected `float`, got `bool`"),
        ({"sizes": [1]}, "sizes is a list: expected `array` of length 2, got 1"),
        ({"sizes": [1, 0]}, "sizes[1] is 0: expected `int` >= 1"),
        ({"texts": {"a": 2}}, "texts[...]: expected `str`, got `int`"),
        ({"by_number": {"x": {}}}, "a key of by_number: expected `int`, got `str`"),
        ({"by_number": {"01": {}}}, "a key of by_number: expected `int`, got `str`"),
        ({"by_number": {"+1": {}}}, "a key of by_number: expected `int`, got `str`"),
        ({"by_number": {"-1": {}}}, "a key of by_number: expected `int` >= 0"),
        ({"by_number": {"1": {"count": -1}}}, "by_number[...].count: expected `int` >= 0"),
        ({"colour": "blue"}, "colour is 'blue': invalid enum value 'blue'"),
        ({"colour": "\x1b[2J"}, r"colour is '\x1b[2J': invalid enum value '\x1b[2J'"),
        ({"seconds": math.inf}, "seconds is inf: expected `float` <= 1099511627776.0"),
        ({"seconds": math.nan}, "seconds is nan: expected `float` >= 0.0"),
        ({"number": math.inf}, "number is inf: expected `float` <= 1.7976931348623157e+308"),
        ({"number": -1}, "number is -1: expected `float` >= 0.0"),
        ({"sha256": "0" * 64 + "\n"}, None),
        ({"sha256": "0" * 63}, None),
        ({"colour": "x" * 10**6}, None),
    ],
)
def test_a_refusal_says_where_what_and_why(found: Any, message: str | None) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        decoded(Outer, found)
    said = str(refused.value)
    assert len(said) < 300
    assert said.isprintable()
    assert message is None or said == message


def test_what_lacks_is_named_with_its_place() -> None:
    failure = {"sequence": 0, "frame": 0, "kind": "raised", "message": "m"}
    assert decoded(Failures, {"failures": [failure]}).failures[0].kind is FailureKind.RAISED
    for name in failure:
        less = {key: value for key, value in failure.items() if key != name}
        with pytest.raises(ValueError, match=rf"^failures\[1\] lacks `{name}`$"):
            decoded(Failures, {"failures": [failure, less]})
    with pytest.raises(ValueError, match=r"^it lacks `failures`$"):
        decoded(Failures, {})


def test_what_must_be_whole_has_its_defaults_written_down() -> None:
    inner = {"count": 1, "share": 0.5}
    whole: dict[str, Any] = {
        "colour": "red",
        "name": "",
        "sizes": [1, 1],
        "inner": [inner],
        "by_number": {"3": inner},
        "texts": {},
        "free": {},
        "seconds": 0,
        "number": 0.0,
        "sha256": None,
        "yes": False,
    }
    assert decoded(Outer, whole, whole=True) == decoded(Outer, whole)
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert decoded(Outer, less) is not None
        with pytest.raises(ValueError, match=rf"^it lacks `{name}`$"):
            decoded(Outer, less, whole=True)
    for part, where in [
        ({"inner": [inner, {"count": 1}]}, r"inner\[1\]"),
        ({"by_number": {"3": {"count": 1}}}, r"by_number\.3"),
    ]:
        with pytest.raises(ValueError, match=rf"^{where} lacks `share`$"):
            decoded(Outer, {**whole, **part}, whole=True)


@pytest.mark.parametrize("name", ["parts", "made_by", "chunks", "failures"])
def test_a_record_says_what_there_is_of_it_even_if_nothing(
    tmp_path: Path, kit: Kit, name: str
) -> None:
    record: DatasetRecord | RunRecord = kit.dataset() if name in {"parts", "made_by"} else kit.run()
    file = tmp_path / "record.json"
    save(record, file)
    held = json.loads(file.read_text())
    del held[name], held["checksum"]
    file.write_text(json.dumps({**held, "checksum": checksum(held)}))
    with pytest.raises(DamagedFileError, match=f"it lacks `{name}`"):
        load(type(record), file)


def test_a_record_that_is_read_and_written_again_is_the_same_bytes(
    tmp_path: Path, kit: Kit
) -> None:
    """Whole numbers of seconds, as a caller may give them, included."""
    described: DatasetRecord = kit.dataset(parts={0: "a" * 64}, made_by={0: "b"})
    who = TrackerSpec(id="t", factory="a:b", parameters={"n": 5, "nested": {"a": [1, 2.5, None]}})
    run = RunRecord.of(who, described, "paper-v1", described.chunk or 1)
    chunk = ChunkRecord(2, 8, "a" * 64, "b" * 64, timeout=60, memory=2**33, peak_memory=1)
    failure = Failure(1, 3, FailureKind.TIMEOUT, "late", output="\x1b[2J\ud800")
    run = replace(run, chunks={0: chunk}, failures=(failure,))
    saved: tuple[DatasetRecord | RunRecord, ...] = (described, run)
    for record in saved:
        save(record, tmp_path / "first")
        read: Callable[..., Any] = load
        again = read(type(record), tmp_path / "first")
        assert again == record
        save(again, tmp_path / "second")
        assert (tmp_path / "second").read_bytes() == (tmp_path / "first").read_bytes()
