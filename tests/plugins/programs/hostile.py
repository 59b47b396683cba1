"""Programs that answer with the first box, but for their second video: there they do their worst.

``python -S -E hostile.py KIND WAY COUNTER ...``; KIND is ``trax`` or ``folder``. COUNTER is a file
that grows by a byte with each video. The standard library alone, so that it starts fast.
"""

import os
import re
import shutil
import signal
import sys
import time

KIND, WAY, COUNTER = sys.argv[1:4]
MUCH = 1 << 20


def number_of_video():
    with open(COUNTER, "ab") as file:
        file.write(b".")
    return os.path.getsize(COUNTER)


def say(text, end=b"\n"):
    os.write(1, b"@@TRAX:" + text.encode() + end)


def leave_children():
    """Leave a child, in a session of its own and in none, with all descriptors and without."""
    for alone in (False, True):
        if os.fork() == 0:
            if alone:
                os.setsid()
                os.close(1)
                os.close(2)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(1000)


def misbehave(box):
    """Do something in the place of an answer; return whether the answer is still due."""
    numbers = [float(value) for value in box.split(",")]
    more = ",".join(["7"] * 7)
    said = {
        "nan": "state nan,nan,nan,nan",
        "some-nan": f"state nan,{','.join(box.split(',')[1:])}",
        "huge": "state 1e308,1e308,1e308,1e308",
        "infinite": "state 0,0,inf,inf",
        "seven": f"state {more}",
        "words": f"state {box.replace(',', ' ')}",
        "half-code": "state 0.5",
        "confidence": f'state "{box}" "confidence=very"',
        "nothing": "state",
        "unknown": "stat 1,2,3,4",
    }
    if WAY in said:
        say(said[WAY])
        return False
    if WAY == "much-stderr":
        for _ in range(100):
            os.write(2, b"e" * MUCH)
    elif WAY == "much-stdout":
        for _ in range(100):
            os.write(1, b"o" * MUCH)
        os.write(1, b"\n")
    elif WAY == "much-talk":
        while True:
            say("state 1,1,1,1", b" " * 10_000 + b"\n")
    elif WAY == "long-answer":
        say("state 1,1,1,1" + ",1,1" * MUCH)
        return False
    elif WAY == "twice":
        say(f"state {numbers[0] + 9},0,5,5")
    elif WAY == "empty":
        os.write(1, b"\n\n\n")
        time.sleep(1000)
    elif WAY == "binary":
        say("state ", b"\xff\x00\xfe" + b"\n")
        return False
    elif WAY == "rubbish":
        os.write(1, bytes(range(256)) * 100)
        time.sleep(1000)
    elif WAY == "half":
        say(f"state {box}", b"")
        os._exit(0)
    elif WAY == "exit":
        os.write(2, b"done\n")
        os._exit(0)
    elif WAY == "children":
        leave_children()
        os.write(2, b"gone\n")
        os._exit(0)
    elif WAY == "stubborn":
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        leave_children()
        time.sleep(1000)
    elif WAY == "close":
        os.write(2, b"no more\n")
        os.close(1)
        time.sleep(1000)
    elif WAY == "deaf":
        os.close(0)
    elif WAY == "stopped":
        os.kill(os.getpid(), signal.SIGSTOP)
    return True


def talk():
    if WAY == "half-hello":
        say("hel", b"")
        time.sleep(1000)
    say('hello "trax.version=1" "trax.image=path;" "trax.region=rectangle;"')
    video, frame, box = 0, 0, ""
    for line in sys.stdin:
        words = re.findall('"([^"]*)"', line)
        if line.startswith("@@TRAX:quit"):
            break
        frame += 1
        if line.startswith("@@TRAX:initialize"):
            video, frame, box = number_of_video(), 0, words[1]
        worst = video == 2 and frame == 2
        if WAY == "early" and video == 2 and frame == 1:
            # In one piece: a line that comes alone may come after the next frame is sent.
            say(f"state {box}\n@@TRAX:state 1,1,1,1")
        elif not worst or misbehave(box):
            say(f"state {box}")


def whole_video(folder, box, out):
    count = len(os.listdir(folder))
    lines = [box] * count
    worst = number_of_video() == 2
    if worst and WAY == "few":
        lines.pop()
    elif worst and WAY == "many":
        lines.append(box)
    elif worst and WAY == "link":
        os.symlink(COUNTER, out)
        return
    elif worst and WAY == "endless":
        os.symlink("/dev/zero", out)
        return
    elif worst and WAY == "pipe":
        os.mkfifo(out)
        return
    elif worst and WAY == "folder":
        os.mkdir(out)
        return
    elif worst and WAY == "big":
        lines = [box + " " * MUCH] * count
    elif worst and WAY == "binary":
        with open(out, "wb") as file:
            file.write(b"\xff\x00" * count)
        return
    elif worst and WAY == "swap":  # what lies elsewhere is not to be removed with the frames
        shutil.rmtree(folder)
        os.symlink(os.path.dirname(COUNTER), folder)
    elif worst and WAY == "write-protected":
        os.chmod(folder, 0o500)
        os.chmod(os.path.dirname(folder), 0o500)
        os._exit(7)
    elif worst and WAY == "close":
        os.close(1)
        os.close(2)
        time.sleep(1000)
    elif worst and WAY == "children":
        if os.fork() == 0:
            os.setsid()
            while True:  # spoil the videos that come
                time.sleep(0.001)
                for path, _, _ in os.walk(os.path.dirname(os.path.dirname(out))):
                    if path.startswith(os.path.dirname(out)):
                        continue
                    with open(os.path.join(path, "boxes.txt"), "w") as file:
                        file.write("1,1,1,1\n" * count)
        time.sleep(0.1)
    with open(out, "w") as file:
        file.write("\n".join(lines) + "\n")


if KIND == "trax":
    talk()
else:
    whole_video(*sys.argv[4:])
