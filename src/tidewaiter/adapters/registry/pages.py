"""Lists that come in pages (RFC 8288: the header `Link`)."""

import httpx2

from tidewaiter.adapters.registry.client import RegistryClient
from tidewaiter.adapters.registry.session import Answer


def next_page(answer: Answer, client: RegistryClient) -> str:
    """Return the path of the next page, empty when there is none or it lies outside the repository."""
    target, _, relation = answer.headers.get("Link", "").partition(";")
    if 'rel="next"' not in relation and "rel=next" not in relation:
        return ""
    base = client.url("")
    try:
        url = answer.url.join(target.strip(" <>"))
    except (httpx2.InvalidURL, ValueError):
        return ""
    if (url.scheme, url.host, url.port) != (base.scheme, base.host, base.port) or not url.path.startswith(base.path):
        return ""
    query = url.query.decode("ascii", "replace")
    return url.path.removeprefix(base.path) + (f"?{query}" if query else "")
