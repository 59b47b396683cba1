"""Write docs/diagnosis.md's numbers: the built-in trackers on both factor suites, diagnosed.

    python scripts/make_diagnosis.py                 # runs what is not stored in results/factors
    python scripts/make_diagnosis.py --only-write    # from what is stored there

What stands in the page between ``<!-- output of: COMMAND -->`` and ``<!-- end of output -->``
becomes what COMMAND prints, as in scripts/update_results.py. How many sequences of how many frames
these are is said in the output itself.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from update_results import ROOT, with_outputs

import trackbench
from trackbench.plugins import registry

PAGE = ROOT / "docs" / "diagnosis.md"
RESULTS = ROOT / "results" / "factors"
NETWORKS = ("rectracker-id", "rectracker-att1", "rectracker-att3", "convtracker")
CLASSICS = ("kcf", "mosse", "ncc", "static")


@dataclass(frozen=True)
class Part:
    """A factor suite, and how much of it is run.

    Attributes:
        suite: its id.
        trackers: in the order in which they are run.
        sequences, frames: of each data set.
    """

    suite: str
    trackers: tuple[str, ...]
    sequences: int
    frames: int


PARTS = (
    Part("mnist-factors-v1", (*CLASSICS, *NETWORKS, "champion", "kalman"), 24, 80),
    Part("scenes-v1", (*CLASSICS, "champion", *NETWORKS), 20, 40),
)


def main() -> int:
    """Run what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only-write", action="store_true", help="run nothing")
    parser.add_argument("--sequences", type=int, help="of each data set, of both suites")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    for part in () if asked.only_write else PARTS:
        datasets = registry.factor_suites().get(part.suite).datasets
        for tracker in part.trackers:
            print(f"{tracker} on {part.suite}", flush=True)
            trackbench.run(
                tracker,
                datasets=datasets,
                sequences=asked.sequences or part.sequences,
                lengths=(part.frames,),
                jobs=asked.jobs,
                out=RESULTS,
            )
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_outputs(text, ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
