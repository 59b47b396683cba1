"""A script for the VOT toolkit: as it should be, or in the way that its first word says."""

import os
import sys
import time

import numpy as np
import vot
from PIL import Image

from trackbench.trackers.ncc import NccTracker

WAY = sys.argv[1]


def read(path):
    return np.array(Image.open(path).convert("L"))


class Manager:
    def __init__(self, image, region):
        assert isinstance(region, vot.Rectangle)
        self.ncc = NccTracker()
        self.ncc.init(read(image), np.array(region, float))

    def __call__(self, image):
        return vot.Rectangle(*self.ncc.update(read(image)))


def box_of(region):
    if WAY == "polygon":
        corners = np.array(region.points)
        return np.concatenate([corners[0], corners[2] - corners[0]])
    if WAY == "mask":
        rows, columns = np.nonzero(region)
        assert region.shape == (rows.max() + 1, columns.max() + 1)
        corners = np.stack([columns, rows], axis=1)
        return np.concatenate([corners.min(axis=0), np.ptp(corners, axis=0) + 1.0])
    return np.array(region, float)


def region_of(box, shape):
    x, y, w, h = box
    if WAY == "polygon":
        return vot.Polygon([vot.Point(x, y), vot.Point(x + w, y + h), vot.Point(x, y + h)])
    if WAY == "mask":
        mask = np.zeros(shape, np.uint8)
        mask[int(y) : int(y + h), int(x) : int(x + w)] = 1
        return mask
    return vot.Rectangle(x, y, w, h)


def misbehave(handle):
    if WAY == "die":
        os._exit(7)
    if WAY == "raise":
        {}["no such key"]
    if WAY == "hang":
        time.sleep(1000)
    if WAY == "rubbish":
        handle.report("left of the tree")
    if WAY == "twice":
        handle.report(vot.Rectangle(1, 2, 3, 4))
    if WAY == "silent":
        handle.frame()
    if WAY == "exit":
        sys.exit("no more")
    if WAY == "stop":
        sys.exit()


def main():
    if WAY == "manager":
        vot.VOTManager(Manager, "rectangle").run()
        return
    kind = WAY if WAY in ("polygon", "mask", "ellipse") else "rectangle"
    handle = vot.VOT(kind)
    ncc = NccTracker()
    image = read(handle.frame())
    ncc.init(image, box_of(handle.region()))
    t = 0
    while True:
        path = handle.frame()
        if not path:
            break
        t += 1
        print("frame", t, flush=True)
        if t == 2:
            misbehave(handle)
        box = ncc.update(read(path))
        if WAY == "absent":
            handle.report(vot.Empty(), 0.25)
        elif WAY == "plain":
            handle.report(region_of(box, image.shape))
        else:
            handle.report(region_of(box, image.shape), 0.25)


if __name__ == "__main__" and WAY != "nothing":
    main()
