"""Servers that drip are given up, wherever in the answer they do it."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tidewaiter.adapters.registry import Patience, Registries
from tidewaiter.ports.images import ImageError

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "headers": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
    "answers before the answer": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "framing of chunks": (CHUNKED + b"1", b";a=b"),
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n"),
    "body": (CHUNKED, b"1\r\n \r\n"),
}


@contextlib.contextmanager
def dripping(start: bytes, drop: bytes) -> Iterator[str]:
    """Serve an answer that goes on for ten seconds; every connection gets it."""

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(1 << 16)
            connection.sendall(start)
            for _ in range(1000):
                connection.sendall(drop)
                time.sleep(0.01)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("where", DRIPS)
def test_drip(where: str):
    """No part of an answer may be fed byte by byte for ever."""
    with dripping(*DRIPS[where]) as host:
        registries = Registries({"HOME": "/nonexistent"}, patience=Patience(small=0.3, sleep=lambda _: None))
        image = registries.image(f"{host}/shop/web:1")
        with pytest.raises(ImageError, match="answers too slowly"):
            image.__enter__()
