"""One registry for trackers, schemes, data sets, suites and report formats, by entry points.

Our own are registered through the same entry-point groups as a third party's. An entry point
resolves to a spec, to several, or (for trackers) to a plain class. One that cannot be imported is
kept with its reason and spoils nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, overload

from trackbench.contracts import Dataset, DatasetSpec, Suite, TrackerSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.factor_contract import FactorSuite
from trackbench.plugins.factories import resolve, tracker_from
from trackbench.plugins.importing import importing
from trackbench.plugins.kinds import Kind, Spec
from trackbench.plugins.specs_by_id import BrokenPlugin, Registry
from trackbench.plugins.start_noise import NoisyDataset, NoisySpec
from trackbench.plugins.started import StartedDataset, StartedSpec
from trackbench.report_contract import ReportSpec
from trackbench.scheme_contract import LayoutSpec, SchemeSpec


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
def registry(kind: Kind) -> Registry[Any]: ...  # of a kind that only shows when it is run
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
