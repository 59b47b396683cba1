"""Sequences are called in an export what they are called in the data set, if folders can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trackbench.contracts import DatasetSpec
from trackbench.datasets.export.names import sequence_names
from trackbench.errors import TrackbenchError

SPEC = DatasetSpec(id="mine", factory="nowhere:Nothing", seed=0, sequences=3, length=9)


def names(*given: str) -> tuple[str, ...]:
    spec = replace(SPEC, names=given, sequences=len(given))
    return sequence_names(spec, len(given), ("list.txt", "trackbench.json", "OTB.json"))


def test_real_names_are_kept() -> None:
    real = ("Jogging.1", "GOT-10k_Val_000001", "-1bQxYZ_0", "airplane-9", "bike over head", "飞机")
    assert names(*real) == real
    assert sequence_names(replace(SPEC, names=("a", "b", "a/b")), 2, ()) == ("a", "b")


def test_without_names_it_is_the_number() -> None:
    assert sequence_names(SPEC, 2, ()) == ("mine_000000", "mine_000001")


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", " a", "a ", "a.", "\x1b[2J"),
        *("a:b", "a*", "what?", "take[1]", "100%", "x" * 201, "é" * 101, "\udcff"),
    ],
)
def test_what_can_be_no_folder_is_refused(name: str) -> None:
    with pytest.raises(TrackbenchError, match="cannot be a folder of that name") as refused:
        names("good", name)
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Car", "car"),
        ("Car", "Car"),
        ("caf\u00e9", "cafe\u0301"),
        ("Straße", "STRASSE"),
        ("a", "LIST.TXT"),
        ("a", "otb.json"),
    ],
)
def test_two_that_are_one_to_some_system_are_refused(one: str, other: str) -> None:
    with pytest.raises(TrackbenchError, match="which some systems take for the same name"):
        names(one, other)
