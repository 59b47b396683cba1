"""The training loop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from trackbench.contracts import Dataset
from trackbench.errors import TrackbenchError, parameter
from trackbench.trackers import weights_file
from trackbench.trackers.device import device_of
from trackbench.trackers.networks import NetworkSpec, build, spec_of
from trackbench.trackers.training import checkpoint, log
from trackbench.trackers.training.interruption import interruption
from trackbench.trackers.training.log import Row
from trackbench.trackers.training.memory import keep_freed_memory
from trackbench.trackers.training.optimiser import optimiser
from trackbench.trackers.training.plan import Plan
from trackbench.trackers.training.precision import Precision, resolve, set_precision
from trackbench.trackers.training.progress import Progress
from trackbench.trackers.training.recipe import Recipe
from trackbench.trackers.training.start import warm_start
from trackbench.trackers.training.step import Step
from trackbench.trackers.training.stream import batches
from trackbench.trackers.training.suitability import suited
from trackbench.trackers.training.validation import Validation, Validator
from trackbench.trackers.weights_file import Provenance

CHECKPOINT, WEIGHTS, LOG, CURVE = "checkpoint.pt", "weights.safetensors", "log.csv", "curve.png"


@dataclass(frozen=True)
class Result:
    """How a run ended.

    Attributes:
        weights: the file with the weights of the best validation.
        progress: how far it came, with the log.
        finished: all steps were done, or it stopped early by the recipe; False: interrupted.
        signal: the number of the signal that asked it to end; 0: none did.
    """

    weights: Path
    progress: Progress
    finished: bool
    signal: int = 0


def train(
    network: NetworkSpec | str,
    recipe: Recipe,
    training: Sequence[Dataset],
    validation: Sequence[Dataset],
    out: Path,
    *,
    steps: int | None = None,
    seed: int = 0,
    resume: bool = False,
    start: Path | None = None,
    device: str = "cpu",
    precision: Precision = Precision.AUTO,
    threads: int | None = None,
    workers: int = 0,
    log_every: int = 50,
    checkpoint_seconds: float = 120.0,
    validation_sequences: int = 64,
    progress: Callable[[Progress], object] = lambda _: None,
) -> Result:
    """Train a network; Ctrl-C ends cleanly, with a checkpoint.

    Args:
        network: sizes, or a learned tracker's id.
        recipe: how.
        training: the training sets, in the order of the recipe's mixtures.
        validation: the held-out sets.
        out: folder for ``checkpoint.pt``, ``weights.safetensors`` (of the best validation),
            ``log.csv`` and ``curve.png``.
        steps: batches; None: the recipe's.
        seed: of the initial weights and the order of the data.
        resume: go on from the checkpoint in ``out``, if there is one.
        start: weights to begin with instead of random ones: the tensors whose names and shapes
            agree, so that attention can begin with what RecTracker-ID has learned.
        device: ``"cpu"`` or ``"cuda"``.
        precision: of the factors of the big products.
        threads: of torch; None: as it is.
        workers: processes that generate videos; 0: this one does.
        log_every: batches between two rows of the log.
        checkpoint_seconds: between two checkpoints.
        validation_sequences: of each validation set.
        progress: called after every batch, and after every validation.

    Raises:
        TrackbenchError: ``out`` holds another run, or the loss is not finite any more.
    """
    spec = spec_of(network) if isinstance(network, str) else network
    steps = recipe.steps if steps is None else steps
    recipe = suited(recipe, spec, training, validation)
    place = device_of(device)
    if threads:
        torch.set_num_threads(threads)
    keep_freed_memory()
    net = build(spec, seed=seed)
    begun_with = warm_start(net, start) if start is not None else None
    net = net.to(place)
    precision = resolve(precision, place)
    set_precision(net, precision)
    optimizer = optimiser(recipe, net.parameters())
    identity = _identity(spec, recipe, training, validation, steps, seed, precision, begun_with)
    file = _checkpoint(out, resume=resume)
    run = checkpoint.load(file, net, optimizer, identity) if file.exists() else Progress()
    plan = Plan(recipe, steps=steps, datasets=len(training), seed=seed)
    used = [training[number] for number in plan.used]
    provenance = _provenance(recipe, seed, used, begun_with, precision)
    validate = Validator(validation, sequences=validation_sequences)
    todo = range(run.step, run.step if _stops_early(run, recipe) else steps)
    train_on = Step(net, optimizer, recipe, steps=steps)
    began, saved = time.monotonic() - run.seconds, time.monotonic()
    recent = [torch.tensor(pair, device=place) for pair in run.recent]

    with (
        interruption() as interrupted,
        batches(training, plan, todo, workers=workers, pin=place.type == "cuda") as stream,
    ):
        for batch in stream:
            recent.append(torch.stack(train_on(batch.to(place), run.step)))
            run.step += 1
            run.videos += batch.frames.shape[1]
            run.seconds = time.monotonic() - began
            due = run.step % recipe.validate_every == 0 or run.step == steps
            if due or run.step % log_every == 0:
                found = validate(net, place) if due else None
                rate = recipe.learning_rate_at(run.step - 1, steps)
                run.history.append(_row(run, recent, len(batch.frames), rate, found))
                recent.clear()
                log.write_csv(out / LOG, run.history)
                if found and _is_best(run, found):
                    weights_file.save(out / WEIGHTS, net, _stating(provenance, run, found))
            progress(run)
            stop = interrupted() or run.step == steps or (due and _stops_early(run, recipe))
            if stop or time.monotonic() - saved >= checkpoint_seconds:
                _check_finite(net.parameters(), run.step)
                run.recent = [pair.tolist() for pair in recent]
                checkpoint.save(file, net, optimizer, run, identity)
                saved = time.monotonic()
            if stop:
                break
        log.draw(out / CURVE, run.history)
        ended = run.step == steps or _stops_early(run, recipe)
        return Result(out / WEIGHTS, run, finished=ended, signal=interrupted())


def _checkpoint(out: Path, *, resume: bool) -> Path:
    """The checkpoint's file in ``out``, which is made if it is not there."""
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


def _row(
    run: Progress,
    recent: list[Tensor],
    frames: int,
    rate: float,
    found: Validation | None,
) -> Row:
    """The log's row for the batches since the last one."""
    means = torch.stack(recent).mean(0)
    _check_finite([means], run.step)
    loss, norm = means.tolist()
    return Row(
        step=run.step,
        seconds=round(run.seconds, 3),
        videos=run.videos,
        frames=frames,
        loss=loss,
        gradient_norm=norm,
        learning_rate=rate,
        validation=found,
    )


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


def _stops_early(run: Progress, recipe: Recipe) -> bool:
    return 0 < recipe.patience <= run.since_best


def _stating(provenance: Provenance, run: Progress, found: Validation) -> Provenance:
    cells = {f"{cell.dataset} {cell.length}": cell.iou for cell in found.cells}
    return replace(provenance, steps=run.step, score=found.score, validation=cells)


def _provenance(
    recipe: Recipe, seed: int, used: Sequence[Dataset], start: str | None, precision: Precision
) -> Provenance:
    return Provenance(
        recipe=recipe.name,
        seed=seed,
        data=_fingerprints(used),
        start=start or "",
        precision=precision.value,
    )


def _fingerprints(datasets: Sequence[Dataset]) -> dict[str, str]:
    return {dataset.spec.id: dataset.spec.fingerprint or "" for dataset in datasets}


def _identity(
    spec: NetworkSpec,
    recipe: Recipe,
    training: Sequence[Dataset],
    validation: Sequence[Dataset],
    steps: int,
    seed: int,
    precision: Precision,
    begun_with: str | None,
) -> str:
    """All that a resumed run must have in common with the one it goes on with, as JSON."""
    return json.dumps(
        {
            "network": asdict(spec),
            "recipe": asdict(recipe),
            "training sets": [dataset.spec.id for dataset in training],
            "validation sets": [dataset.spec.id for dataset in validation],
            "steps": steps,
            "seed": seed,
            "precision": precision,
            **({} if begun_with is None else {"start": begun_with}),
        }
    )
