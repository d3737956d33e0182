"""A web server for documents, with faults on request: cut off, busy, slow, elsewhere, other bytes."""

import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What the next request for a path meets instead of its document."""

    status: int = 0
    headers: dict[str, str] = {}
    cut: int = -1
    """Bytes after which the connection is closed, while the length of the whole is stated."""
    slow: float = 0.0
    """Seconds of silence before the answer."""


class FeedServer:
    """Serves `documents` by path with ETag, Last-Modified and ranges; `faults` are used up one per request."""

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self.documents: dict[str, bytes] = {}
        self.times: dict[str, float] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.understands_ranges = True
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, path: str, data: bytes, seconds: float = 1_700_000_000.0) -> str:
        """Serve a document, changed at a time; return its address."""
        self.documents[path] = data
        self.times[path] = seconds
        return self.address + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _ in self.asked]


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that go away are part of the tests."""


def _handler(server: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            waiting = server.faults.get(self.path)
            fault = waiting.pop(0) if waiting else Fault()
            if fault.slow:
                time.sleep(fault.slow)
            data = server.documents.get(self.path)
            if fault.status or data is None:
                self.answer(fault.status or 404, b"no", dict(fault.headers), fault)
                return
            tag = f'"{hash(data) & 0xFFFFFFFF:x}"'
            modified = formatdate(server.times[self.path], usegmt=True)
            headers = {"ETag": tag, "Last-Modified": modified, **fault.headers}
            start = 0
            asked = self.headers.get("Range", "")
            if self.headers.get("If-None-Match") == tag and not asked:
                self.answer(304, b"", headers, fault)
                return
            status = 200
            if asked and server.understands_ranges and self.headers.get("If-Range") in {tag, modified}:
                start = int(asked.removeprefix("bytes=").partition("-")[0])
                if start >= len(data):
                    self.answer(416, b"", headers, fault)
                    return
                status = 206
                headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self.answer(status, data[start:], headers, fault)

        def answer(self, status: int, data: bytes, headers: dict[str, str], fault: Fault) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if fault.cut >= 0:
                data = data[: fault.cut]
                self.close_connection = True
            self.wfile.write(data)

    return Handler
