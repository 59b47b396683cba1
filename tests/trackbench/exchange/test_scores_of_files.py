"""Made-up boxes as files, imported and rescored: every number is that of the toolkit itself.

The functions are held to the toolkits' numbers beside them; here the boxes go through what a user
has: a data set on disk in the toolkit's layout, text files, stored results, a metric by its name.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from video_trees import write, write_images

import trackbench
from tests.support.toolkit_scores import number, toolkit_scores
from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError

pytestmark = pytest.mark.thorough

KINDS = (
    *("jitter", "nan-truth", "zero-truth", "minus-one-truth", "flagged-absent", "absent-after"),
    *(
        "nan-answer",
        "zero-answer",
        "negative-answer",
        "first-differs",
        "two-frames",
        "tie",
        "mixed",
    ),
)
"""How the names of cases begin of which one or two are taken."""

Case = dict[str, Any]
_OPE = {"auc": "auc", "precision20": "precision20", "normalised-precision20": "norm_precision20"}
_PYSOT = {**_OPE, "auc": "success_auc", "normalised-precision": "norm_precision_auc"}
_GOT10K = {"auc": "success_auc", "op50": "success50", "precision20": "precision20"}
_PYTRACKING = {**_OPE, "op50": "op50", "op75": "op75", "ao": "avg_overlap"}
_AREAS = {"auc": "success", "precision": "precision", "normalised-precision": "norm_precision"}


def one_pass(got10k: str, pysot: str, family: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return what is asked of a layout: metric -> where its number stands in a case."""
    asked = {f"{ours}@got10k": (("got10k", got10k), theirs) for ours, theirs in _GOT10K.items()}
    for name in ("pysot", "pysot-toolkit"):
        at = (name.replace("-", "_"), pysot)
        asked |= {f"{ours}@{name}": (at, theirs) for ours, theirs in _PYSOT.items()}
    for name in ("pytracking", "ostrack"):
        for rule, suffix in (("all", ""), ("valid", f":{family}-valid")):
            asked |= {
                f"{ours}@{name}{suffix}": ((name, f"{family}_{rule}"), theirs)
                for ours, theirs in _PYTRACKING.items()
            }
    return asked


ASKED = {
    "otb": one_pass("OTB", "OTB", "otb"),
    "uav123": one_pass("UAV123", "UAV", "uav"),
    "lasot-ext": one_pass("LaSOT", "LaSOT", "lasot"),
    "got10k": {
        **{f"{name}@got10k": (("got10k", "GOT10k"), name) for name in ("ao", "sr50", "sr75")},
    },
    "trackingnet": {
        f"{ours}@trackingnet": (("trackingnet",), theirs) for ours, theirs in _AREAS.items()
    },
    "vot": {
        "accuracy@vot": (("vot", "accuracy"), "burnin10"),
        "accuracy@vot:burn-in-1": (("vot", "accuracy"), "burnin1"),
        **{f"{name}@vots": (("vot", "vots"), name) for name in ("accuracy", "robustness", "adq")},
    },
}


def chosen() -> list[Case]:
    """Return one or two cases of each kind, that begin with a box."""
    cases = [case for case in toolkit_scores()["cases"] if min(map(number, case["truth"][0])) >= 0]
    found = []
    for kind in KINDS:
        of_kind = [case for case in cases if case["case"].startswith(kind)]
        found += [*of_kind[:1], *of_kind[-1:]]
    return list({case["id"]: case for case in found}.values())


def text(rows: list[list[Any]]) -> str:
    return "".join(",".join(repr(number(value)) for value in row) + "\n" for row in rows)


def lay_out(layout: str, root: Path, case: Case) -> None:
    """Write a case as a sequence of a data set."""
    name, truth = case["id"], text(case["truth"])
    hidden = [1 - seen for seen in case.get("visible", [1] * len(case["truth"]))]
    places = {
        "otb": (f"{name}/img/{{:04d}}.jpg", f"{name}/groundtruth_rect.txt"),
        "uav123": (f"data_seq/UAV123/{name}/{{:06d}}.jpg", f"anno/UAV123/{name}.txt"),
        "lasot-ext": (f"a/a-{name}/img/{{:08d}}.jpg", f"a/a-{name}/groundtruth.txt"),
        "got10k": (f"val/{name}/{{:08d}}.jpg", f"val/{name}/groundtruth.txt"),
        "trackingnet": (f"TRAIN_0/frames/{name}/{{}}.jpg", f"TRAIN_0/anno/{name}.txt"),
        "vot": (f"{name}/color/{{:08d}}.jpg", f"{name}/groundtruth.txt"),
    }
    images, boxes = places[layout]
    write(root / boxes, truth)
    first = root.parent / "image-{}-{}.png".format(*case["frame"])
    if not first.exists():
        write_images(root.parent, [first.name], tuple(case["frame"]))
    for at in range(len(case["truth"])):
        place = root / images.format(at + 1)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(first, place)
    if layout == "lasot-ext":
        write(root / "a" / f"a-{name}" / "full_occlusion.txt", ",".join(map(str, hidden)))
        write(root / "a" / f"a-{name}" / "out_of_view.txt", ",".join("0" * len(hidden)))
    if layout == "got10k":
        covers = "".join("0\n" if each else "8\n" for each in hidden)
        write(root / "val" / name / "cover.label", covers)


def imported(layout: str, tmp_path: Path, cases: list[Case]) -> trackbench.Results:
    """Return the cases' answers, imported from files."""
    root = tmp_path / "data"
    for case in cases:
        lay_out(layout, root, case)
        name = f"a-{case['id']}" if layout == "lasot-ext" else case["id"]
        write(tmp_path / "them" / f"{name}.txt", text(case["answers"]))
        if "confidence" in case:
            sure = "".join(f"{number(value)!r}\n" for value in case["confidence"])
            write(tmp_path / "them" / f"{name}_confidence.value", sure)
    if layout == "got10k":
        write(root / "val" / "list.txt", "".join(f"{case['id']}\n" for case in cases))
    split = {"trackingnet": ":train", "got10k": ":val"}.get(layout, "")
    return trackbench.import_results(
        tmp_path / "them", f"{layout}:{root}{split}", out=tmp_path / "out", any_first_row=True
    ).results


def tracked(layout: str, tmp_path: Path, cases: list[Case]) -> Iterator[Trajectories]:
    """Yield the boxes of each case."""
    (run,) = imported(layout, tmp_path, cases).runs
    for index in range(len(cases)):
        yield run.trajectory(index)


@pytest.mark.parametrize("layout", ASKED)
def test_files_have_the_toolkits_numbers(layout: str, tmp_path: Path) -> None:
    cases = sorted(chosen(), key=lambda case: str(case["id"]))
    if layout == "vot":  # where NaN says that nobody knows: then there is nothing to score
        cases = [case for case in cases if any("nan" not in row for row in case["truth"][1:])]
    assert len(cases) > 20
    checked = 0
    for case, boxes in zip(cases, tracked(layout, tmp_path, cases), strict=True):
        for metric, (path, name) in ASKED[layout].items():
            wanted = case
            for step in path:
                wanted = wanted[step]
            at = f"{case['id']} {case['case']} {metric}"
            if "raises" in wanted:
                with pytest.raises(ToolkitRefusesError):
                    Metric.named(metric).scores(boxes, (len(case["truth"]),))
                continue
            per_cent = path[0] in {"pytracking", "ostrack", "trackingnet"} and name != "avg_overlap"
            expected = number(wanted[name]) / (100 if per_cent else 1)
            within = 1e-6 if path[0] in {"pytracking", "ostrack"} else 1e-9
            ((found,),) = Metric.named(metric).scores(boxes, (len(case["truth"]),)).tolist()
            assert math.isclose(found, expected, rel_tol=0, abs_tol=within) or (
                math.isnan(found) and math.isnan(expected)
            ), f"{at}: {found}, not {expected}"
            checked += 1
    assert checked > 60


def test_confidences_of_files_have_the_toolkits_total(tmp_path: Path) -> None:
    results = imported("vot", tmp_path, toolkit_scores()["longterm"])
    wanted = toolkit_scores()["totals"]["vot"]["longterm"]["all"]
    (run,) = results.runs
    for name in ("precision", "recall", "f"):
        ((measured, _),) = run.measured([Metric.named(f"{name}@vot-lt")])
        assert measured.totals[-1] == pytest.approx(number(wanted[name]), abs=1e-9)
