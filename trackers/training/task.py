"""What a training run is given: what is trained on what, and where and how that is done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from trackbench.contracts import Dataset
from trackbench.trackers.networks import NetworkSpec
from trackbench.trackers.training.precision import Precision
from trackbench.trackers.training.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Task:
    """What decides which weights a run ends with.

    Attributes:
        network: its sizes.
        recipe: how it is trained.
        training: the training sets, in the order of the recipe's mixtures.
        validation: the held-out sets.
        validation_sequences: how many of each held-out set are tracked.
        steps: batches.
        seed: of the initial weights and the order of the data.
        start: weights to begin with instead of random ones: the tensors whose names and shapes
            agree, so that attention can begin with what RecTracker-ID has learned.
        precision: of the factors of the big products.
    """

    network: NetworkSpec
    recipe: Recipe
    training: Sequence[Dataset]
    validation: Sequence[Dataset]
    validation_sequences: int = 64
    steps: int
    seed: int = 0
    start: Path | None = None
    precision: Precision = Precision.AUTO

    def identity(self, start_sha256: str | None) -> str:
        """Return all that a resumed run must have in common with the one it goes on with, as JSON.

        Args:
            start_sha256: of the weights it began with; None: of none.
        """
        return json.dumps(
            {
                "network": asdict(self.network),
                "recipe": asdict(self.recipe),
                "training sets": [dataset.spec.id for dataset in self.training],
                "validation sets": [dataset.spec.id for dataset in self.validation],
                "steps": self.steps,
                "seed": self.seed,
                "precision": self.precision,
                **({} if start_sha256 is None else {"start": start_sha256}),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where and how a task is carried out.

    Attributes:
        device: ``"cpu"`` or ``"cuda"``.
        threads: of torch; None: as it is.
        workers: processes that generate videos; 0: this one does.
        log_every: batches between two rows of the log.
        checkpoint_seconds: between two checkpoints.
    """

    device: str = "cpu"
    threads: int | None = None
    workers: int = 0
    log_every: int = 50
    checkpoint_seconds: float = 120.0
