"""Whatever a public function takes, other types are refused in a line that names the parameter."""

from __future__ import annotations

import inspect
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import trackbench
from trackbench import testing
from trackbench.arguments.annotations import kinds_of
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol

CANDIDATES: dict[str, tuple[str, Any]] = {
    "a number": (r"\b(int|float|Any|object)\b", 3),
    "bytes": (r"\b(Any|object)\b", b"text"),
    "a thing": (r"\b(Any|object)\b", object()),
    "a member of another enum": (r"\b(Any|object)\b", EvaluationProtocol.PAPER_V1),
    "None": (r"\bNone\b", None),
    "True": (r"\bbool\b", True),
    "a text": (r"\b(str|GivenTracker)\b", "text"),
    "a path": (r"\b(Path)\b", Path("path")),
    "a function": (r"\b(Callable|GivenTracker|Progress)\b", lambda: None),
    "a list of numbers": (r"\b(Sequence|Iterable|tuple)\b.*\b(int|float)\b", [3]),
    "a list of things": ("nothing takes it", [object()]),
    "a dictionary by number": ("nothing takes it", {3: 3}),
}
"""What is given -> what stands in a type that takes it, and the value."""

MAY_BE_ANYTHING = {"check_tracker tracker", "register_tracker parameters", "run_file options"}
"""What is judged by what it does: a built tracker; parameters of a tracker of one's own; of run."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the library."""
    for module in (trackbench, testing):
        for name in module.__all__:
            if inspect.isfunction(found := getattr(module, name)):
                yield name, found


def is_number(kind: str) -> bool:
    """Whether a type is of numbers: these are held to bounds, see test_every_number.py."""
    return bool(re.search(r"\b(int|float)\b", re.sub(r"(Callable|Mapping)\[.*\]", "", kind)))


CASES = [
    pytest.param(function, parameter.name, parameter.annotation, id=f"{name} {parameter.name}")
    for name, function in functions()
    for parameter in inspect.signature(function).parameters.values()
    if not is_number(parameter.annotation) and f"{name} {parameter.name}" not in MAY_BE_ANYTHING
]


@pytest.mark.parametrize(("function", "parameter", "kind"), CASES)
def test_another_type_is_refused_by_name(
    function: Callable[..., Any],
    parameter: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = [value for taking, value in CANDIDATES.values() if not re.search(taking, kind)]
    assert len(refused) > 4
    for value in refused:
        with pytest.raises(TrackbenchError) as error:
            function(**{parameter: value})
        said = str(error.value)
        assert re.match(rf"{parameter} must be ", said), (value, said)
        assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("function", "parameter"),
    [
        pytest.param(function, parameter.name, id=f"{name} {parameter.name}")
        for name, function in functions()
        for parameter in inspect.signature(function).parameters.values()
        if re.search(r"\b(Sequence|Iterable)\b", parameter.annotation) and parameter.default != ()
    ],
)
def test_an_empty_list_is_refused_where_it_is_not_the_default(
    function: Callable[..., Any], parameter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    required = {
        each.name: "static"
        for each in inspect.signature(function).parameters.values()
        if each.default is inspect.Parameter.empty and each.name != parameter
    }
    empties: tuple[Any, ...] = ([], ())
    for empty in empties:
        with pytest.raises(TrackbenchError, match=rf"^{parameter} must not be empty$"):
            function(**required, **{parameter: empty})
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_parameter_that_nobody_judges() -> None:
    unjudged = {
        f"{name} {parameter.name}"
        for name, function in functions()
        for parameter in inspect.signature(function).parameters.values()
        if not is_number(parameter.annotation) and parameter.name not in kinds_of(function)
    }
    assert unjudged == MAY_BE_ANYTHING


class Known:
    """A class that is there."""


Aliased = "str | Known"


@arguments_checked
def example(
    first: Known | Sequence[Known | Path],
    *,
    many: Iterable[str] = (),
    alias: Aliased = "",  # type: ignore[valid-type]  # as one that is imported for types alone
    absent: Absent | None = None,  # type: ignore[name-defined]  # noqa: F821 - not imported here
    pair: tuple[str, str] | None = None,
    table: Mapping[str, float] | None = None,
) -> tuple[Any, ...]:
    """Return what arrived."""
    return first, many, alias, absent, pair, table


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": 3}, "first must be a Known or a list of Knowns or paths, not 3"),
        ({"first": [3]}, "first must be a Known or a list of Knowns or paths, not a list with 3"),
        ({"many": "text"}, "many must be a list of texts, not 'text'"),
        ({"many": ["a", None]}, "many must be a list of texts, not a list with None"),
        ({"alias": Path()}, "alias must be a text or a Known, not a PosixPath"),
        ({"absent": Known()}, "absent must be an Absent or None, not a Known"),
        ({"pair": ("a",)}, "pair must be (a text, a text) or None, not a list of 1"),
        ({"pair": ("a", 1)}, "pair must be (a text, a text) or None, not a list with 1"),
        ({"table": {1: 2}}, "table must be a dictionary of texts or None, not a dictionary with 1"),
    ],
)
def test_what_is_said(given: dict[str, Any], said: str) -> None:
    with pytest.raises(TrackbenchError) as error:
        example(**({"first": Known()} | given))
    assert str(error.value) == said


def test_what_is_taken_arrives_as_it_was_given() -> None:
    class Absent:
        """Called as the class that a type names and that is not imported."""

    known, absent = Known(), Absent()
    listed: list[Known | Path] = [Known(), Path()]
    assert example(known)[0] is known
    assert example(listed, many=["a"], absent=absent)[:4] == (listed, ["a"], "", absent)
    assert example(known, pair=("a", "b"), table={"a": 1})[4:] == (("a", "b"), {"a": 1})
    assert example(known, many=np.array(["a"]))[1] == np.array(["a"])


def test_what_gives_its_members_once_is_handed_on_whole() -> None:
    assert example(Known(), many=(each for each in "ab"))[1] == ("a", "b")


def test_what_python_says_of_a_call_is_left_to_it() -> None:
    with pytest.raises(TypeError, match=r"^example\(\) missing 1 required positional argument"):
        example()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^example\(\) takes 1 positional argument but 2"):
        example(Known(), 3)  # type: ignore[call-arg, arg-type]
    with pytest.raises(TypeError, match=r"^example\(\) got an unexpected keyword argument 'more'"):
        example(Known(), more=3)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("of", "method", "given", "said"),
    [
        (trackbench.Results, "load", {"path": 3}, "path must be a path or a text, not 3"),
        (trackbench.Results, "plot", {"kind": 3}, "kind must be a ChartKind or a text, not 3"),
        (trackbench.Results, "table", {"every": "no"}, "every must be True or False, not 'no'"),
        (trackbench.Report, "write", {"out": 3}, "out must be a text or a path, not 3"),
        (trackbench.Picture, "write", {"out": None}, "out must be a text or a path, not None"),
        (trackbench.Bisection, "chart", {"out": 3}, "out must be a text or a path, not 3"),
    ],
)
def test_so_are_arguments_of_what_is_returned(
    of: Any, method: str, given: dict[str, Any], said: str
) -> None:
    itself = () if method == "load" else (object.__new__(of),)
    with pytest.raises(TrackbenchError) as error:
        getattr(of, method)(*itself, **given)
    assert str(error.value) == said


class OthersPath:
    """A path of another library."""

    def __fspath__(self) -> str:
        return "there"


class BytesPath:
    """A path that no text names."""

    def __fspath__(self) -> bytes:
        return b"there"


class Whole(Protocol):
    """Two members, and one that is nobody else's business."""

    size: int
    _inner: int

    def part(self) -> int: ...


class Half:
    size = 1


class Both(Half):
    def part(self) -> int:
        return 1


@arguments_checked
def other_example(
    rows: NDArray[np.float64] | None = None,
    file: str | Path = "",
    names: Iterable[str] = (),
    whole: str | Whole = "",
    on: bool = False,
) -> tuple[Any, ...]:
    """Return what arrived."""
    return rows, file, names, whole, on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rows", np.zeros(2).view(np.recarray)),
        ("rows", np.ma.masked_array([1.0, 2.0])),
        ("names", {"a": None, "b": None}),
        ("names", {"a": 1}.keys()),
        ("names", np.array(["a"])),
        ("names", pd.Series(["a"])),
        ("names", {"a"}),
        ("names", deque(["a"])),
        ("whole", Both()),
        ("on", np.False_),
    ],
)
def test_what_python_takes_for_a_type_is_taken(name: str, value: Any) -> None:
    given: dict[str, Any] = {name: value}
    assert any(arrived is value for arrived in other_example(**given))


def test_a_path_of_another_library_arrives_as_one_of_pythons() -> None:
    assert other_example(file=OthersPath())[1] == Path("there")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("file", BytesPath(), "file must be a text or a path, not a BytesPath"),
        ("names", np.array("a"), "names must be a list of texts, not a ndarray"),
        ("names", {3: "a"}, "names must be a list of texts, not a list with 3"),
        ("whole", Half(), "whole must be a text or a Whole, not a Half without part"),
        ("whole", object(), "whole must be a text or a Whole, not an object"),
    ],
)
def test_what_it_does_not_is_refused_in_one_line(name: str, value: Any, said: str) -> None:
    given: dict[str, Any] = {name: value}
    with pytest.raises(TrackbenchError) as error:
        other_example(**given)
    assert str(error.value) == said
