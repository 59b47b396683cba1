"""The kinds of things that can be registered, each with its group of entry points and its specs."""

from __future__ import annotations

from enum import Enum
from typing import Protocol, TypeAlias, TypeVar, runtime_checkable

from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.factor_contract import FactorSuite
from trackbench.report_contract import ReportSpec
from trackbench.scheme_contract import LayoutSpec, SchemeSpec


@runtime_checkable
class Identified(Protocol):
    """Anything that can be registered: a frozen spec with an id."""

    @property
    def id(self) -> str:
        """``name`` or ``name-vN``."""


SpecT = TypeVar("SpecT", bound=Identified)
Spec: TypeAlias = (
    TrackerSpec | DatasetSpec | Suite | FactorSuite | ReportSpec | SchemeSpec | LayoutSpec
)
"""What can be registered."""


class Kind(Enum):
    """What can be registered; the value is the entry-point group."""

    TRACKER = "trackbench.trackers"
    DATASET = "trackbench.datasets"
    SUITE = "trackbench.suites"
    FACTOR_SUITE = "trackbench.factor_suites"
    REPORT = "trackbench.reports"
    SCHEME = "trackbench.schemes"
    LAYOUT = "trackbench.layouts"

    @property
    def noun(self) -> str:
        """The kind in a message."""
        return _NOUNS[self]

    @property
    def spec_type(self) -> type[Spec]:
        """The class of this kind's specs."""
        return _SPECS[self]


_NOUNS = {
    Kind.TRACKER: "tracker",
    Kind.DATASET: "data set",
    Kind.SUITE: "suite",
    Kind.FACTOR_SUITE: "factor suite",
    Kind.REPORT: "report format",
    Kind.SCHEME: "scheme",
    Kind.LAYOUT: "layout",
}
_SPECS: dict[Kind, type[Spec]] = {
    Kind.TRACKER: TrackerSpec,
    Kind.DATASET: DatasetSpec,
    Kind.SUITE: Suite,
    Kind.FACTOR_SUITE: FactorSuite,
    Kind.REPORT: ReportSpec,
    Kind.SCHEME: SchemeSpec,
    Kind.LAYOUT: LayoutSpec,
}
