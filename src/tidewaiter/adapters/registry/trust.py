"""Whose certificates are believed, and which of our own we show."""

import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx2

from tidewaiter.adapters.registry.addresses import host_port
from tidewaiter.ports.registry import RegistryError

_SYSTEM: Final = ("/etc/containers/certs.d", "/etc/docker/certs.d")


class Trust:
    """TLS settings by host: the system's authorities, a file of one's own, and `certs.d` as Docker and Podman have it."""

    def __init__(self, own: str, *, ca: str, insecure: frozenset[str], environ: Mapping[str, str]) -> None:
        """Take the registry's `host[:port]`, a PEM file of authorities or "", and the hosts without verification."""
        self._own = own
        self._ca = ca
        self._insecure = insecure
        self._environ = environ
        self._made: dict[str, ssl.SSLContext | bool] = {}

    def __call__(self, url: httpx2.URL) -> ssl.SSLContext | bool:
        """Return the context for a host; only the registry itself sees a client certificate."""
        host = host_port(url)
        name = host if host == self._own or self._is_insecure(host) else ""
        if name not in self._made:
            self._made[name] = self._context(name)
        return self._made[name]

    def _context(self, name: str) -> ssl.SSLContext:
        context = httpx2.create_ssl_context(verify=not self._is_insecure(name))
        file = self._ca
        try:
            if self._ca:
                context.load_verify_locations(cafile=self._ca)
            if name == self._own:
                for folder in self._folders():
                    file = str(folder)
                    self._add(context, folder)
        except (OSError, ssl.SSLError) as error:
            why = error.strerror or str(error)
            raise RegistryError(
                f"the certificates of {file} cannot be used: {why}", "give a file of PEM certificates"
            ) from error
        return context

    def _is_insecure(self, host: str) -> bool:
        return host in self._insecure or (":" in host and host.rpartition(":")[0].strip("[]") in self._insecure)

    def _folders(self) -> Iterator[Path]:
        home = self._environ.get("HOME", "")
        config = self._environ.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else "")
        roots = ([f"{config}/containers/certs.d"] if config else []) + ([f"{home}/.docker/certs.d"] if home else [])
        for root in (*roots, *_SYSTEM):
            folder = Path(root) / self._own
            if os.path.isdir(folder):  # noqa: PTH112 - one that we may not look into is none, where pathlib raises
                yield folder

    @staticmethod
    def _add(context: ssl.SSLContext, folder: Path) -> None:
        """Add `*.crt` as authorities and the first `*.cert` with its `*.key` as our own certificate."""
        for path in sorted(folder.iterdir()):
            if path.suffix == ".crt":
                context.load_verify_locations(cafile=str(path))
            elif path.suffix == ".cert" and path.with_suffix(".key").is_file():
                context.load_cert_chain(str(path), str(path.with_suffix(".key")))
