"""Names of sequences as files spell them, matched with a data set's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trackbench.contracts import DatasetSpec
from trackbench.datasets.export.names import sequence_names
from trackbench.errors import TrackbenchError
from trackbench.printing.text import quoted

_BEFORE = ("otb", "uav", "nfs", "tpl", "tc128", "lasot", "trackingnet", "tnl2k", "avist", "dtb70")
"""What pytracking's family writes before the names of some data sets, with an underscore."""


def names_of(spec: DatasetSpec, sequences: int) -> list[str]:
    """Return what the first sequences are called in files."""
    if spec.names:
        return list(spec.names[:sequences])
    return list(sequence_names(spec, sequences, ()))


def matched_names(
    spec: DatasetSpec, sequences: int, found: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """Return the index of the sequence that each name means, and the names that mean none.

    Letters may be small or capital, and where one has a dot another may have a hyphen, an
    underscore or a blank: ``Jogging.1``, ``jogging-1``, ``Jogging_1``. A data set without names
    counts its sequences from 0.

    Raises:
        TrackbenchError: a name may mean two sequences, or two names mean one.
    """
    own = names_of(spec, sequences)
    exact = {name: index for index, name in enumerate(own)}
    if not spec.names:
        exact |= {str(index): index for index in range(sequences)}
    folded: dict[str, set[int]] = {}
    for name, index in exact.items():
        folded.setdefault(_folded(name), set()).add(index)
    meant: dict[str, int] = {}
    unknown = []
    for name in found:
        known = exact[name] if name in exact else _only(name, folded, own)
        if known is None:
            unknown.append(name)
        else:
            meant[name] = known
    _check_each_once(meant, own)
    return meant, unknown


def _only(name: str, folded: Mapping[str, set[int]], own: Sequence[str]) -> int | None:
    key = _folded(name)
    first, dot, rest = key.partition(".")
    known = folded.get(key) or (folded.get(rest) if dot and first in _BEFORE else None)
    if not known:
        return None
    if len(known) > 1:
        both = " and ".join(own[index] for index in sorted(known)[:2])
        raise TrackbenchError(f"{quoted(name)} may be {both}: name the file as the data set does")
    return next(iter(known))


def _check_each_once(meant: Mapping[str, int], own: Sequence[str]) -> None:
    by_index: dict[int, str] = {}
    for name, index in meant.items():
        if index in by_index:
            raise TrackbenchError(
                f"{quoted(by_index[index])} and {quoted(name)} are both {own[index]}: leave one"
            )
        by_index[index] = name


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", ".", name.casefold()).strip(".")
