"""The process in which a tracker is checked."""

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
    """Carry out the steps that are sent over a descriptor, send back what came of each, and end."""
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
        for name, recorded in perform(
            steps, build, place, batched=says["batched"], length=says["length"]
        ):
            wire.send(asker, {"step": name, "recorded": [plain(each) for each in recorded]})
        wire.send(asker, {"finished": True})
    except Exception as error:  # noqa: BLE001 - the author's modules may raise anything
        message = str(error) if isinstance(error, BuildError) else brief(error)
        wire.send(asker, {"refused": message, "detail": traceback.format_exc()})
    descendants.end_all()
    os._exit(0)  # the interpreter's own end would wait for the tracker's threads


def plain(recorded: Recording | Endurance) -> dict[str, Any]:
    """Return a recording as plain JSON."""
    if isinstance(recorded, Recording):
        return {"recording": recorded.plain}
    return {"endurance": asdict(recorded)}


def of_plain(plain: dict[str, Any]) -> Recording | Endurance:
    """Return the recording of which this is :func:`plain`.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    if "recording" in plain:
        return Recording.of_plain(plain["recording"])
    fields = {name: tuple(map(int, counts)) for name, counts in plain["endurance"].items()}
    return Endurance(**fields)
