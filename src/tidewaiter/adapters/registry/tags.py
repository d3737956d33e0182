"""Which tags a repository has, and what each means now (OCI distribution-spec: listing tags, checking manifests)."""

from typing import Final

import httpx2

from tidewaiter.adapters.registry.client import RegistryClient
from tidewaiter.adapters.registry.manifest import ACCEPT, LIMIT
from tidewaiter.adapters.registry.pages import next_page
from tidewaiter.ports.registry import RegistryError
from tidewaiter.scan.json_text import JsonError, decode, mapping, texts

_MOST_PAGES: Final = 50
_PAGE: Final = 1000


def list_tags(client: RegistryClient) -> tuple[str, ...]:
    """Return the tags of the client's repository in the registry's order, at most 50,000; raises RegistryError."""
    found: dict[str, None] = {}
    path = f"tags/list?n={_PAGE}"
    for _ in range(_MOST_PAGES):
        answer = client.get(path, limit=LIMIT)
        if answer.status != httpx2.codes.OK:
            raise client.refused(answer, f"the tags of {client.endpoint.host}/{client.endpoint.repository}")
        try:
            page = texts(mapping(decode(answer.body, size=LIMIT)).get("tags"))
        except JsonError as error:
            raise RegistryError(f"{client.endpoint.host} gives no list of tags: {error}") from error
        found |= dict.fromkeys(page)
        path = next_page(answer, client)
        if not path:
            break
    return tuple(found)[: _MOST_PAGES * _PAGE]


def current_digest(client: RegistryClient, tag: str) -> str:
    """Return the digest that a tag means now, without pulling anything where the registry tells it by itself.

    It is the registry's word: whoever pulls compares the bytes. Raises RegistryError.
    """
    answer = client.get(f"manifests/{tag}", limit=LIMIT, headers={"Accept": ACCEPT}, method="HEAD")
    stated = answer.headers.get("Docker-Content-Digest", "")
    if answer.status == httpx2.codes.OK and stated.startswith(("sha256:", "sha512:")):
        return stated
    if answer.status in {httpx2.codes.OK, httpx2.codes.METHOD_NOT_ALLOWED}:
        return client.manifest(tag).digest
    raise client.refused(answer, f"the image {client.endpoint.host}/{client.endpoint.repository}:{tag}")
