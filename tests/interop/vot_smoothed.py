"""A tracker for the VOT toolkit: template matching, half way to where the match is.

Its boxes are between pixels, halves among them, and it loses its target at times.
"""

import cv2
import numpy as np
from trax.image import Image
from trax.region import Rectangle, Region
from trax.server import Server

server = Server([Region.RECTANGLE], [Image.PATH])
while True:
    request = server.wait()
    if request.type not in ("initialize", "frame"):
        break
    image = cv2.imread(request.image["color"].path(), cv2.IMREAD_GRAYSCALE)
    if request.objects:
        x, y, w, h = request.objects[0][0].bounds()
        template = image[int(y) : int(y + h), int(x) : int(x + w)]
    else:
        scores = cv2.matchTemplate(image, template, cv2.TM_CCOEFF_NORMED)
        row, column = np.unravel_index(np.nan_to_num(scores, nan=-1.0).argmax(), scores.shape)
        x = np.round(x + column) / 2 if abs(column - x) > 1 else float(column)
        y = np.round(y + row) / 2 if abs(row - y) > 1 else float(row)
    server.status([(Rectangle.create(x, y, w, h), {})])
