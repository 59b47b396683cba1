"""Data sets by a name: an id, or a layout and where it lies, ``otb:PATH``."""

from __future__ import annotations

from pathlib import Path

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.plugins import registry
from trackbench.plugins.factories import resolve
from trackbench.plugins.start_noise import NoisySpec, noisy_spec


def dataset_named(given: str) -> DatasetSpec:
    """Return the data set of an id, or of a layout and a path.

    Raises:
        UnknownIdError: there is no such data set, or no such layout.
        TrackbenchError: nothing can be read there; the message says what is wrong.
    """
    name, colon, rest = given.partition(":")
    if not colon:
        try:
            return registry.datasets().get(given)
        except TrackbenchError:
            if Path(given).is_dir():
                raise TrackbenchError(
                    f"{given!r} is a folder: say in which layout its videos lie, such as "
                    f"folder:{given} (see trackbench list layouts)"
                ) from None
            raise
    layout = registry.layouts().get(name)
    try:
        found = resolve(layout.factory)(name, rest)
    except TrackbenchError:
        raise
    except Exception as error:  # a plugin may raise anything
        raise TrackbenchError(f"the layout {name} fails: {brief(error)}") from error
    if not isinstance(found, DatasetSpec):
        raise TrackbenchError(f"the layout {name} returns no DatasetSpec for {given}")
    return found


def with_start_noise(spec: DatasetSpec, iou: float) -> NoisySpec:
    """Return a data set with noise in its start: the one that is registered, if there is one.

    Args:
        spec: of the data set.
        iou: of each given first box with the true one.

    Raises:
        TrackbenchError: there can be no such noise, or its id is that of something else.
    """
    made = noisy_spec(spec, iou)
    for other in registry.datasets():
        if other.id == made.id:
            if isinstance(other, NoisySpec) and (other.base, other.iou) == (spec, iou):
                return other
            raise TrackbenchError(f"the data set {made.id!r} is registered already, and no such")
    return made
