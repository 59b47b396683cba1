"""Digits, motion, clutter, rendering, and the catalogue of versioned data sets and suites.

Import this package as ``trackbench.datasets``.
"""

if __name__ != "trackbench.datasets":
    raise ImportError(
        f"import trackbench.datasets, not {__name__}: the bare name belongs to others"
    )
