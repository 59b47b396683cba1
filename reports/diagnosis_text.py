"""A diagnosis as text for people and as Markdown: sentences first, numbers after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from trackbench.analysis.diagnosis import Diagnosis
from trackbench.analysis.diagnosis_words import heading, sentence
from trackbench.analysis.factor_effects import ALPHA
from trackbench.analysis.factor_remarks import NEGLIGIBLE
from trackbench.printing.amounts import counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.reports.diagnosis_tables import TextTable, tables_of
from trackbench.statistics.effect_interval import unseen_share

if TYPE_CHECKING:
    from rich.console import Console


def print_diagnosis(diagnosis: Diagnosis, console: Console, *, levels: bool) -> None:
    """Print a sentence for each tracker, factors against trackers, and notes.

    Args:
        diagnosis: which.
        console: to print to.
        levels: print every level of every factor, too.
    """
    for suite in diagnosis.suites:
        for found in diagnosis.of_suite(suite):
            line = f"{heading(found)}: {sentence(found)}"
            console.print(Text(visible(line)), soft_wrap=not console.is_terminal)
        for table in tables_of(diagnosis, suite, levels=levels):
            styles = ["bold" if bold else "" for bold in table.bold]
            print_columns(console, table.title, _columns(table), styles, keys=min(table.texts, 2))
    for note in notes(diagnosis):
        console.print(Text(visible(note), style="dim"), soft_wrap=not console.is_terminal)


def _columns(table: TextTable) -> list[Column]:
    return [
        Column(visible(head), [visible(row[at]) for row in table.rows], left=at < table.texts)
        for at, head in enumerate(table.heads)
    ]


def diagnosis_markdown(diagnosis: Diagnosis, *, levels: bool) -> str:
    """Return the same in Markdown."""
    parts = []
    for suite in diagnosis.suites:
        parts.append(
            "\n".join(
                f"- **{escape(heading(found))}**: {escape(sentence(found))}"
                for found in diagnosis.of_suite(suite)
            )
        )
        for table in tables_of(diagnosis, suite, levels=levels):
            heads = [escape(head) for head in table.heads]
            lines = markdown_table(heads, table.rows, text=set(range(table.texts)))
            parts.append("\n".join([f"**{escape(table.title)}**", "", *lines]))
    parts.append("\n".join(f"- {escape(note)}" for note in notes(diagnosis)))
    return "\n\n".join(parts) + "\n"


def notes(diagnosis: Diagnosis) -> list[str]:
    """Return how the numbers are to be read, and what is to be known of them."""
    effect = (
        "Effect: mean difference of the scores of the same sequences, with the factor at that "
        "level minus on the base; all else is the same."
    )
    interval = (
        "Interval: 95 %, each end that of the BCa bootstrap over sequences (levels expanded for "
        "few of them) or of Student's t, whichever lies farther out. p: of the exact randomisation "
        "test (signs of differences flipped), adjusted by Holm over all "
        f"{counted(diagnosis.tests, 'test')} of this diagnosis; * p <= {ALPHA:g}, so at most one "
        "diagnosis in a hundred names a factor that does nothing."
    )
    named = (
        f"Named: what costs {NEGLIGIBLE:g} or more and is told apart. Costs nothing: the intervals "
        f"of all levels end above -{NEGLIGIBLE:g}. Half is lost: where the mean falls to half of "
        "the base's, between levels by a straight line, with a 95 % interval of percentiles."
    )
    score = (
        f"Score: mean mask IoU over frames; protocol {diagnosis.protocol.value}: "
        f"{diagnosis.protocol.description}."
    )
    found = [effect, interval, named, *_unseen(diagnosis), score]
    if diagnosis.interactions:
        found.append(
            "Beyond the sum: what two factors do together minus what each does alone; negative: "
            "they make each other worse. A score does not fall below 0, so two large losses are "
            f"together less than their sum. Adjusted by Holm over {len(diagnosis.interactions)} "
            "interactions."
        )
    return [*found, *diagnosis.notes]


def _unseen(diagnosis: Diagnosis) -> list[str]:
    """Return a line where so few sequences were paired that a rare loss may be in none of them."""
    levels = [e for found in diagnosis.trackers for each in found.effects for e in each.levels]
    fewest = min((level.sequences for level in levels), default=0)
    share = unseen_share(fewest) if fewest else 0.0
    if share <= NEGLIGIBLE:
        return []
    line = (
        f"What befalls fewer than {100 * share:.0f} % of all videos may be in none of "
        f'{counted(fewest, "sequence")}: neither an interval nor "costs nothing" knows of it.'
    )
    return [line]
