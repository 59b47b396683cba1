"""One host's life: it builds its tracker, tracks what it is handed, closes and ends.

What the maker must know is left in memory that both have (:mod:`.shared_memory`): the socket only
wakes. A tracker that closes every descriptor has therefore still answered.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import mmap
import os
import signal
import socket
import time
from typing import Any, Callable, NoReturn

import numpy as np

from .building import built, seed
from .context import Context, known_of
from .left_errors import leave_error
from .run_lengths import decoded
from .shared_memory import CLOSING, WHOLE_BATCH, Scratch
from .tracking import track, track_video, track_whole
from .wire import Message, receive, send

_now = time.monotonic
_forks: list[bool] = []
"""Not empty once this process was forked: a child process would see the frames that come next."""


def live(channel: socket.socket, scratch_file: int) -> NoReturn:
    """Do what a maker orders over a socket, and end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # from outside; no error of the tracker's
    order = receive(channel)
    if order is None:
        _end(channel)
    os.register_at_fork(after_in_parent=lambda: _forks.append(True))
    scratch = Scratch(scratch_file, order.says["sequences"], order.says["length"])
    os.close(scratch_file)
    _limit(order.says["memory"])
    tracker = built(order, scratch)
    if tracker is None:
        _end(channel, "refused")
    # Where another interpreter alone imports it, its class alone says that it follows several.
    says_so = not order.says["family"] and getattr(type(tracker), "batched", False) is True
    batched = bool(order.says["batched"]) or says_so
    _answer(channel, "built")
    last = 0

    def context(slot: int, images: Any) -> Context:
        says = order.says
        number = says["start"] + slot
        frames = says["frames_each"][slot] if says["frames_each"] else says["length"]
        name = says["names"][slot] if says["names"] else str(number)
        files = None if images is None else tuple(images)
        return Context(says["dataset"], number, frames, says["run"], name, files)

    while True:
        task = _next(channel)
        if task is None:
            break
        last = max(int(task.says["slot"]), 0)
        memory = _mapped(task)  # of all frames, or of some that follow those before
        if order.says.get("reseed") and not task.says["start"]:
            seed(int(order.says["seed"]))
        drive = track_whole if order.says.get("sees_future") else None
        if not _track(tracker, task, memory, scratch, context, drive, batched=batched):
            _end(channel, "raised")
        _answer(channel, "tracked", kept=not _is_free(memory))
    scratch.begin(CLOSING)
    scratch.enter(0)
    begun = _now()
    del tracker
    gc.collect()
    with contextlib.suppress(BaseException):  # Python prints it; no answer is wrong
        atexit._run_exitfuncs()  # noqa: SLF001 - as multiprocessing does: what it began is ended
    scratch.add_seconds(last, _now() - begun)
    scratch.leave(0)
    scratch.end()
    _end(channel, "closed")


def _track(
    tracker: Any,
    task: Message,
    memory: mmap.mmap,
    scratch: Scratch,
    context: Callable[[int, Any], Context],
    drive: Callable[..., None] | None,
    *,
    batched: bool,
) -> bool:
    """Track one video, or a batch in lockstep; whether it went to its end.

    Args:
        tracker: the author's.
        task: which video, and its first box.
        memory: with the frames.
        scratch: for the predictions.
        context: slot, image files -> which video that is.
        drive: hands it a whole video; None: it sees one frame at a time.
        batched: it follows several videos in lockstep.
    """
    slot, start, total = (int(task.says[name]) for name in ("slot", "start", "frames"))
    frames = np.frombuffer(memory, np.uint8).reshape(task.says["shape"])
    first = np.array(task.says["first"], np.float64)
    whole = slot == WHOLE_BATCH
    size = frames.shape[2:4] if whole else frames.shape[1:3]
    if start == 0:
        scratch.begin(slot, frames.shape[1] if whole else 1)
    try:
        if whole:
            boxes, remarks = scratch.boxes.swapaxes(0, 1), scratch.remarks.by_frame
            videos = tuple(map(context, range(frames.shape[1]), task.says["images"]))
            known = known_of(videos, _first_masks(task, size))
            track(tracker, frames, first, boxes, scratch, remarks, known)
        elif drive is not None:
            boxes, remarks = scratch.boxes[slot, :total], scratch.remarks.at((slot, slice(total)))
            video, mask = context(slot, task.says["images"]), _first_mask(task, size)
            drive(tracker, frames, first, boxes, scratch, remarks, video, mask)
        else:
            boxes, remarks = scratch.boxes[slot], scratch.remarks.at(slot)
            video, mask = context(slot, task.says["images"]), _first_mask(task, size)
            track_video(
                tracker, frames, first, boxes, scratch, remarks, video, start, mask, batched=batched
            )
    except BaseException as error:  # noqa: BLE001 - a tracker may raise anything
        leave_error(scratch, error)
        return False
    if start + len(frames) == total:
        scratch.end()
    return True


def _first_masks(task: Message, size: tuple[int, int]) -> Any:
    """Return the true masks (B, H, W) of frame 0 of all videos of a task; None: there are none."""
    lengths = task.says["mask"]
    if lengths is None:
        return None
    counts = np.frombuffer(task.payload, np.uint32)
    each = np.split(counts, np.cumsum(lengths)[:-1])
    return np.stack([decoded(one, size) for one in each])


def _first_mask(task: Message, size: tuple[int, int]) -> Any:
    """Return the true mask (H, W) of frame 0; None: there is none."""
    masks = _first_masks(task, size)
    return None if masks is None else masks[0]


def _mapped(task: Message) -> mmap.mmap:
    """Map frames; a page that the tracker writes to is copied, so that nobody else sees that."""
    (file,) = task.files
    memory = mmap.mmap(file, int(np.prod(task.says["shape"])), access=mmap.ACCESS_COPY)
    os.close(file)
    return memory


def _is_free(memory: mmap.mmap) -> bool:
    """Unmap frames; False if the tracker, or a child process of it, may still hold one."""
    try:
        memory.close()
    except BufferError:
        return False
    return not _forks


def _limit(memory: Any) -> None:
    """Let this process have so many bytes more than it has now, and write no core files."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is None:
        return
    limit = int(memory) + _address_space()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _next(channel: socket.socket) -> Any:
    try:
        task = receive(channel)
    except OSError:  # the tracker has closed what is ours
        os._exit(0)
    return None if task is None or task.says.get("close") else task


def _answer(channel: socket.socket, state: str, *, kept: bool = True) -> None:
    says: dict[str, Any] = {"state": state, "kept": kept}
    try:
        send(channel, says)
    except OSError:
        os._exit(0)


def _end(channel: socket.socket, state: str = "") -> NoReturn:
    """End at once: the interpreter's own end would wait for the tracker's threads."""
    if state:
        _answer(channel, state)
    os._exit(0)
