"""Ways to name trackers that are neither registered nor classes of one's own."""

from __future__ import annotations

from trackbench.scheme_contract import SchemeSpec

_FAMILY = "trackbench.plugins.family_naming:tracker_of_family"

SCHEMES: tuple[SchemeSpec, ...] = (
    SchemeSpec(
        id="file",
        factory="trackbench.plugins.tracker_files:tracker_of_file",
        form="path/to/file.py:Class",
        ending=".py",
        description="a class in a Python file",
    ),
    SchemeSpec(
        id="got10k",
        factory=_FAMILY,
        form="got10k:package.module:Class",
        description="a class written for the got10k toolkit",
    ),
    SchemeSpec(
        id="pysot",
        factory=_FAMILY,
        form="pysot:package.module:factory",
        description="a tracker as pysot's build_tracker returns it",
    ),
    SchemeSpec(
        id="pytracking",
        factory=_FAMILY,
        form="pytracking:package.module:Class",
        description="a class written for pytracking",
    ),
    SchemeSpec(
        id="opencv",
        factory="trackbench.trackers.opencv_by_name:opencv_tracker",
        form="opencv:TrackerName",
        description="any tracker of OpenCV's, as it is; one with a network takes weights",
    ),
    SchemeSpec(
        id="trax",
        factory="trackbench.trackers.trax_schemes:trax_tracker",
        form="trax:COMMAND",
        takes_commas=True,
        description="a program in any language that talks TraX",
    ),
    SchemeSpec(
        id="ini",
        factory="trackbench.trackers.trackers_ini:ini_tracker",
        form="trackers.ini:NAME",
        ending=".ini",
        description="a tracker of a VOT toolkit's trackers.ini",
    ),
    SchemeSpec(
        id="vot",
        factory="trackbench.trackers.vot_scheme:vot_tracker",
        form="vot:SCRIPT.py",
        description="a script that uses vot.VOT or vot.VOTManager",
    ),
    SchemeSpec(
        id="folder",
        factory="trackbench.trackers.folder:folder_tracker",
        form="folder:COMMAND",
        takes_commas=True,
        description="a program: a folder of frames in, a file of boxes out; sees the future",
    ),
    SchemeSpec(
        id="video",
        factory="trackbench.plugins.family_naming:tracker_of_videos",
        form="video:package.module:Class",
        description="a class with track(frames, box) for whole videos; sees the future",
    ),
    SchemeSpec(
        id="replay",
        factory="trackbench.trackers.replay:replay_tracker",
        form="replay:FOLDER",
        description="stored boxes: of a results directory, or of text files",
    ),
    SchemeSpec(
        id="lib",
        factory="trackbench.trackers.lib_scheme:lib_tracker",
        form="lib:CHECKOUT:NAME:PARAMETER",
        description="a tracker of the OSTrack and STARK family, in its checkout",
    ),
)
