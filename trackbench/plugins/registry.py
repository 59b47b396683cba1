"""One registry for trackers, schemes, data sets, suites and report formats, by entry points.

Our own are registered through the same entry-point groups as a third party's. An entry point
resolves to a spec, to several, or (for trackers) to a plain class. One that cannot be imported is
kept with its reason and spoils nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import (
    Any,
    Generic,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    overload,
    runtime_checkable,
)

from trackbench.contracts import Dataset, DatasetSpec, Suite, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, brief
from trackbench.factor_contract import FactorSuite
from trackbench.ids import Id, parse
from trackbench.plugins.factories import resolve, tracker_from
from trackbench.plugins.importing import importing
from trackbench.plugins.start_noise import NoisyDataset, NoisySpec
from trackbench.plugins.started import StartedDataset, StartedSpec
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


@dataclass(frozen=True)
class BrokenPlugin:
    """An entry point that could not be loaded, and why."""

    name: str
    value: str
    reason: str


@dataclass
class Registry(Generic[SpecT]):
    """Specs of one kind by id."""

    kind: Kind
    broken: list[BrokenPlugin] = field(default_factory=list)
    _specs: dict[Id, SpecT] = field(default_factory=dict)
    _built_in: set[str] = field(default_factory=set)

    def add(self, spec: SpecT, *, built_in: bool = False) -> None:
        """Register ``spec``; the name of a built-in one is ours in every version.

        Raises:
            TrackbenchError: its id is malformed, or taken by a different spec.
        """
        key = parse(spec.id)
        if built_in:
            self._built_in.add(key.name)
        elif spec not in self._specs.values():
            self.check_not_built_in(spec.id)
        if any(other != spec for other in self._in_the_way_of(key)):
            raise self._taken(spec.id)
        self._specs[key] = spec

    def check_free(self, text: str) -> None:
        """Raise if an id cannot be registered here.

        Raises:
            TrackbenchError: it is malformed, or taken.
        """
        key = parse(text)
        self.check_not_built_in(text)
        for other in self._in_the_way_of(key):
            raise self._taken(other.id)

    def is_built_in(self, text: str) -> bool:
        """Whether a text is an id whose name is one of ours."""
        try:
            return parse(text).name in self._built_in
        except TrackbenchError:
            return False

    def replace(self, spec: SpecT) -> None:
        """Register ``spec``, in place of one with the same id, but never of a built-in one.

        Raises:
            TrackbenchError: its id is malformed, or a built-in one's.
        """
        self.check_not_built_in(spec.id)
        self._specs[parse(spec.id)] = spec

    def check_not_built_in(self, text: str) -> None:
        """Raise where a name without version, which means the newest, would no longer be ours.

        Raises:
            TrackbenchError: the id is malformed, or its name is that of a built-in one.
        """
        key = parse(text)
        if key.name in self._built_in:
            raise self._taken(max(other for other in self._specs if other.name == key.name))

    def _in_the_way_of(self, key: Id) -> list[SpecT]:
        """Return what a lookup could confuse: "kcf" would be found in place of "kcf-v1"."""
        return [
            spec
            for other, spec in self._specs.items()
            if other.name == key.name and (other == key or None in {other.version, key.version})
        ]

    def _taken(self, key: str | Id) -> TrackbenchError:
        return TrackbenchError(
            f"the {self.kind.noun} {str(key)!r} is registered already: choose another name"
        )

    def get(self, text: str) -> SpecT:
        """Return the spec of an id; of ``name`` alone the newest version.

        Raises:
            UnknownIdError: there is none; the message names the nearest.
        """
        wanted = parse(text)
        if wanted in self._specs:
            return self._specs[wanted]
        versions = [key for key in self._specs if key.name == wanted.name]
        if wanted.version is None and versions:
            return self._specs[max(versions, key=lambda key: key.version or 0)]
        for plugin in self.broken:
            if parse(text).name == plugin.name:
                raise TrackbenchError(
                    f"the {self.kind.noun} {text!r} cannot be loaded: {plugin.value}: "
                    f"{plugin.reason}"
                )
        raise UnknownIdError(self.kind.noun, text, self._names(versions))

    def __iter__(self) -> Iterator[SpecT]:
        return iter(self._specs.values())

    def _names(self, versions: list[Id]) -> list[str]:
        """Return what the nearest name is looked for among: other versions, if there are any."""
        if versions:
            return [str(key) for key in versions]
        return sorted({key.name for key in self._specs} | {str(key) for key in self._specs})


def trackers() -> Registry[TrackerSpec]:
    """Return the trackers."""
    return registry(Kind.TRACKER)


def datasets() -> Registry[DatasetSpec]:
    """Return the data sets."""
    return registry(Kind.DATASET)


def suites() -> Registry[Suite]:
    """Return the suites."""
    return registry(Kind.SUITE)


def factor_suites() -> Registry[FactorSuite]:
    """Return the factor suites."""
    return registry(Kind.FACTOR_SUITE)


def reports() -> Registry[ReportSpec]:
    """Return the report formats."""
    return registry(Kind.REPORT)


def schemes() -> Registry[SchemeSpec]:
    """Return the schemes."""
    return registry(Kind.SCHEME)


def layouts() -> Registry[LayoutSpec]:
    """Return the layouts of data sets on disk."""
    return registry(Kind.LAYOUT)


@overload
def registry(kind: Literal[Kind.TRACKER]) -> Registry[TrackerSpec]: ...
@overload
def registry(kind: Literal[Kind.DATASET]) -> Registry[DatasetSpec]: ...
@overload
def registry(kind: Literal[Kind.SUITE]) -> Registry[Suite]: ...
@overload
def registry(kind: Literal[Kind.FACTOR_SUITE]) -> Registry[FactorSuite]: ...
@overload
def registry(kind: Literal[Kind.REPORT]) -> Registry[ReportSpec]: ...
@overload
def registry(kind: Literal[Kind.SCHEME]) -> Registry[SchemeSpec]: ...
@overload
def registry(kind: Literal[Kind.LAYOUT]) -> Registry[LayoutSpec]: ...
@overload
def registry(kind: Kind) -> Registry[Any]: ...  # which kind is not known: nor is of what
def registry(kind: Kind) -> Registry[Any]:
    """Return the one registry of a kind, filled from its entry points."""
    return _filled(kind)


@cache
def _filled(kind: Kind) -> Registry[Any]:
    filled: Registry[Any] = Registry(kind)
    # Ours first, so that no plugin can take the name of a built-in one away.
    points = sorted(entry_points(group=kind.value), key=lambda p: (not _is_ours(p), p.value))
    for point in points:
        try:
            with importing():
                found = point.load()
            for spec in specs_of(kind, point.name, found):
                filled.add(spec, built_in=_is_ours(point))
        # A plugin may fail in any way when it is imported; the others must still be listed.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            filled.broken.append(BrokenPlugin(point.name, point.value, brief(error)))
    return filled


def _is_ours(point: EntryPoint) -> bool:
    return point.value.startswith("trackbench.")


def specs_of(kind: Kind, name: str, found: object) -> Iterable[Spec]:
    """Return the specs an entry point stands for: one, several, or a tracker's class or factory.

    Raises:
        TrackbenchError: it is none of these.
    """
    if isinstance(found, kind.spec_type):
        return [found]
    if kind is Kind.TRACKER and callable(found):
        return [tracker_from(found, name)]
    if isinstance(found, list | tuple):
        specs = [spec for spec in found if isinstance(spec, kind.spec_type)]
        if len(specs) == len(found):
            return specs
    raise TrackbenchError(
        f"{name} is {type(found).__name__}, not {kind.spec_type.__name__} or a tuple of them"
    )


def build_dataset(spec: DatasetSpec) -> Dataset:
    """Build the data set of a spec.

    Raises:
        TrackbenchError: its factory cannot be found, or fails.
    """
    if isinstance(spec, StartedSpec):
        return StartedDataset(spec, build_dataset(spec.base))
    if isinstance(spec, NoisySpec):
        return NoisyDataset(spec, build_dataset(spec.base))
    factory = resolve(spec.factory)
    try:
        dataset: Dataset = factory(spec)
    except TrackbenchError:
        raise
    except Exception as error:  # a plugin may raise anything
        raise TrackbenchError(f"{spec.id} cannot be built: {brief(error)}") from error
    return dataset
