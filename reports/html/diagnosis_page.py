"""A diagnosis as a page by itself."""

from __future__ import annotations

from trackbench.analysis.diagnosis import Diagnosis
from trackbench.report_contract import FramesOf
from trackbench.reports.html.diagnosis import diagnosis_section
from trackbench.reports.html.templates import filled
from trackbench.reports.html.tracker_styles import looks_of
from trackbench.results.directory import Results


def diagnosis_page(found: Diagnosis, results: Results, frames: FramesOf | None) -> str:
    """Return the page.

    Args:
        found: the diagnosis.
        results: that it is of.
        frames: makes pictures; None: there are none.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    looks = looks_of(results)
    shown = dict.fromkeys(each.tracker for each in found.trackers)
    return filled(
        "diagnosis_page.html.jinja",
        section=diagnosis_section(found, results, looks, frames),
        looks=[looks[tracker] for tracker in shown],
    )
