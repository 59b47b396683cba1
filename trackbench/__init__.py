"""trackbench: a benchmark harness for single-object visual trackers.

>>> import trackbench
>>> table = trackbench.run("kcf", suite="smoke").table()  # a pandas DataFrame

What is imported by a name here is loaded when it is first used, so that ``trackbench list`` and a
plugin's import stay quick.
"""

from __future__ import annotations

import importlib

# Not from typing, which would be imported from a typing.py in the working folder: see __main__.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trackbench.analysis.baseline import Baseline as Baseline
    from trackbench.analysis.comparison import Comparison as Comparison
    from trackbench.analysis.explaining import Explanation as Explanation
    from trackbench.analysis.rescoring import Rescored as Rescored
    from trackbench.analysis.verdict import Verdict as Verdict
    from trackbench.api.checking import baseline as baseline
    from trackbench.api.checking import check as check
    from trackbench.api.comparing import compare as compare
    from trackbench.api.listing import Available as Available
    from trackbench.api.listing import available as available
    from trackbench.api.merging import merge as merge
    from trackbench.api.reporting import Report as Report
    from trackbench.api.reporting import report as report
    from trackbench.api.rescoring import rescore as rescore
    from trackbench.api.running import run as run
    from trackbench.api.running_file import run_file as run_file
    from trackbench.api.verifying import Verification as Verification
    from trackbench.api.verifying import Verified as Verified
    from trackbench.api.verifying import verify as verify
    from trackbench.bisection.bisecting import bisect as bisect
    from trackbench.bisection.bisection import Bisection as Bisection
    from trackbench.contracts import Answer as Answer
    from trackbench.contracts import BatchTracker as BatchTracker
    from trackbench.contracts import Boxes as Boxes
    from trackbench.contracts import Dataset as Dataset
    from trackbench.contracts import DatasetSpec as DatasetSpec
    from trackbench.contracts import Frame as Frame
    from trackbench.contracts import Sequence as Sequence
    from trackbench.contracts import Suite as Suite
    from trackbench.contracts import Tracker as Tracker
    from trackbench.contracts import TrackerSpec as TrackerSpec
    from trackbench.contracts import Video as Video
    from trackbench.contracts import VideoTracker as VideoTracker
    from trackbench.datasets.export.to_files import Export as Export
    from trackbench.datasets.export.to_files import export as export
    from trackbench.datasets.readers.box_rows import BoxFormat as BoxFormat
    from trackbench.datasets.readers.box_rows import NoBox as NoBox
    from trackbench.datasets.readers.box_rows import Truth as Truth
    from trackbench.datasets.readers.box_rows import boxes_of_rows as boxes_of_rows
    from trackbench.datasets.readers.decoding import read_frame as read_frame
    from trackbench.datasets.readers.images import ImageFiles as ImageFiles
    from trackbench.datasets.readers.images import list_images as list_images
    from trackbench.datasets.readers.images import subfolders as subfolders
    from trackbench.datasets.readers.opening import OpenedVideos as OpenedVideos
    from trackbench.datasets.readers.opening import open_videos as open_videos
    from trackbench.datasets.readers.reader import PolygonBox as PolygonBox
    from trackbench.datasets.readers.recognising import Recognised as Recognised
    from trackbench.datasets.readers.recognising import recognise as recognise
    from trackbench.datasets.readers.text_file import read_numbers as read_numbers
    from trackbench.errors import DataError as DataError
    from trackbench.errors import TrackbenchError as TrackbenchError
    from trackbench.exchange.exporting import ExportedResults as ExportedResults
    from trackbench.exchange.exporting import export_results as export_results
    from trackbench.exchange.imported import ImportedResults as ImportedResults
    from trackbench.exchange.importing import import_results as import_results
    from trackbench.exchange.submitting import Submission as Submission
    from trackbench.exchange.submitting import submit as submit
    from trackbench.factor_contract import Factor as Factor
    from trackbench.factor_contract import FactorLevel as FactorLevel
    from trackbench.factor_contract import FactorSuite as FactorSuite
    from trackbench.host.context import Context as Context
    from trackbench.metrics.metric import Metric as Metric
    from trackbench.plugins import registry as registry
    from trackbench.plugins.loading import load_plugin as load_plugin
    from trackbench.plugins.loading import register_dataset as register_dataset
    from trackbench.plugins.loading import register_tracker as register_tracker
    from trackbench.plugins.naming import tracker_elsewhere as tracker_elsewhere
    from trackbench.plugins.start_noise import NoisySpec as NoisySpec
    from trackbench.plugins.start_noise import noisy_spec as noisy_spec
    from trackbench.report_contract import ReportOptions as ReportOptions
    from trackbench.report_contract import ReportSpec as ReportSpec
    from trackbench.reports.diagnosing import Diagnosed as Diagnosed
    from trackbench.reports.diagnosing import diagnose as diagnose
    from trackbench.reports.showing import Shown as Shown
    from trackbench.reports.showing import show as show
    from trackbench.reports.stored_drawing import draw as draw
    from trackbench.reports.viewing.server import View as View
    from trackbench.reports.viewing.server import view as view
    from trackbench.results.directory import Results as Results
    from trackbench.results.picture import Picture as Picture
    from trackbench.results.run import Run as Run
    from trackbench.results.spoiled import FailedSequence as FailedSequence
    from trackbench.results.spoiled import Spoiled as Spoiled
    from trackbench.running.bench_file import BenchFile as BenchFile
    from trackbench.running.bench_file import read_bench as read_bench
    from trackbench.running.trackers_file import TrackersFile as TrackersFile
    from trackbench.running.trackers_file import read_trackers as read_trackers
    from trackbench.scaffold.bench_file import NewBench as NewBench
    from trackbench.scaffold.bench_file import init as init
    from trackbench.scaffold.new import NewPlugin as NewPlugin
    from trackbench.scaffold.new import new as new
    from trackbench.scheme_contract import NamedTracker as NamedTracker
    from trackbench.scheme_contract import SchemeSpec as SchemeSpec
    from trackbench.trackers.training.loop import Trained as Trained
    from trackbench.trackers.training.training import train as train

_HOME = {
    "Trained": "trackers.training.loop",
    "train": "trackers.training.training",
    "Export": "datasets.export.to_files",
    "export": "datasets.export.to_files",
    "Diagnosed": "reports.diagnosing",
    "diagnose": "reports.diagnosing",
    "BoxFormat": "datasets.readers.box_rows",
    "boxes_of_rows": "datasets.readers.box_rows",
    "read_frame": "datasets.readers.decoding",
    "list_images": "datasets.readers.images",
    "subfolders": "datasets.readers.images",
    "read_numbers": "datasets.readers.text_file",
    "open_videos": "datasets.readers.opening",
    "recognise": "datasets.readers.recognising",
    "Verified": "api.verifying",
    "FailedSequence": "results.spoiled",
    "Spoiled": "results.spoiled",
    "Truth": "datasets.readers.box_rows",
    "NoBox": "datasets.readers.box_rows",
    "ImageFiles": "datasets.readers.images",
    "NoisySpec": "plugins.start_noise",
    "OpenedVideos": "datasets.readers.opening",
    "PolygonBox": "datasets.readers.reader",
    "Recognised": "datasets.readers.recognising",
    "Shown": "reports.showing",
    "show": "reports.showing",
    "draw": "reports.stored_drawing",
    "View": "reports.viewing.server",
    "view": "reports.viewing.server",
    "Available": "api.listing",
    "available": "api.listing",
    "Baseline": "analysis.baseline",
    "Comparison": "analysis.comparison",
    "Explanation": "analysis.explaining",
    "Rescored": "analysis.rescoring",
    "Verdict": "analysis.verdict",
    "baseline": "api.checking",
    "check": "api.checking",
    "compare": "api.comparing",
    "merge": "api.merging",
    "Report": "api.reporting",
    "report": "api.reporting",
    "rescore": "api.rescoring",
    "run": "api.running",
    "run_file": "api.running_file",
    "Verification": "api.verifying",
    "verify": "api.verifying",
    "bisect": "bisection.bisecting",
    "Bisection": "bisection.bisection",
    "Answer": "contracts",
    "BatchTracker": "contracts",
    "Boxes": "contracts",
    "Dataset": "contracts",
    "DatasetSpec": "contracts",
    "Frame": "contracts",
    "Sequence": "contracts",
    "Suite": "contracts",
    "Tracker": "contracts",
    "TrackerSpec": "contracts",
    "Video": "contracts",
    "VideoTracker": "contracts",
    "ExportedResults": "exchange.exporting",
    "export_results": "exchange.exporting",
    "Submission": "exchange.submitting",
    "submit": "exchange.submitting",
    "ImportedResults": "exchange.imported",
    "import_results": "exchange.importing",
    "Factor": "factor_contract",
    "FactorLevel": "factor_contract",
    "FactorSuite": "factor_contract",
    "Context": "host.context",
    "DataError": "errors",
    "TrackbenchError": "errors",
    "Metric": "metrics.metric",
    "load_plugin": "plugins.loading",
    "register_dataset": "plugins.loading",
    "register_tracker": "plugins.loading",
    "tracker_elsewhere": "plugins.naming",
    "noisy_spec": "plugins.start_noise",
    "ReportOptions": "report_contract",
    "ReportSpec": "report_contract",
    "Results": "results.directory",
    "Picture": "results.picture",
    "Run": "results.run",
    "BenchFile": "running.bench_file",
    "read_bench": "running.bench_file",
    "TrackersFile": "running.trackers_file",
    "read_trackers": "running.trackers_file",
    "NewBench": "scaffold.bench_file",
    "init": "scaffold.bench_file",
    "NewPlugin": "scaffold.new",
    "new": "scaffold.new",
    "NamedTracker": "scheme_contract",
    "SchemeSpec": "scheme_contract",
}

__all__ = [
    "Answer",
    "Available",
    "Baseline",
    "BatchTracker",
    "BenchFile",
    "Bisection",
    "BoxFormat",
    "Boxes",
    "Comparison",
    "Context",
    "DataError",
    "Dataset",
    "DatasetSpec",
    "Diagnosed",
    "Explanation",
    "Export",
    "ExportedResults",
    "Factor",
    "FactorLevel",
    "FactorSuite",
    "FailedSequence",
    "Frame",
    "ImageFiles",
    "ImportedResults",
    "Metric",
    "NamedTracker",
    "NewBench",
    "NewPlugin",
    "NoBox",
    "NoisySpec",
    "OpenedVideos",
    "Picture",
    "PolygonBox",
    "Recognised",
    "Report",
    "ReportOptions",
    "ReportSpec",
    "Rescored",
    "Results",
    "Run",
    "SchemeSpec",
    "Sequence",
    "Shown",
    "Spoiled",
    "Submission",
    "Suite",
    "TrackbenchError",
    "Tracker",
    "TrackerSpec",
    "TrackersFile",
    "Trained",
    "Truth",
    "Verdict",
    "Verification",
    "Verified",
    "Video",
    "VideoTracker",
    "View",
    "available",
    "baseline",
    "bisect",
    "boxes_of_rows",
    "check",
    "compare",
    "diagnose",
    "draw",
    "export",
    "export_results",
    "import_results",
    "init",
    "list_images",
    "load_plugin",
    "merge",
    "new",
    "noisy_spec",
    "open_videos",
    "read_bench",
    "read_frame",
    "read_numbers",
    "read_trackers",
    "recognise",
    "register_dataset",
    "register_tracker",
    "registry",
    "report",
    "rescore",
    "run",
    "run_file",
    "show",
    "subfolders",
    "submit",
    "tracker_elsewhere",
    "train",
    "verify",
    "view",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from trackbench.results.code_version import code_version

        return code_version()
    if name == "registry":
        return importlib.import_module("trackbench.plugins.registry")
    if name not in _HOME:
        raise AttributeError(f"module 'trackbench' has no attribute {name!r}")
    return getattr(importlib.import_module(f"trackbench.{_HOME[name]}"), name)
