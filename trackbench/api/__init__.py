"""The library: a function for each command, with a result that prints itself.

They stand in :mod:`trackbench` itself, which loads them when they are first used. What trains,
draws and exports needs trackers, reports and data sets, and is therefore in their folders:
``trackbench.trackers.training.training``, ``trackbench.reports.showing`` and
``trackbench.datasets.export.public``.
"""
