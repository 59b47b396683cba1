"""A bisection for people, as Markdown and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from trackbench.analysis.verdict import Reason
from trackbench.bisection.bisection import LIKELY_NOISE, Standing
from trackbench.printing.amounts import DASH, counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.results.json_values import number_or_null

if TYPE_CHECKING:
    from trackbench.bisection.bisection import Bisection, Culprit, Fall, Logged
    from trackbench.bisection.repository import Commit

_STATISTICS = (
    "Mean scores before the commit and in it; the mean difference, paired by sequence, with its "
    "95 % BCa bootstrap interval; p of Student's paired t-test, one-sided, adjusted by Hommel over "
    "all cells."
)
_HEADER = ("Data set", "Length", "Before", "After", "Difference", "95 % interval", "p", "Of all")
_LOG_HEADER = ("Commit", "Date", "Score", "", "Found", "Subject")
_TRACK = 24
"""Characters of the chart."""
_STYLES = {Standing.BAD: "red", Standing.GOOD: "green", Standing.SKIPPED: "dim"}


def print_bisection(found: Bisection, console: Console) -> None:
    """Print the log with a chart of the cell that fell most, then each culprit and the notes."""
    rows = [_log_row(found, entry) for entry in found.log]
    columns = [
        Column(name, texts, left=name != "Score", folds=name == "Subject")
        for name, texts in zip(_LOG_HEADER, zip(*rows, strict=True), strict=True)
    ]
    styles = [_STYLES[entry.standing] for entry in found.log]
    print_columns(console, visible(_log_title(found)), columns, styles)
    for culprit in found.culprits:
        for line in _told(culprit):
            console.print(Text(line, style="bold red"), soft_wrap=not console.is_terminal)
        texts = list(zip(*map(_row, culprit.falls), strict=True))
        cells = [
            Column(name, column, left=name == "Data set", folds=name == "Data set")
            for name, column in zip(_HEADER, texts, strict=True)
        ]
        print_columns(console, "", cells, [""] * len(culprit.falls))
    for line in _notes(found):
        console.print(Text(visible(line), style="dim"), soft_wrap=not console.is_terminal)
    console.print(Text(verdict(found), style="bold"), soft_wrap=not console.is_terminal)


def bisection_markdown(found: Bisection) -> str:
    """Return the same in Markdown, such as for an issue."""
    parts = [f"**trackbench bisect: {escape(verdict(found))}**", ""]
    for culprit in found.culprits:
        parts += [escape(line) for line in _told(culprit)]
        parts += ["", *markdown_table(_HEADER, map(_row, culprit.falls), text={0}), ""]
    parts += [f"- {escape(line)}" for line in _notes(found)]
    rows = [[*row[:3], *row[4:]] for row in (_log_row(found, entry) for entry in found.log)]
    header = [name for name in _LOG_HEADER if name]
    title = escape(_log_title(found))
    return "\n".join(
        [*parts, "", f"{title}:", "", *markdown_table(header, rows, text={0, 1, 3, 4}), ""]
    )


def bisection_json(found: Bisection) -> str:
    """Return one object; what is not there is null."""
    said = {
        "good": found.good.sha,
        "bad": found.bad.sha,
        "commits": found.commits,
        "tracker": found.tracker,
        "results": str(found.results),
        "notes": found.notes,
        "culprits": [
            {
                "commits": [_commit(commit) for commit in culprit.commits],
                "before": culprit.before.sha,
                "falls": [_fall(fall) for fall in culprit.falls],
            }
            for culprit in found.culprits
        ],
        "log": [_entry(entry) for entry in found.log],
    }
    return json.dumps(said, indent=1, allow_nan=False) + "\n"


def verdict(found: Bisection) -> str:
    """Return in a line what was found."""
    between = f"{counted(found.commits, 'commit')} from {found.good.short} to {found.bad.short}"
    if not found.culprits:
        return f"{found.tracker}: no cell fell in {between}"
    fell = [
        f"{counted(len(culprit.falls), 'cell')} fell in {_which(culprit)}"
        for culprit in found.culprits
    ]
    return f"{found.tracker}: {', '.join(fell)} ({between})"


def _which(culprit: Culprit) -> str:
    if len(culprit.commits) == 1:
        return culprit.commit.short
    return f"one of {counted(len(culprit.commits), 'commit')} up to {culprit.commit.short}"


def _told(culprit: Culprit) -> Iterator[str]:
    """Yield which commit it is, in lines."""
    commit = culprit.commit
    if len(culprit.commits) > 1:
        yield visible(
            "it fell in one of these, of which only the last can be tested: "
            + ", ".join(each.short for each in culprit.commits)
        )
    yield visible(f"{commit.sha} {commit.subject}")
    merge = ", a merge: what is before it is good, so it is how its sides go together"
    yield visible(
        f"  {commit.author}, {commit.date[:10]}, after {culprit.before.short}"
        + (merge if len(commit.parents) > 1 and len(culprit.commits) == 1 else "")
    )


def _row(fall: Fall) -> list[str]:
    interval = DASH if math.isnan(fall.low) else f"{fall.low:+z.3f} to {fall.high:+z.3f}"
    what = "" if fall.reason is Reason.SCORE else f" ({fall.reason.value})"
    return [
        f"{visible(fall.cell.dataset)}{what}",
        str(fall.cell.length),
        f"{fall.before:.3f}",
        f"{fall.after:.3f}",
        f"{fall.difference:+z.3f}",
        interval,
        "< 0.001" if fall.p < 0.001 else f"{fall.p:.3f}",
        f"{fall.share:.0%}",
    ]


def _notes(found: Bisection) -> Iterator[str]:
    falls = [fall for culprit in found.culprits for fall in culprit.falls]
    if falls:
        ends = f"{found.good.short} to {found.bad.short}"
        yield f"{_STATISTICS} Of all: share of the fall from {ends}."
    doubtful = [fall for fall in falls if fall.p > LIKELY_NOISE and fall.reason is Reason.SCORE]
    if doubtful:
        yield (
            f"note: p is above {LIKELY_NOISE:g} in {counted(len(doubtful), 'cell')}: the sequences "
            "do not show that it fell on others, too"
        )
    yield from (f"note: {note}" for note in found.notes)


def _log_title(found: Bisection) -> str:
    return f"{found.tracker}, {found.followed[0]}: scores by commit" if found.followed else "log"


def _log_row(found: Bisection, entry: Logged) -> list[str]:
    about = entry.commit.subject if not entry.reason else f"{entry.commit.subject}: {entry.reason}"
    return [
        entry.commit.short,
        entry.commit.date[:10],
        DASH if not entry.scores else f"{entry.scores[found.followed[0]]:.3f}",
        _dot(found, entry),
        entry.standing.value,
        visible(about),
    ]


def _dot(found: Bisection, entry: Logged) -> str:
    """Return where a score is between the lowest and the highest, as a line with a dot on it."""
    if not entry.scores:
        return ""
    first = found.followed[0]
    scores = [each.scores[first] for each in found.log if each.scores]
    low, high = min(scores), max(scores)
    at = round((entry.scores[first] - low) / (high - low) * (_TRACK - 1)) if high > low else _TRACK
    return f"{'-' * at}*".ljust(_TRACK)[:_TRACK] if high > low else ""


def _commit(commit: Commit) -> dict[str, Any]:
    return asdict(commit)


def _fall(fall: Fall) -> dict[str, Any]:
    said = {**asdict(fall), **asdict(fall.cell), "reason": fall.reason.value}
    del said["cell"]
    finite = {
        name: number_or_null(value) if isinstance(value, float) else value
        for name, value in said.items()
    }
    return {**finite, "difference": fall.difference}


def _entry(entry: Logged) -> dict[str, Any]:
    scores = [
        {**asdict(cell), "score": number_or_null(score)} for cell, score in entry.scores.items()
    ]
    return {
        "commit": _commit(entry.commit),
        "standing": entry.standing.value,
        "fingerprint": entry.fingerprint or None,
        "reason": entry.reason or None,
        "scores": scores,
    }
