"""The first bad commit of a history that branches and merges, as ``git bisect`` looks for it.

Every commit is good or bad or cannot be tested, and what comes after a bad one is taken to be bad.
A test at a commit that about half of the candidates lead to halves them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class History:
    """The commits between two, as a graph.

    Attributes:
        commits: hashes, each after its parents; the last is the bad end.
        parents: hash -> its parents; those that are not in ``commits`` are good.
    """

    commits: Sequence[str]
    parents: Mapping[str, Sequence[str]]

    @cached_property
    def until(self) -> Mapping[str, int]:
        """Hash -> a bit for each commit that leads to it, itself among them."""
        found: dict[str, int] = {}
        for number, commit in enumerate(self.commits):
            bits = 1 << number
            for parent in self.parents[commit]:
                bits |= found.get(parent, 0)
            found[commit] = bits
        return found

    def of(self, bits: int) -> tuple[str, ...]:
        """Return the commits of bits."""
        return tuple(c for number, c in enumerate(self.commits) if bits >> number & 1)


def first_bad(history: History, is_bad: Callable[[str], bool | None]) -> tuple[str, ...]:
    """Return the first bad commit; several where commits that cannot be tested hide which it is.

    Args:
        history: its last commit is bad, and what is before it good.
        is_bad: says it of a commit; None: it cannot be tested. It is asked once of each.

    Returns:
        In the order of the history. The last is bad; those before it could not be tested.
    """
    bad = history.commits[-1]
    candidates, skipped = history.until[bad], 0
    while True:
        left = candidates & ~skipped & ~(1 << history.commits.index(bad))
        if not left:
            return history.of(candidates)
        total = candidates.bit_count()
        commit = max(history.of(left), key=lambda c: _halves(history.until[c] & candidates, total))
        found = is_bad(commit)
        if found is None:
            skipped |= 1 << history.commits.index(commit)
        elif found:
            bad, candidates = commit, candidates & history.until[commit]
        else:
            candidates &= ~history.until[commit]


def steps(commits: int) -> int:
    """Return about how many commits are tested to find one of so many."""
    return math.ceil(math.log2(max(commits, 1)))


def _halves(before: int, total: int) -> int:
    """Return how many candidates a test rules out at least."""
    count = before.bit_count()
    return min(count, total - count)
