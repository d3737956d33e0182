"""What else is known about an image: signatures, SBOMs, VEX documents (OCI distribution-spec: listing referrers)."""

from typing import Final

import httpx2

from tidewaiter.adapters.registry.client import RegistryClient
from tidewaiter.adapters.registry.manifest import LIMIT, OCI_INDEX, read_manifest
from tidewaiter.adapters.registry.pages import next_page
from tidewaiter.adapters.registry.session import Answer
from tidewaiter.ports.registry import Descriptor, RegistryError

_NO_SUCH_API: Final = frozenset({400, 404, 405, 501})
_MOST_PAGES: Final = 20


def referrers(client: RegistryClient, digest: str, *, artifact_type: str = "") -> tuple[Descriptor, ...]:
    """Return the descriptors of everything that refers to a digest, of one artifact type when one is given.

    A registry without the referrers API is asked for the tag `sha256-<hex>`. Servers may ignore the filter, so that it
    is applied here as well. Raises RegistryError when the registry cannot be asked; nothing known is an empty tuple.
    """
    asked = f"?{httpx2.QueryParams({'artifactType': artifact_type})}" if artifact_type else ""
    found: list[Descriptor] = []
    path = f"referrers/{digest}{asked}"
    for _ in range(_MOST_PAGES):
        answer = client.get(path, limit=LIMIT, headers={"Accept": OCI_INDEX})
        if not _is_index(answer):
            if answer.status not in {*_NO_SUCH_API, int(httpx2.codes.OK)}:
                raise client.refused(answer, f"the referrers of {digest}")
            found += _by_tag(client, digest) if not found else ()
            break
        found += read_manifest(answer.body, OCI_INDEX).descriptors("manifests")
        path = next_page(answer, client)
        if not path:
            break
    unique = {one.digest: one for one in found if not artifact_type or one.artifact_type == artifact_type}
    return tuple(unique.values())


def _is_index(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    return answer.status == httpx2.codes.OK and kind == OCI_INDEX


def _by_tag(client: RegistryClient, digest: str) -> tuple[Descriptor, ...]:
    try:
        index = client.manifest(digest.replace(":", "-", 1))
    except RegistryError as error:
        if error.status in _NO_SUCH_API:
            return ()
        raise
    return index.descriptors("manifests") if index.is_index else ()
