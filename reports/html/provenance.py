"""The page's tables of what ran on what, with which software."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trackbench.reports.entries import DASH
from trackbench.reports.html.looks import Look
from trackbench.reports.html.tables import Cell, Table, named
from trackbench.reports.labels import in_order
from trackbench.reports.text import visible
from trackbench.results import Results


def provenance(results: Results, looks: Mapping[str, Look]) -> list[Table]:
    """Return what trackers and data sets exactly were."""
    trackers = []
    for tracker, look in looks.items():
        record = next(run.record for run in results.runs if run.record.tracker == tracker)
        parameters = ", ".join(f"{name}={value!r}" for name, value in record.parameters.items())
        facts = (parameters or DASH, record.weights_sha256 or DASH, record.fingerprint)
        trackers.append((named(look), *(Cell(visible(fact)) for fact in facts)))
    datasets = [
        (
            Cell(visible(record.id)),
            Cell(visible(record.source) or DASH),
            Cell(record.fingerprint),
            Cell(str(record.seed)),
            Cell(f"{record.sequences:,}"),
            Cell(f"{record.length:,}"),
            Cell(f"{record.frame[1]} × {record.frame[0]}"),
        )
        for record in in_order(results)
    ]
    return [
        Table(
            caption="Trackers",
            heads=("Tracker", "Parameters", "Weights (SHA-256)", "Fingerprint"),
            rows=tuple(trackers),
            texts=4,
        ),
        Table(
            caption="Data sets",
            heads=(
                *("Data set", "Made from", "Fingerprint"),
                *("Seed", "Sequences", "Frames", "Pixels"),
            ),
            rows=tuple(datasets),
            texts=3,
        ),
        Table(
            caption="Software and processor",
            heads=("Runs", "Versions", "Processor"),
            rows=tuple(_software(results)),
            texts=3,
        ),
    ]


def _software(results: Results) -> Iterator[tuple[Cell, ...]]:
    """Yield what runs were made with, those alike together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for run in results.runs:
        versions = ", ".join(f"{name} {version}" for name, version in run.record.versions.items())
        said = f"{run.record.tracker} on {run.record.dataset}"
        groups.setdefault((versions, run.record.processor), []).append(said)
    for (versions, processor), runs in groups.items():
        who = "all" if len(groups) == 1 else "; ".join(runs)
        yield tuple(Cell(visible(text)) for text in (who, versions, processor))
