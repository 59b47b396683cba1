"""A host's tracker, built as a maker orders it, and hashed if the maker asks for that."""

from __future__ import annotations

import importlib
import os
import random
import sys
import traceback
from typing import Any, Callable

import numpy.random as _random  # at the top, for every host to have it from its server

from .arranging import arrange
from .left_errors import leave_error
from .loading import BuildError, build
from .reads import Reads
from .shared_memory import BUILDING, Scratch
from .wire import Message


def built(order: Message, scratch: Scratch) -> Any:
    """Return the tracker; None where it cannot be built, which is reported in ``scratch``."""
    name = str(order.says["tracker"])
    scratch.begin(BUILDING)
    scratch.enter(0)
    own = order.says["place"]["variables"]
    variables = {**os.environ, **own}
    _watch(order.says.get("reads"), scratch)
    try:
        arrange(order.says["place"])
        seed(int(order.says["seed"]))
        wanted = order.says.get("identify")
        identify = _identify(scratch, variables, **wanted) if wanted else None
        family, run = str(order.says["family"]), int(order.says["run"])
        tracker = build(name, order.payload, identify, family, run)
        if not family:
            _check_methods(name, tracker, sees_future=bool(order.says.get("sees_future")))
    except BuildError as error:
        scratch.end_child(1)
        scratch.report({"message": str(error), "traceback": traceback.format_exc()})
        return None
    except BaseException as error:  # noqa: BLE001 - the author's code may raise anything
        leave_error(scratch, error, f"{name} cannot be built: ")
        return None
    scratch.leave(0)
    scratch.end()
    return tracker


def _check_methods(name: str, tracker: Any, *, sees_future: bool) -> None:
    """Make sure that what was built is a tracker: of a function's, nobody has looked before.

    Raises:
        BuildError: it is none.
    """
    needs = ("track",) if sees_future else ("init", "update")
    missing = [method for method in needs if not callable(getattr(tracker, method, None))]
    if len(missing) == 2 and callable(getattr(tracker, "track", None)):
        raise BuildError(
            f"{name} has track(frames, box), and no init and update: where it is not imported here "
            "it is named video:package.module:Class"
        )
    if missing:
        raise BuildError(f"{name} is no tracker: it has no method {missing[0]}")


def _identify(
    scratch: Scratch, variables: dict[str, str], source: bool, parameters: list[str], by: str
) -> Callable[[Any, dict[str, Any]], None]:
    """Return a function that reports the hash of what a tracker is made of.

    It is asked for in interpreters that have trackbench alone.

    Args:
        scratch: to report it in.
        variables: the environment, as it was before any code of the author's ran here.
        source: the factory's source counts.
        parameters: names of those whose contents count.
        by: the function that hashes, ``"module:name"``.
    """
    module, _, function = by.partition(":")
    sha256: Callable[..., str | None] = getattr(importlib.import_module(module), function)

    def identify(factory: Any, given: dict[str, Any]) -> None:
        values = {name: given[name] for name in parameters}
        made = sha256(factory if source else None, values, variables)
        # What cannot be hashed counts as another thing each time.
        scratch.report({"source": made or os.urandom(32).hex()})

    return identify


def _watch(reads: Any, scratch: Scratch) -> None:
    """Have what the tracker reads noted, if that is asked for, where its hash does not cover it."""
    if reads is not None:
        heard = Reads(scratch.note)
        heard.watch(reads["known"], reads["own"], reads["variables"])
        heard.install()


def seed(number: int) -> None:
    """Seed the generators that a whole process shares."""
    random.seed(number)
    _random.seed(number)  # noqa: NPY002 - it is the one that trackers share without knowing
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(number)
