"""Connects to addresses that were looked at before, so that a name cannot mean one host when checked and another after."""

import ssl
from collections.abc import Callable
from typing import Final

import httpx2

from tidewaiter.adapters.registry.addresses import Resolve, is_literal, is_public, refuse_private
from tidewaiter.adapters.registry.addresses import resolve as resolve_host
from tidewaiter.adapters.registry.deadline import Deadline, watched
from tidewaiter.ports.registry import RegistryError

Contexts = Callable[[httpx2.URL], ssl.SSLContext | bool]
"""Returns how TLS to a host is verified; False is no verification."""
Proxies = Callable[[httpx2.URL], str | None]
"""Returns the proxy for an address, None to connect directly."""
_PORTS: Final = {"http": 80, "https": 443}


class PinnedTransport(httpx2.BaseTransport):
    """Resolves, checks, and connects by number; the name stays in `Host`, in SNI and in the check of the certificate.

    Hosts in `trusted` may have any address, all others only public ones. Through a proxy the proxy resolves, so that
    only addresses written as numbers can be checked. Each host has connections of its own: a connection whose
    certificate was verified for one name is never used for another name at the same address.
    """

    def __init__(
        self,
        trusted: frozenset[str],
        contexts: Contexts,
        proxies: Proxies,
        *,
        deadline: Deadline,
        resolve: Resolve = resolve_host,
    ) -> None:
        """Keep what decides; connections are made when they are needed."""
        self._trusted = trusted
        self._contexts = contexts
        self._proxies = proxies
        self._resolve = resolve
        self.deadline = deadline
        """Until when what is asked for must have come."""
        self._inner: dict[tuple[str, str, int], httpx2.HTTPTransport] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; raises RegistryError for a forbidden address, httpx2.TransportError otherwise."""
        url = request.url
        host = url.host.lower()
        proxy = self._proxies(url)
        inner = self._transport(url, proxy)
        if proxy is not None:
            if is_literal(host) and host not in self._trusted and not is_public(host):
                raise refuse_private(host, host)
            return inner.handle_request(request)
        failure: httpx2.TransportError | None = None
        for address in self._addresses(host, url.port or _PORTS.get(url.scheme, 443)):
            pinned = httpx2.Request(
                request.method,
                url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions if is_literal(host) else {**request.extensions, "sni_hostname": host},
            )
            try:
                return inner.handle_request(pinned)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
        raise failure or httpx2.ConnectError(f"{host} has no address")

    def again(self) -> "PinnedTransport":
        """Return one like it without connections."""
        return PinnedTransport(
            self._trusted, self._contexts, self._proxies, deadline=self.deadline, resolve=self._resolve
        )

    def close(self) -> None:
        """Close all connections."""
        for inner in self._inner.values():
            inner.close()
        self._inner.clear()

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(f"the name {host} cannot be resolved") from error
        if host not in self._trusted:
            for address in addresses:
                if not is_public(address):
                    raise refuse_private(host, address)
        return addresses

    def _transport(self, url: httpx2.URL, proxy: str | None) -> httpx2.HTTPTransport:
        key = (url.scheme, url.host.lower(), url.port or 0)
        if key not in self._inner:
            verify = self._contexts(url) if url.scheme == "https" or proxy else False
            try:
                made = httpx2.HTTPTransport(verify=verify, proxy=proxy, trust_env=False)
                self._inner[key] = watched(made, self.deadline)
            except (ValueError, ImportError, httpx2.InvalidURL) as error:
                # The cause may quote the proxy's password.
                raise RegistryError(
                    f"the proxy for {url.host} cannot be used", "write http://[USER:PASSWORD@]HOST:PORT"
                ) from error
        return self._inner[key]
