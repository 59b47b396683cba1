"""When a tracker has hung: a clock that runs only while the harness runs, too."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_STEP_SECONDS = 1.0
"""Looks are more frequent. Whoever has not looked for longer was suspended, like the tracker."""
PAUSE_SECONDS = 0.1
"""What such a pause counts: as one look. It must be something, or nobody would ever hang."""
LONGEST_STOP_SECONDS = 600.0
"""Somebody who stops a process means to continue it; but a run must not wait for ever."""
BETWEEN_SECONDS = 10.0
"""At least so long may a host take from one call to the next, where hardly any code is ours.

A thread of the tracker's that lets no other run, what is collected by chance, or a signal's handler
can hang it there, too; and a timeout of a millisecond is not meant for what the system does there.
"""


@dataclass
class Deadline:
    """How long the call in hand, or none, has lasted, and how long the host has been stopped.

    Attributes:
        timeout: seconds that one call may take.
        waited: seconds of this call, or since the last, in which the harness ran, and the host
            could.
        stopped: seconds in a row in which the host was stopped (SIGSTOP) while the harness ran.
    """

    timeout: float
    waited: float = 0.0
    stopped: float = 0.0
    _call: int = 0
    _looked: float = 0.0

    def look(self, call: int, now: float, *, stopped: bool) -> None:
        """Note what is seen.

        Args:
            call: number of the tracker's call in hand; 0: none, it is between two of them.
            now: seconds of any clock that does not go back.
            stopped: the host does not run because somebody stopped it.
        """
        step = now - self._looked if self._looked else 0.0
        if step > LONGEST_STEP_SECONDS:
            step = PAUSE_SECONDS
        self._looked = now
        self.stopped = self.stopped + step if stopped else 0.0
        if call != self._call:
            self._call, self.waited = call, 0.0
        elif not stopped:
            self.waited += step

    @property
    def allowed(self) -> float:
        """Seconds that it may take."""
        return self.timeout if self._call else max(self.timeout, BETWEEN_SECONDS)

    @property
    def over(self) -> bool:
        """The call, or the way to the next, has lasted too long."""
        return self.waited > self.allowed

    @property
    def abandoned(self) -> bool:
        """The host has been stopped for so long that nobody seems to continue it."""
        return self.stopped > LONGEST_STOP_SECONDS
