"""Every setting of a process that we know of: what one tracker does to it is nothing to anybody."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
WAYS = re.findall(r"^    \"(\w+)\": \(", (PLUGINS / "upset.py").read_text(), re.MULTILINE)
EACH = [f"upsets{way}" for way in WAYS]
Parts = dict[str, bytes]
Tracked = Callable[..., Parts]


@pytest.fixture
def tracked(
    tmp_path: Path, trackbench_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> Tracked:
    """Return what runs trackers and returns tracker and part -> the part's bytes."""

    def call(*trackers: str, jobs: int, plugins: tuple[str, ...] = ("upset.py",)) -> Parts:
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        done = trackbench_cli(
            *("run", "--dataset", "tiny-other", "--out", out, "--jobs", jobs, "--timeout", "60"),
            *(word for name in ("tiny.py", *plugins) for word in ("--plugin", PLUGINS / name)),
            *(word for name in trackers for word in ("--tracker", name)),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "in memory" not in done.stderr
        return {
            f"{path.relative_to(out / 'runs').parts[0]} {path.name}": path.read_bytes()
            for path in out.glob("runs/**/*.parquet")
        }

    return call


@pytest.mark.thorough
def test_who_upsets_all_at_once_is_nothing_to_who_looks(tracked: Tracked) -> None:
    together = tracked("upsets", "looks", jobs=2)
    assert len(together) == 4
    assert tracked("looks", "upsets", jobs=1, plugins=("upset.py", "selfish.py")) == together


@pytest.mark.thorough
@pytest.mark.needs_torch
def test_each_way_for_itself_and_torch(tracked: Tracked) -> None:
    assert len(EACH) > 30
    together = tracked("looks", *EACH, "torch", "looksattorch", jobs=2)
    turned = tracked("looksattorch", "torch", *EACH[::-1], "looks", jobs=1)
    assert len(together) == 2 * (len(EACH) + 3)
    assert [name for name in together if turned[name] != together[name]] == []
    for name in ("looks", "torch", "looksattorch", "upsetsnumpy"):
        assert tracked(name, jobs=1).items() <= together.items()
