"""What a factory takes, and what it is told of what it does not."""

# ruff: noqa: ANN001, ANN204 - factories as users write them

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from trackbench.host.parameters import Taken, WrongParameterError, check, taken_by


class Strange:
    def __init__(self, size: int, plain=3, strange: NoSuchType = 1): ...  # type: ignore[name-defined]  # noqa: F821


class Simple:
    def __init__(self, size: int, rate: float = 0.5, word="w", flag: bool = False, free=None): ...


class Lists:
    def __init__(self, items: list[int] = [], kind: Literal["a", "b"] = "a"): ...  # noqa: B006


def anything(size: int = 1, **others: Any) -> None: ...


def test_names_types_and_defaults_are_read_off_the_signature() -> None:
    assert taken_by(Simple) == [
        Taken("size", "int", None),
        Taken("rate", "float", "0.5"),
        Taken("word", "str", "'w'"),
        Taken("flag", "bool", "False"),
        Taken("free", "", "None"),
    ]
    assert taken_by(type("Bare", (), {})) == []
    assert taken_by(print) is not None
    assert taken_by(dict) is None


def test_an_annotation_that_is_not_to_be_had_is_left_out() -> None:
    assert taken_by(Strange) == [
        Taken("size", "", None),
        Taken("plain", "int", "3"),
        Taken("strange", "int", "1"),
    ]
    check("mine", Strange, {"size": "anything, for nobody knows the annotations"})


@pytest.mark.parametrize(
    "given",
    [
        {"size": 3},
        {"size": 3, "rate": 1},
        {"size": 3, "rate": np.float32(1)},
        {"size": np.int64(3)},
        {"size": 3, "word": None},
        {"size": 3, "free": object()},
        {"size": 3, "word": Path("x")},
    ],
)
def test_what_fits_is_taken(given: dict[str, Any]) -> None:
    check("mine", Simple, given)


@pytest.mark.parametrize(
    ("factory", "given", "said"),
    [
        (Simple, {"siz": 3}, "mine has no parameter 'siz': did you mean size?"),
        (Simple, {"size": 1, "zzz": 3}, "mine has no parameter 'zzz': it takes size, rate"),
        (type("Bare", (), {}), {"n": 1}, "mine has no parameter 'n': it takes none"),
        (Simple, {}, "mine needs its parameter size"),
        (Simple, {"size": 1.5}, "mine takes a whole number for size, not 1.5"),
        (Simple, {"size": True}, "mine takes a whole number for size, not True"),
        (Simple, {"size": 1, "rate": "x"}, "mine takes a number for rate, such as 0.5, not 'x'"),
        (Simple, {"size": 1, "word": 3}, "mine takes a word for word, such as 'w', not 3"),
        (Simple, {"size": 1, "flag": 1}, "mine takes True or False for flag, such as False, not 1"),
        (Lists, {"items": 3}, "mine takes a list for items, such as [], not 3"),
        (Lists, {"kind": "c"}, "mine takes 'a' or 'b' for kind, such as 'a', not 'c'"),
        (anything, {"size": "x"}, "mine takes a whole number for size, such as 1, not 'x'"),
    ],
)
def test_what_does_not_fit_is_said(factory: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongParameterError) as told:
        check("mine", factory, given)
    assert str(told.value).startswith(said)


def test_a_factory_that_takes_anything_is_given_anything() -> None:
    check("mine", anything, {"other": 1})
