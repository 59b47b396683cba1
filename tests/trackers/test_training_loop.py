"""Training a tiny network on a toy data set: it learns, stops, goes on, and ends the same.

Run as a script (``python test_training_loop.py FOLDER``) this file trains until it is killed.
"""

from __future__ import annotations

import csv
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.trackers import weights_file
from trackbench.trackers.networks import Architecture, NetworkSpec
from trackbench.trackers.training.log import Row
from trackbench.trackers.training.loop import Trained, train
from trackbench.trackers.training.progress import Progress
from trackbench.trackers.training.recipe import Fall, Recipe, Rule, Stage
from trackbench.trackers.training.task import Settings, Task
from trackbench.trackers.training.validation import Validator

SIDE = 16
TINY = NetworkSpec(frame=SIDE, filters=4, kernel=4, stride=2, hidden=12)
RECIPE = Recipe(
    name="toy",
    steps=30,
    learning_rate=5e-3,
    stages=(Stage(until=0.4, frames=3, batch=8), Stage(frames=5, batch=4)),
    replay=0.5,
    buffer=16,
    mirror=True,
    feature_period=2,
    validate_every=10,
)


class Toy:
    """A white square of 5 x 5 pixels that wanders over black."""

    def __init__(self, seed: int, sequences: int = 10**6) -> None:
        self.spec = DatasetSpec(
            id=f"toy-v{seed}", factory="", seed=seed, sequences=sequences, length=24
        )

    def sequence(self, index: int, length: int | None = None) -> Video:
        draw = np.random.default_rng([self.spec.seed, index])
        steps = np.vstack([draw.integers(0, 12, (1, 2)), draw.integers(-1, 2, (23, 2))])
        place = np.abs(steps.cumsum(0))
        corners = np.minimum(place, 22 - place).clip(0, 11)[:length]  # back from the walls
        frames = np.zeros((len(corners), SIDE, SIDE), np.uint8)
        for frame, (x, y) in zip(frames, corners, strict=True):
            frame[y : y + 5, x : x + 5] = 255
        return Video(frames, np.hstack([corners, np.full_like(corners, 5)]).astype(float))


def run(
    out: Path,
    network: NetworkSpec = TINY,
    recipe: Recipe = RECIPE,
    *,
    seed: int = 0,
    resume: bool = False,
    progress: Callable[[Progress], object] = lambda _: None,
    **settings: object,
) -> Trained:
    task = Task(
        network=network,
        recipe=recipe,
        training=[Toy(1), Toy(2)],
        validation=[Toy(3, 50)],
        validation_sequences=8,
        steps=recipe.steps,
        seed=seed,
    )
    settings = {"log_every": 5, "threads": 1, **settings}
    return train(task, Settings(**settings), out, resume=resume, progress=progress)


def final_weights(out: Path) -> dict[str, Tensor]:
    state = torch.load(out / "checkpoint.pt", weights_only=True)
    assert len(state["optimizer"]["state"]) == len(state["network"])
    averages = {
        f"{number} {name}": value
        for number, values in state["optimizer"]["state"].items()
        for name, value in values.items()
    }
    return {**state["network"], **averages}


def assert_same(a: dict[str, Tensor], b: dict[str, Tensor]) -> None:
    assert a.keys() == b.keys()
    for name, value in a.items():
        assert torch.equal(value, b[name]), name


@pytest.mark.thorough
@pytest.mark.parametrize(
    "network",
    [TINY, replace(TINY, n=1), replace(TINY, architecture=Architecture.CONVTRACKER)],
    ids=["id", "att1", "convtracker"],
)
def test_training_lowers_the_loss_and_raises_the_iou(tmp_path: Path, network: NetworkSpec) -> None:
    recipe = replace(
        RECIPE, steps=300, stages=(Stage(frames=5, batch=16),), validate_every=60, feature_period=1
    )
    result = run(tmp_path, network, recipe, log_every=20)
    rows = result.progress.history
    assert [row.step for row in rows] == list(range(20, 301, 20))
    assert rows[-1].loss < rows[0].loss / 8
    scores = [row.validation.score for row in rows if row.validation]
    assert len(scores) == 5
    assert scores[-1] > 0.3
    assert scores[-1] > scores[0] + 0.1
    assert result.finished
    assert result.progress.videos == 300 * 16


@pytest.mark.thorough
def test_what_a_run_leaves_behind(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "checkpoint.pt",
        "weights.safetensors",
        "log.csv",
        "curve.png",
    }
    with (tmp_path / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["5", "10", "15", "20", "25", "30"]
    assert [row["frames"] for row in rows] == ["3", "3", "5", "5", "5", "5"]
    assert rows[0]["score"] == ""
    assert float(rows[1]["toy-v3 20"]) == pytest.approx(float(rows[1]["score"]))
    assert float(rows[0]["learning_rate"]) == RECIPE.learning_rate
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    stated = weights_file.load(result.weights).provenance
    assert (stated.recipe, stated.steps) == ("toy", result.progress.best_step)
    assert stated.score == result.progress.best == max(float(row["score"] or 0) for row in rows)
    assert set(stated.data) == {"toy-v1", "toy-v2"}


def logged(result: Trained) -> list[Row]:
    """Return the log without the seconds, which are never the same."""
    return [replace(row, seconds=0.0) for row in result.progress.history]


@pytest.mark.thorough
@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("network", [TINY, replace(TINY, n=2)], ids=["id", "att2"])
def test_a_run_that_was_interrupted_and_resumed_ends_in_the_same_weights(
    tmp_path: Path, network: NetworkSpec, rule: Rule
) -> None:
    recipe = replace(RECIPE, rule=rule)
    whole = run(tmp_path / "whole", network, recipe)

    def interrupt(progress: Progress) -> None:
        if progress.step in {7, 19}:
            signal.raise_signal(signal.SIGINT if progress.step == 7 else signal.SIGTERM)

    for stop in (7, 19):
        part = run(tmp_path / "parts", network, recipe, resume=True, progress=interrupt)
        assert not part.finished
        assert part.progress.step == stop
    end = run(tmp_path / "parts", network, recipe, resume=True)
    assert end.finished
    assert_same(final_weights(tmp_path / "parts"), final_weights(tmp_path / "whole"))
    assert end.progress.best == whole.progress.best
    assert logged(end) == logged(whole)


@pytest.mark.thorough
def test_a_killed_run_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen([sys.executable, __file__, tmp_path / "killed"], env=environment)
    try:
        deadline = time.monotonic() + 120
        while not (tmp_path / "killed" / "checkpoint.pt").exists():
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    resumed = run(tmp_path / "killed", resume=True)
    assert resumed.progress.step == 30
    assert_same(final_weights(tmp_path / "killed"), final_weights(tmp_path / "whole"))
    assert logged(resumed) == logged(whole)


@pytest.mark.thorough
def test_training_with_workers_ends_in_the_same_weights(tmp_path: Path) -> None:
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        run(tmp_path / "helped", workers=1)
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    run(tmp_path / "alone")
    assert_same(final_weights(tmp_path / "helped"), final_weights(tmp_path / "alone"))


@pytest.mark.thorough
def test_a_finished_run_is_not_trained_further(tmp_path: Path) -> None:
    run(tmp_path)
    before = (tmp_path / "checkpoint.pt").read_bytes()
    again = run(tmp_path, resume=True)
    assert again.finished
    assert again.progress.step == 30
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


@pytest.mark.thorough
def test_training_stops_when_validation_does_not_improve(tmp_path: Path) -> None:
    recipe = replace(RECIPE, steps=200, patience=2, learning_rate=1e-9)
    result = run(tmp_path, recipe=recipe)
    assert result.progress.since_best == 2
    assert result.progress.step == result.progress.best_step + 20 < 200
    again = run(tmp_path, recipe=recipe, resume=True)
    assert again.progress.step == result.progress.step


@pytest.mark.thorough
def test_the_best_weights_are_kept_not_the_last(tmp_path: Path) -> None:
    """The learning rate rises until it spoils what was learned."""
    recipe = replace(RECIPE, steps=60, learning_rate=2.0, warm_up=1.0, fall=Fall.NONE)
    recipe = replace(recipe, validate_every=1, clip_norm=math.inf)
    result = run(tmp_path, recipe=recipe)
    scores = [row.validation.score for row in result.progress.history if row.validation]
    assert len(scores) == 60
    assert result.progress.best == max(scores) > scores[-1] + 0.02
    assert result.progress.best_step == scores.index(max(scores)) + 1
    kept = weights_file.load(result.weights)
    assert kept.provenance.steps == result.progress.best_step
    again = Validator([Toy(3, 50)], sequences=8)(kept.network, torch.device("cpu"))
    assert again.score == pytest.approx(max(scores), abs=0.01)  # the matrix was rounded to int8


def test_an_existing_run_is_not_overwritten(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(TrackbenchError, match="holds a run already"):
        run(tmp_path)


def test_a_run_is_resumed_only_as_what_it_was(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(TrackbenchError, match="seed: 0 there, 1 here"):
        run(tmp_path, resume=True, seed=1)
    with pytest.raises(TrackbenchError, match="recipe"):
        run(tmp_path, resume=True, recipe=replace(RECIPE, clip_norm=2.0))


@pytest.mark.thorough
@pytest.mark.parametrize("damage", ["truncated", "foreign", "empty"])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, damage: str) -> None:
    run(tmp_path)
    file = tmp_path / "checkpoint.pt"
    content = {"truncated": file.read_bytes()[:5000], "foreign": b"hello" * 100, "empty": b""}
    file.write_bytes(content[damage])
    with pytest.raises(DamagedFileError, match=r"checkpoint\.pt is not a whole checkpoint"):
        run(tmp_path, resume=True)


def changed(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    """Return what makes another state of a checkpoint's: a part, or a field of its progress."""

    def change(state: dict[str, Any]) -> object:
        if name in state:
            return state | {name: value}
        return state | {"progress": json.dumps(json.loads(state["progress"]) | {name: value})}

    return change


def of_each_tensor(change: Callable[[Tensor], Tensor]) -> Callable[[dict[str, Any]], object]:
    return lambda state: (
        state | {"network": {name: change(value) for name, value in state["network"].items()}}
    )


def of_each_average(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], object]:
    def changed(state: dict[str, Any]) -> object:
        kept = state["optimizer"]
        averages = {number: change(one) for number, one in kept["state"].items()}
        return state | {"optimizer": kept | {"state": averages}}

    return changed


FORGED = {
    "list": lambda _: [1, 2],
    "deep": changed("progress", "[" * 200_000),
    **{
        f"lacks-{name}": lambda state, name=name: {k: v for k, v in state.items() if k != name}
        for name in ("identity", "progress", "network", "optimizer")
    },
    **{
        f"{name}-{value!r}"[:40]: changed(name, value)
        for name in ("identity", "progress", "network", "optimizer")
        for value in (5, None, "x", [], {}, [1], {"a": 1})
    },
    **{
        f"{name}-{value!r}"[:40]: changed(name, value)
        for name in ("step", "videos", "seconds", "best", "since_best", "history", "recent", "new")
        for value in ("two", -5, None, 10**400, float("nan"), [7], {"a": 1}, [["a", "b"]])
    },
    "row": changed("history", [{"step": 1}]),
    "pair": changed("recent", [[1.0]]),
    "nan": of_each_tensor(lambda value: value * float("nan")),
    "shape": of_each_tensor(lambda value: value.flatten()[:1]),
    "complex": of_each_tensor(lambda value: value.to(torch.complex64)),
    "words": of_each_tensor(lambda _: "x"),
    "average": of_each_average(lambda one: {name: torch.zeros(7) for name in one}),
    "average-nan": of_each_average(lambda one: {k: v * float("nan") for k, v in one.items()}),
    "average-name": of_each_average(lambda one: {f"{k}x": v for k, v in one.items()}),
    "average-none": of_each_average(lambda _: None),
}


@pytest.mark.thorough
@pytest.mark.parametrize("rule", Rule)
def test_a_forged_checkpoint_is_refused_in_one_line(tmp_path: Path, rule: Rule) -> None:
    """Valid for torch, and something else than a run wrote: nothing goes on from it."""
    recipe = replace(RECIPE, rule=rule, steps=2)
    file = tmp_path / "checkpoint.pt"
    run(tmp_path, recipe=recipe)
    before = torch.load(file, weights_only=True)
    for name, forged in FORGED.items():
        torch.save(forged(before), file)
        with pytest.raises(TrackbenchError) as refused:
            run(tmp_path, recipe=recipe, resume=True)
        assert "is not a whole checkpoint" in str(refused.value), name
        assert len(str(refused.value)) < 1000 + len(str(file)), name
    torch.save(before, file)
    assert run(tmp_path, recipe=recipe, resume=True).finished


def test_a_pipe_is_no_checkpoint(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "checkpoint.pt")
    with pytest.raises(DamagedFileError, match="it is a pipe"):
        run(tmp_path, resume=True)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.system, (f"touch {tmp_path}/ran",))

    torch.save({"schema": 1, "identity": Evil()}, tmp_path / "checkpoint.pt")
    with pytest.raises(DamagedFileError):
        run(tmp_path, resume=True)
    assert not (tmp_path / "ran").exists()


def test_a_loss_that_is_not_finite_ends_the_run(tmp_path: Path) -> None:
    recipe = replace(RECIPE, learning_rate=float("inf"))
    with pytest.raises(TrackbenchError, match="training diverged"):
        run(tmp_path, recipe=recipe, checkpoint_seconds=0)
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.thorough
def test_training_in_another_thread_leaves_ctrl_c_alone(tmp_path: Path) -> None:
    results = []
    thread = threading.Thread(target=lambda: results.append(run(tmp_path)))
    thread.start()
    thread.join()
    assert results[0].finished
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


if __name__ == "__main__":
    run(Path(sys.argv[1]), checkpoint_seconds=0, progress=lambda _: time.sleep(0.05))
