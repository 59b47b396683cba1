"""A program that is handed a folder: as it should work, or in the way that its first word says."""

import os
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from trackbench.trackers.ncc import NccTracker

way, folder, first, box, out = sys.argv[1:]
images = [np.array(Image.open(image))[..., 0] for image in sorted(Path(folder).iterdir())]
start = np.loadtxt(first, delimiter=",")
assert box == ",".join(repr(float(value)) for value in start)

print("begins", flush=True)
if way == "die":
    sys.exit("no such device")
if way == "crash":
    os.abort()
if way == "hang":
    time.sleep(1000)
if way == "nothing":
    sys.exit()

ncc = NccTracker()
ncc.init(images[0], start)
boxes = [start, *(ncc.update(image) for image in images[1:])]
between = {"tabs": "\t", "spaces": "  "}.get(way, ",")
lines = [between.join(repr(float(value)) for value in box) for box in boxes]
if way == "confidence":
    lines = [f"{line},0.25" for line in lines]
if way == "absent":
    lines[1:] = ["-1,-1,-1,-1", "0,0,0,0", *["nan,nan,nan,nan"] * (len(lines) - 3)]
if way == "short":
    lines.pop()
if way == "rubbish":
    lines[2] = "left of the tree"
Path(out).write_text("\n".join(lines) + "\n")
