"""A training run on its way: the network, what trains it, how far it is, what is noted of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from trackbench.errors import TrackbenchError, parameter
from trackbench.trackers import weights_file
from trackbench.trackers.device import device_of
from trackbench.trackers.networks import Network, build
from trackbench.trackers.training import checkpoint, log
from trackbench.trackers.training.log import Row
from trackbench.trackers.training.memory import keep_freed_memory
from trackbench.trackers.training.optimiser import optimiser
from trackbench.trackers.training.plan import Plan
from trackbench.trackers.training.precision import resolve, set_precision
from trackbench.trackers.training.progress import Progress
from trackbench.trackers.training.start import warm_start
from trackbench.trackers.training.step import Step
from trackbench.trackers.training.stream import Batch, batches
from trackbench.trackers.training.task import Settings, Task
from trackbench.trackers.training.validation import Validation, Validator
from trackbench.trackers.weights_file import Provenance

CHECKPOINT, WEIGHTS, LOG = "checkpoint.pt", "weights.safetensors", "log.csv"


class TrainingRun:
    """A task under way: the network, what trains it, how far it is, and when it is noted."""

    def __init__(self, task: Task, settings: Settings, out: Path, *, resume: bool) -> None:
        self._settings, self._out = settings, out
        self._device = device_of(settings.device)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        keep_freed_memory()
        self._network, start_sha256 = _network(task)
        self._network.to(self._device)
        self._task = task = replace(task, precision=resolve(task.precision, self._device))
        set_precision(self._network, task.precision)
        self._optimizer = optimiser(task.recipe, self._network.parameters())
        self._identity = task.identity(start_sha256)
        self._file = _checkpoint_file(out, resume=resume)
        self.progress = Progress()
        if self._file.exists():
            self.progress = checkpoint.load(
                self._file, self._network, self._optimizer, self._identity
            )
        # loss and gradient norm of each batch since the last row of the log
        self._recent = [torch.tensor(pair, device=self._device) for pair in self.progress.recent]
        sets = len(task.training)
        self._plan = Plan(task.recipe, steps=task.steps, datasets=sets, seed=task.seed)
        self._provenance = _provenance(task, self._plan, start_sha256)
        self._validate = Validator(task.validation, sequences=task.validation_sequences)
        self._step = Step(self._network, self._optimizer, task.recipe, steps=task.steps)
        self._saved = time.monotonic()
        self._began = self._saved - self.progress.seconds

    @property
    def is_over(self) -> bool:
        """All steps are done, or no validation was better for as long as the recipe waits."""
        patience = self._task.recipe.patience
        return self.progress.step == self._task.steps or 0 < patience <= self.progress.since_best

    @property
    def checkpoint_is_due(self) -> bool:
        """The last checkpoint is old."""
        return time.monotonic() - self._saved >= self._settings.checkpoint_seconds

    def batches(self) -> AbstractContextManager[Iterator[Batch]]:
        """Return the batches that are left to train on."""
        done = self.progress.step
        return batches(
            self._task.training,
            self._plan,
            range(done, done if self.is_over else self._task.steps),
            workers=self._settings.workers,
            pin=self._device.type == "cuda",
        )

    def train_on(self, batch: Batch) -> None:
        """Let the network learn from a batch, and validate and log when that is due."""
        run, task = self.progress, self._task
        self._recent.append(torch.stack(self._step(batch.to(self._device), run.step)))
        run.step += 1
        run.videos += batch.frames.shape[1]
        run.seconds = time.monotonic() - self._began
        validates = run.step % task.recipe.validate_every == 0 or run.step == task.steps
        found = self._validate(self._network, self._device) if validates else None
        if found or run.step % self._settings.log_every == 0:
            self._log(batch, found)
        if found and _is_best(run, found):
            stated = _stating(self._provenance, run, found)
            weights_file.save(self._out / WEIGHTS, self._network, stated)

    def _log(self, batch: Batch, found: Validation | None) -> None:
        """Write a row for the batches since the last one, of which ``batch`` is the newest."""
        run, task = self.progress, self._task
        means = torch.stack(self._recent).mean(0)
        _check_finite([means], run.step)
        loss, norm = means.tolist()
        row = Row(
            step=run.step,
            seconds=round(run.seconds, 3),
            videos=run.videos,
            frames=len(batch.frames),
            loss=loss,
            gradient_norm=norm,
            learning_rate=task.recipe.learning_rate_at(run.step - 1, task.steps),
            validation=found,
        )
        run.history.append(row)
        self._recent.clear()
        log.write_csv(self._out / LOG, run.history)

    def save(self) -> None:
        """Write a checkpoint.

        Raises:
            TrackbenchError: training has spoiled the network.
        """
        _check_finite(self._network.parameters(), self.progress.step)
        self.progress.recent = [pair.tolist() for pair in self._recent]
        checkpoint.save(self._file, self._network, self._optimizer, self.progress, self._identity)
        self._saved = time.monotonic()


def _network(task: Task) -> tuple[Network, str | None]:
    """Return the network to begin with, and the SHA-256 of the weights that it begins with."""
    network = build(task.network, seed=task.seed)
    return network, None if task.start is None else warm_start(network, task.start)


def _checkpoint_file(out: Path, *, resume: bool) -> Path:
    """Return the checkpoint's file in ``out``, which is made if it is not there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackbenchError(f"cannot make the folder {out} ({error.strerror})") from error
    if (out / CHECKPOINT).exists() and not resume:
        raise TrackbenchError(
            f"{out} holds a run already: give {parameter('resume', True)}, or another "
            f"{parameter('out')}"
        )
    return out / CHECKPOINT


def _check_finite(values: Iterable[Tensor], step: int) -> None:
    """Raise a TrackbenchError if training has spoiled one of ``values``."""
    if not all(value.sum().isfinite() for value in values):
        raise TrackbenchError(
            f"training diverged before batch {step}: lower the learning rate of the recipe"
        )


def _is_best(run: Progress, found: Validation) -> bool:
    """Whether this validation is the best so far; notes it in the run."""
    run.since_best += 1
    if found.score <= run.best:
        return False
    run.best, run.best_step, run.since_best = found.score, run.step, 0
    return True


def _provenance(task: Task, plan: Plan, start_sha256: str | None) -> Provenance:
    """Return what the weights' file says of where they come from, before any validation."""
    used = [task.training[number].spec for number in plan.used]
    return Provenance(
        recipe=task.recipe.name,
        seed=task.seed,
        data={spec.id: spec.fingerprint or "" for spec in used},
        start=start_sha256 or "",
        precision=task.precision.value,
    )


def _stating(provenance: Provenance, run: Progress, found: Validation) -> Provenance:
    """Return the provenance of the weights that a validation was made with."""
    cells = {f"{cell.dataset} {cell.length}": cell.iou for cell in found.cells}
    return replace(provenance, steps=run.step, score=found.score, validation=cells)
