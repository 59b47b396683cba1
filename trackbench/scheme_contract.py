"""What a scheme is: a way to name trackers that come neither by an id nor as a class of one's own.

``--tracker pysot:package.module:factory``: the scheme is ``pysot``, and what stands behind the
first colon is its own affair. A third party's are found by the entry-point group
``trackbench.schemes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trackbench.contracts import Factory


@dataclass(frozen=True)
class NamedTracker:
    """A tracker as a user has named it.

    Attributes:
        scheme: id of the scheme.
        rest: what stands behind it and its colon; of a scheme with an ``ending``, the whole name.
        python: the interpreter that was asked for (``--python``); None: none was.
    """

    scheme: str
    rest: str
    python: str | Path | None = None


@dataclass(frozen=True, kw_only=True)
class SchemeSpec:
    """A way to name trackers.

    Attributes:
        id: what stands before the colon.
        factory: ``"module:attribute"`` or the callable itself; called with a :class:`NamedTracker`
            it returns a :class:`~trackbench.contracts.TrackerSpec`, or raises a
            :class:`~trackbench.errors.TrackbenchError` that says in one line what is wrong.
        form: how such a name is written, such as ``pysot:package.module:factory``.
        ending: names whose part before the colon ends so are this scheme's, too, such as ``.ini``;
            empty: none are.
        takes_commas: what stands behind the colon may have commas, as a command has; then a list of
            trackers that are separated by them can have such a name only at its end.
        description: one line.
    """

    id: str
    factory: Factory
    form: str
    ending: str = ""
    takes_commas: bool = False
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class LayoutSpec:
    """A way to name data sets that lie on disk: ``otb:PATH``.

    A third party's are found by the entry-point group ``trackbench.layouts``.

    Attributes:
        id: what stands before the colon.
        factory: ``"module:attribute"`` or the callable itself; called with the id and what stands
            behind the colon it returns a :class:`~trackbench.contracts.DatasetSpec`, or raises a
            :class:`~trackbench.errors.TrackbenchError` that says in one line what is wrong.
        form: how such a name is written, such as ``got10k:PATH[:SPLIT]``.
        description: one line.
    """

    id: str
    factory: Factory
    form: str
    description: str = ""
