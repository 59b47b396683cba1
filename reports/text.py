"""Names and notes made fit to be printed, whatever a file or a plugin put into them."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Return ``text`` with each character that cannot be seen written as ``repr`` writes it.

    A line break becomes ``\n``, the beginning of a terminal's escape sequence ``\x1b``, and what
    turns the direction of a line round ``\u202e``: so it stays one line, and moves nothing but
    itself. Letters of any script are kept.
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
