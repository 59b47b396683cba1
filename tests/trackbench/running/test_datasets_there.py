"""A data set is made of what its file says: what was changed in memory is said, and is no hash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trackbench.results.directory import Results

DRAWING = """
from dataclasses import dataclass
import numpy as np
from trackbench import DatasetSpec, Video

LEVEL = 1
CACHE = {}

def level():
    return LEVEL

@dataclass(frozen=True)
class Generator:
    noise: int = 1
    size = 1

class Drawn:
    extra = 0
    def __init__(self, spec):
        self.spec = spec
    def sequence(self, index, length=None):
        CACHE[index] = self.spec.id
        shift = self.extra + level() + self.spec.generator.size + self.spec.generator.noise
        length = length or self.spec.length
        frames = np.full((length, 30, 30), index, np.uint8)
        return Video(frames, np.tile([float(shift), 5.0, 9.0, 9.0], (length, 1)))

def spec(name, factory=Drawn):
    generator = Generator()
    return DatasetSpec(
        id=name, factory=factory, seed=1, sequences=2, length=3, chunk=1, generator=generator
    )

DRAWN = spec("drawn")
OTHER = spec("other")
"""
PATCHES = """
import drawing
drawing.Generator.size = 5
class Patched(drawing.Drawn):
    pass
PATCHED = drawing.spec("patched", Patched)
"""
SCRIPT = """
import drawing, trackbench
{changed}
if __name__ == "__main__":
    trackbench.run("static", datasets=[{datasets}], out="r", jobs={jobs}, tell=print)
"""
CHANGED = {
    "attribute of the generator's class": "drawing.Generator.size = 2",
    "attribute of the factory": "drawing.Drawn.extra = 1",
    "method": "drawing.Drawn.sequence = lambda self, index, length=None: None",
    "global": "drawing.LEVEL = 2",
    "default": "drawing.level = lambda: 2",
}


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "drawing.py").write_text(DRAWING)
        (path / "patches.py").write_text(PATCHES)

    def run(
        self, changed: str = "", datasets: str = "drawing.DRAWN", jobs: int = 1
    ) -> tuple[dict[str, float], str]:
        """Return how far the boxes of each data set have shifted, and what was said."""
        text = SCRIPT.format(changed=changed, datasets=datasets, jobs=jobs)
        (self.path / "script.py").write_text(text)
        done = subprocess.run(
            [sys.executable, "script.py"],
            cwd=self.path,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = {}
        for run in Results.load(self.path / "r").runs:
            (shift,) = {float(tracked.truth[0, 0, 0]) for tracked in run.trajectories()}
            found[run.record.dataset] = shift
        return found, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_in_memory_is_told_and_is_not_the_hash(folder: Folder, name: str) -> None:
    shift, said = folder.run(CHANGED[name])
    assert shift == {"drawn": 3.0}  # as the file says
    assert "drawn is made as its file says, and in memory here it is something else" in said
    # Under the hash of what its file says, for whoever has not changed it: nothing is compared.
    shift, said = folder.run()
    assert "in memory" not in said
    assert "all stored" in said
    assert "changed" not in said


@pytest.mark.thorough
def test_two_that_share_a_module_whose_memory_fills_are_reused_without_a_word(
    folder: Folder,
) -> None:
    for said in (folder.run(datasets="drawing.DRAWN, drawing.OTHER")[1] for _ in range(2)):
        assert "in memory" not in said
        assert "changed" not in said
    assert "all stored" in said


@pytest.mark.thorough
def test_what_one_data_set_does_to_another_depends_neither_on_jobs_nor_on_order(
    folder: Folder,
) -> None:
    """Not under the hash of what it is alone, either."""
    alone, _ = folder.run()
    assert alone == {"drawn": 3.0}
    script = "import patches"
    for number, (datasets, jobs) in enumerate(
        [("drawing.DRAWN, patches.PATCHED", 1), ("patches.PATCHED, drawing.DRAWN", 2)]
    ):
        (folder.path / "r").rename(folder.path / f"r{number}")
        found, said = folder.run(script, datasets, jobs)
        assert found == {"drawn": 7.0, "patched": 7.0}
        assert "in memory" not in said
    # A module that patches here, and is no data set's, reaches no maker.
    (folder.path / "r").rename(folder.path / "r2")
    found, said = folder.run(script)
    assert found == alone
    assert "drawn is made as its file says" in said
