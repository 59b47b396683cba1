"""A tracker that writes down how its process is."""

import decimal
import json
import locale
import os
import resource
import signal
import sys
import warnings
from pathlib import Path

import numpy as np


def seen():
    """Return what processes inherit, and what Python keeps for all of its code."""
    mask = os.umask(0o22)
    os.umask(mask)
    return {
        "handlers": {
            n.name: str(signal.getsignal(n)) for n in signal.Signals if n != signal.SIGCHLD
        },
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "timers": [signal.getitimer(which) for which in range(3)],
        "limits": {
            name: resource.getrlimit(getattr(resource, name))
            for name in dir(resource)
            if name.startswith("RLIMIT_")
        },
        "umask": mask,
        "processors": sorted(os.sched_getaffinity(0)),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "path": sys.path,
        "locale": locale.setlocale(locale.LC_ALL),
        "decimal": decimal.getcontext().prec,
        "print": str(np.get_printoptions()),
        "recursion": sys.getrecursionlimit(),
        "warnings": str(warnings.filters),
        "environment": dict(os.environ),
        "argv": sys.argv[:1],
    }


class Onlooker:
    """Leaves a file in the working folder of each host."""

    def __init__(self):
        if "trackbench_host" in sys.modules:
            Path(f"seen-{os.getpid()}.json").write_text(json.dumps(seen()))

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
