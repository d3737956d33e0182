"""Answers that must be there at a moment: a server that drips a byte now and then is never silent for long.

httpx2 bounds the pause between two reads only, so that headers, answers of status 1xx and the framing of chunks may come
for ever. Here each read is given what is left of the whole time.
"""

import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2
import httpx2

from tidewaiter.ports.registry import RegistryError

_Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Deadline:
    """The moment until which what a thread waits for must have come."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take the clock; there is no bound before `set` is called."""
        self._clock = clock
        self._local = threading.local()

    def set(self, until: float) -> None:
        """Bound all reads of this thread from now on."""
        self._local.until = until

    def left(self, timeout: float | None) -> float | None:
        """Return the seconds that one read may take; raises RegistryError when the time is over."""
        until: float | None = getattr(self._local, "until", None)
        if until is None:
            return timeout
        left = until - self._clock()
        if left <= 0:
            raise RegistryError("the registry answers too slowly", "try again later")
        return left if timeout is None else min(timeout, left)


def watched(transport: httpx2.HTTPTransport, deadline: Deadline) -> httpx2.HTTPTransport:
    """Return the transport after its connections were given the deadline; httpx2 has no public place for that."""
    pool = transport._pool  # noqa: SLF001 - a test with a dripping server guards it
    pool._network_backend = _Backend(pool._network_backend, deadline)  # noqa: SLF001
    return transport


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._inner.read(max_bytes, self._deadline.left(timeout))
        except httpcore2.ReadTimeout:
            self._deadline.left(timeout)  # the time is over, not only the patience with silence
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, inner: httpcore2.NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_Option] | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options), self._deadline)
