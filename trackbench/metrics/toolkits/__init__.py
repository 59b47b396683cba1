"""Scores as other toolkits compute them, to the last digit, odd rules included.

One file a toolkit; each takes boxes (T, 4) ``(x, y, w, h)`` as they stand in files, without an
offset added or taken away, and gives shares in [0, 1] where some toolkits print per cent. Where a
toolkit stops with an error, :class:`~trackbench.metrics.toolkits.refusal.ToolkitRefusesError` says
why.

The rules are those of got-10k/toolkit 956e728, STVIR/pysot d04028f, StrangerZhang/pysot-toolkit
8b5ced3, visionml/pytracking 7eb9e74, botaoye/OSTrack 33b5e12, votchallenge/toolkit 56f0053 (0.9.0)
and SilvioGiancola/TrackingNet-devkit 79783f2.
"""
