"""Why two metrics differ, in sentences and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.text import Text

from trackbench.analysis.causes import Share, spans
from trackbench.errors import parameter
from trackbench.metrics import Metric
from trackbench.printing.amounts import counted, plural
from trackbench.printing.text import visible
from trackbench.results.json_values import number_or_null

if TYPE_CHECKING:
    from rich.console import Console

    from trackbench.analysis.explaining import Explanation, RunDifference, SequenceDifference

MOST_SEQUENCES, MOST_SPANS = 10, 8
"""That are printed; JSON has all."""


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Print a paragraph a tracker and data set, and what the two metrics are."""
    for line in _lines(explanation):
        console.print(Text(visible(line)), soft_wrap=not console.is_terminal)


def explanation_json(explanation: Explanation) -> str:
    """Return all sequences and frames; what is no number is null."""
    whole = {
        "first": explanation.first,
        "second": explanation.second,
        "runs": [_run(run) for run in explanation.runs],
    }
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def _lines(explanation: Explanation) -> Iterator[str]:
    first, second = explanation.first, explanation.second
    for run in explanation.runs:
        tracker = f"{run.tracker} (imported)" if run.imported else run.tracker
        yield (
            f"{tracker} on {run.dataset}, {counted(run.sequences, 'sequence')}: "
            f"{first} {_said(run.first)}, {second} {_said(run.second)}"
        )
        yield from (f"  no number: {reason}." for reason in run.refusals)
        if run.by_averaging:
            yield (
                "  averaging: over sequences, each alike, they would be "
                f"{_said(run.means[0])} and {_said(run.means[1])}."
            )
        if not run.differing:
            yield "  no sequence differs."
        else:
            yield f"  they differ on {counted(len(run.differing), 'sequence')}, most first:"
        for found in run.differing[:MOST_SEQUENCES]:
            yield from _sequence(found)
        if len(run.differing) > MOST_SEQUENCES:
            rest = counted(len(run.differing) - MOST_SEQUENCES, "more sequence")
            yield f"  and {rest}, in JSON ({parameter('form', 'json', option='format')})."
    for metric in (first, second):
        yield f"{metric}: {Metric.named(metric).definition}."


def _sequence(found: SequenceDifference) -> Iterator[str]:
    apart = found.first - found.second
    yield (
        f"  sequence {found.name}: {_said(found.first)} against {_said(found.second)}"
        f" ({_said(apart, '+')})"
    )
    for share in found.shares:
        yield f"    {_frames(share)}: {share.cause.value}; else {_said(share.left, '+')}."
    if math.isnan(found.left):
        yield "    what is left cannot be compared: one of them has no number."
    elif abs(found.left) > 1e-9:
        yield (
            f"    left: {_said(found.left, '+')} by what the numbers are, and by thresholds "
            "(see below)."
        )


def _frames(share: Share) -> str:
    runs = list(spans(share.frames))
    more = "" if len(runs) <= MOST_SPANS else ", ..."
    noun = plural("frame", len(share.frames))
    return f"{noun} {', '.join(runs[:MOST_SPANS])}{more}"


def _said(value: float, sign: str = "") -> str:
    return "no number" if math.isnan(value) else f"{value:{sign}z.3f}" if sign else f"{value:.3f}"


def _run(run: RunDifference) -> dict[str, Any]:
    return {
        "tracker": run.tracker,
        "imported": run.imported,
        "dataset": run.dataset,
        "length": run.length,
        "first": number_or_null(run.first),
        "second": number_or_null(run.second),
        "refusals": list(run.refusals),
        "means": [number_or_null(mean) for mean in run.means],
        "sequences": run.sequences,
        "differing": [
            {
                "sequence": found.sequence,
                "name": found.name,
                "first": number_or_null(found.first),
                "second": number_or_null(found.second),
                "causes": [
                    {
                        "cause": share.cause.name.lower(),
                        "said": share.cause.value,
                        "frames": list(share.frames),
                        "left": number_or_null(share.left),
                    }
                    for share in found.shares
                ],
                "left": number_or_null(found.left),
            }
            for found in run.differing
        ],
    }
