"""``check_dataset``: what is wrong with a data set, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from trackbench.arguments.bounds import COUNT
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.errors import TrackbenchError, brief
from trackbench.host.run_lengths import decoded
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.plugins.true_masks import true_runs
from trackbench.running.messages import Described, Order, Task
from trackbench.running.pool import Pool
from trackbench.running.recipe import recipe_of
from trackbench.testing.points import Checked, Point, Severity, ordered


@arguments_checked
def check_dataset(dataset: str | DatasetSpec | Dataset, *, sequences: int = 4) -> Checked:
    """Make some sequences of a data set in every way a run may, and say what is wrong.

    It raises nothing for a wrong data set: in a test, write
    ``check_dataset(DATASET).raise_if_wrong()``.

    Args:
        dataset: an id, a :class:`~trackbench.DatasetSpec`, or one that is built. Whether another
            process makes the same is not judged of a built one.
        sequences: the first so many are made; 2 or more show whether their order matters.

    Raises:
        TrackbenchError: there is no such data set, or it cannot be built.

    Example:
        >>> from trackbench.testing import check_dataset
        >>> check_dataset("mnist-single-same", sequences=1).ok
        True
    """
    sequences = COUNT.of("sequences", sequences)
    spec = registry.datasets().get(dataset) if isinstance(dataset, str) else dataset
    apart = isinstance(spec, DatasetSpec)
    built = registry.build_dataset(spec) if isinstance(spec, DatasetSpec) else spec
    name = f"data set {built.spec.id}"
    count = min(sequences, built.spec.sequences)
    try:
        made = [_whole(make_sequence(built, index)) for index in range(count)]
    except TrackbenchError as error:
        return Checked(name, (_not_made(error),))
    order = list(_order(built, made))
    repeatable = not any(point.name == "order" for point in order)
    points = [
        *order,
        *(_prefixes(built, made[-1], count - 1) if repeatable else ()),
        *_refusals(built),
        *(_sharing(built, made[0]) if repeatable else ()),
        *(_elsewhere(built.spec, built) if apart else ()),
    ]
    facts = (f"{count} of {built.spec.sequences} sequences were made, several times each",)
    return Checked(name, ordered(points), facts)


def _whole(video: Video) -> Video:
    """Return a video with all its frames in an array, and all its masks.

    Raises:
        TrackbenchError: a mask cannot be read, or is none.
    """
    masks = video.masks
    if masks is not None:
        height, width = video.frames.shape[1:3]
        masks = np.stack([decoded(found, (height, width)) for found in true_runs("it", video)])
    return replace(video, frames=np.asarray(video.frames), masks=masks)


def _not_made(error: TrackbenchError) -> Point:
    return Point("contract", f"{error}.", "see trackbench.Video for what it is to be.")


def _order(built: Dataset, made: list[Video]) -> Iterator[Point]:
    for index in reversed(range(len(made))):
        if (what := _other(built, index, None, made[index])) is not None:
            yield Point(
                "order",
                f"sequence {index} made again after others is another: {what}.",
                "draw what is random from a stream that begins from spec.seed and the index, such "
                "as np.random.Philox(key=[seed, index]).",
            )
            return
    if len(made) > 1 and len({each.frames.tobytes() for each in made}) == 1:
        yield Point(
            "alike",
            f"the first {len(made)} sequences have the same frames.",
            "let the index decide what is drawn.",
            Severity.WARNING,
        )


def _prefixes(built: Dataset, whole: Video, index: int) -> Iterator[Point]:
    for length in sorted({1, 2, len(whole) - 1} & set(range(1, len(whole) + 1))):
        attributes = {name: values[:length] for name, values in whole.attributes.items()}
        masks = None if whole.masks is None else whole.masks[:length]
        prefix = Video(whole.frames[:length], whole.boxes[:length], attributes, masks=masks)
        if (what := _other(built, index, length, prefix)) is not None:
            yield Point(
                "prefix",
                f"sequence {index} of {length} frames is not the beginning of the whole: {what}.",
                "every length is scored on a prefix of one run: let no draw depend on the length.",
            )
            return


def _other(built: Dataset, index: int, length: int | None, expected: Video) -> str | None:
    """Return in what a sequence is another than expected."""
    try:
        made = _whole(make_sequence(built, index, length))
    except TrackbenchError as error:
        return str(error)
    if made.frames.shape != expected.frames.shape or (made.frames != expected.frames).any():
        return "its frames differ"
    if made.boxes.tobytes() != expected.boxes.tobytes():
        return "its boxes differ"
    if not np.array_equal(made.masks, expected.masks):
        return "its masks differ"
    return _other_attributes(made, expected)


def _other_attributes(made: Video, expected: Video) -> str | None:
    if made.attributes.keys() != expected.attributes.keys():
        return "it has other attributes"
    for name, values in expected.attributes.items():
        if not np.array_equal(made.attributes[name], values, equal_nan=values.dtype.kind == "f"):
            return f"its attribute {name} differs"
    return None


def _refusals(built: Dataset) -> Iterator[Point]:
    spec = built.spec
    for index in (-1, spec.sequences):
        if (what := _not_refused(built, index, None, IndexError)) is not None:
            what_happens = f"sequence({index}) {what}, and there is no such sequence."
            yield Point("refusal", what_happens, "raise IndexError.")
    longest = spec.frames_of(0)
    for length in (0, longest + 1):
        if (what := _not_refused(built, 0, length, ValueError)) is not None:
            what_happens = f"sequence(0, {length}) {what}, and it has 1 to {longest} frames."
            yield Point("refusal", what_happens, "raise ValueError.")


def _not_refused(
    built: Dataset, index: int, length: int | None, expected: type[Exception]
) -> str | None:
    try:
        built.sequence(index, length)
    except expected:
        return None
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        return f"raises {brief(error)}"
    return "is answered"


def _sharing(built: Dataset, first: Video) -> Iterator[Point]:
    """Say that a sequence hands out memory that the next one is made from."""
    handed: Any = built.sequence(0)
    if not isinstance(handed.frames, np.ndarray) or not handed.frames.flags.writeable:
        return
    expected = replace(first, frames=first.frames.copy(), boxes=first.boxes.copy())
    kept = handed.frames.copy()
    handed.frames[:] = 255 - handed.frames
    what = _other(built, 0, None, expected)
    handed.frames[:] = kept
    if what is not None:
        yield Point(
            "shares-frames",
            f"who writes into the frames of a sequence changes it: {what} when it is made again.",
            "return a copy, or frames whose flags.writeable is False.",
        )


def _elsewhere(spec: DatasetSpec, built: Dataset) -> Iterator[Point]:
    """Say that another process makes other data, or other data than the published."""
    try:
        here = dataset_fingerprint(built)
        recipe = recipe_of(spec, spec.id)
        order = Order(task=Task.DESCRIBE, dataset=spec.id, dataset_recipe=recipe)
        with Pool(1) as pool:
            found = [answer for _, answer in pool.work([order])]
    except TrackbenchError as error:
        yield Point("elsewhere", f"in another process: {error}.", "")
        return
    if isinstance(found[0], Described) and found[0].fingerprint != here:
        yield Point(
            "elsewhere",
            "another process makes other data of the same spec.",
            "let nothing decide a pixel but the spec and the index: no clock, no hash(), no "
            "generator of the whole process.",
        )
