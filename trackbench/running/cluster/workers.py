"""The workers of a cluster as the parent knows them: fit for a run, and brought what they need."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trackbench.errors import TrackbenchError, brief, parameter
from trackbench.results.parquet import sha256_of
from trackbench.running.cluster.address import Cluster
from trackbench.running.cluster.machines import Facts, differences, facts
from trackbench.running.cluster.manifest import ChangedError, Manifest
from trackbench.running.cluster.place import end_makers, lacking, receive

PIECE_BYTES = 8 << 20
"""Of a file, that is sent at once: a worker answers other questions in between."""
_LOOK_SECONDS = 1.0
_CHECK_SECONDS = 3.0
_TRIES = 5


class Workers:
    """The workers that a client's scheduler has; they come and go."""

    def __init__(self, client: Any, cluster: Cluster) -> None:
        self._client, self._cluster = client, cluster
        self._threads: Mapping[str, int] = {}
        self._looked = self._checked = float("-inf")
        self._there: list[str] = []
        # Of those that have gone, too: they are spoken of.
        self._names: dict[str, str] = {}
        self._resources: dict[str, Mapping[str, float]] = {}
        self._fit: dict[str, Facts | None] = {}
        self._failed: dict[str, int] = {}

    def name(self, address: str) -> str:
        """Return what a worker is called, for a line."""
        return self._names.get(address, address)

    def places(self) -> int:
        """Return how many units the workers can be at side by side."""
        if time.monotonic() - self._looked >= _LOOK_SECONDS:
            self._looked = time.monotonic()
            self._threads = self._asked(self._client.nthreads, {})
        if not self._cluster.resources:
            return sum(self._threads.values())
        return sum(min(n, self._served(at)) for at, n in self._threads.items())

    def check_now_and_then(self) -> list[str]:
        """As :meth:`check`, unless it was called a moment ago."""
        if time.monotonic() - self._checked < _CHECK_SECONDS:
            return []
        return self.check()

    def check(self) -> list[str]:
        """Make sure that workers which have come since the last time are fit for this run.

        Returns:
            Lines about what differs, where that is allowed.

        Raises:
            TrackbenchError: one has another version of something, or no trackbench.
        """
        self._know_all()
        self._checked = time.monotonic()
        new = [address for address in self._there if address not in self._fit]
        if not new:
            return []
        found = self._asked(lambda: self._client.run(facts, workers=new, on_error="return"), {})
        here, lines = facts(), []
        for address, there in found.items():
            if _is_cut_off(there):
                continue  # it has gone meanwhile; if not, it is asked again
            self._fit[address] = there if isinstance(there, Facts) else None
            if not isinstance(there, Facts):
                lines.append(f"worker {self.name(address)} has not this trackbench ({_of(there)})")
            elif other := differences(here, there):
                lines.append(f"worker {self.name(address)} has {', '.join(other)}")
        if lines and not self._cluster.allow_mixed:
            more = f", and {len(lines) - 1} more" if len(lines) > 1 else ""
            raise TrackbenchError(
                f"{lines[0]}{more}: install the same there, or give "
                f"{parameter('allow_mixed', True)}, which the records say"
            )
        return lines

    def is_fit(self, address: str, facts_there: Facts | None) -> bool:
        """Whether a worker was asked what it computes with, may be used, and is still that.

        Another process may have come to its address, or its libraries may be others since: then it
        is asked again.
        """
        if address in self._fit and self._fit[address] != facts_there:
            del self._fit[address]
        return address in self._fit

    def check_resources(self) -> None:
        """Make sure that some worker has what each unit takes, unless there is none yet.

        Raises:
            TrackbenchError: there are workers, and none has it.
        """
        wanted, offers = self._cluster.resources, list(self._resources.values())
        for name, amount in wanted.items():
            if offers and not any(offer.get(name, 0) >= amount for offer in offers):
                raise TrackbenchError(
                    f"no worker of {self._cluster.name} has {name}={amount:g}: start one with "
                    f"dask worker ADDRESS --resources {name}={amount:g}"
                )

    def bring(self, address: str, manifest: Manifest) -> None:
        """Send a worker what it has not got of a manifest.

        Raises:
            TrackbenchError: it cannot take it.
        """
        packed = manifest.packed()
        try:
            lacks = self._on(address, lacking, sha256_of(packed))
            if lacks is None:
                self._send(address, sha256_of(packed), packed)
                lacks = self._on(address, lacking, sha256_of(packed))
            files = {carried.sha256: carried.path for carried in manifest.files}
            for sha256 in lacks:
                content = Path(files[sha256]).read_bytes()
                if sha256_of(content) != sha256:
                    raise ChangedError(files[sha256])
                self._send(address, sha256, content)
        except TrackbenchError:
            raise
        except Exception as error:  # whatever a broken connection, or a full disk, raises there
            if address not in self._asked(self._client.nthreads, {}):
                return  # it has gone, and with it what it was sent
            self._failed[address] = self._failed.get(address, 0) + 1
            if self._failed[address] >= _TRIES:
                raise TrackbenchError(
                    f"worker {self.name(address)} cannot be brought what it needs: {brief(error)}"
                ) from error

    def end_makers(self) -> None:
        """Have workers end what they kept for the next unit."""
        self._asked(lambda: self._client.run(end_makers, on_error="ignore"), None)

    def _send(self, address: str, sha256: str, content: bytes) -> None:
        for offset in range(0, max(len(content), 1), PIECE_BYTES):
            piece = content[offset : offset + PIECE_BYTES]
            last = offset + PIECE_BYTES >= len(content)
            self._on(address, receive, sha256, offset, piece, last)

    def _on(self, address: str, function: Any, *arguments: Any) -> Any:
        return self._client.run(function, *arguments, workers=[address])[address]

    def _served(self, address: str) -> int:
        """Return how many units a worker has the resources for."""
        offer, wanted = self._resources.get(address, {}), self._cluster.resources
        return min(int(offer.get(name, 0) // amount) for name, amount in wanted.items())

    def _know_all(self) -> None:
        """Ask who is there, what they are called, and what they have."""
        # All of them: of more than five, some versions tell of five unless they are asked.
        found = self._asked(lambda: self._client.scheduler_info(n_workers=-1), {})
        infos: dict[str, Any] = dict(found.get("workers", {}))
        self._there = list(infos)
        for address, info in infos.items():
            self._names[address] = _said(info.get("name"), address)
            self._resources[address] = info.get("resources") or {}

    @staticmethod
    def _asked(ask: Any, otherwise: Any) -> Any:
        """Return an answer of the scheduler's; where it is gone, that is noticed elsewhere."""
        try:
            return ask()
        except Exception:  # noqa: BLE001 - a broken connection has many names
            return otherwise


def _said(name: Any, address: str) -> str:
    return address if name in {None, address} else f"{name} ({address})"


def _is_cut_off(answer: Any) -> bool:
    """Whether a worker's answer is that the connection to it has ended."""
    from distributed.comm.core import CommClosedError

    return isinstance(answer, CommClosedError | TimeoutError)


def _of(error: Any) -> str:
    return brief(error) if isinstance(error, BaseException) else str(error)
