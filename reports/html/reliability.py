"""Speed, memory and failures of each tracker, and the failures themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trackbench.printing.amounts import DASH, frame_rate_number, memory
from trackbench.printing.text import visible
from trackbench.reports.html.tables import Cell, HtmlTable, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels
from trackbench.results.directory import Results
from trackbench.results.run import Run

_MOST_FAILURES = 50
_LAST_LINES = 3
_LONGEST_LINE = 200


@dataclass(frozen=True)
class Reliability:
    """How a tracker fared, over all its runs.

    Attributes:
        fps: frames/s inside the tracker; NaN: no time was measured.
        sequences: that it tracked, in each repetition anew.
        failed: sequences that it spoiled.
        invalid: predictions that are no box, failures aside.
        absent: frames in which it called the target absent.
        peak_memory: bytes, the most that its process held; 0: not known.
        memory_limit: bytes that it might take, beyond what it imports; None: any.
    """

    fps: float
    sequences: int
    failed: int
    invalid: int
    absent: int
    peak_memory: int
    memory_limit: int | None

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Reliability:
        """Return that of the tracker whose runs these are."""
        seconds = sum(run.seconds for run in runs)
        limits = [run.memory_limit for run in runs]
        return cls(
            fps=sum(run.frames for run in runs) / seconds if seconds else math.nan,
            sequences=sum(run.record.sequences * len(run.repeats) for run in runs),
            failed=sum(len(run.failures) for run in runs),
            invalid=sum(run.invalid for run in runs),
            absent=sum(run.absent for run in runs),
            peak_memory=max(run.peak_memory for run in runs),
            memory_limit=min((each for each in limits if each is not None), default=None),
        )


def reliability_of(results: Results) -> dict[str, Reliability]:
    """Return how each tracker fared, by its id."""
    return {
        tracker: Reliability.of([run for run in results.runs if run.record.tracker == tracker])
        for tracker in results.trackers
    }


def reliability_table(found: Mapping[str, Reliability], looks: Mapping[str, Look]) -> HtmlTable:
    """Return a row for each tracker, in the order of ``looks``.

    Frames in which a target was called absent are counted where a tracker says such a thing, and
    what a tracker might take is said where one had a limit.
    """
    says_absent = any(each.absent for each in found.values())
    limited = any(each.memory_limit is not None for each in found.values())
    counted = ("Failed", "Invalid boxes", *(["Absent"] if says_absent else []))
    return HtmlTable(
        caption="Over all runs of a tracker",
        heads=(
            *("Tracker", "Frames/s", "Sequences", *counted, "Peak memory"),
            *(["Memory limit"] if limited else []),
        ),
        rows=tuple(
            (named(look), *_cells(found[tracker], says_absent=says_absent, limited=limited))
            for tracker, look in looks.items()
        ),
        sortable=True,
    )


def _cells(of: Reliability, *, says_absent: bool, limited: bool) -> Iterator[Cell]:
    yield Cell(frame_rate_number(of.fps), value=of.fps)
    counts = [of.sequences, of.failed, of.invalid, *([of.absent] if says_absent else [])]
    yield from (Cell(f"{count:,}", value=count) for count in counts)
    peak = of.peak_memory
    yield Cell(memory(peak) if peak else DASH, value=peak or math.nan)
    if limited:
        limit = of.memory_limit
        yield Cell("none" if limit is None else memory(limit), value=limit or math.nan)


def failures_table(results: Results, looks: Mapping[str, Look]) -> HtmlTable | None:
    """Return the first failures of the runs; None if there is none."""
    found = list(_failures(results, looks))
    if not found:
        return None
    more = f" (the first {_MOST_FAILURES} of {len(found):,})" if len(found) > _MOST_FAILURES else ""
    return HtmlTable(
        caption=f"Failed sequences{more}",
        heads=("Tracker", "Data set", "How", "Message", "Sequence", "From frame"),
        rows=tuple(found[:_MOST_FAILURES]),
        sortable=True,
        texts=4,
    )


def _failures(results: Results, looks: Mapping[str, Look]) -> Iterator[tuple[Cell, ...]]:
    labels = dataset_labels(results.datasets)
    for record in (record for run in results.runs for record in run.records):
        which = f", run {record.run}" if record.run else ""
        for failure in record.failures:  # those of the data, too, which are called so
            yield (
                named(looks[record.tracker]),
                Cell(f"{labels[record.dataset]}{which}"),
                Cell(failure.kind.value),
                Cell(visible(failure.message), tuple(_last_lines(failure.output))),
                Cell(str(failure.sequence), value=failure.sequence),
                Cell(str(failure.frame), value=failure.frame),
            )


def _last_lines(output: str) -> Iterator[str]:
    """Yield the end of what a tracker printed before it failed."""
    lines = [line for line in output[-4 * _LONGEST_LINE * _LAST_LINES :].splitlines() if line]
    for line in lines[-_LAST_LINES:]:
        yield visible(line[-_LONGEST_LINE:])
