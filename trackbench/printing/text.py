"""What others wrote, made fit to be printed: one line, nothing hidden, no longer than is useful."""

from __future__ import annotations

_FORMULA = tuple("=+-@＝＋－＠")

QUOTED = 80
"""Characters of a foreign text that a message quotes."""


def visible(text: str) -> str:
    r"""Return ``text`` with each character that cannot be seen written as ``repr`` writes it.

    A line break becomes ``\n``, the beginning of a terminal's escape sequence ``\x1b``, what turns
    the direction of a line round ``\u202e``, and a byte of a file's name that is no text
    ``\udcff``: so it stays one line, can be encoded, and moves nothing but itself. Letters of any
    script are kept.
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def spreadsheet(text: str) -> str:
    """Return a text for a CSV file that a spreadsheet does not take for a formula.

    What begins like one gets an apostrophe in front, as OWASP recommends ("CSV injection"): ``=``,
    ``+``, ``-``, ``@`` and their full-width forms. Tabs and line breaks are written as
    :func:`visible` writes them. Numbers are no texts: they stay what they are.
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def quoted(value: object) -> str:
    """Return what a message quotes of a value: visible, and :data:`QUOTED` characters at most.

    Whatever the value is, it is not written out first: a text of megabytes is cut before.
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= QUOTED else f"{value[:QUOTED]!r}..."
    if isinstance(value, bool | float | None):
        return repr(value)
    if isinstance(value, int):
        # Python refuses to write integers of thousands of digits
        return str(value) if value.bit_length() < 256 else "an integer of too many digits"
    return with_article(type(value).__name__)


def with_article(noun: str) -> str:
    """Return a noun behind "a" or "an".

    Example:
        >>> with_article("Path"), with_article("Enum")
        ('a Path', 'an Enum')
    """
    return f"an {noun}" if noun[0] in "aeiouAEIOU" else f"a {noun}"
