"""The same normalised cross-correlation, written for each toolkit's interface."""

import numpy as np

import trackbench
from trackbench.trackers.ncc import NccTracker

WEIGHTS = np.array([0.299, 0.587, 0.114])
"""Of red, green and blue in what is grey; three equal channels stay what they are."""


def grey(rgb):
    return np.rint(np.asarray(rgb) @ WEIGHTS).astype(np.uint8)


@trackbench.register_tracker("ncc-got10k", family="got10k")
class OfGot10k:
    """One object for all videos; PIL images."""

    name, is_deterministic = "ncc", True

    def init(self, image, box):
        assert image.mode == "RGB"
        self.ncc = NccTracker()
        self.ncc.init(grey(image), box)
        return 0.0, 0.0, 1.0, 1.0  # its toolkit asks for nothing here

    def update(self, image):
        return self.ncc.update(grey(image))


class _OfPysot:
    def __init__(self, model):
        self.model = model

    def init(self, img, bbox):
        assert type(bbox) is list
        assert img.flags.c_contiguous
        assert img.flags.writeable
        self.ncc = NccTracker()
        self.ncc.init(grey(img[..., ::-1]), np.array(bbox))

    def track(self, img):
        box = self.ncc.update(grey(img[..., ::-1]))
        img[:] = 0  # several of them write into their frame
        return {"bbox": box.tolist(), "best_score": np.float32(0.5)}


@trackbench.register_tracker("ncc-pysot", family="pysot", model="siamrpn")
def of_pysot(model):
    """Build a tracker, as build_tracker(model) does."""
    return _OfPysot(model)


@trackbench.register_tracker("ncc-pytracking", family="pytracking")
class OfPytracking:
    """An object for each video; dictionaries."""

    def __init__(self):
        self.used = False

    def initialize(self, image, info):
        assert not self.used
        assert list(info) == ["init_bbox"]
        self.used = True
        self.ncc = NccTracker()
        self.ncc.init(grey(image), np.array(info["init_bbox"]))

    def track(self, image, info):
        assert list(info) == ["previous_output"]
        assert "target_bbox" in info["previous_output"] or not info["previous_output"]
        return {"target_bbox": self.ncc.update(grey(image)).tolist(), "time": 0.1}


@trackbench.register_tracker("segments", family="pytracking")
class Segments:
    """Answers with a mask, and with a score of the object's presence."""

    def initialize(self, image, info):
        self.box = [round(value) for value in info["init_bbox"]]
        self.frame = 0
        return {"target_bbox": info["init_bbox"]}

    def track(self, image, info):
        self.frame += 1
        x, y, w, h = self.box
        mask = np.zeros(image.shape[:2])
        if self.frame % 2:
            mask[y : y + h, x : x + w] = 1.0
        return {"segmentation": mask, "object_presence_score": 1.0 / self.frame}


@trackbench.register_tracker("loses", family="pytracking")
class Loses:
    """Answers -1, -1, -1, -1, which says that there is no target; in init, that as a dictionary."""

    def initialize(self, image, info):
        return {"target_bbox": info["init_bbox"], "best_score": 1.0}

    def track(self, image, info):
        return {"target_bbox": [-1, -1, -1, -1], "best_score": 0.0}


@trackbench.register_tracker("no-dict", family="pysot")
class NoDict:
    """Answers with a box where a dictionary is due."""

    def init(self, img, bbox):
        self.box = bbox

    def track(self, img):
        return self.box


@trackbench.register_tracker("swapped", family="pysot")
class Swapped(_OfPysot):
    """Takes what it is handed for RGB."""

    def __init__(self):
        super().__init__("")

    def init(self, img, bbox):
        super().init(img[..., ::-1].copy(), bbox)

    def track(self, img):
        return super().track(img[..., ::-1].copy())


@trackbench.register_tracker("from-one", family="pysot")
class FromOne(_OfPysot):
    """Counts coordinates from 1."""

    def __init__(self):
        super().__init__("")

    def track(self, img):
        x, y, w, h = super().track(img)["bbox"]
        return {"bbox": [x + 1, y + 1, w, h]}
