"""A tracker for the VOT toolkit that stays where it was started."""

from trax.image import Image
from trax.region import Region
from trax.server import Server

server = Server([Region.RECTANGLE], [Image.PATH])
while True:
    request = server.wait()
    if request.type not in ("initialize", "frame"):
        break
    if request.objects:
        region = request.objects[0][0]
    server.status([(region, {})])
