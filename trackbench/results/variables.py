"""What a record says of a tracker's parameters, and of variables, whose values may be secret.

A variable of the environment may hold a licence or a key. Its value decides like any parameter, so
it is in the tracker's fingerprint; what is stored, printed and passed on has its name alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from trackbench.contracts import TrackerSpec


def shown_parameters(tracker: TrackerSpec) -> dict[str, object]:
    """Return the parameters that are no tables of variables."""
    given = tracker.parameters.items()
    return {name: value for name, value in given if name not in tracker.secret}


def variables_of(tracker: TrackerSpec) -> tuple[str, ...]:
    """Return the names of variables that a tracker was given, in alphabetical order."""
    tables = [tracker.environment, *(tracker.parameters.get(name) for name in tracker.secret)]
    names = {str(name) for table in tables if isinstance(table, Mapping) for name in table}
    return tuple(sorted(names))


def variables_in_words(variables: tuple[str, ...]) -> str:
    """Return what tables say of a tracker's variables."""
    return f"variables {', '.join(variables)} (their values count, and are not shown)"
