"""A data set's code counts as a tracker's does, its files by size and time, or by content."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from python_server import command_server

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.dataset_identity import (
    dataset_code_sha256,
    dataset_files_sha256,
    dataset_identity,
    is_published,
)

PLUGIN = """
from dataclasses import dataclass
from pathlib import Path
import numpy as np
import threading
import trackbench
from drawing import frame
HERE = Path(__file__).parent
LOCK = threading.Lock()
@dataclass(frozen=True)
class Drawn:
    size: int = 20
    noise: object = None
    folder: Path = Path(__file__).parent / "frames"
class Few:
    def __init__(self, spec):
        self.spec = spec
    def sequence(self, index, length=None):
        with LOCK: frames = np.stack([frame(self.spec.generator.size, HERE)] * (length or 6))
        return trackbench.Video(frames=frames, boxes=np.full((length or 6, 4), 4.0))
FEW = trackbench.DatasetSpec(
    id="few", factory=Few, seed=1, sequences=2, length=6, generator={generator}, files={files}
)
"""
FILES = {
    "mine.py": PLUGIN,
    "drawing.py": (
        "import numpy as np\ndef frame(size, here):\n    return np.zeros((size, size), np.uint8)\n"
    ),
    "frames/a/0.png": "picture",
    "truth.txt": "1 2 3 4",
}
SAY = """
import sys
from pathlib import Path
from trackbench.plugins import registry
from trackbench.plugins.dataset_identity import (
    dataset_code_sha256, dataset_files_sha256, dataset_identity
)
from trackbench.plugins.loading import load_plugin
load_plugin(Path("mine.py"))
spec = registry.datasets().get("few")
identity = dataset_identity(spec)
print(identity.unhashed or identity.fingerprint)
print(dataset_files_sha256(spec) if not identity.unhashed else dataset_code_sha256(spec))
"""


def write(root: Path, generator: str = "Drawn()", files: str = '("truth.txt",)') -> None:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.format(generator=generator, files=files))
        os.utime(root / name, (1, 1))


def said(root: Path) -> tuple[str, str]:
    """Return what a process of its own says: code with sizes and times, and content."""
    done = command_server().run(["-c", SAY], root)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    return first, second


def test_it_is_the_same_in_every_process_and_place(tmp_path: Path) -> None:
    for place in ("here", "there/deeper"):
        write(tmp_path / place)
    (tmp_path / "here/results").mkdir()
    first = said(tmp_path / "here")
    assert [len(part) for part in first] == [64, 64]
    assert said(tmp_path / "here") == said(tmp_path / "there/deeper") == first


@pytest.mark.parametrize("name", ["mine.py", "drawing.py"])
def test_its_code_counts(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    code, content = said(tmp_path)
    with (tmp_path / name).open("a") as file:
        file.write("# edited\n")
    again = said(tmp_path)
    assert again[0] != code
    assert again[1] == content


def test_its_generator_counts(tmp_path: Path) -> None:
    found = set()
    for generator in ("Drawn()", "Drawn(21)", "Drawn(noise=np.zeros(5000))", "None"):
        write(tmp_path, generator)
        found.add(said(tmp_path)[0])
    assert len(found) == 4


@pytest.mark.parametrize("name", ["frames/a/0.png", "truth.txt"])
def test_its_files_count_by_size_and_time_and_by_content(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    stamp, content = said(tmp_path)
    os.utime(tmp_path / name, (1, 2))
    touched = said(tmp_path)
    assert touched[0] != stamp
    assert touched[1] == content
    text = FILES[name]
    (tmp_path / name).write_text(text[::-1])  # as long as before
    os.utime(tmp_path / name, (1, 1))
    hidden = said(tmp_path)
    assert hidden[0] == stamp
    assert hidden[1] != content
    (tmp_path / name).write_text(text + "more")
    os.utime(tmp_path / name, (1, 1))
    assert said(tmp_path)[0] != stamp


def test_what_cannot_be_hashed_is_said_and_another_each_time(tmp_path: Path) -> None:
    write(tmp_path, "Drawn(noise=threading.Lock())")
    line, first = said(tmp_path)
    assert line == (
        "few is run anew each time: the generator: a _thread.lock cannot be hashed "
        "(cannot pickle '_thread.lock' object)"
    )
    assert said(tmp_path)[1] != first


def test_a_missing_file_is_the_users_to_mend() -> None:
    spec = DatasetSpec(
        id="few", factory=Path.cwd, seed=1, sequences=1, length=1, files=("/gone/truth.txt",)
    )
    for asked in (dataset_identity, dataset_code_sha256, dataset_files_sha256):
        with pytest.raises(TrackbenchError, match=r"few reads /gone/truth\.txt"):
            asked(spec)


def test_of_what_is_built_in_nothing_changes() -> None:
    built_in = [spec for spec in registry.datasets() if is_published(spec)]
    assert {"mnist-single-same-v1", "mnist-train-single-v1"} <= {spec.id for spec in built_in}
    assert {dataset_code_sha256(spec) for spec in built_in} == {None}
    assert {dataset_files_sha256(spec) for spec in built_in} == {None}
    assert all(dataset_identity(spec).unhashed is None for spec in built_in)


def test_words_among_the_parameters_of_what_is_built_in_are_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test").mkdir()  # as the split is called that its digits are of
    spec = registry.datasets().get("mnist-single-same")
    assert spec.generator.digits.value == "test"
    assert dataset_files_sha256(spec) is None


@dataclass(frozen=True)
class _Folder:
    path: Path


def test_of_a_factory_of_ours_generator_and_files_count_unless_it_is_published(
    tmp_path: Path,
) -> None:
    """As a reader's do: a folder of somebody's, by a name of ours."""
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "0.png").write_text("picture")
    (tmp_path / "boxes.txt").write_text("1 2 3 4")
    published = registry.datasets().get("mnist-single-same")
    ours = replace(published, generator=_Folder(tmp_path / "videos"), fingerprint=None)
    named = replace(ours, files=(str(tmp_path / "boxes.txt"),))
    found = [dataset_identity(spec).fingerprint for spec in (published, ours, named)]
    assert len(set(found)) == 3
    os.utime(tmp_path / "videos" / "0.png", (1, 1))
    os.utime(tmp_path / "boxes.txt", (1, 1))
    again = [dataset_identity(spec).fingerprint for spec in (published, ours, named)]
    assert [one == other for one, other in zip(found, again, strict=True)] == [True, False, False]
    assert dataset_code_sha256(named) == again[2]


def test_verify_prints_a_hash_of_the_files_content(tmp_path: Path) -> None:
    write(tmp_path)
    verify = ["-m", "trackbench", "verify", "few", "--plugin", "mine.py"]

    def verified() -> list[str]:
        done = command_server().run(verify, tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    first = verified()
    assert first[1] == f"few  {said(tmp_path)[1]}  content of its files"
    (tmp_path / "frames/a/0.png").write_text("pictura")
    again = verified()
    assert (again[0], again[1] != first[1]) == (first[0], True)
    (tmp_path / "frames/a/0.png").unlink()
    os.mkfifo(tmp_path / "frames/a/0.png")
    done = command_server().run(verify, tmp_path)
    assert done.returncode == 1
    assert "neither a file nor a folder" in done.stdout
