"""Which network addresses a registry may send us to."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Final

import httpx2

from tidewaiter.ports.registry import RegistryError

Resolve = Callable[[str, int], tuple[str, ...]]
"""Returns the addresses of a host, best first; raises OSError when there are none."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_MOST: Final = 8


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host as texts, at most 8; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))[:_MOST]


def is_public(address: str) -> bool:
    """Return whether an address belongs to the internet at large; IPv4 inside IPv6 is looked at as IPv4."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            parsed = inner
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def is_loopback(host: str) -> bool:
    """Return whether a host as written is this machine: `localhost`, names below it, and loopback addresses."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_literal(host: str) -> bool:
    """Return whether a host is written as an address."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def host_port(url: httpx2.URL) -> str:
    """Return `host:port` of an address, `host` where the port is the scheme's own."""
    return f"{url.host}:{url.port}" if url.port else url.host


def refuse_private(host: str, address: str) -> RegistryError:
    """Return the error about a place that is not on the internet."""
    where = address if address == host else f"{host} ({address})"
    return RegistryError(
        f"the registry sends to {where}, which is not a public address",
        f"if that is meant, list the host under `registries.internal`: [{host}]",
    )
