"""Figures 3 of the paper from the command line, with a network that is not trained."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trackbench.contracts import TrackerSpec
from trackbench.plugins import registry
from trackbench.running.preview import follow
from trackbench.trackers.networks import build, spec_of
from trackbench.trackers.weights_file import Provenance, save

PLUGIN = """
from trackbench import TrackerSpec
ATT = TrackerSpec(id="att-x", factory="trackbench.trackers.learned:learned", batched=True,
                  parameters={"architecture": "rectracker", "n": 3}, needs_weights=True)
"""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "w.safetensors"
    save(path, build(spec_of("rectracker-att3"), seed=1), Provenance(recipe="none"))
    return path


def test_the_mask_of_every_frame_is_kept(weights: Path) -> None:
    spec = TrackerSpec(
        id="att-x",
        factory="trackbench.trackers.learned:learned",
        parameters={"architecture": "rectracker", "n": 3, "weights": str(weights)},
        batched=True,
    )
    video = registry.build_dataset(registry.datasets().get("mnist-single-same")).sequence(3, 6)
    followed = follow(spec, video)
    assert followed.masks is not None
    assert followed.masks.shape == video.frames.shape
    assert np.isfinite(followed.masks).all()
    assert (followed.masks > 0).all()
    # Frame 0's mask is centred on the true box.
    x, y, w, h = video.boxes[0]
    row, column = np.unravel_index(followed.masks[0].argmax(), video.frames.shape[1:])
    assert abs(row - (y + h / 2)) <= 1
    assert abs(column - (x + w / 2)) <= 1


@pytest.mark.thorough
@pytest.mark.parametrize("suffix", ["png", "gif", "mp4"])
def test_show_draws_truth_prediction_and_attention(
    weights: Path,
    tmp_path: Path,
    suffix: str,
    trackbench_cli: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    (tmp_path / "att.py").write_text(PLUGIN)
    done = trackbench_cli(
        *("show", "mnist-single-same-v1", "--sequence", 3, "--length", 4, "--plugin", "att.py"),
        *("--tracker", "att-x", "--weights", weights, "--zoom", 1, "--out", f"a.{suffix}"),
    )
    assert done.returncode == 0, done.stderr
    made = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert made == {f"a.{suffix}", "att.py"}
    if suffix != "mp4":
        with Image.open(tmp_path / f"a.{suffix}") as drawn:
            assert drawn.height > 300  # frame, mask, masked frame
