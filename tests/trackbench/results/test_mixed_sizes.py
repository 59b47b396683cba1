"""Videos of different sizes in one data set, in what people look at."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

Kit = Any
Commands = Callable[..., Any]


@pytest.mark.parametrize("form", ["markdown", "latex", "html", "csv", "json"])
def test_every_format_takes_each_sequences_own_size(
    kit: Kit, commands: Commands, form: str
) -> None:
    mixed = replace(kit, chunk=2, sizes=((50, 60), (100, 100), (80, 120)))
    mixed.put(mixed.run(), shift=0.0)
    done = commands("report", "r", "-f", form, "--metric", "ao@got10k")
    assert (done.code, done.err) == (0, "")
    if form == "html":
        assert "60 × 50 to 120 × 100" in done.out
        # the strip of a perfect tracker's first sequence: best, median and worst alike
        assert re.search(r'viewBox="0 0 60 50"', done.out)
    else:
        assert (
            len(re.findall(r"1\.00? ± 0\.00|1\.00?\{\\pm\}0\.00|1\.0,0\.0|: 1\.0", done.out)) >= 1
        )
