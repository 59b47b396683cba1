"""A program that talks TraX, by itself: as it should, or in the way that its first word says."""

import base64
import os
import re
import sys
import time

import numpy as np
from PIL import Image

from trackbench.trackers.ncc import NccTracker

WAY = sys.argv[1]
VERSION = "4" if WAY == "four" else "1"
IMAGES = "memory" if WAY == "memory" else "path"
REGION = "polygon" if WAY == "polygon" else "rectangle"


def say(text):
    print("@@TRAX:" + text, flush=True)


def words(line):
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    return [word for word in found if not re.match(r"[A-Za-z_.]+=", word)]


def image(text):
    if text.startswith("image:"):
        width, height, kind, content = text[len("image:") :].split(";")
        assert kind == "rgb"
        array = np.frombuffer(base64.b64decode(content), np.uint8)
        return array.reshape(int(height), int(width), 3)[..., 0]
    picture = Image.open(text[len("file://") :])
    assert picture.mode == "RGB"
    return np.array(picture)[..., 0]


def box_of(text):
    values = np.array([float(value) for value in text.split(",")])
    if len(values) == 4:
        return values
    corners = values.reshape(-1, 2)
    low = corners.min(axis=0)
    return np.concatenate([low, corners.max(axis=0) - low])


def region(box):
    x, y, w, h = (float(value) for value in box)
    if REGION == "polygon":
        return ",".join(map(repr, (x, y, x + w, y, x + w, y + h, x, y + h)))
    return ",".join(map(repr, (x, y, w, h)))


def misbehave():
    if WAY == "die":
        print("out of memory on the card", file=sys.stderr)
        os._exit(7)
    elif WAY == "crash":
        os.abort()
    elif WAY == "hang":
        print("waiting for a lock", file=sys.stderr, flush=True)
        time.sleep(1000)
    elif WAY == "rubbish":
        print("debug: hello", flush=True)
        say("state of the art")
    elif WAY == "quit":
        say('quit "trax.reason=no licence"')
    elif WAY == "mask":
        say('state "m0,0,2,2,1,3"')
    else:
        return False
    return True


def begin():
    if WAY == "dead":
        sys.exit("no such device")
    if WAY == "mute":
        print("loading weights", flush=True)
        time.sleep(1000)
    while WAY == "chatter":
        print("step 1, loss 0.3")
    region = "mask" if WAY == "masks" else REGION
    say(f'hello "trax.version={VERSION}" "trax.image={IMAGES};" "trax.region={region};"')


def requests():
    """Yield the image of each frame, with the region in the first frame of a video."""
    given = None
    for line in sys.stdin:
        print("a word beside", flush=True)  # what is no message is nobody's business
        message, found = line.split()[0], words(line)
        if message == "@@TRAX:quit":
            break
        if message == "@@TRAX:initialize" and VERSION == "4":
            given = found[0] if found else None
        elif message == "@@TRAX:initialize":
            yield image(found[0]), box_of(found[1])
        else:
            yield image(found[0]), None if given is None else box_of(given)
            given = None


def main():
    begin()
    ncc, videos, t = NccTracker(), 0, 0
    for picture, first in requests():
        box = first
        if first is not None:
            videos, t = videos + 1, 0
            if WAY == "once" and videos == 2:
                sys.exit(0)
            ncc.init(picture, box)
        elif t == 2 and misbehave():
            continue
        else:
            box = ncc.update(picture)
        said = "0" if WAY == "absent" and t else region(box)
        say(f'state "{said}" "confidence=0.25"')
        t += 1


main()
