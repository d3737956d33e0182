"""Questions to one registry and to where it sends us: bounded, repeated when that helps, secrets kept where they belong."""

import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, NamedTuple

import httpx2

import tidewaiter
from tidewaiter.adapters.registry.addresses import host_port, is_loopback
from tidewaiter.adapters.registry.backoff import RETRIED, Patience, retry_after
from tidewaiter.adapters.registry.transport import PinnedTransport
from tidewaiter.ports.registry import RegistryError

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5
_GRACE: Final = 300.0
"""Seconds that any layer may take, however small."""


class Answer(NamedTuple):
    """A small answer, read whole."""

    status: int
    headers: httpx2.Headers
    body: bytes
    url: httpx2.URL


class Session:
    """One per registry. Its connections are not shared with a forked process: that one makes its own."""

    def __init__(self, transport: PinnedTransport, patience: Patience, *, insecure: frozenset[str]) -> None:
        """Take the transport, and the `host[:port]` that may be asked without TLS."""
        self._transport = transport
        self._patience = patience
        self._insecure = insecure
        self._client: httpx2.Client | None = None
        self._process = 0

    @property
    def patience(self) -> Patience:
        """Return the bounds of waiting."""
        return self._patience

    def close(self) -> None:
        """Close all connections."""
        if self._client is not None and self._process == os.getpid():
            self._client.close()
        self._client = None

    def may_be_plain(self, url: httpx2.URL) -> bool:
        """Return whether a host may be asked without TLS: this machine, and what the settings list."""
        return is_loopback(url.host) or host_port(url) in self._insecure or url.host in self._insecure

    def read(
        self,
        method: str,
        url: httpx2.URL,
        *,
        limit: int,
        headers: Mapping[str, str] | None = None,
        authorization: str = "",
        form: Mapping[str, str] | None = None,
        attempts: int = 0,
    ) -> Answer:
        """Return a small answer whatever its status; raises RegistryError for no answer and for one above `limit`.

        `attempts` below the usual number is for questions whose failure is an answer too.
        """
        attempt = 0
        while True:
            try:
                with self._sent(method, url, headers or {}, authorization, form, attempt, attempts) as response:
                    body = self._body(response, limit)
                    return Answer(response.status_code, response.headers, body, response.url)
            except httpx2.TransportError as error:
                self._wait(error, url, attempt, None, attempts)
            attempt += 1

    @contextmanager
    def stream(
        self, url: httpx2.URL, until: float, *, headers: Mapping[str, str] | None = None, authorization: str = ""
    ) -> Iterator[httpx2.Response]:
        """Open a large answer whatever its status; while it is read, httpx2.TransportError may be raised.

        `until` is the moment at which its body must have come; the headers have the time of a small answer.
        """
        with self._sent("GET", url, headers or {}, authorization, None, 0, 0) as response:
            self._transport.deadline.set(until)
            yield response

    def deadline(self, size: int) -> float:
        """Return the moment until which `size` bytes must have come."""
        return self._patience.clock() + _GRACE + size / self._patience.bytes_per_second

    def _body(self, response: httpx2.Response, limit: int) -> bytes:
        until = self._patience.clock() + self._patience.small
        parts: list[bytes] = []
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > limit:
                raise RegistryError(f"{shown(response.url)} answers with more than {limit >> 20} MiB", _NOT_MEANT)
            if self._patience.clock() > until:
                raise RegistryError(f"{shown(response.url)} answers too slowly", _LATER)
            parts.append(chunk)
        return _plain(b"".join(parts), response, limit)

    @contextmanager
    def _sent(
        self,
        method: str,
        url: httpx2.URL,
        headers: Mapping[str, str],
        authorization: str,
        form: Mapping[str, str] | None,
        attempt: int,
        attempts: int,
    ) -> Iterator[httpx2.Response]:
        """Ask until there is an answer that another attempt would not change."""
        while True:
            try:
                response = self._followed(method, url, headers, authorization, form)
            except httpx2.TransportError as error:
                self._wait(error, url, attempt, None, attempts)
            else:
                if response.status_code not in RETRIED or attempt + 1 >= (attempts or self._patience.attempts):
                    break
                asked = retry_after(response.headers.get("Retry-After", ""))
                pause = self._patience.pause(attempt, asked)
                if pause is None:
                    break
                response.close()
                self._patience.sleep(pause)
            attempt += 1
        try:
            yield response
        finally:
            response.close()

    def _wait(
        self, error: httpx2.TransportError, url: httpx2.URL, attempt: int, asked: float | None, attempts: int
    ) -> None:
        """Pause before another attempt, or raise: a name that cannot be resolved will not be resolvable in a second."""
        final = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol)
        pause = None if final or (attempts and attempt + 1 >= attempts) else self._patience.pause(attempt, asked)
        if pause is None:
            raise unreachable(url, error) from error
        self._patience.sleep(pause)

    def _followed(
        self,
        method: str,
        url: httpx2.URL,
        headers: Mapping[str, str],
        authorization: str,
        form: Mapping[str, str] | None,
    ) -> httpx2.Response:
        """Follow redirects; what authorises us goes to the host it is meant for only."""
        start = url
        self._transport.deadline.set(self._patience.clock() + self._patience.small)
        for _ in range(_MOST_REDIRECTS + 1):
            sent = dict(headers)
            if authorization and (url.scheme, url.host, url.port) == (start.scheme, start.host, start.port):
                sent["Authorization"] = authorization
            request = self._opened().build_request(method, url, headers=sent, data=form)
            response = self._opened().send(request, stream=True)
            if response.status_code not in _REDIRECTS or "Location" not in response.headers or method == "POST":
                return response
            response.close()
            url = self._redirected(url, response.headers["Location"])
        raise RegistryError(f"{shown(start)} redirects more than {_MOST_REDIRECTS} times", _NOT_MEANT)

    def _redirected(self, url: httpx2.URL, location: str) -> httpx2.URL:
        try:
            target = url.join(location)
        except (httpx2.InvalidURL, ValueError) as error:
            raise RegistryError(f"{shown(url)} redirects to an address that is none", _NOT_MEANT) from error
        if target.scheme == "https" or (target.scheme == "http" and url.scheme == "http" and self.may_be_plain(target)):
            return target.copy_with(username=None, password=None) if target.userinfo else target
        raise RegistryError(
            f"{shown(url)} redirects to {shown(target)}, which is not protected by TLS",
            f"if that is meant, list the host under `registries.insecure`: [{host_port(target)}]",
        )

    def _opened(self) -> httpx2.Client:
        if self._client is None or self._process != os.getpid():
            times = httpx2.Timeout(self._patience.read, connect=self._patience.connect)
            if self._client is not None:
                self._transport = self._transport.again()
            self._client = httpx2.Client(
                transport=self._transport, trust_env=False, timeout=times, headers=_headers(), follow_redirects=False
            )
            self._process = os.getpid()
        return self._client


def _plain(body: bytes, response: httpx2.Response, limit: int) -> bytes:
    """Undo what something on the way did although we asked for the bytes as they are; bounded, which httpx2 is not."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return body
    where = shown(response.url)
    if encoding not in {"gzip", "x-gzip"}:
        raise RegistryError(f"{where} answers in the encoding `{encoding[:40]}`, which was not asked for", _NOT_MEANT)
    try:
        plain = zlib.decompressobj(31).decompress(body, limit + 1)
    except zlib.error as error:
        raise RegistryError(f"{where} answers with damaged gzip", _NOT_MEANT) from error
    if len(plain) > limit:
        raise RegistryError(f"{where} answers with more than {limit >> 20} MiB", _NOT_MEANT)
    return plain


def _headers() -> dict[str, Any]:
    """Name ourselves; a body that is compressed on the way would not have the bytes that its digest was made of."""
    return {"User-Agent": f"tidewaiter/{tidewaiter.__version__}", "Accept-Encoding": "identity"}


def shown(url: httpx2.URL) -> str:
    """Return an address as it may be told: without user, password and query, which may hold secrets."""
    return f"{url.scheme}://{host_port(url)}{url.path}"


def unreachable(url: httpx2.URL, error: Exception) -> RegistryError:
    """Return the error about a host that gave no answer: the one that was asked last, behind all redirects."""
    with suppress(RuntimeError):  # an error of which httpx2 does not say what was asked
        url = error.request.url if isinstance(error, httpx2.RequestError) else url
    host = host_port(url)
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return RegistryError(f"{host} does not answer", "check the name, the network and the proxy settings")
    if isinstance(error, httpx2.TimeoutException):
        return RegistryError(f"{host} stopped answering", _LATER)
    if isinstance(error, httpx2.LocalProtocolError):
        # Its text quotes what we were about to send, which may be a secret.
        return RegistryError(f"{host} cannot be asked: the request would be malformed", "check the credentials")
    why = str(error) or type(error).__name__
    if "CERTIFICATE" in why.upper() or "SSL" in why.upper():
        return RegistryError(f"{host} cannot be trusted: {why}", "name its authority under `registries.ca`")
    return RegistryError(f"{host} cannot be reached: {why}", "check the name, the network and the proxy settings")


_LATER: Final = "try again later"
_NOT_MEANT: Final = "check that the address is that of a registry"
