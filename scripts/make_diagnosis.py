"""Write docs/diagnosis.md's numbers: the built-in trackers on both factor suites, diagnosed.

    python scripts/make_diagnosis.py                      # runs what is not stored, and writes
    python scripts/make_diagnosis.py --folder factors     # of one part: digits, all levels
    python scripts/make_diagnosis.py --only-write         # from what is stored in results/

What stands in the page between ``<!-- output of: COMMAND -->`` and ``<!-- end of output -->``
becomes what COMMAND prints, as in scripts/update_results.py; what stands between
``<!-- two trackers -->`` and ``<!-- end of two trackers -->`` becomes a table of how differently a
level touches two trackers. Where the results are not stored, the page stays as it is, which is
said. How many sequences of how many frames these are is said in the output.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from update_results import OUTPUT, ROOT, with_outputs

import trackbench
from trackbench.analysis.diagnosis_words import number, signed
from trackbench.plugins import registry
from trackbench.printing.markdown import markdown_table
from trackbench.results.directory import Results
from trackbench.statistics.effect_interval import effect_interval
from trackbench.statistics.families import holm
from trackbench.statistics.sign_flip import sign_flip_p

PAGE = ROOT / "docs" / "diagnosis.md"
BASE = "mnist-factors-v1"
NETWORKS = ("rectracker-id", "rectracker-att1", "rectracker-att3", "convtracker")
STORED = ROOT / "results"
CLASSICS = ("kcf", "mosse", "ncc", "static", "champion", "kalman", "medianflow")
SLOW = ("tld", "mil", "csrt")
"""They have a folder of their own, for they run on fewer and shorter sequences, and all that is in
one folder is scored at the length that all have."""


@dataclass(frozen=True)
class Part:
    """A factor suite, and how much of it is run.

    Attributes:
        suite: its id.
        trackers: ids.
        sequences, frames: of each data set.
        hardest: of each factor only the level that is farthest from the base's, as a rule the
            hardest; else all levels.
        factors: which; none: all.
        folder: name of the one that the results are in.
    """

    suite: str
    trackers: tuple[str, ...]
    sequences: int
    frames: int
    hardest: bool = False
    factors: tuple[str, ...] = ()
    folder: str = "factors"

    @property
    def datasets(self) -> tuple[str, ...]:
        """Ids of the data sets, the base first."""
        suite = registry.factor_suites().get(self.suite)
        chosen = [f for f in suite.factors if not self.factors or f.name in self.factors]
        every = [[level.dataset for level in factor.levels] for factor in chosen]
        if self.hardest:
            every = [[own[-1] if own[-1] != suite.base else own[0]] for own in every]
        return tuple(dict.fromkeys((suite.base, *chain.from_iterable(every))))


PARTS = (
    Part(BASE, (*CLASSICS, *NETWORKS), 24, 80),
    Part("scenes-v1", (*CLASSICS, *NETWORKS), 18, 40, folder="scenes"),
    Part(
        *("scenes-v1", CLASSICS, 18, 40),
        factors=("first box",),
        folder="scenes-start",
    ),
    Part(BASE, SLOW, 18, 20, hardest=True, folder="factors-slow"),
    Part("scenes-v1", SLOW, 18, 20, folder="scenes-slow"),
)

TWO = re.compile(r"(<!-- two trackers -->\n).*?(<!-- end of two trackers -->)", re.DOTALL)


@dataclass(frozen=True)
class Two:
    """Whether a level of ``mnist-factors-v1`` costs one tracker less than another.

    Attributes:
        first, second: ids of the trackers.
        factor, level: which.
    """

    first: str
    second: str
    factor: str
    level: int

    @property
    def dataset(self) -> str:
        """Id of the data set that has the level."""
        return f"mnist-factors-{self.factor}-{self.level}-v1"


TWOS = (
    Two("rectracker-att1-v1", "rectracker-id-v1", "background", 640),
    Two("rectracker-att3-v1", "rectracker-id-v1", "background", 640),
    Two("rectracker-att1-v1", "rectracker-id-v1", "others", 4),
    Two("rectracker-att3-v1", "rectracker-id-v1", "others", 4),
    Two("rectracker-id-v1", "convtracker-v1", "occluders", 640),
    Two("rectracker-att3-v1", "convtracker-v1", "occluders", 640),
    Two("ncc-v1", "rectracker-att3-v1", "others", 4),
    Two("ncc-v1", "rectracker-att3-v1", "twins", 4),
    Two("ncc-v1", "rectracker-att3-v1", "interval", 8),
    Two("ncc-v1", "rectracker-att3-v1", "rotation", 4),
    Two("ncc-v1", "rectracker-att3-v1", "noise", 128),
)


def main() -> int:
    """Run what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only-write", action="store_true", help="run nothing")
    folders = [part.folder for part in PARTS]
    parser.add_argument("--folder", choices=folders, nargs="+", default=folders)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    for part in PARTS:
        if asked.only_write or part.folder not in asked.folder:
            continue
        print(f"{', '.join(part.trackers)} on {part.suite}", flush=True)
        trackbench.run(
            part.trackers,
            datasets=part.datasets,
            sequences=part.sequences,
            lengths=(part.frames,),
            jobs=asked.jobs,
            out=STORED / part.folder,
        )
    text = OUTPUT.sub(_printed, PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(TWO.sub(_compared, text), encoding="utf-8")
    return 0


def _printed(block: re.Match[str]) -> str:
    """Return what a block's command prints now, where there are results."""
    folder = block["command"].split()[2]
    if (ROOT / folder).is_dir():
        return with_outputs(block[0], ROOT)
    print(f"left as it is, for there is no {folder}: {block['command']}")
    return block[0]


def _compared(block: re.Match[str]) -> str:
    """Return the table of two trackers, where there are results."""
    folder = STORED / PARTS[0].folder
    if folder.is_dir():
        return "\n".join([block[1].strip(), *two_trackers(Results.load(folder)), block[2]])
    print(f"left as it is, for there is no {folder}: the table of two trackers")
    return block[0]


def two_trackers(results: Results) -> Iterator[str]:
    """Yield the lines of a table: what a level does to one tracker minus what to another.

    The differences are paired by sequence; one family of tests.
    """
    scores = {(run.record.tracker, run.dataset.id): run.scores[:, -1] for run in results.runs}
    beyond = []
    for two in TWOS:
        first, second = (
            scores[who, two.dataset] - scores[who, BASE] for who in (two.first, two.second)
        )
        beyond.append(first - second)
    adjusted = holm(np.array([sign_flip_p(each) for each in beyond])).tolist()
    rows = []
    for two, difference, p in zip(TWOS, beyond, adjusted, strict=True):
        low, high = effect_interval(difference[None], farthest=2)
        fell = [
            f"{who}: {number(before.mean())} to {number(after.mean())}"
            for who in (two.first, two.second)
            for before, after in [(scores[who, BASE], scores[who, two.dataset])]
        ]
        mean = float(difference.mean())
        ends = f"{signed(float(low[0]))} to {signed(float(high[0]))}"
        said = "< 0.001" if p < 0.001 else f"{p:.3f}"
        rows.append((f"{two.factor} {two.level}", *fell, signed(mean), ends, said))
    heads = ("Level", "One tracker", "Another", "Loses less by", "95 % interval", "p")
    yield from markdown_table(heads, rows, text={0, 1, 2})


if __name__ == "__main__":
    sys.exit(main())
