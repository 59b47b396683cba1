"""What a command says on its standard error besides progress, which a slow machine sees more of."""

from __future__ import annotations

import re

_PROGRESS = re.compile(
    r"^.*: [0-9,]+ of [0-9,]+ frames, ([0-9,.]+ frames/s|starting).*\n"
    r"|^  .*  (to be done|stored|skipped): .*\n"
    r"|^[0-9,]+ frames? to be tracked by .*\n",
    re.MULTILINE,
)


def without_progress(said: str) -> str:
    """Return the lines that are no progress."""
    return _PROGRESS.sub("", said)
