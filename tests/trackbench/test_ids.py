import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackbench.errors import TrackbenchError
from trackbench.ids import Id, parse

names = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,12}[A-Za-z0-9])?", fullmatch=True)


@given(names)
def test_formatting_undoes_parsing(text: str) -> None:
    try:
        parsed = parse(text)
    except TrackbenchError:
        assert "-v" in text  # the one thing that a well-formed name may get wrong
    else:
        assert str(parsed) == text


@given(names.filter(lambda name: "-v" not in name), st.integers(1, 10**6))
def test_parsing_undoes_formatting(name: str, version: int) -> None:
    assert parse(str(Id(name, version))) == Id(name, version)
    assert parse(str(Id(name))) == Id(name)


@pytest.mark.parametrize(
    "text", ["", "-kcf", "kcf-", "a b", "k/cf", "..", "kcf-v0", "kcf-v01", "é"]
)
def test_malformed_ids_are_refused(text: str) -> None:
    with pytest.raises(TrackbenchError, match="bad id"):
        parse(text)


def test_a_version_needs_a_name() -> None:
    assert parse("v2") == Id("v2")
    assert parse("a-v2-v3") == Id("a-v2", 3)
