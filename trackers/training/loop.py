"""The training loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from trackbench.errors import parameter
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
from trackbench.trackers.training import log
from trackbench.trackers.training.interruption import interruption
from trackbench.trackers.training.progress import Progress
from trackbench.trackers.training.run import WEIGHTS, TrainingRun
from trackbench.trackers.training.suitability import suited
from trackbench.trackers.training.task import Settings, Task

CURVE = "curve.png"


@dataclass(frozen=True)
class Trained(ShowsItself):
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

    def __str__(self) -> str:
        """Return how it ended in a line."""
        run = self.progress
        if not self.finished:
            on = parameter("resume", value=True)
            return f"interrupted after batch {run.step:,}: {on} goes on from there"
        score = f"mean validation IoU {run.best:.3f} after batch {run.best_step:,}"
        return visible(f"{self.weights}: {score}")


def train(
    task: Task,
    settings: Settings,
    out: Path,
    *,
    resume: bool = False,
    progress: Callable[[Progress], object] = lambda _: None,
) -> Trained:
    """Train a network; Ctrl-C ends cleanly, with a checkpoint.

    Args:
        task: what is trained, on what.
        settings: where and how.
        out: folder for ``checkpoint.pt``, ``weights.safetensors`` (of the best validation),
            ``log.csv`` and ``curve.png``.
        resume: go on from the checkpoint in ``out``, if there is one.
        progress: called after every batch, and after every validation.

    Raises:
        TrackbenchError: ``out`` holds another run, network, recipe and data sets do not go
            together, or the loss is not finite any more.
    """
    recipe = suited(task.recipe, task.network, task.training, task.validation)
    run = TrainingRun(replace(task, recipe=recipe), settings, out, resume=resume)
    with interruption() as interrupted, run.batches() as stream:
        for batch in stream:
            run.train_on(batch)
            progress(run.progress)
            stop = bool(interrupted()) or run.is_over
            if stop or run.checkpoint_is_due:
                run.save()
            if stop:
                break
        log.draw(out / CURVE, run.progress.history)
        return Trained(out / WEIGHTS, run.progress, finished=run.is_over, signal=interrupted())
