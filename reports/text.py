"""Names and notes made fit to be printed, whatever a file or a plugin put into them."""

from trackbench.text import visible

__all__ = ["visible"]
