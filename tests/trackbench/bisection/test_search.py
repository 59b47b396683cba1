"""The search for the first bad commit, held to what that is, on histories of every shape."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackbench.bisection.search import History, first_bad, steps


@st.composite
def histories(draw: st.DrawFn) -> tuple[History, set[str], set[str]]:
    """Return a history with merges, its bad commits and those that cannot be tested.

    One commit is the culprit, and whatever comes after it is bad.
    """
    count = draw(st.integers(1, 24))
    names = [f"c{number}" for number in range(count)]
    parents: dict[str, list[str]] = {}
    for number, name in enumerate(names):
        known = [*names[:number], "good"]
        chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
        # The last is the bad end, to which all lead.
        parents[name] = [*chosen, *names[:number]] if number == count - 1 else chosen
    culprit = draw(st.sampled_from(names))
    bad: set[str] = set()
    for name in names:
        if name == culprit or bad.intersection(parents[name]):
            bad.add(name)
    skipped = draw(st.sets(st.sampled_from(names)))
    return History(names, parents), bad, skipped - {names[-1]}


@settings(max_examples=25)
@given(histories())
def test_what_is_found_is_bad_and_what_leads_to_it_is_good(
    made: tuple[History, set[str], set[str]],
) -> None:
    history, bad, _ = made
    asked: list[str] = []

    def is_bad(commit: str) -> bool:
        asked.append(commit)
        return commit in bad

    (found,) = first_bad(history, is_bad)
    assert found in bad
    assert not bad.intersection(history.parents[found])
    assert len(asked) == len(set(asked))


@settings(max_examples=25)
@given(histories())
def test_the_culprit_is_among_what_is_found_where_some_cannot_be_tested(
    made: tuple[History, set[str], set[str]],
) -> None:
    history, bad, skipped = made
    found = first_bad(history, lambda c: None if c in skipped else c in bad)
    assert any(c in bad and not bad.intersection(history.parents[c]) for c in found)
    assert found[-1] in bad
    assert set(found[:-1]) <= skipped


@pytest.mark.parametrize("count", [1, 2, 7, 64, 1000])
def test_a_line_of_commits_is_halved(count: int) -> None:
    names = [str(number) for number in range(count)]
    history = History(names, {n: [names[i - 1]] if i else [] for i, n in enumerate(names)})
    for culprit in {0, count // 3, count - 1}:
        asked: list[str] = []
        found = first_bad(history, lambda c, a=asked, at=culprit: a.append(c) or int(c) >= at)  # type: ignore[misc, func-returns-value]
        assert found == (str(culprit),)
        assert len(asked) <= math.ceil(math.log2(count)) == steps(count)
