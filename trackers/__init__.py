"""Tracker adapters, networks, their training and the shipped weights.

Import this package as ``trackbench.trackers``. Importing it costs nothing: OpenCV and PyTorch are
imported by the module that uses them, when a tracker is built.
"""

if __name__ != "trackbench.trackers":
    raise ImportError(
        f"import trackbench.trackers, not {__name__}: the bare name belongs to others"
    )
