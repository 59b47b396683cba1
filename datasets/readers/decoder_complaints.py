"""What libjpeg prints of an image that is damaged inside, and is decoded all the same.

Neither OpenCV nor Pillow hands it on: it is a line on the process's standard error, without the
name of the file, and the rest of the picture is grey or shifted.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2
_COMPLAINT = re.compile(rb"(?:Corrupt JPEG data|Premature end of JPEG file)[^\n]*\n?")


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect the complaints about what is decoded meanwhile, in this thread or in another.

    Whatever else is written to standard error is passed on at the end.
    """
    found: list[str] = []
    try:
        before = os.dup(_STANDARD_ERROR)
    except OSError:  # it is closed
        yield found
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), _STANDARD_ERROR)
        try:
            yield found
        finally:
            os.dup2(before, _STANDARD_ERROR)
            said.seek(0)
            content = said.read()
            found += [
                line.decode("utf-8", "replace").strip() for line in _COMPLAINT.findall(content)
            ]
            if others := _COMPLAINT.sub(b"", content):
                os.write(before, others)
            os.close(before)
