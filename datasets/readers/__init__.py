"""Real videos as they lie on disk: one reader for each layout.

:func:`~trackbench.datasets.readers.opening.open_videos` lists what a folder holds, and each
:class:`~trackbench.datasets.readers.annotated_video.VideoSource` reads its annotations when asked.
"""
