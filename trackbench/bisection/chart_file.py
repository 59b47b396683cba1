"""Scores by commit as a picture (SVG), or as a page with the log beside it (HTML)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.bisection.bisection import Standing
from trackbench.bisection.bisection_text import verdict
from trackbench.errors import TrackbenchError
from trackbench.printing.text import visible
from trackbench.reports.html.charts import round_numbers
from trackbench.results.atomic_files import writing_to
from trackbench.results.out_paths import check_out_file

if TYPE_CHECKING:
    from trackbench.bisection.bisection import Bisection, CellName, Logged

_WIDTH, _HEIGHT = 860.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 24.0, 34.0, 66.0
_MOST_CELLS = 8
"""Lines in one picture; a page's table has all."""
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4", "4 2", "3 1")
_COLOURS = (
    *("#0b6bcb", "#b3501b", "#1c7c54", "#8e3b8e", "#80660b", "#0a7a80", "#a12d4f", "#555f6b"),
)

_STYLE = """
:root { color-scheme: light dark; }
svg.scores { font: 12px system-ui, sans-serif; fill: CanvasText; background: Canvas; }
.scores .axis { stroke: CanvasText; stroke-opacity: .35; fill: none; }
.scores .culprit { stroke: #c62828; stroke-width: 1.5; stroke-dasharray: 4 3; }
.scores .line { fill: none; stroke-width: 2; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 60rem;
       padding: 0 1rem; }
svg.scores { width: 100%; min-width: 40rem; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .6rem; text-align: left; border-bottom: 1px solid #8886; }
td { white-space: nowrap; }
td:last-child { white-space: normal; min-width: 12rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
"""


def write_chart(found: Bisection, out: Path) -> None:
    """Write the picture or the page that the file's ending asks for.

    Raises:
        TrackbenchError: it is another ending, or cannot be written.
    """
    check_chart(out)
    text = chart_svg(found) if out.suffix == ".svg" else chart_page(found)
    with writing_to(out) as temporary:
        temporary.write_text(text, encoding="utf-8")


def check_chart(out: Path) -> None:
    """Make sure that a chart can be written to a file of this name.

    Raises:
        TrackbenchError: it cannot.
    """
    if out.suffix not in {".svg", ".html"}:
        raise TrackbenchError(f"the chart {out} must end in .svg or .html")
    check_out_file(out, "chart")


def chart_svg(found: Bisection) -> str:
    """Return the scores of the cells that were followed, by commit, as SVG."""
    log = [entry for entry in found.log if entry.scores]
    scores = [score for entry in log for score in entry.scores.values()]
    low, high = min(scores), max(scores)
    room = max(high - low, 0.02) * 0.08
    low, high = max(0.0, low - room), min(1.0, high + room)
    lines = [f"<style>{_STYLE}</style>", *_axes(found, low, high)]
    for number, cell in enumerate(found.followed[:_MOST_CELLS]):
        lines += _line(found, cell, number, (low, high))
    title = escape(visible(verdict(found)))
    return (
        f'<svg class="scores" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} '
        f'{_HEIGHT:g}" role="img" aria-label="{title}">\n<title>{title}</title>\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )


def chart_page(found: Bisection) -> str:
    """Return a page of one file: verdict, picture, and a table of every commit that was tested."""
    heads = "".join(f"<th>{escape(visible(str(cell)))}</th>" for cell in found.followed)
    rows = "".join(_page_row(found, entry) for entry in found.log)
    notes = "".join(f"<li>{escape(visible(note))}</li>" for note in found.notes)
    title = escape(visible(verdict(found)))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>trackbench bisect</h1>"
        f'<p>{title}</p>\n<div class="wide">{chart_svg(found)}</div>\n<ul>{notes}</ul>\n'
        f'<div class="wide"><table><thead><tr><th>Commit</th><th>Date</th><th>Found</th>{heads}'
        f"<th>Subject</th></tr></thead><tbody>{rows}</tbody></table></div></body></html>\n"
    )


def _page_row(found: Bisection, entry: Logged) -> str:
    numbers = "".join(
        f'<td class="number">{entry.scores[cell]:.3f}</td>' if entry.scores else "<td></td>"
        for cell in found.followed
    )
    said = f"{entry.commit.subject}: {entry.reason}" if entry.reason else entry.commit.subject
    return (
        f"<tr><td><code>{entry.commit.short}</code></td><td>{escape(entry.commit.date[:10])}</td>"
        f"<td>{entry.standing.value}</td>{numbers}<td>{escape(visible(said))}</td></tr>\n"
    )


def _axes(found: Bisection, low: float, high: float) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    lines = [f'<path class="axis" d="M{_LEFT},{_TOP}V{bottom}H{right}"/>']
    for value in round_numbers(low, high):
        y = _y(value, (low, high))
        lines.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>')
        lines.append(f'<path class="axis" stroke-dasharray="1 4" d="M{_LEFT},{y:.1f}H{right}"/>')
    culprits = {culprit.commit.sha for culprit in found.culprits}
    free = 0.0
    for number, entry in enumerate(found.log):
        x = _x(found, number)
        if entry.commit.sha in culprits:
            lines.append(f'<path class="culprit" d="M{x:.1f},{_TOP}V{bottom}"/>')
        mark = "x " if entry.standing is Standing.SKIPPED else ""
        if x >= free or entry.commit.sha in culprits:
            lines.append(
                f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{mark}'
                f"{entry.commit.sha[:7]}</text>"
            )
            free = x + 64
    lines.append(
        f'<text x="{_LEFT}" y="{_TOP - 14}">score by commit, {escape(found.tracker)} '
        "(x: it cannot be run)</text>"
    )
    return lines


def _line(found: Bisection, cell: CellName, number: int, span: tuple[float, float]) -> list[str]:
    colour, dash = _COLOURS[number], _DASHES[number]
    places = [
        (_x(found, at), _y(entry.scores[cell], span))
        for at, entry in enumerate(found.log)
        if entry.scores
    ]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>' for x, y in places)
    column, row = number % 3, number // 3
    x, y = _LEFT + column * 265, _HEIGHT - 32 + row * 15
    return [
        f'<path class="line" stroke="{colour}" stroke-dasharray="{dash}" d="{path}"/>',
        f'<g fill="{colour}">{dots}</g>',
        f'<path class="line" stroke="{colour}" stroke-dasharray="{dash}" d="M{x},{y - 4}h26"/>',
        f'<text x="{x + 32}" y="{y}">{escape(visible(str(cell)))}</text>',
    ]


def _x(found: Bisection, number: int) -> float:
    return _LEFT + 20 + (_WIDTH - _LEFT - _RIGHT - 40) * number / max(len(found.log) - 1, 1)


def _y(value: float, span: tuple[float, float]) -> float:
    share = (value - span[0]) / (span[1] - span[0])
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * share
