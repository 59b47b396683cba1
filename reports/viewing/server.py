"""``trackbench.view``: reports of results directories, served on the loopback address."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

from trackbench.arguments.bounds import PORTS
from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.reports.viewing.beside import differences
from trackbench.reports.viewing.pages import beside_page
from trackbench.reports.viewing.watched import Watched
from trackbench.results.directory import Results
from trackbench.results.shard_file import check_whole

ADDRESS = "127.0.0.1"
PORT = 8642
_TRIED = 20
"""Ports after :data:`PORT` that are tried where it is taken and nobody asked for it."""
_CLIP = re.compile(r"clip/([0-9]{1,6})/([0-9]{1,9})")


class View:
    """Reports that are served until it is closed.

    Attributes:
        address: what a browser opens.
    """

    def __init__(self, directories: Sequence[Watched], port: int | None) -> None:
        """Listen, and answer nobody yet.

        Raises:
            TrackbenchError: the port is taken.
        """
        self._directories = list(directories)
        self._lock = Lock()
        self._serving = self._closed = False
        self._server = _listening(self, port)
        self.address = f"http://{ADDRESS}:{self._server.server_address[1]}/"

    def serve(self) -> None:
        """Answer until :meth:`close` is called by another thread, or this one is interrupted."""
        with self._lock:
            if self._closed:
                return
            self._serving = True
        self._server.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Answer no longer; what was never served is closed as well."""
        with self._lock:
            self._closed = True
        if self._serving:  # else it would be waited for
            self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """Return status, media type and content of a path without its leading slash."""
        if len(self._directories) == 1:
            return _of_directory(self._directories[0], path)
        head, slash, rest = path.partition("/")
        if slash and head in {"0", "1"}:
            return _of_directory(self._directories[int(head)], rest)
        return self._beside(path)

    def _beside(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        state = " ".join(each.state() for each in self._directories)
        if path == "state":
            return _json({"state": state, "running": []})
        if path:
            return _not_there()
        try:
            loaded = [Results.load(each.path, each.protocol) for each in self._directories]
            found = differences(*loaded)
        except TrackbenchError:
            found = []
        names = [str(each.path) for each in self._directories]
        page = beside_page(names, found, state)
        return HTTPStatus.OK, "text/html; charset=utf-8", page.encode()


@arguments_checked
def view(
    directory: str | Path,
    beside: str | Path | None = None,
    *,
    port: int | None = None,
    protocol: str | None = None,
) -> View:
    """Return the report of a results directory as a small server on the loopback address.

    It is the page of ``trackbench.report(results, "html")``, which here plays every sequence, and
    is renewed as runs are finished. Nobody but this machine can open it, and nothing is written.

    Args:
        directory: of the results; it may be empty as yet.
        beside: another one, shown beside it, with what both have in common.
        port: to listen on; None: 8642, or the next that is free. 0: any.
        protocol: which, if a directory holds several.

    Raises:
        TrackbenchError: there is no such directory, it holds a shard alone, or the port is taken.

    Example:
        >>> import trackbench
        >>> served = trackbench.view("results/smoke", port=0)
        >>> served.address.startswith("http://127.0.0.1:")
        True
        >>> served.close()  # instead of served.serve()
    """
    port = PORTS.or_none("port", port)
    only = None if protocol is None else EvaluationProtocol.of(protocol)
    watched = []
    for path in map(Path, (directory,) if beside is None else (directory, beside)):
        if not path.is_dir():
            raise TrackbenchError(f"there is no results directory {path}: see trackbench run")
        check_whole(path)
        watched.append(Watched(path, only))
    if beside is not None:
        watched[0].beside, watched[1].beside = watched[1], watched[0]
    return View(watched, port)


def _of_directory(watched: Watched, path: str) -> tuple[HTTPStatus, str, bytes]:
    if path == "":
        return HTTPStatus.OK, "text/html; charset=utf-8", watched.page().encode()
    if path == "state":
        return _json({"state": watched.state(), "running": watched.running()})
    if clip := _CLIP.fullmatch(path):
        try:
            return _json(watched.clip(int(clip[1]), int(clip[2])))
        except (TrackbenchError, OSError) as error:
            return _json({"error": str(error)}, HTTPStatus.NOT_FOUND)
    return _not_there()


def _listening(view: View, port: int | None) -> ThreadingHTTPServer:
    handler = _handler(view.answer)
    ports = range(PORT, PORT + _TRIED) if port is None else [port]
    for each in ports:
        try:
            server = ThreadingHTTPServer((ADDRESS, each), handler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            raise TrackbenchError(f"port {each} cannot be listened on: {error.strerror}") from error
        server.daemon_threads = True
        return server
    raise TrackbenchError(f"port {ports[0]} is taken: choose another {parameter('port')}")


def _handler(answer: Callable[[str], tuple[HTTPStatus, str, bytes]]) -> type[Any]:
    class Handler(BaseHTTPRequestHandler):
        """Answers what this machine's browser asks for."""

        def do_GET(self) -> None:
            # A page of another site must not read it under a name that leads here.
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            if host not in {ADDRESS, "localhost"}:
                self._send(HTTPStatus.FORBIDDEN, "text/plain", b"only for this machine")
                return
            self._send(*answer(self.path.partition("?")[0].removeprefix("/")))

        def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("X-Content-Type-Options", "nosniff")
                self.send_header("Cross-Origin-Resource-Policy", "same-origin")
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # nobody waits for it any more

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    return Handler


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> tuple[HTTPStatus, str, bytes]:
    return status, "application/json", json.dumps(value).encode()


def _not_there() -> tuple[HTTPStatus, str, bytes]:
    return HTTPStatus.NOT_FOUND, "text/plain", b"there is nothing here"
