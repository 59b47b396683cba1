"""``trackbench.train``: one of the paper's networks, from data sets by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.arguments.bounds import COUNT, HELPERS, SEED, THREADS
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins import registry
from trackbench.plugins.decoder_complaints import watched
from trackbench.results.out_paths import check_out_folder
from trackbench.running.author_script import stop_where_a_script_is_only_read
from trackbench.trackers.training.recipe import RECIPES, Recipe

if TYPE_CHECKING:
    from trackbench.trackers.training.loop import Trained
    from trackbench.trackers.training.progress import Progress

TRAINING = ("mnist-train-single-v1", "mnist-train-multi-v1")
VALIDATION = ("mnist-valid-single-v1", "mnist-valid-multi-v1")


@arguments_checked
@watched()
def train(
    tracker: str,
    *,
    recipe: str = "default",
    steps: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    start: str | Path | None = None,
    device: str = "cpu",
    precision: str = "auto",
    seed: int = 0,
    threads: int | None = None,
    workers: int = 0,
    datasets: Iterable[str] = (),
    validation: Iterable[str] = (),
    progress: Callable[[Progress], object] = lambda _: None,
) -> Trained:
    """Train one of the paper's networks; Ctrl-C ends cleanly, with a checkpoint.

    Args:
        tracker: ``"rectracker-id"``, ``"rectracker-attN"`` (N = 1, 2, ...) or ``"convtracker"``.
        recipe: ``"default"``; ``"continued"``, with ``start``; ``"paper"`` (App. B: RMSProp, 20
            frames).
        steps: batches; None: the recipe's.
        out: folder for checkpoint, weights, log and curve; None: ``runs/TRACKER``.
        resume: go on from the checkpoint in the folder.
        start: a file with weights to begin with, as far as they fit; None: random ones.
        device: ``"cpu"`` or ``"cuda"``.
        precision: of the big products: ``"float32"``, ``"bfloat16"``, or ``"auto"``.
        seed: of the initial weights and the videos.
        threads: of PyTorch; None: its own choice.
        workers: processes that make videos; 0: this one does.
        datasets: ids of training sets, each an equal share of every batch; none: MNIST.
        validation: ids of held-out sets; none: held-out MNIST.
        progress: is called after every batch, and after every validation.

    Raises:
        TrackbenchError: an id is unknown, ``out`` holds another run, training diverges, or PyTorch
            is not installed.

    Example:
        >>> import trackbench
        >>> trackbench.train("rectracker-att1", steps=100).weights  # doctest: +SKIP
    """
    try:
        from trackbench.trackers.networks import spec_of
        from trackbench.trackers.training import loop
        from trackbench.trackers.training.precision import Precision
        from trackbench.trackers.training.task import Settings, Task
    except ModuleNotFoundError as error:
        raise TrackbenchError(
            f"training needs {error.name}: pip install 'trackbench[torch]'"
        ) from error

    stop_where_a_script_is_only_read()
    steps = COUNT.or_none("steps", steps)
    seed = SEED.of("seed", seed)
    threads = THREADS.or_none("threads", threads)
    workers = HELPERS.of("workers", workers)
    folder = Path(out) if out is not None else Path("runs") / tracker
    check_out_folder(folder, "weights")
    datasets, validation = tuple(datasets), tuple(validation)
    chosen = recipe_named(recipe)
    if precision not in set(Precision):
        raise UnknownIdError("precision", precision, list(Precision))
    if datasets:  # what a recipe says of shares is meant for the default ones
        stages = tuple(replace(stage, mixture=()) for stage in chosen.stages)
        chosen = replace(chosen, stages=stages)
    sets, held_out = (
        [registry.build_dataset(registry.datasets().get(name)) for name in names]
        for names in (datasets or TRAINING, validation or VALIDATION)
    )
    task = Task(
        network=spec_of(tracker),
        recipe=chosen,
        training=sets,
        validation=held_out,
        steps=steps_of(recipe, steps),
        seed=seed,
        start=None if start is None else Path(start),
        precision=Precision(precision),
    )
    return loop.train(
        task,
        Settings(device=device, threads=threads, workers=workers),
        folder,
        resume=resume,
        progress=progress,
    )


def steps_of(recipe: str, steps: int | None) -> int:
    """Return how many batches are trained: those asked for, or the recipe's.

    Raises:
        UnknownIdError: there is no such recipe.
    """
    return recipe_named(recipe).steps if steps is None else steps


def recipe_named(name: str) -> Recipe:
    """Return the recipe of a name.

    Raises:
        UnknownIdError: there is none.
    """
    if name not in RECIPES:
        raise UnknownIdError("recipe", name, RECIPES)
    return RECIPES[name]
