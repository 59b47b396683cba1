"""Which version of each tracker is shown, where a results directory has several.

A tracker whose source, parameters or weights changed has another fingerprint. Two of them never
stand under one name: the one that a run asked for last is shown, and of the others it is said that
they are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trackbench.results.places import RunPlace
from trackbench.results.run_record import RunRecord

MOST_LINES = 2
"""Versions of a tracker that have a line each."""


@dataclass(frozen=True)
class Stored:
    """A run that is stored: where, and its record."""

    place: RunPlace
    record: RunRecord


@dataclass(frozen=True)
class Older:
    """A version of a tracker that is stored beside the one that is shown.

    Attributes:
        tracker, fingerprint: which.
        datasets: that it was run on, in order of their names.
        last_run: when a run last asked for it, UTC; empty: not known.
    """

    tracker: str
    fingerprint: str
    datasets: tuple[str, ...]
    last_run: str

    @property
    def said(self) -> str:
        """One line about it."""
        when = self.last_run[:10] or "date not known"
        return (
            f"{self.tracker}: another version ({self.fingerprint[:12]}, {when}) is stored beside "
            f"this, on {', '.join(self.datasets)}; not shown"
        )


def said_of(older: Sequence[Older]) -> list[str]:
    """Return a line for each, or one for those of a tracker that has been edited often."""
    lines: list[str] = []
    for tracker in dict.fromkeys(each.tracker for each in older):
        own = [each for each in older if each.tracker == tracker]
        if len(own) <= MOST_LINES:
            lines += [each.said for each in own]
            continue
        last = max(own, key=lambda each: each.last_run)
        lines.append(
            f"{tracker}: {len(own)} other versions are stored beside this, the last of them "
            f"{last.fingerprint[:12]}, {last.last_run[:10] or 'date not known'}; not shown"
        )
    return lines


def chosen_versions(
    found: Sequence[Stored], fingerprints: Mapping[str, str]
) -> tuple[list[Stored], tuple[Older, ...]]:
    """Return the runs to be shown, finished or not, and the other versions of their trackers.

    Args:
        found: everything that is stored.
        fingerprints: versions that are asked for, by tracker; of the others it is the newest: the
            one that a run asked for last, and of those equal the one that was begun last.
    """
    by_tracker: dict[tuple[str, str, str], dict[str, list[Stored]]] = {}
    # What was imported has another fingerprint on each data set, for it is of other files.
    imported = {each.record.tracker for each in found if each.record.imported is not None}
    for each in found:
        record = each.record
        of_one = record.dataset if record.tracker in imported else ""
        versions = by_tracker.setdefault((record.tracker, record.protocol, of_one), {})
        versions.setdefault(each.record.fingerprint, []).append(each)
    chosen: list[Stored] = []
    older: list[Older] = []
    for (tracker, *_), versions in by_tracker.items():
        shown = fingerprints.get(tracker) or max(versions, key=lambda f: _age(versions[f]))
        chosen += _each_once(versions.get(shown, ()))
        older += [
            Older(
                tracker,
                fingerprint,
                tuple(sorted({each.record.dataset for each in runs})),
                max(each.record.last_run for each in runs),
            )
            for fingerprint, runs in versions.items()
            if fingerprint != shown
        ]
    return chosen, tuple(sorted(older, key=lambda o: (o.tracker, o.last_run, o.fingerprint)))


def _age(runs: Sequence[Stored]) -> tuple[str, str, str]:
    """Return what versions are ordered by; the hash at the end makes the order certain."""
    newest = max(runs, key=lambda each: (each.record.last_run, each.record.started)).record
    return newest.last_run, newest.started, newest.fingerprint


def _each_once(runs: Iterable[Stored]) -> list[Stored]:
    """Return each run of a data set: schema 1's only where there is no finished one beside it."""
    kept: dict[tuple[str, int], Stored] = {}
    for each in runs:  # schema 1's come first: their folder is above those of the others
        key = each.record.dataset, each.record.run
        before = kept.get(key)
        if before is None or each.record.complete or not before.record.complete:
            kept[key] = each
    return list(kept.values())
