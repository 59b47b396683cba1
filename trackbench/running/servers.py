"""The servers of a maker: one for each set of packages that trackers import."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap, descendants
from trackbench.plugins.handed_on import HandedOn
from trackbench.running.host_server import HostServer

_MOST = 4
"""Servers at once: each holds in memory what it has imported."""

_NONE: Mapping[str, str] = {}

_Key = tuple[str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


class Servers:
    """Servers that are running; the one used last is the last of them."""

    def __init__(self) -> None:
        # As it is now: what a data set sets later must not reach trackers.
        self._environment = bootstrap.environment(os.environ)
        self._handed_on = HandedOn.now()
        self._running: dict[_Key, HostServer] = {}

    def get(
        self,
        path: Sequence[str],
        preload: Sequence[str],
        python: str = sys.executable,
        variables: Mapping[str, str] = _NONE,
    ) -> HostServer:
        """Return a server that looks for modules in ``path`` and has imported ``preload``.

        Args:
            path: in this order.
            preload: names of modules.
            python: the interpreter that it is.
            variables: further ones of its environment, for the packages to find; those that an
                interpreter itself looks at are for the hosts alone.

        Raises:
            TrackbenchError: none can be started.
        """
        key = (python, tuple(path), tuple(preload), tuple(sorted(variables.items())))
        server = self._running.pop(key, None)
        if server is None or not server.alive:
            if server is not None:
                server.close()
            while len(self._running) >= _MOST:
                self._running.pop(next(iter(self._running))).close()
            if left := self._handed_on.restore():
                raise TrackbenchError(
                    "a data set changes its process for all that it starts, and that cannot be "
                    f"undone ({', '.join(left)}): it must not"
                )
            own = {k: value for k, value in variables.items() if not k.startswith("PYTHON")}
            server = HostServer.started(path, preload, {**self._environment, **own}, python)
        self._running[key] = server
        return server

    def forget(self, lost: HostServer) -> None:
        """Close a server that does not answer."""
        self._running = {k: server for k, server in self._running.items() if server is not lost}
        lost.close()
        # Its host was not waited for by anybody; we have adopted it, and what it has started.
        descendants.end_all_but({server.process for server in self._running.values()})

    def forget_dead(self) -> None:
        """Close the servers whose processes have ended."""
        for server in list(self._running.values()):
            if not server.alive:
                self.forget(server)

    def close(self) -> None:
        """End all servers."""
        for server in self._running.values():
            server.close()
        self._running.clear()
