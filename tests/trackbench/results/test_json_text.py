"""Records are laid out as Python's own encoder does it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trackbench.results.json_text import indented

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30
)


@pytest.mark.thorough
@given(VALUES)
@example({"chunks": {"10": {"a": 1.5, "b": None}, "9": {}}, "é\n": [[], [1, {"x": []}], "€"]})
@example({"texts": ["a,\n  b", '"', "{}"]})
def test_it_is_what_python_writes(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=1, sort_keys=True)
