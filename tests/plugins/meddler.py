"""A module that changes its process in many ways when it is imported."""

import decimal
import locale
import os
import resource
import signal
import sys
import tempfile
import warnings

import numpy as np

for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGUSR1):
    signal.signal(number, signal.SIG_IGN)
signal.signal(signal.SIGINT, lambda *_: None)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGCHLD})
signal.setitimer(signal.ITIMER_VIRTUAL, 1000.0)
for limit, soft in ((resource.RLIMIT_NOFILE, 30), (resource.RLIMIT_STACK, 1 << 20)):
    resource.setrlimit(limit, (soft, resource.getrlimit(limit)[1]))
os.umask(0o777)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.path.reverse()
sys.path.insert(0, tempfile.gettempdir())
locale.setlocale(locale.LC_ALL, "C")
decimal.getcontext().prec = 3
np.set_printoptions(precision=1)
sys.setrecursionlimit(400)
warnings.simplefilter("ignore")
os.environ["TRACKBENCH_TEST_MEDDLED"] = "1"


class Meddler:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box + np.array([os.sched_getaffinity(0) == {0}, sys.getrecursionlimit(), 0, 0])
