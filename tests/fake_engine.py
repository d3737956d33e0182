"""A Docker or Podman engine on a unix socket that holds archives by name."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote


class FakeEngine:
    """Answers `/images/NAME/json` and `/images/NAME/get`."""

    def __init__(self, path: Path | None = None) -> None:
        """Listen at `path`, or on a free port."""
        self.inspected: dict[str, Any] = {}
        self.archives: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.cut = False
        self.gate: threading.Event | None = None
        handler = _handler(self)
        server: socketserver.ThreadingTCPServer | socketserver.ThreadingUnixStreamServer
        if path is None:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
            self.url = f"tcp://127.0.0.1:{server.server_address[1]}"
        else:
            server = socketserver.ThreadingUnixStreamServer(str(path), handler)
            self.url = f"unix://{path}"
        self.server = server
        server.daemon_threads = True
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return status and body."""
        self.asked.append(path)
        name, _, what = unquote(path).removeprefix("/images/").rpartition("/")
        if what == "json" and name in self.inspected:
            return 200, json.dumps(self.inspected[name]).encode()
        if what == "get" and name in self.archives:
            return 200, self.archives[name]
        return 404, b'{"message": "No such image"}'


def _handler(engine: FakeEngine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = engine.answer(self.path)
            if engine.gate is not None:
                engine.gate.wait(10)
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if engine.cut and self.path.endswith("/get") else body)

        def log_message(self, *_: object) -> None:
            pass

        def address_string(self) -> str:
            return "unix"

    return Handler
