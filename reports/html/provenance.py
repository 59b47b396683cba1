"""The page's tables of what ran on what, with which software."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trackbench.printing.amounts import DASH
from trackbench.printing.text import visible
from trackbench.reports.html.tables import Cell, HtmlTable, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import in_order
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.run_record import RunRecord
from trackbench.results.variables import variables_in_words


def provenance(results: Results, looks: Mapping[str, Look]) -> list[HtmlTable]:
    """Return what trackers and data sets exactly were."""
    trackers = []
    for tracker, look in looks.items():
        record = next(run.record for run in results.runs if run.record.tracker == tracker)
        parameters = ", ".join(_parameters(record))
        facts = (
            "; ".join(filter(None, (_imported(results, tracker), parameters))) or DASH,
            record.weights_sha256 or DASH,
            record.fingerprint,
            _moment(record.last_run),
        )
        trackers.append((named(look), *(Cell(visible(fact)) for fact in facts)))
    datasets = [
        (
            Cell(visible(record.id)),
            Cell(visible(record.source) or DASH),
            Cell(record.fingerprint),
            Cell(str(record.seed)),
            Cell(f"{record.sequences:,}"),
            Cell(_frames(record)),
            Cell(_pixels(results, record)),
        )
        for record in in_order(results)
    ]
    return [
        HtmlTable(
            caption="Trackers",
            heads=("Tracker", "Parameters", "Weights (SHA-256)", "Fingerprint", "Run (UTC)"),
            rows=tuple(trackers),
            texts=5,
        ),
        *_older(results),
        HtmlTable(
            caption="Data sets",
            heads=(
                *("Data set", "Made from", "Fingerprint"),
                *("Seed", "Sequences", "Frames", "Pixels"),
            ),
            rows=tuple(datasets),
            texts=3,
        ),
        HtmlTable(
            caption="Software and processor",
            heads=("Runs", "Versions", "Processor"),
            rows=tuple(_software(results)),
            texts=3,
        ),
    ]


def _moment(stored: str) -> str:
    """Return a moment as it is stored without the fractions of its second."""
    return re.sub(r"\.\d+(?=Z$)", "", stored) or DASH


def _parameters(record: RunRecord) -> Iterator[str]:
    yield from (f"{name}={value!r}" for name, value in record.parameters.items())
    if record.variables:
        yield variables_in_words(record.variables)


def _imported(results: Results, tracker: str) -> str:
    """Return what was read from files of a tracker, data set by data set; empty: it was run."""
    runs = [run.record for run in results.runs if run.record.tracker == tracker]
    return "; ".join(
        f"imported on {record.dataset}: "
        + "; ".join(
            (
                f"{record.imported.files} files as {record.imported.layout} writes them",
                f"SHA-256 {record.fingerprint}",
                *record.imported.corrections,
                *record.imported.remarks,
            )
        )
        for record in runs
        if record.imported is not None
    )


def _older(results: Results) -> Iterator[HtmlTable]:
    """Yield the versions of trackers that are stored and not shown, where there are any."""
    rows = tuple(
        tuple(
            Cell(visible(fact))
            for fact in (o.tracker, ", ".join(o.datasets), o.fingerprint, _moment(o.last_run))
        )
        for o in results.older
    )
    if rows:
        heads = ("Tracker", "Data sets", "Fingerprint", "Run (UTC)")
        yield HtmlTable(caption="Stored beside, not shown", heads=heads, rows=rows, texts=4)


def _frames(record: DatasetRecord) -> str:
    each = record.frames_each
    return f"{min(each):,} to {max(each):,}" if each else f"{record.length:,}"


def _pixels(results: Results, record: DatasetRecord) -> str:
    """Return width and height of the frames; where they differ, the smallest and the largest."""
    sizes = next(run for run in results.runs if run.dataset.id == record.id).frame_sizes
    if sizes is None:
        return f"{record.frame[1]} × {record.frame[0]} (of the first)"
    ends = (sizes.min(axis=0).tolist(), sizes.max(axis=0).tolist())
    return " to ".join(dict.fromkeys(f"{width} × {height}" for height, width in ends))


def _software(results: Results) -> Iterator[tuple[Cell, ...]]:
    """Yield what runs were made with, those alike together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for record in (record for run in results.runs for record in run.records):
        versions = ", ".join(f"{name} {version}" for name, version in record.versions.items())
        groups.setdefault((versions, record.processor), []).append(record.name)
    for (versions, processor), runs in groups.items():
        who = "all" if len(groups) == 1 else "; ".join(runs)
        yield tuple(Cell(visible(text)) for text in (who, versions, processor))
