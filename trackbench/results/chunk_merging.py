"""What storing one chunk makes of a run: its record, and the part with its predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trackbench.metrics import valid
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.started import StartedSpec
from trackbench.results.chunk_record import ChunkRecord
from trackbench.results.chunks import Outcome, without_score
from trackbench.results.kept_failures import shortened
from trackbench.results.parquet import encode_part
from trackbench.results.places import part_of_run
from trackbench.results.run_record import RunRecord


def with_outcome(
    run: RunRecord, outcome: Outcome, truth_sha256: str, versions: dict[str, str]
) -> RunRecord:
    """Return a run's record with a chunk in the place of what there was of it, not yet hashed.

    Args:
        run: what is stored.
        outcome: of the chunk.
        truth_sha256: of the truth that it was scored against.
        versions: of the libraries that it was tracked with.
    """
    unit = outcome.unit
    chunk = ChunkRecord(
        seconds=outcome.seconds,
        frames=outcome.frames,
        truth_sha256=truth_sha256,
        timeout=outcome.timeout or None,
        memory=outcome.memory,
        peak_memory=outcome.peak_memory,
        unscored=_unscored(outcome),
        mask_runs=0 if outcome.masks is None else len(outcome.masks.counts),
        by_masks=outcome.by_masks,
    )
    kept = [f for f in run.failures if not unit.start <= f.sequence < unit.stop]
    failures = sorted((*kept, *outcome.failures), key=lambda failure: failure.sequence)
    versions, processor = _made_with(run, outcome, versions)
    return replace(
        run,
        chunks={**run.chunks, unit.chunk: chunk},
        failures=shortened(failures),
        versions=versions,
        processor=processor,
    )


def _made_with(
    run: RunRecord, outcome: Outcome, versions: dict[str, str]
) -> tuple[dict[str, str], str]:
    """Return libraries and processors of a run after a chunk, of all machines that had part."""
    machine = outcome.machine
    if machine is None:
        return both_versions(run.versions, versions), run.processor
    if isinstance(outcome.unit.tracker.factory, Elsewhere):
        ours = versions.keys() & {"platform", "trackbench"}  # the rest is of its interpreter
        now = {**versions, **{name: machine.versions[name] for name in ours}}
    else:
        now = machine.versions
    if not run.chunks:  # nothing was made on this machine yet
        return now, machine.processor
    return both_versions(run.versions, now), joined(run.processor, machine.processor)


def joined(before: str, now: str) -> str:
    """Return both texts, each once."""
    return "; ".join(dict.fromkeys(text for text in (*before.split("; "), now) if text))


def with_hash(run: RunRecord, chunk: int, sha256: str) -> RunRecord:
    """Return a run's record with the hash of a chunk's part."""
    hashed = replace(run.chunks[chunk], sha256=sha256)
    return replace(run, chunks={**run.chunks, chunk: hashed})


def _unscored(outcome: Outcome) -> int:
    """Return how many frames have no true box, or are of sequences without a score."""
    unit = outcome.unit
    unscored = {f.sequence for f in outcome.failures if not f.kind.of_tracker}
    count, a_run = 0, isinstance(unit.dataset, StartedSpec)
    for slot, boxes in enumerate(outcome.truth.boxes):
        frames = unit.frames_of(unit.start + slot)
        absent = outcome.truth.absent
        nowhere = None if absent is None else absent[slot, :frames]
        without = int(without_score(boxes[:frames], nowhere, a_run=a_run).sum())
        count += frames if unit.start + slot in unscored else without
    return count


def both_versions(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Return library versions of a run that goes on; those that changed as ``1.0, then 1.1``."""
    merged = before | now
    for library in before.keys() & now.keys():
        if now[library] not in before[library].split(", then "):
            merged[library] = f"{before[library]}, then {now[library]}"
        else:
            merged[library] = before[library]
    return merged


def encoded(run: RunRecord, outcome: Outcome) -> bytes:
    """Return the part of an outcome: predictions, their IoU, and what became of each frame."""
    unit = outcome.unit
    failed = np.zeros(outcome.iou.shape, bool)
    for failure in outcome.failures:
        failed[failure.sequence - unit.start, failure.frame :] = True
    absent = np.zeros(failed.shape, bool) if outcome.absent is None else outcome.absent
    invalid = ~valid(outcome.boxes) & ~failed & ~absent
    scored = {"iou": outcome.iou, "invalid": invalid, "failed": failed}
    # Only where a tracker says such things: what others have stored stays the same bytes.
    remarks = {"confidence": outcome.confidence, "absent": outcome.absent}
    scored |= {name: values for name, values in remarks.items() if values is not None}
    part = part_of_run(run, unit.chunk)
    return encode_part(
        part.label, unit.start, outcome.boxes, scored, part.frames_each, outcome.masks
    )
