"""Does the VOT toolkit read what ``trackbench export`` writes?

    python scripts/check_vot.py

Run with a Python in which trackbench is installed. Exports data sets in the layouts ``vot`` and
``otb``, makes a virtual environment with the VOT toolkit (it needs other versions than trackbench)
and lets the toolkit load them, make a workspace of one, and take overlaps. Names, pixels, boxes,
values, tags and overlaps must be trackbench's own.

Exits with 1 if anything differs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin

TOOLKIT = ("vot-toolkit==0.9.0", "attributee==0.1.9")
PLUGIN = Path(__file__).resolve().parents[1] / "tests" / "plugins" / "colour.py"


@dataclass(frozen=True)
class Case:
    """One export."""

    dataset: str
    layout: str
    image: str
    sequences: int
    length: int

    @property
    def folder(self) -> str:
        """Its name."""
        return f"{self.dataset}-{self.layout}-{self.image}"


CASES = (
    Case("mnist-single-same-v1", "vot", "png", 5, 160),
    Case("mnist-multi-diff-v1", "vot", "png", 5, 160),
    Case("mnist-multi-diff-v1", "vot", "jpeg", 2, 20),
    Case("colour-v1", "vot", "png", 5, 12),
    Case("mnist-multi-diff-v1", "otb", "png", 5, 160),
    Case("colour-v1", "otb", "png", 5, 12),
)

# Runs in the toolkit's environment: loads an export and compares it with the truth beside it.
READER = """
import os
import subprocess
import sys
import numpy as np
import vot.dataset
import vot.dataset.otb
from vot.region import calculate_overlap
from vot.region.shapes import Rectangle
from vot.workspace import Workspace

folder, layout, image, truth = sys.argv[1:]
truth = np.load(truth)
count = len(truth["boxes"])
origin = 0
if layout == "vot":
    # Were there no list.txt, the stack's own sequences would be downloaded.
    command = [sys.executable, "-m", "vot", "initialize", "vot2022/shorttermbox"]
    subprocess.run([*command, "--workspace", folder], check=True, stdout=subprocess.DEVNULL)
    data = Workspace.load(folder).dataset
    listed = list(data)
else:
    names = open(os.path.join(folder, "list.txt")).read().split()
    vot.dataset.otb._SEQUENCES.update({name: {} for name in names})
    listed = [vot.dataset.otb.read_sequence(os.path.join(folder, name)) for name in names]
    origin = 1

assert [sequence.name for sequence in listed] == truth["names"].tolist()
pixels = boxes = overlaps = values = largest = 0
for index, sequence in enumerate(listed):
    frames = truth["frames"][index]
    assert len(sequence) == len(frames), (len(sequence), len(frames))
    assert sequence.size == (frames.shape[2], frames.shape[1])
    if layout == "vot":
        wanted = {"anchor"} | {key[6:] for key in truth if key.startswith("value/")}
        assert set(sequence.values()) == wanted, (set(sequence.values()), wanted)
        assert set(sequence.tags()) == {key[4:] for key in truth if key.startswith("tag/")}
    for t, frame in enumerate(frames):
        seen = sequence.frame(t).image()
        expected = frame if frame.ndim == 3 else np.repeat(frame[..., None], 3, axis=2)
        assert seen.shape == expected.shape
        largest = max(largest, int(np.abs(seen.astype(int) - expected).max()))
        pixels += expected.size
        region = sequence.groundtruth(t)
        box = truth["boxes"][index][t] + [origin, origin, 0, 0]
        assert isinstance(region, Rectangle)
        assert [region.x, region.y, region.width, region.height] == box.astype("f4").tolist()
        boxes += 1
        for name in set(sequence.values()) - {"anchor"}:
            told = sequence.values(t)[name]
            np.testing.assert_array_equal(told, truth["value/" + name][index][t])
            values += 1
        for name in sequence.tags():
            assert (name in sequence.tags(t)) == truth["tag/" + name][index][t]
            values += 1
        if t and layout == "vot" and "iou" in truth:
            size = (frames.shape[2], frames.shape[1])
            overlap = calculate_overlap(sequence.groundtruth(t - 1), region, size)
            assert overlap == truth["iou"][index][t], (overlap, truth["iou"][index][t])
            overlaps += 1
assert largest == 0 or image == "jpeg", largest
print(
    f"{count} sequences, {pixels:,} values of pixels (largest difference {largest}), "
    f"{boxes:,} boxes, {values:,} values and tags, {overlaps:,} overlaps"
)
"""


def main() -> int:
    """Check every case; return the exit code."""
    load_plugin(PLUGIN)
    different = 0
    with tempfile.TemporaryDirectory(prefix="trackbench-vot-") as folder:
        temporary = Path(folder)
        python = toolkit(temporary / "toolkit")
        reader = temporary / "reader.py"
        reader.write_text(READER, encoding="utf-8")
        for case in CASES:
            export(case, temporary)
            truth = temporary / f"{case.folder}.npz"
            np.savez(truth, **truth_of(case))
            command = [python, reader, case.folder, case.layout, case.image, truth]
            done = subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                cwd=temporary,
                check=False,
            )
            different += done.returncode != 0
            said = done.stdout.strip() if done.returncode == 0 else f"DIFFERENT\n{done.stderr}"
            print(f"{case.dataset} as {case.layout}, {case.image}: {said}", flush=True)
    print(f"{len(CASES)} exports, {different} different")
    return 1 if different else 0


def toolkit(place: Path) -> Path:
    """Make the toolkit's virtual environment and return its Python."""
    print(f"installing {' '.join(TOOLKIT)}", flush=True)
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *TOOLKIT], check=True)
    return python


def export(case: Case, temporary: Path) -> None:
    """Export with the command that users call."""
    command = [sys.executable, "-m", "trackbench", "export", case.dataset, "--plugin", PLUGIN]
    command += ["--layout", case.layout, "--image", case.image, "--out", case.folder]
    command += ["--sequences", case.sequences, "--length", case.length]
    subprocess.run(
        [str(part) for part in command], cwd=temporary, check=True, stdout=subprocess.DEVNULL
    )


def truth_of(case: Case) -> dict[str, np.ndarray]:
    """Return what the export should hold, by names that the reader knows."""
    dataset = registry.build_dataset(registry.datasets().get(case.dataset))
    made = [dataset.sequence(index, case.length) for index in range(case.sequences)]
    boxes = np.stack([sequence.boxes for sequence in made])
    truth = {
        "names": np.array([f"{case.dataset}_{index:06d}" for index in range(case.sequences)]),
        "frames": np.stack([sequence.frames for sequence in made]),
        "boxes": boxes,
    }
    if (boxes == boxes.round()).all():  # fractions of pixels are rounded another way there
        before = np.concatenate([boxes[:, :1], boxes[:, :-1]], axis=1)
        truth["iou"] = mask_iou(before, boxes, made[0].frames.shape[1:3])
    for name, values in made[0].attributes.items():
        kind = "tag" if values.dtype.kind == "b" else "value"
        if "/" not in name:  # no file can bear that name
            truth[f"{kind}/{name}"] = np.stack([s.attributes[name] for s in made])
    return truth


if __name__ == "__main__":
    sys.exit(main())
