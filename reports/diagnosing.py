"""``trackbench.diagnose``: why trackers fail, from stored results on factor suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.analysis.diagnosis import Diagnosis, diagnosis
from trackbench.analysis.factor_scores import FactorScores, read_factor_scores
from trackbench.analysis.formats import chosen
from trackbench.analysis.interactions import crossed_in, with_crossed
from trackbench.analysis.interactions import interactions as interactions_of
from trackbench.analysis.paired import stored_tracker
from trackbench.analysis.start_suites import start_suites
from trackbench.api.frames import frames_of
from trackbench.api.stored import loaded
from trackbench.arguments.checking import arguments_checked
from trackbench.arguments.endings import format_of_file
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.factor_contract import FactorSuite
from trackbench.ids import unversioned
from trackbench.plugins import registry
from trackbench.printing.on_console import printed
from trackbench.reports.diagnosis_json import diagnosis_json
from trackbench.reports.diagnosis_text import diagnosis_markdown, print_diagnosis
from trackbench.results.atomic_files import writing_to
from trackbench.results.out_paths import check_out_file

if TYPE_CHECKING:
    from rich.console import Console

    from trackbench.results.directory import Results


class DiagnosisFormat(Enum):
    """How a diagnosis is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


ENDINGS = {"text": ".txt", "markdown": ".md", "json": ".json", "html": ".html"}
"""Of files, by their format."""


@dataclass(frozen=True)
class Diagnosed:
    """Trackers diagnosed.

    Attributes:
        diagnosis: what was found.
        results: that it was found in.
    """

    diagnosis: Diagnosis
    results: Results

    def render(
        self, form: DiagnosisFormat | str = DiagnosisFormat.TEXT, *, levels: bool = False
    ) -> str:
        """Return it as text.

        Args:
            form: ``"text"``, ``"markdown"``, ``"json"`` or ``"html"``.
            levels: every level of every factor, too; JSON and HTML have them anyway.

        Raises:
            UnknownIdError: there is no such format.
        """
        match chosen(DiagnosisFormat, form):
            case DiagnosisFormat.TEXT:
                return printed(lambda console: self.print_to(console, levels=levels))
            case DiagnosisFormat.MARKDOWN:
                return diagnosis_markdown(self.diagnosis, levels=levels)
            case DiagnosisFormat.JSON:
                return diagnosis_json(self.diagnosis)
            case DiagnosisFormat.HTML:
                from trackbench.reports.html.diagnosis_page import diagnosis_page

                return diagnosis_page(self.diagnosis, self.results, frames_of(self.results))

    def print_to(self, console: Console, *, levels: bool = False) -> None:
        """Print it to a terminal of any width."""
        print_diagnosis(self.diagnosis, console, levels=levels)

    def __str__(self) -> str:
        """Return it as text."""
        return self.render()

    @arguments_checked
    def write(
        self, out: str | Path, form: DiagnosisFormat | str | None = None, *, levels: bool = False
    ) -> None:
        """Write it to a file, whole or not at all; without a format, in that of its ending.

        Raises:
            TrackbenchError: it cannot be written, or its ending is another format's.
        """
        out = Path(out)
        check_out_file(out)
        given = None if form is None else chosen(DiagnosisFormat, form).value
        found = format_of_file(out, given, ENDINGS, otherwise=DiagnosisFormat.TEXT.value)
        text = self.render(found, levels=levels)
        with writing_to(out) as temporary:
            temporary.write_text(text, encoding="utf-8")


@arguments_checked
def diagnose(
    results: str | Path | Results,
    *,
    trackers: str | Iterable[str] = (),
    suite: str | None = None,
    protocol: str | None = None,
    interactions: bool = False,
) -> Diagnosed:
    """Say what each tracker's failures come from: the factors of suites of twins, one by one.

    A factor suite has the same sequences at other levels of one factor, so the difference of a
    tracker's scores, sequence by sequence, is what the factor does to it.

    Args:
        results: a results directory, or what :func:`trackbench.run` has returned.
        trackers: ids; none: all that are stored.
        suite: id of a factor suite, or of a data set that was run with noise in its start, too;
            None: all of which something is stored.
        protocol: which, if the directory holds several.
        interactions: say, too, what two factors at once do beyond their sum, of data sets such as
            ``crossed:mnist-factors:speed=8:twins=2``.

    Returns:
        For each tracker on each suite a sentence, and every level's effect with interval and
        p-value. It prints itself; ``render("markdown")``, ``"json"`` and ``"html"`` are for others.

    Raises:
        TrackbenchError: there are no results, an id is unknown, or nothing is stored of a base and
            a twin of it.

    Example::

        results = trackbench.run("static", datasets=["mnist-factors", "mnist-factors-speed-8"])
        print(trackbench.diagnose(results))
    """
    stored = loaded(results, protocol)
    suites = suites_of(stored) if suite is None else [_suite(suite, stored)]
    asked = [trackers] if isinstance(trackers, str) else list(trackers)
    ids = [stored_tracker(stored, each) for each in asked] or stored.trackers
    found = diagnosis_of(stored, suites, list(dict.fromkeys(ids)), crossing=interactions)
    if not found.tests:
        why = f": {' '.join(found.notes)}" if found.notes else ""
        names = " or ".join(dict.fromkeys(each.id for each in suites))
        raise TrackbenchError(
            f"{stored.path} holds no base with a twin of it of {names or 'any factor suite'}{why}"
            " (see trackbench list factor-suites; the suites factors and diagnose-smoke run them)"
        )
    return Diagnosed(found, stored)


def suites_of(results: Results) -> list[FactorSuite]:
    """Return the factor suites that results may be of: registered ones, and noise in the start."""
    registered = list(registry.factor_suites())
    return [*registered, *start_suites(results, registered)]


def diagnosis_of(
    results: Results,
    suites: Iterable[FactorSuite],
    trackers: list[str],
    *,
    crossing: bool = False,
) -> Diagnosis:
    """Return the diagnosis of stored trackers on those of some suites that are there.

    Args:
        results: what is stored.
        suites: which.
        trackers: ids.
        crossing: look for data sets with two factors changed, too.
    """
    own = {suite.id: suite for suite in suites}
    crossed = crossed_in(results, list(own.values())) if crossing else []
    known = {spec.id: spec.fingerprint for spec in registry.datasets()}
    wider = [with_crossed(suite, crossed) for suite in own.values()]
    readings = read_factor_scores(results, wider, trackers, known)
    notes = [*_left_out(results, list(own.values()), trackers), *readings.notes]
    if crossing and not crossed:
        notes.append(
            "No data set with two factors changed is stored: run some, such as "
            "crossed:mnist-factors:speed=8:twins=2."
        )
    found = diagnosis([_without(each, own) for each in readings.scores], results.protocol, notes)
    return replace(found, interactions=interactions_of(readings.scores, crossed))


def _left_out(
    results: Results, suites: Sequence[FactorSuite], trackers: Sequence[str]
) -> list[str]:
    """Return what is stored of these trackers on these suites and not shown, a line each."""
    asked = {name for suite in suites for name in suite.datasets}
    unfinished = tuple(
        r for r in results.incomplete if r.dataset in asked and r.tracker in trackers
    )
    older = tuple(o for o in results.older if o.tracker in trackers and asked & set(o.datasets))
    return replace(results, incomplete=unfinished, older=older).left_out


def _without(scores: FactorScores, own: Mapping[str, FactorSuite]) -> FactorScores:
    """Return scores of a suite alone, without what was crossed."""
    suite = own[scores.suite.id]
    missing = tuple(name for name in scores.missing if name in suite.datasets)
    return replace(scores, suite=suite, missing=missing)


def _suite(name: str, results: Results) -> FactorSuite:
    for own in start_suites(results, registry.factor_suites()):
        if name in (own.id, unversioned(own.id)):
            return own
    try:
        return registry.factor_suites().get(name)
    except UnknownIdError as error:
        raise TrackbenchError(f"{error} (see trackbench list factor-suites)") from None
