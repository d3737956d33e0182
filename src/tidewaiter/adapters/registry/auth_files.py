"""Files that hold credentials of registries, as values: Docker's config.json, Podman's auth.json, pull secrets of Kubernetes.

Sources: docker/cli (cli/config/configfile), containers/image (docs/containers-auth.json.5.md), Kubernetes' types
`kubernetes.io/dockerconfigjson` and `kubernetes.io/dockercfg`.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from tidewaiter.scan.json_text import JsonError, decode, mapping, text

HUB: Final = "docker.io"
_HUB_NAMES: Final = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_IDENTITY: Final = "<token>"
"""The user name by which a helper says that the secret is an identity token."""


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What we know about ourselves at one registry. Its text never shows a secret."""

    username: str = ""
    password: str = ""
    identity_token: str = ""
    """Refresh token of OAuth 2, given to the token service instead of a password."""
    registry_token: str = ""
    """Bearer token for the registry itself."""
    source: str = ""
    """Where it was found, as people name it."""

    def __repr__(self) -> str:
        """Name the source only."""
        return f"Credential(source={self.source!r})"

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was found."""
        return not (self.username or self.password or self.identity_token or self.registry_token)


class AuthFile(msgspec.Struct, frozen=True, kw_only=True):
    """One decoded file."""

    source: str
    auths: Mapping[str, Credential] = {}
    """By normalised place: `ghcr.io`, `registry.example.org/team`."""
    helpers: Mapping[str, str] = {}
    """Place -> name of a helper program."""
    store: str = ""
    """Helper for everything else."""


def decode_auth_file(data: bytes, source: str) -> AuthFile:
    """Return the file; raises JsonError when it is no JSON object. Entries that make no sense are left out."""
    root = decode(data)
    if not isinstance(root, dict):
        raise JsonError("it is not a JSON object")
    is_legacy = not ({"auths", "credHelpers", "credsStore"} & root.keys())
    entries = root if is_legacy else mapping(root.get("auths"))
    auths: dict[str, Credential] = {}
    for place, entry in entries.items():
        credential = _credential(mapping(entry), source)
        if not credential.is_empty:
            auths.setdefault(normal_place(place), credential)
    helpers = {normal_place(place): text(name) for place, name in mapping(root.get("credHelpers")).items()}
    return AuthFile(source=source, auths=auths, helpers=helpers, store=text(root.get("credsStore")))


def _credential(entry: Mapping[str, Any], source: str) -> Credential:
    username, password = text(entry.get("username")), text(entry.get("password"))
    try:
        plain = base64.b64decode(text(entry.get("auth")), validate=True).decode("utf-8")
        if ":" in plain:
            username, _, password = plain.rstrip("\0").partition(":")
    except (binascii.Error, ValueError):
        pass
    return credential_of(
        username,
        password,
        source,
        identity=text(entry.get("identitytoken")),
        registry=text(entry.get("registrytoken")),
    )


def credential_of(username: str, password: str, source: str, *, identity: str = "", registry: str = "") -> Credential:
    """Return a credential; the user `<token>` means that the password is an identity token."""
    if username == _IDENTITY:
        username, password, identity = "", "", password
    # What cannot stand in a header would be refused there with a message that quotes it.
    is_header = registry.isascii() and registry.isprintable()
    return Credential(
        username=username,
        password=password,
        identity_token=identity,
        registry_token=registry if is_header else "",
        source=source,
    )


def normal_place(written: str) -> str:
    """Return `host[:port][/path]`: without scheme, `/v1/`, `/v2/` and slash; all names of Docker Hub are `docker.io`."""
    place = written.strip().partition("://")[2] or written.strip()
    place = place.rstrip("/")
    for version in ("/v1", "/v2"):
        place = place.removesuffix(version)
    host, slash, path = place.partition("/")
    host = host.lower()
    return (HUB if host in _HUB_NAMES else host) + slash + path


def places(registry: str, repository: str) -> Iterator[str]:
    """Yield the places that may hold a credential for a repository, the most exact first."""
    parts = repository.split("/") if repository else []
    host = normal_place(registry)
    for count in range(len(parts), 0, -1):
        yield "/".join((host, *parts[:count]))
    yield host
