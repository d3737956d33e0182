"""Where Docker and Podman listen."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from tidewaiter.scan.json_text import SIZE, JsonError, decode, mapping, text

Kind = Literal["docker", "podman"]
_SCHEME: Final = "unix://"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One place where an engine may listen."""

    kind: Kind
    path: str
    """Of the socket, or `tcp://host:port`; as written where it is neither."""
    is_named: bool = False
    """Whether a variable names it, so that its absence is worth telling."""

    certificates: str = ""
    """Folder with `ca.pem`, `cert.pem` and `key.pem` for an engine behind TLS; empty for none."""

    @property
    def is_socket(self) -> bool:
        """Return whether it is the path of a socket."""
        return self.path.startswith("/")

    @property
    def is_tcp(self) -> bool:
        """Return whether it is a host and port."""
        return self.path.startswith("tcp://")

    @property
    def url(self) -> str:
        """Return the base of its addresses; for a socket the host means nothing."""
        if self.is_socket:
            return "http://engine"
        return ("https://" if self.certificates else "http://") + self.path.removeprefix("tcp://").rstrip("/")


def addresses(kind: Kind, environ: Mapping[str, str]) -> tuple[Address, ...]:
    """Return the places of an engine, in the order in which its own command would look, each once."""
    found = dict.fromkeys(_docker(environ) if kind == "docker" else _podman(environ))
    return tuple(found)


def _docker(environ: Mapping[str, str]) -> Iterator[Address]:
    """Yield those of Docker: the variable, the chosen context, root's socket, rootless, Docker Desktop."""
    if environ.get("DOCKER_HOST"):
        yield _named("docker", environ["DOCKER_HOST"], _certificates(environ))
        return
    home = environ.get("HOME", "")
    context = _context(environ, home)
    if context:
        yield _named("docker", context)
    yield Address(kind="docker", path="/var/run/docker.sock")
    if environ.get("XDG_RUNTIME_DIR"):
        yield Address(kind="docker", path=f"{environ['XDG_RUNTIME_DIR']}/docker.sock")
    if home:
        yield Address(kind="docker", path=f"{home}/.docker/run/docker.sock")


def _podman(environ: Mapping[str, str]) -> Iterator[Address]:
    if environ.get("CONTAINER_HOST"):
        yield _named("podman", environ["CONTAINER_HOST"])
        return
    if environ.get("XDG_RUNTIME_DIR"):
        yield Address(kind="podman", path=f"{environ['XDG_RUNTIME_DIR']}/podman/podman.sock")
    if os.getuid() != 0:
        yield Address(kind="podman", path=f"/run/user/{os.getuid()}/podman/podman.sock")
    yield Address(kind="podman", path="/run/podman/podman.sock")


def _named(kind: Kind, written: str, certificates: str = "") -> Address:
    return Address(kind=kind, path=written.removeprefix(_SCHEME), is_named=True, certificates=certificates)


def _certificates(environ: Mapping[str, str]) -> str:
    """Return the folder of certificates where Docker is told to speak TLS, empty where it is not."""
    if not environ.get("DOCKER_TLS_VERIFY"):
        return ""
    return environ.get("DOCKER_CERT_PATH") or environ.get("DOCKER_CONFIG") or f"{environ.get('HOME', '')}/.docker"


def _context(environ: Mapping[str, str], home: str) -> str:
    """Return the address of the context that `docker context use` chose, empty for the default one."""
    folder = Path(environ.get("DOCKER_CONFIG") or f"{home}/.docker")
    name = environ.get("DOCKER_CONTEXT") or text(_json(folder / "config.json").get("currentContext"))
    if not name or name == "default":
        return ""
    key = hashlib.sha256(name.encode()).hexdigest()
    endpoints = mapping(_json(folder / "contexts" / "meta" / key / "meta.json").get("Endpoints"))
    return text(mapping(endpoints.get("docker")).get("Host"))


def _json(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return mapping(decode(file.read(SIZE + 1)))
    except (OSError, JsonError):
        return {}
