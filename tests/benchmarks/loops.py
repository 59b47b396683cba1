"""One loop over the frames of an export, so many times: ``python loops.py NAME FOLDER ROUNDS``.

Ours go the whole way of a unit of work: files, a host process, scores, stored parts.
"""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def ours(name: str, folder: Path) -> Callable[[Path], None]:
    """Return what tracks all frames of an export in GOT-10k's layout with a tracker of ours."""
    from trackbench.plugins import registry
    from trackbench.plugins.dataset_naming import dataset_named
    from trackbench.results.chunks import Unit
    from trackbench.results.dataset_record import DatasetRecord
    from trackbench.results.run_record import RunRecord
    from trackbench.results.writer import Store
    from trackbench.running.limits import Limits
    from trackbench.running.loop import outcome_of
    from trackbench.running.messages import Order, Task
    from trackbench.running.preload import packages_imported_by
    from trackbench.running.recipe import recipe_of
    from trackbench.running.servers import Servers
    from trackbench.running.unit import track_unit
    from trackbench.running.videos import Videos

    spec = dataset_named(f"got10k:{folder}")
    dataset, tracker = registry.build_dataset(spec), registry.trackers().get(name)
    count, length = spec.sequences, spec.length
    unit = Unit(tracker, spec, chunk=0, start=0, stop=count, length=length)
    what = DatasetRecord.of(spec, "0" * 64, count, (100, 100), (length,), 0)
    run = RunRecord.of(tracker, what, "paper-v1", count)
    order = Order(
        task=Task.TRACK,
        dataset=spec.id,
        stop=count,
        length=length,
        tracker=tracker.id,
        tracker_recipe=recipe_of((tracker.factory, dict(tracker.parameters)), tracker.id),
        preload=packages_imported_by(tracker.factory),
        batched=tracker.batched,
        limits=Limits(60.0),
    )

    servers = Servers()  # one for all rounds, as for all units of a run
    atexit.register(servers.close)

    def once(out: Path) -> None:
        store = Store(out)
        made = track_unit(order, Videos(dataset, order), servers, lambda *_: None)
        with store.writing(run, what) as writing:
            store.add(writing, outcome_of(unit, made, order.limits))
        assert (made.frames, made.failures) == (count * length, ())

    return once


def got10k(folder: Path) -> Callable[[Path], None]:
    """Return its experiment with its tracker that does nothing."""
    from got10k.experiments import ExperimentGOT10k
    from got10k.trackers import IdentityTracker

    def once(out: Path) -> None:
        places = {"result_dir": str(out), "report_dir": str(out)}
        ExperimentGOT10k(str(folder), subset="val", **places).run(IdentityTracker())

    return once


def opencv(folder: Path) -> Callable[[Path], None]:
    """Return OpenCV's KCF by itself: images read by OpenCV, boxes kept."""
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    parameters = cv2.TrackerKCF.Params()
    parameters.detect_thresh = 0  # as ours: it is never lost

    def once(out: Path) -> None:
        for sequence in sorted(path for path in (folder / "val").iterdir() if path.is_dir()):
            first, *others = sorted(str(image) for image in sequence.glob("*.jpg"))
            box = np.loadtxt(sequence / "groundtruth.txt", delimiter=",")[0]
            tracker = cv2.TrackerKCF.create(parameters)
            tracker.init(cv2.imread(first), tuple(box.astype(int)))
            boxes = [box, *(tracker.update(cv2.imread(image))[1] for image in others)]
            np.savetxt(out / f"{sequence.name}.txt", boxes, fmt="%.3f", delimiter=",")

    return once


LOOPS = {
    "ours: static": lambda folder: ours("static", folder),
    "ours: kcf": lambda folder: ours("kcf", folder),
    "got10k: IdentityTracker": got10k,
    "OpenCV: TrackerKCF": opencv,
}

if __name__ == "__main__":
    named, where, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    loop = LOOPS[named](where)
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            loop(Path(place))
