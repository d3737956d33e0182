"""Images in registries (OCI distribution-spec, Docker registry API 2)."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from tidewaiter.adapters.registry.addresses import Resolve, resolve
from tidewaiter.adapters.registry.backoff import Patience
from tidewaiter.adapters.registry.client import RegistryClient
from tidewaiter.adapters.registry.credentials import Credentials
from tidewaiter.adapters.registry.deadline import Deadline
from tidewaiter.adapters.registry.endpoints import Endpoint, endpoints
from tidewaiter.adapters.registry.image import Progress, RegistryImage, find_image
from tidewaiter.adapters.registry.proxies import proxy_for
from tidewaiter.adapters.registry.referrers import referrers
from tidewaiter.adapters.registry.session import Session
from tidewaiter.adapters.registry.tags import current_digest, list_tags
from tidewaiter.adapters.registry.transport import PinnedTransport
from tidewaiter.adapters.registry.trust import Trust
from tidewaiter.core.configuration import RegistryOptions
from tidewaiter.core.context import Reference, parse_reference
from tidewaiter.ports.images import ImageError
from tidewaiter.ports.registry import Platform, RegistryError

__all__ = ["Patience", "Registries", "RegistryClient", "RegistryImage", "current_digest", "list_tags", "referrers"]


class Registries:
    """Makes clients for whatever registry a name leads to; holds nothing open itself."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        options: RegistryOptions | None = None,
        patience: Patience | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        """Take the environment (places of credentials, proxies) and the settings."""
        self._environ = environ
        self._options = options or RegistryOptions()
        self._patience = patience or Patience()
        self._resolve = resolve
        self._credentials = Credentials(environ, file=self._options.credentials)

    @contextmanager
    def clients(self, reference: Reference) -> Iterator[tuple[RegistryClient, ...]]:
        """Open a client per mirror and one for the registry itself; nothing is asked yet."""
        with ExitStack() as stack:
            yield tuple(self._client(one, stack) for one in endpoints(reference, self._options))

    @contextmanager
    def image(
        self, name: str, *, platform: Platform | None = None, progress: Progress = lambda _: None
    ) -> Iterator[RegistryImage]:
        """Open an image by its name; raises ImageError. Its layers are fetched when they are opened."""
        reference = parse_reference(name)
        if reference is None:
            raise ImageError(f"`{name}` is not the name of an image", "write [REGISTRY/]REPOSITORY[:TAG][@DIGEST]")
        with self.clients(reference) as clients:
            image = self._found(clients, reference, platform, progress)
            try:
                yield image
            finally:
                image.close()

    def _found(
        self,
        clients: tuple[RegistryClient, ...],
        reference: Reference,
        platform: Platform | None,
        progress: Progress,
    ) -> RegistryImage:
        failures: list[RegistryError] = []
        for position, client in enumerate(clients):
            progress(f"asking {client.endpoint.host}")
            try:
                manifest, config = find_image(client, reference, platform)
            except RegistryError as error:
                failures.append(error)
                continue
            # The digests are known now: whoever has the bytes may give them.
            order = (client, *clients[position + 1 :])
            foreign = self._options.foreign_layers
            return RegistryImage(order, reference, manifest, config, foreign=foreign, progress=progress)
        raise self._told(failures)

    def _told(self, failures: list[RegistryError]) -> RegistryError:
        """Return one error for all registries that were asked, and what stood in the way of finding credentials."""
        problems = [*dict.fromkeys(self._credentials.problems)]
        message = "; ".join([*dict.fromkeys(one.message for one in failures), *problems])
        return RegistryError(message, failures[-1].advice, status=failures[-1].status)

    def _client(self, endpoint: Endpoint, stack: ExitStack) -> RegistryClient:
        insecure = frozenset(self._options.insecure)
        host = endpoint.root("https").host.lower()
        trust = Trust(endpoint.host, ca=self._options.ca, insecure=insecure, environ=self._environ)
        transport = PinnedTransport(
            frozenset({host, *(_bare(one) for one in self._options.internal)}),
            trust,
            lambda url: proxy_for(url, self._environ),
            deadline=Deadline(self._patience.clock),
            resolve=self._resolve,
        )
        session = Session(transport, self._patience, insecure=insecure)
        stack.callback(session.close)
        credential = self._credentials.find(endpoint.name, endpoint.repository)
        return RegistryClient(endpoint, session, credential)


def _bare(host: str) -> str:
    """Return a host without its port, in lower case."""
    name, colon, port = host.lower().rpartition(":")
    return name.strip("[]") if colon and port.isdigit() else host.lower().strip("[]")
