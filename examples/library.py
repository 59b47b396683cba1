"""What the command line does, from Python: run, report, compare, check, draw, export, train, new.

    python examples/library.py FOLDER

Everything is written into FOLDER; it takes about half a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path

import trackbench


def main(folder: Path) -> None:
    """Do one thing after the other."""
    print(trackbench.available("suites"))
    print(trackbench.verify("mnist-single-same"))

    results = trackbench.run(
        ["static", "ncc", "mosse"], "smoke", sequences=4, lengths=[10, 20], out=folder / "results"
    )
    for made in trackbench.available("reports").specs:
        trackbench.report(results, made.id, metrics="all").write(folder / f"table{made.suffix}")
    print(trackbench.report(results, "markdown", layout="paper", intervals=True))
    print(trackbench.compare(["ncc", "static", "mosse"], results))

    trackbench.baseline(results, folder / "baseline.json")
    verdict = trackbench.check(folder / "results", folder / "baseline.json")
    print(verdict)
    if verdict.regressed:
        sys.exit("the same results cannot be worse than themselves")

    print(trackbench.show("mnist-single-same", folder / "drawn.png", trackers="ncc", length=20))
    print(
        trackbench.export(
            "mnist-single-same", "got10k", folder / "got10k", sequences=2, length=10, jobs=1
        )
    )
    valid = "mnist-valid-single"
    out = folder / "trained"
    trained = trackbench.train("rectracker-id", steps=1, validation=[valid], out=out, threads=1)
    print(trained.weights)

    print(trackbench.new("tracker", "my-own", out=folder / "my_own.py"))
    print(trackbench.init(folder / "bench.toml"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("which folder may it write into? python examples/library.py FOLDER")
    main(Path(sys.argv[1]))
