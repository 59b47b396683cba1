"""How large an image may be before it is refused unread."""

MOST_PIXELS = 2**26
"""Pixels of a frame: 8192 x 8192, twice what 8K video has."""

MOST_BYTES = 2**28
"""Bytes of an image file."""
