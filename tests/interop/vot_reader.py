"""In the VOT toolkit's environment: write what it reads of a data set, as JSON."""

import hashlib
import json
import sys

from vot.dataset import load_dataset
from vot.experiment.multistart import find_anchors
from vot.region.shapes import Rectangle

found = {}
for sequence in load_dataset(sys.argv[1]):
    regions = [sequence.groundtruth(t) for t in range(len(sequence))]
    images = [sequence.frame(t).image() for t in range(len(sequence))]
    found[sequence.name] = {
        "size": sequence.size,
        "boxes": [
            [r.x, r.y, r.width, r.height] if isinstance(r, Rectangle) else None for r in regions
        ],
        "special": [None if isinstance(r, Rectangle) else r.code for r in regions],
        "pixels": [hashlib.sha256(image.tobytes()).hexdigest() for image in images],
        "values": [dict(sequence.values(t)) for t in range(len(sequence))],
        "tags": [sorted(sequence.tags(t)) for t in range(len(sequence))],
        "anchors": find_anchors(sequence),
    }
sys.stdout.write(json.dumps(found))
