"""The schemas of stored files: this program's, and what earlier ones did not know."""

SCHEMA = 7

BEFORE_RUNS, WITH_RUNS, WITH_LENGTHS, WITH_MASKS, WITH_STARTS = 2, 3, 4, 5, 6
"""The schemas that knew no repeated runs, no sequences that differ in their frames, no masks, no
runs from several starts, and no noise in the start.

What says none of these is still written so, for older programs.
"""
