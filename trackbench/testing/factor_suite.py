"""``check_factor_suite``: what is wrong with a factor suite, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.errors import TrackbenchError
from trackbench.factor_contract import FactorLevel, FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.start_noise import given_box
from trackbench.testing.points import Checked, Point, Severity, ordered


@arguments_checked
def check_factor_suite(suite: str | FactorSuite) -> Checked:
    """Look up a factor suite's data sets, and say what is wrong among them.

    The first two sequences of each are made. For each data set there is
    :func:`~trackbench.testing.check_dataset`.

    Args:
        suite: an id, or a :class:`~trackbench.FactorSuite`.

    Raises:
        UnknownIdError: there is no such factor suite.

    Example:
        >>> from trackbench.testing import check_factor_suite
        >>> check_factor_suite("mnist-factors").ok
        True
    """
    spec = registry.factor_suites().get(suite) if isinstance(suite, str) else suite
    name = f"factor suite {spec.id}"
    try:
        specs = {each: registry.datasets().get(each) for each in spec.datasets}
    except TrackbenchError as error:
        return Checked(name, (Point("unknown", f"{error}.", "register every level's data set."),))
    base = specs[spec.base]
    if unlike := [each.id for each in specs.values() if _size(each) != _size(base)]:
        said = f"{', '.join(unlike)} {'has' if len(unlike) == 1 else 'have'} other sequences"
        remedy = "a factor's effect is taken sequence by sequence: let them be as many and as long."
        return Checked(name, (Point("sizes", f"{said} than {base.id}.", remedy),))
    try:
        points = list(_levels(spec, specs))
    except TrackbenchError as error:
        points = [Point("contract", f"{error}.", "see check_dataset.")]
    facts = (f"{len(spec.factors)} factors, {len(specs)} data sets, 2 sequences of each made",)
    return Checked(name, ordered(points), facts)


def _size(spec: DatasetSpec) -> tuple[object, ...]:
    return spec.sequences, spec.length, spec.frames_each


def _levels(suite: FactorSuite, specs: dict[str, DatasetSpec]) -> Iterator[Point]:
    """Yield what is wrong with the levels of a suite, whose data sets fit together."""
    count = min(2, specs[suite.base].sequences)
    base = _videos(registry.build_dataset(specs[suite.base]), count)
    for factor in suite.factors:
        for level in factor.levels:
            if level.dataset == suite.base:
                continue
            spec = specs[level.dataset]
            videos = _videos(registry.build_dataset(spec), count)
            where = f"{factor.name} {level.value:g} ({spec.id})"
            if all(_same(spec, n, *pair) for n, pair in enumerate(zip(base, videos, strict=True))):
                yield _no_other(where, level, count)
            if factor.attribute and factor.attribute not in videos[0].attributes:
                yield Point(
                    "attribute",
                    f"{where} has no attribute {factor.attribute}.",
                    "name one that its videos have, or none.",
                )


def _videos(dataset: Dataset, count: int) -> list[Video]:
    return [make_sequence(dataset, index) for index in range(count)]


def _same(spec: DatasetSpec, index: int, base: Video, twin: Video) -> bool:
    """Whether a tracker sees nothing of a level: the same frames, and the same first box."""
    given = given_box(spec, index, twin)
    return np.array_equal(given, base.boxes[0]) and np.array_equal(
        np.asarray(base.frames), np.asarray(twin.frames)
    )


def _no_other(where: str, level: FactorLevel, count: int) -> Point:
    return Point(
        "no-effect",
        f"the first {count} sequences at {where} are the base's.",
        f"let {level.value:g} change something, or leave the level out.",
        Severity.WARNING,
    )
