"""The process in which a tracker is checked, apart from whoever asks."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from dataclasses import asdict
from typing import Any, NoReturn

from trackbench.errors import brief
from trackbench.host import descendants, wire
from trackbench.host.arranging import arrange
from trackbench.host.loading import BuildError, call, load, resolve
from trackbench.testing.performing import perform
from trackbench.testing.place import Place
from trackbench.testing.recording import Endurance, Recording
from trackbench.testing.script import Step

_CODE = """
import sys
sys.path[:] = {path!r}
from trackbench.testing.child import main
main(int(sys.argv[1]), int(sys.argv[2]))
"""


def command(path: tuple[str, ...], channel: int, parent: int) -> list[str]:
    """Return the command line of such a process."""
    return [sys.executable, "-c", _CODE.format(path=list(path)), str(channel), str(parent)]


def main(channel: int, parent: int) -> NoReturn:
    """Do what is said over a descriptor, say what came of it, and end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    descendants.adopt()
    descendants.die_with(parent)
    asker = wire.opened(channel)
    order = wire.receive(asker)
    if order is None:
        os._exit(0)
    says = order.says
    place = Place(order.files[0])
    place.clear()
    try:
        arrange(says["place"])
        factory, parameters = load(order.payload)
        found = resolve(factory) if isinstance(factory, str) else factory

        def build() -> Any:
            try:
                return call(says["tracker"], found, dict(parameters), says["family"])
            except BuildError:
                raise
            except Exception as error:
                raise BuildError(f"{says['tracker']} cannot be built: {brief(error)}") from error

        steps = tuple(map(Step.of_plain, says["steps"]))
        for name, brought in perform(
            steps, build, place, batched=says["batched"], length=says["length"]
        ):
            wire.send(asker, {"step": name, "brought": [plain(each) for each in brought]})
        wire.send(asker, {"finished": True})
    except Exception as error:  # noqa: BLE001 - the author's modules may raise anything
        message = str(error) if isinstance(error, BuildError) else brief(error)
        wire.send(asker, {"refused": message, "detail": traceback.format_exc()})
    descendants.end_all()
    os._exit(0)  # the interpreter's own end would wait for the tracker's threads


def plain(brought: Recording | Endurance) -> dict[str, Any]:
    """Return what a step brought as what JSON can hold."""
    if isinstance(brought, Recording):
        return {"recording": brought.plain}
    return {"endurance": asdict(brought)}


def of_plain(told: dict[str, Any]) -> Recording | Endurance:
    """Return what :func:`plain` has told.

    Raises:
        KeyError, TypeError, ValueError: it has told something else.
    """
    if "recording" in told:
        return Recording.of_plain(told["recording"])
    fields = {name: tuple(map(int, counts)) for name, counts in told["endurance"].items()}
    return Endurance(**fields)
