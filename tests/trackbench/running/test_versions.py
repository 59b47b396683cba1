"""Edited code is run again and never taken for what it was; truth is compared, not overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from python_server import command_server, run_alone

TRACKER = """
class Mine:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        return self.box + [STEP, 0, 0, 0]
"""
DATA = """
import numpy as np
from trackbench import DatasetSpec, Video

class Still:
    def __init__(self, spec):
        self.spec = spec
    def sequence(self, index, length=None):
        n = length or self.spec.length
        frames = np.full((n, 40, 40), index % 256, np.uint8)
        boxes = np.tile([10.0, 11.0, 12.0, 13.0], (n, 1))
        attributes = {"light": np.full(n, 1.0)}
        # EDIT
        return Video(frames, boxes, attributes)

STILL = DatasetSpec(id="still-v1", factory=Still, seed=1, sequences=40, length=4, chunk=10)
"""


class Folder:
    """A working folder with a tracker and a data set in files of their own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tracker(STEP="1.0")
        self.data()

    def tracker(self, **values: str) -> None:
        text = TRACKER
        for name, value in values.items():
            text = text.replace(name, value)
        (self.path / "mine.py").write_text(text)

    def data(self, edit: str = "pass") -> None:
        (self.path / "data.py").write_text(DATA.replace("# EDIT", edit))

    def run(
        self, *more: str, tracker: str = "mine", alone: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a tracker; ``alone``: in an interpreter with a hash seed of its own."""
        words = [
            *("-m", "trackbench", "run", "--plugin", "mine.py", "--plugin", "data.py"),
            *("-d", "still", "-o", "r", "--jobs", "1", "-t", tracker, *more),
        ]
        if alone:
            return run_alone([sys.executable, *words], self.path, os.environ)
        return command_server().run(words, self.path)

    def report(self, *more: str) -> str:
        done = command_server().run(["-m", "trackbench", "report", "r", *more], self.path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def versions(self) -> int:
        return len(list(self.path.glob("r/runs/mine/still-v1/paper-v1/*/record.json")))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def mean(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    (line,) = [
        line for line in done.stdout.splitlines() if "still-v1  " in line or "│ still" in line
    ]
    return line


@pytest.mark.thorough
def test_an_edited_tracker_is_run_again_beside_the_old_one(folder: Folder) -> None:
    first = mean(folder.run())
    folder.tracker(STEP="5.0")
    second = folder.run()
    assert mean(second) != first
    assert "nothing was run" not in second.stderr
    assert folder.versions == 2
    folder.tracker(STEP="1.0")
    back = folder.run()
    assert mean(back) == first
    assert "all stored, since 20" in back.stderr
    assert "nothing was run" in back.stderr
    # What is reported is the version that was asked for last.
    lines = folder.report("-f", "csv").splitlines()
    (value,) = [line.split(",")[3] for line in lines if line.startswith("mine")]
    assert f"{float(value):.2f}" in first


@pytest.mark.thorough
def test_fresh_replaces_every_version(folder: Folder) -> None:
    folder.run()
    folder.tracker(STEP="5.0")
    folder.run("--fresh")
    assert folder.versions == 1


def test_a_tracker_that_is_edited_while_it_runs_is_refused(folder: Folder) -> None:
    text = (folder.path / "mine.py").read_text()
    (folder.path / "mine.py").write_text(
        text.replace(
            "        self.box = box",
            "        self.box = box\n"
            "        if int(frame[0, 0]) == 15:\n"
            "            open(__file__, 'a').write('# edited')",
        )
    )
    done = folder.run()
    assert done.returncode == 2
    assert "mine was changed while it ran" in done.stderr
    again = folder.run()  # it edits itself once more
    assert again.returncode == 2


@pytest.mark.thorough
def test_a_file_that_it_reads_and_names_is_part_of_it(folder: Folder) -> None:
    (folder.path / "mine.py").write_text(
        TRACKER.replace(
            "    def init(self, frame, box):\n        self.box = box",
            "    files = ('step.txt',)\n"
            "    def init(self, frame, box):\n"
            "        self.box = box\n"
            "        self.step = float(open('step.txt').read())",
        ).replace("STEP", "self.step")
    )
    (folder.path / "step.txt").write_text("1.0")
    first = mean(folder.run())
    (folder.path / "step.txt").write_text("5.0")
    assert mean(folder.run()) != first
    assert folder.versions == 2


@pytest.mark.thorough
def test_data_whose_code_changed_is_compared_and_stays(folder: Folder) -> None:
    first = mean(folder.run())
    folder.data(edit="other_way = True")
    done = folder.run()
    assert "its stored truth is compared" in done.stderr
    assert mean(done) == first
    assert "compared" not in folder.run().stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("edit", "what"),
    [
        ("if index == 13: boxes[2] += 1", "boxes"),
        ("if index == 13: frames[1, 5, 5] = 99", "frames"),
        ("if index == 13: attributes['light'][3] = 0.5", "light"),
        ("attributes['dark'] = np.zeros(n)", "dark"),
    ],
)
def test_other_truth_outside_the_sample_is_refused_by_the_sequences_name(
    folder: Folder, edit: str, what: str
) -> None:
    first = mean(folder.run())
    folder.data(edit=edit)
    done = folder.run()
    assert done.returncode == 2, done.stdout
    assert what in done.stderr
    if "13" in edit:
        assert "sequence 13" in done.stderr
    other = folder.run(tracker="static")
    assert other.returncode == 2
    fresh = folder.run("--fresh")
    assert fresh.returncode == 0, fresh.stderr
    folder.data()
    assert folder.run().returncode == 2
    assert mean(folder.run("--fresh")) == first


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("if index >= 16: boxes[2] += 1", "sequence 16 has other boxes"),
        pytest.param(
            "if index == 39: frames[3, 5, 5] = 99",
            "sequence 39 has other frames",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            "if index == 5: frames = frames[:, 1:]; attributes['light'][3] = 0.5",
            "sequence 5 has other frames",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_other_truth_in_the_sample_is_refused_by_the_sequences_name(
    folder: Folder, edit: str, said: str
) -> None:
    assert folder.run().returncode == 0
    folder.data(edit=edit)
    done = folder.run()
    assert done.returncode == 2, done.stdout
    assert done.stderr.endswith(
        f"trackbench: still-v1 is not what r holds: {said} than were stored; choose another "
        "--out, or run anew with --fresh\n"
    )
    assert folder.run("--fresh").returncode == 0


@pytest.mark.thorough
def test_other_data_beyond_what_is_stored_are_told_as_that(folder: Folder) -> None:
    assert folder.run("--lengths", "3").returncode == 0
    folder.data(edit="frames[3:] += 1")
    done = folder.run("--lengths", "3")
    assert done.returncode == 2
    assert "r holds results on other data under the name still-v1" in done.stderr
    assert "frames, boxes or attributes of " in done.stderr
    assert "sequences 0, 5, 11, 16, 22, 27, 33, 39 are as stored" in done.stderr
    assert "frames after the first 3" in done.stderr


@pytest.mark.thorough
def test_a_data_set_that_draws_without_a_seed_is_refused_or_run_with_a_word(
    folder: Folder,
) -> None:
    folder.data(edit="frames = np.random.default_rng().integers(0, 9, frames.shape, np.uint8)")
    done = folder.run()
    assert done.returncode == 2
    assert "still-v1 sequence 0 is another each time that it is made" in done.stderr
    word = "still-v1 is another each time that it is made: no other run sees the same videos, so"
    fresh = folder.run("--fresh", "--jobs", "2")
    assert fresh.returncode == 0, fresh.stderr
    assert fresh.stderr.count(word) == 1
    assert " ".join(folder.report().split()).count(word) == 1
    again = folder.run(tracker="static")
    assert again.returncode == 2
    assert "sequence 0 has other frames than were stored" in again.stderr
    both = folder.run("-t", "static", "--fresh")
    assert both.returncode == 2
    assert "run one tracker at a time on it" in both.stderr


@pytest.mark.thorough
def test_a_damaged_part_is_refused_by_the_next_run(folder: Folder) -> None:
    folder.run()
    part = next(folder.path.glob("r/runs/mine/still-v1/paper-v1/*/part-00001.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(bytes(content))
    done = folder.run()
    assert done.returncode == 2
    assert "part-00001.parquet" in done.stderr


SCRIPT = """
import trackbench
from trackbench.plugins.loading import load_plugin
from pathlib import Path
load_plugin(Path("mine.py"))
load_plugin(Path("data.py"))
from trackbench_plugin_mine import Mine
import trackbench_plugin_mine
CHANGE
trackbench.run("mine", datasets=["still"], out="r", jobs=1)
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    "change",
    [
        "trackbench_plugin_mine.FACTOR = 3.0",
        "Mine.update = lambda self, frame: self.box * 0 + 9",
        "Mine.shift = 2.0",
    ],
)
def test_what_was_changed_in_memory_alone_is_said(folder: Folder, change: str) -> None:
    """A host imports the file anew: the number is the file's, under the file's fingerprint."""
    text = (folder.path / "mine.py").read_text()
    text = text.replace("1.0, 0", "FACTOR * self.shift, 0")
    text = text.replace("class Mine:", "FACTOR = 1.0\nclass Mine:\n    shift = 1.0")
    (folder.path / "mine.py").write_text(text)
    said = []
    for done_to in ("", change, ""):
        script = SCRIPT.replace("CHANGE", done_to)
        done = command_server().run(["-c", script], folder.path)
        assert done.returncode == 0, done.stderr
        said.append("mine is run as its file says, and in memory here" in done.stderr)
        assert folder.versions == 1
    assert said == [False, True, False]


@pytest.mark.thorough
def test_what_depends_on_the_process_is_found_again(folder: Folder) -> None:
    text = (folder.path / "mine.py").read_text()
    text = text.replace("class Mine:", "import os\nLUCK = hash('word') % 1000\nclass Mine:")
    text = text.replace("self.box = box", "self.box = box + [LUCK / 1e6, 0, 0, 0]")
    (folder.path / "mine.py").write_text(text)
    first = mean(folder.run(alone=True))
    again = folder.run(alone=True)
    assert mean(again) == first
    assert "nothing was run" in again.stderr
    assert folder.versions == 1


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param("import time\nBEGUN = time.time()", marks=pytest.mark.thorough),
        "import numpy as np\nBEGUN = np.random.rand()",
    ],
)
def test_what_is_another_each_time_is_said_and_run_anew(folder: Folder, begun: str) -> None:
    """A host seeds what generators a process shares; that must not look like a change in memory."""
    text = (folder.path / "mine.py").read_text()
    text = text.replace("class Mine:", f"{begun}\nclass Mine:")
    text = text.replace("self.box = box", "self.box = box + [BEGUN % 1e-9, 0, 0, 0]")
    (folder.path / "mine.py").write_text(text)
    for runs in (1, 2):
        done = folder.run()
        assert done.returncode == 0, done.stderr
        assert "mine is run anew each time: its modules hold something else" in done.stderr
        assert folder.versions == runs


@pytest.mark.thorough
def test_a_folder_that_it_writes_to_is_said_and_not_relied_on(folder: Folder) -> None:
    (folder.path / "mine.py").write_text(
        TRACKER.replace("STEP", "1.0").replace(
            "    def init(self, frame, box):\n",
            "    def __init__(self, log='log'):\n"
            "        self.log = open(log + '/log.txt', 'a')\n"
            "    def init(self, frame, box):\n"
            "        self.log.write('begun')\n        self.log.flush()\n",
        )
    )
    (folder.path / "log").mkdir()
    for _ in range(2):
        done = folder.run("--param", "log=log")
        assert done.returncode == 0, done.stderr
        assert "changes while it runs" in done.stderr
        assert "nothing was run" not in done.stderr
