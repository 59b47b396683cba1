"""A tracker for vot-trax, in an environment with that and NumPy: normalised cross-correlation."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from trax.image import Image
from trax.region import Rectangle, Region
from trax.server import Server


def grey(image):
    return image.array()[..., 0].astype(np.int64)


def find(image, template):
    n = template.size
    windows = sliding_window_view(image, template.shape)
    sums = windows.sum(axis=(2, 3))
    squares = (windows * windows).sum(axis=(2, 3))
    products = np.einsum("ijkl,kl->ij", windows, template)
    above = n * products - sums * template.sum()
    variance = (n * squares - sums * sums).astype(float)
    scale = np.sqrt(variance * float(n * (template**2).sum() - template.sum() ** 2))
    scores = np.divide(above, scale, out=np.zeros(sums.shape), where=scale > 0)
    row, column = np.unravel_index(scores.argmax(), scores.shape)
    return column, row


server = Server([Region.RECTANGLE], [Image.MEMORY])
while True:
    request = server.wait()
    if request.type not in ("initialize", "frame"):
        break
    image = grey(request.image["color"])
    if request.objects:
        x, y, w, h = (int(value) for value in request.objects[0][0].bounds())
        template = image[y : y + h, x : x + w]
    else:
        x, y = find(image, template)
    server.status([(Rectangle.create(x, y, w, h), {"confidence": 0.5})])
