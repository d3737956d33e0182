"""Proxies as the environment names them (curl and Go agree on these names)."""

from collections.abc import Mapping
from typing import Final

import httpx2

from tidewaiter.adapters.registry.addresses import is_loopback

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def proxy_for(url: httpx2.URL, environ: Mapping[str, str]) -> str | None:
    """Return the proxy for an address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, but not for `NO_PROXY` and this machine.

    Lower case wins. `HTTP_PROXY` in upper case is left out in a CGI process, where a client can set it.
    """
    if is_loopback(url.host) or _is_excepted(url, _value(environ, "no_proxy")):
        return None
    name = f"{url.scheme}_proxy"
    named = environ.get(name, "") if name == "http_proxy" and "REQUEST_METHOD" in environ else _value(environ, name)
    proxy = named or _value(environ, "all_proxy")
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _value(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _is_excepted(url: httpx2.URL, listed: str) -> bool:
    host = url.host.lower()
    port = str(url.port or _DEFAULT_PORTS.get(url.scheme, 0))
    for entry in listed.replace(",", " ").lower().split():
        if entry == "*":
            return True
        name, _, asked = entry.rpartition(":") if entry.rpartition(":")[2].isdigit() else (entry, "", "")
        name = name.removeprefix("*").strip("[]")
        bare = name.removeprefix(".")
        if (not asked or asked == port) and (host == bare or (bare and host.endswith(f".{bare}"))):
            return True
    return False
