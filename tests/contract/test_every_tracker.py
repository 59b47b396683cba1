"""What holds for every registered tracker; one more is tested by being there."""

import numpy as np
import pytest

from trackbench import registry
from trackbench.contracts import Sequence, TrackerSpec
from trackbench.factories import resolve
from trackbench.running.host.tracking import track_video

TRACKERS = list(registry.trackers())


class Silent:
    """A watch that does nothing."""

    def enter(self, frame: int) -> None: ...

    def leave(self, frame: int) -> None: ...


@pytest.fixture(scope="module")
def videos() -> list[Sequence]:
    dataset = registry.build_dataset(registry.datasets().get("mnist-multi-diff-v1"))
    return [dataset.sequence(index, 12) for index in range(2)]


def predict(spec: TrackerSpec, tracker: object, video: Sequence) -> np.ndarray:
    boxes = np.full((len(video), 4), np.nan)
    track_video(tracker, video.frames, video.boxes[0], boxes, Silent(), batched=spec.batched)
    return boxes


@pytest.mark.parametrize("spec", TRACKERS, ids=lambda spec: spec.id)
def test_it_tracks_and_forgets_the_video_before(spec: TrackerSpec, videos: list[Sequence]) -> None:
    first, second = videos
    frames = [video.frames.copy() for video in videos]
    tracker = resolve(spec.factory)(**spec.parameters)
    predict(spec, tracker, first)
    after_another = predict(spec, tracker, second)
    alone = predict(spec, resolve(spec.factory)(**spec.parameters), second)
    assert np.isfinite(alone).all()
    assert (alone[:, 2:] > 0).all()
    assert after_another.tobytes() == alone.tobytes()
    assert all((a == v.frames).all() for a, v in zip(frames, videos, strict=True))


@pytest.mark.parametrize("spec", TRACKERS, ids=lambda spec: spec.id)
def test_it_says_what_it_is(spec: TrackerSpec) -> None:
    assert spec.id.rpartition("-v")[2].isdigit()
    assert spec.description
    assert "\n" not in spec.description
    assert spec.reference
