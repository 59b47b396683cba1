"""``trackbench train``, with a toy data set registered for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from trackbench.cli.train import train
from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.registry import datasets
from trackbench.trackers.learned import learned
from trackbench.trackers.training.progress import Progress
from trackbench.trackers.training.progress_words import describe

Train = Callable[..., Result]


class Toy:
    """A grey square that moves to the right."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        length = self.spec.length if length is None else length
        frames = np.zeros((length, 100, 100), np.uint8)
        for t, frame in enumerate(frames):
            frame[10 + index % 50 :, t : t + 30][:30] = 128
        boxes = np.array([[t, 10 + index % 50, 30, 30] for t in range(length)], float)
        return Video(frames, boxes)


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = datasets()
    monkeypatch.setattr(registry, "_specs", dict(registry._specs))
    for name, sequences in (("toy-train-v1", 1000), ("toy-valid-v1", 3)):
        registry.add(DatasetSpec(id=name, factory=Toy, seed=0, sequences=sequences, length=20))


@pytest.fixture
def call(tmp_path: Path) -> Train:
    app = typer.Typer()
    app.command()(train)
    common = ["--out", tmp_path / "run", "-d", "toy-train", "--validation", "toy-valid"]

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in (*arguments, *common)])

    return invoke


@pytest.mark.thorough
def test_the_weights_it_writes_are_usable_at_once(call: Train, tmp_path: Path) -> None:
    result = call("rectracker-att1", "--steps", 2, "--threads", 1)
    assert result.exception is None
    assert "weights.safetensors: mean validation IoU 0." in result.stdout
    assert "rectracker-att1: 2 of 2, loss " in result.stderr
    assert learned(n=1, weights=tmp_path / "run" / "weights.safetensors").spec.frame == 100
    again = call("rectracker-att1", "--steps", 2, "--resume")
    assert again.exception is None
    assert "weights.safetensors" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["rectracker-it"], UnknownIdError, "unknown learned tracker 'rectracker-it': did you"),
        (["kcf"], UnknownIdError, "unknown learned tracker 'kcf'"),
        (["convtracker", "--recipe", "papers"], UnknownIdError, "did you mean paper"),
        (["convtracker", "-d", "toy-trains"], UnknownIdError, "did you mean toy-train"),
        (["convtracker", "--precision", "bfloat17"], UnknownIdError, "did you mean bfloat16"),
        (["convtracker", "--device", "abacus"], TrackbenchError, "no device 'abacus'"),
    ],
)
def test_mistakes_are_one_line(
    call: Train, arguments: list[str], error: type[Exception], message: str
) -> None:
    found = call(*arguments, "--steps", 1).exception
    assert isinstance(found, error)
    assert message in str(found)


def test_a_file_in_the_way_of_the_folder(call: Train, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    found = call("convtracker", "--steps", 1).exception
    assert isinstance(found, TrackbenchError)
    assert "run is a file: weights need a directory" in str(found)


def test_progress_before_the_first_row() -> None:
    assert describe(Progress(), 12.4) == "12 videos/s"


def test_without_pytorch_the_library_says_what_to_install() -> None:
    without = "import sys; sys.modules['torch'] = None"
    code = f"{without}; import trackbench; trackbench.train('convtracker')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert said == (
        "trackbench.errors.TrackbenchError: training needs torch: pip install 'trackbench[torch]'"
    )
