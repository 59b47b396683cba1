"""Stored results made into tables, and frames into pictures.

Import this package as ``trackbench.reports``. Reports read stored results only: they run no
tracker and make no data.
"""

if __name__ != "trackbench.reports":
    raise ImportError(f"import trackbench.reports, not {__name__}: the bare name belongs to others")
