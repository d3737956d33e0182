"""Where the images of a name can be had: mirrors first, then the registry itself."""

from collections.abc import Iterator
from typing import Final

import httpx2
import msgspec

from tidewaiter.core.configuration import RegistryOptions
from tidewaiter.core.context import Reference
from tidewaiter.ports.registry import RegistryError

_HUB: Final = "docker.io"
_HUB_HOST: Final = "registry-1.docker.io"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One registry that is asked for one repository."""

    name: str
    """By which credentials are found: `docker.io`, `mirror.example.org:5000`."""
    host: str
    """`host[:port]` that is asked."""
    scheme: str = ""
    """`http` or `https`; empty finds out."""
    repository: str
    """As this registry names it, with the mirror's prefix."""

    def root(self, scheme: str) -> httpx2.URL:
        """Return the registry's address; raises RegistryError when the host is none."""
        try:
            return httpx2.URL(f"{scheme}://{self.host}/v2/")
        except httpx2.InvalidURL as error:
            # What stands before `@` may be a password.
            host = self.host.rpartition("@")[2]
            raise RegistryError(f"`{host}` is not the address of a registry", "correct `registries.mirrors`") from error


def endpoints(reference: Reference, options: RegistryOptions) -> Iterator[Endpoint]:
    """Yield the places of an image in the order in which they are asked."""
    for mirror in options.mirrors.get(reference.domain, ()):
        scheme, found, rest = mirror.partition("://")
        host, _, prefix = (rest if found else mirror).strip("/").partition("/")
        path = f"{prefix}/{reference.path}" if prefix else reference.path
        yield Endpoint(name=host, host=host, scheme=scheme if found else "", repository=path)
    host = _HUB_HOST if reference.domain == _HUB else reference.domain
    yield Endpoint(name=reference.domain, host=host, repository=reference.path)
