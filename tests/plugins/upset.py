"""Trackers that answer by how their process is, and then upset it; a class for each way."""

import atexit
import builtins
import contextlib
import copyreg
import ctypes
import decimal
import faulthandler
import gc
import hashlib
import json
import locale
import logging
import multiprocessing
import os
import random
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import cv2
import numpy as np


class Shared:
    count = 0
    waits = 0  # how often a thread has waited: nobody looks at it


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def mask():
    now = os.umask(0)
    os.umask(now)
    return now


def raises(*_, **__):
    raise RuntimeError("upset")


def counts_on():
    while True:
        Shared.waits += 1
        time.sleep(0.001)


def drawn():
    values = np.zeros(8, np.uint8)
    cv2.randu(values, 0, 255)
    points = np.arange(40, dtype=np.float32)[:, None] % 7
    how = (3, 5, 0.1), 1, cv2.KMEANS_RANDOM_CENTERS
    return values.tolist(), cv2.kmeans(points, 3, None, *how)[2].tolist()


WAYS = {
    "locale": (
        lambda: (locale.setlocale(locale.LC_ALL), locale.localeconv(), f"{1234.5:n}"),
        lambda: locale.setlocale(locale.LC_ALL, "C.UTF-8"),
    ),
    "decimal": (
        lambda: (decimal.getcontext(), decimal.DefaultContext),
        lambda: (
            decimal.setcontext(decimal.Context(3)),
            setattr(decimal.DefaultContext, "prec", 4),
        ),
    ),
    "collector": (
        lambda: (gc.isenabled(), gc.get_threshold(), gc.get_debug()),
        lambda: (gc.disable(), gc.set_threshold(1, 1, 1)),
    ),
    "recursion": (sys.getrecursionlimit, lambda: sys.setrecursionlimit(333)),
    "switching": (sys.getswitchinterval, lambda: sys.setswitchinterval(0.1)),
    "digits": (sys.get_int_max_str_digits, lambda: sys.set_int_max_str_digits(0)),
    "warnings": (lambda: warnings.filters, lambda: warnings.simplefilter("always")),
    "cv": (
        lambda: (cv2.getNumThreads(), cv2.useOptimized(), drawn()),
        lambda: (cv2.setNumThreads(3), cv2.setUseOptimized(False), cv2.setRNGSeed(7)),
    ),
    "numpy": (
        lambda: (np.geterr(), np.get_printoptions(), np.getbufsize(), np.random.rand()),  # noqa: NPY002
        lambda: (np.seterr(all="ignore"), np.setbufsize(1024), np.random.seed(1)),  # noqa: NPY002
    ),
    "generator": (random.random, lambda: random.seed(3)),
    "folder": (
        lambda: (Path.cwd(), tempfile.gettempdir()),
        lambda: (os.chdir("/"), setattr(tempfile, "tempdir", "/")),
    ),
    "mask": (mask, lambda: os.umask(0o777)),
    "variables": (
        lambda: ("UPSET" in os.environ, time.tzname),
        lambda: (os.environ.update(UPSET="1", TZ="Asia/Tokyo"), time.tzset()),
    ),
    "processors": (
        lambda: (os.nice(0), sorted(os.sched_getaffinity(0)), os.cpu_count()),
        lambda: (os.nice(3), os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})),
    ),
    "signals": (
        lambda: (
            [str(signal.getsignal(number)).partition(" at ")[0] for number in signal.Signals],
            signal.pthread_sigmask(signal.SIG_BLOCK, []),
            [signal.getitimer(which)[0] > 0 for which in range(3)],
        ),
        lambda: (
            signal.signal(signal.SIGTERM, signal.SIG_IGN),
            signal.signal(signal.SIGCHLD, signal.SIG_IGN),
            signal.setitimer(signal.ITIMER_VIRTUAL, 1000.0),
        ),
    ),
    "faults": (
        faulthandler.is_enabled,
        lambda: (faulthandler.enable(), faulthandler.dump_traceback_later(1000)),
    ),
    "logs": (
        lambda: (logging.root.level, logging.root.handlers, logging.root.manager.disable),
        lambda: (logging.basicConfig(level=1), logging.disable(50)),
    ),
    "descriptors": (
        lambda: [number for number in range(40) if is_open(number)],
        lambda: [os.close(number) for number in range(3)],
    ),
    "streams": (
        lambda: (sys.stdout is None, sys.stdout.isatty(), sys.stdin.closed),
        lambda: (setattr(sys, "stdout", None), sys.stdin.close()),
    ),
    "threads": (
        lambda: (threading.active_count(), threading.stack_size(), Shared.count),
        lambda: threading.Thread(target=counts_on, daemon=True).start(),
    ),
    "modules": (
        lambda: sorted(sys.modules),
        lambda: [sys.modules.pop(name, None) for name in ("json", "csv", "numpy.linalg")],
    ),
    "paths": (
        lambda: (sys.path, sys.argv, sys.orig_argv, [type(f).__name__ for f in sys.meta_path]),
        lambda: (sys.path.insert(0, "/"), sys.argv.append("x"), sys.meta_path.clear()),
    ),
    "patched": (
        lambda: (np.asarray.__name__, json.dumps.__name__, time.time.__name__, os.close.__name__),
        lambda: [
            setattr(module, name, raises)
            for module, names in (
                (np, ("ascontiguousarray", "mean", "stack")),
                (json, ("dump", "load")),
                (time, ("time", "perf_counter")),
                (os, ("listdir", "rename")),
            )
            for name in names
        ],
    ),
    "builtins": (
        lambda: (sorted([2, 1]), round(1.6), sorted(dir(builtins))),
        lambda: (setattr(builtins, "sorted", raises), setattr(builtins, "round", raises)),
    ),
    "pickling": (lambda: len(copyreg.dispatch_table), lambda: copyreg.pickle(complex, raises)),
    "exits": (atexit._ncallbacks, lambda: atexit.register(time.sleep, 0.01)),
    "words": (lambda: (hash("abc"), list({"a", "b", "c", "dd"}), hash(b"x")), lambda: None),
    "counter": (lambda: Shared.count, lambda: setattr(Shared, "count", Shared.count + 1)),
    "limits": (
        lambda: [resource.getrlimit(which) for which in range(16)],
        lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    ),
    "sockets": (socket.getdefaulttimeout, lambda: socket.setdefaulttimeout(0.01)),
    "rounding": (
        lambda: (ctypes.CDLL(None).fegetround(), np.float64(1) / 3, 1e-310 * 1.0),
        lambda: ctypes.CDLL(None).fesetround(0x400),
    ),
    "starting": (
        lambda: (multiprocessing.get_start_method(True), multiprocessing.current_process().name),
        lambda: multiprocessing.set_start_method("spawn", force=True),
    ),
    "hooks": (
        lambda: (sys.getprofile() is None, sys.excepthook.__name__, threading.excepthook.__name__),
        lambda: (sys.setprofile(lambda *_: None), setattr(sys, "excepthook", raises)),
    ),
    "group": (lambda: os.getpgid(0) == os.getpid(), lambda: os.getpgid(0)),
}


def torch_settings():
    import torch

    return (
        (torch.get_default_dtype(), torch.get_default_device(), torch.get_num_threads()),
        (torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled()),
        (torch.rand(2).tolist(), (torch.tensor(1e-38) * 1e-3).item()),
    )


def set_torch():
    import torch

    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_num_threads(3)
    torch.set_grad_enabled(False)
    torch.set_deterministic_debug_mode("error")  # the other way to say it imports the compiler
    torch.set_flush_denormal(True)
    torch.manual_seed(1)


WITH_TORCH = {"torch": (torch_settings, set_torch)}


def said(probe):
    """Return what a probe says, as a number."""
    try:
        text = repr(probe())
    except Exception as error:  # noqa: BLE001
        text = repr(error)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


class Upsets:
    """Its boxes begin where its process leads it; then it upsets that in its own ways."""

    ways = tuple(WAYS)

    def init(self, frame, box):
        self.box = np.array([sum(said((WAYS | WITH_TORCH)[way][0]) for way in self.ways), *box[1:]])
        self.upset = False

    def update(self, frame):
        if not self.upset:
            self.upset = True
            for way in self.ways:
                with contextlib.suppress(Exception):
                    (WAYS | WITH_TORCH)[way][1]()
        return self.box


class Looks(Upsets):
    """It looks, and upsets nothing."""

    def update(self, frame):
        return self.box


class Torch(Upsets):
    ways = ("torch",)


class LooksAtTorch(Looks):
    ways = ("torch",)


for _way in WAYS:
    globals()[f"Upsets{_way}"] = type(f"Upsets{_way}", (Upsets,), {"ways": (_way,)})
