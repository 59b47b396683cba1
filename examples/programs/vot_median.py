"""A tracker as the VOT toolkit's users write them: the brighter half of where the target was.

trackbench run --tracker vot:vot_median.py --suite smoke
"""

import cv2
import numpy as np
import vot

handle = vot.VOT("rectangle")
x, y, w, h = handle.region()
image = handle.frame()

while True:
    image = handle.frame()
    if not image:
        break
    grey = cv2.imread(image, cv2.IMREAD_GRAYSCALE)
    left, top = max(int(x) - 8, 0), max(int(y) - 8, 0)
    near = grey[top : int(y + h) + 8, left : int(x + w) + 8]
    rows, columns = np.nonzero(near > (int(near.min()) + int(near.max())) / 2)
    if rows.size:
        # Half a pixel more: pixel 0 covers the places 0 to 1.
        x = left + float(np.median(columns)) + 0.5 - w / 2
        y = top + float(np.median(rows)) + 0.5 - h / 2
    handle.report(vot.Rectangle(x, y, w, h), 1.0)
