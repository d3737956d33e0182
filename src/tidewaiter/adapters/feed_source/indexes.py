"""Small texts that lead to a document: an rpm repository's repomd.xml, a text with a name, a checksum, a mirror list."""

import re
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from tidewaiter.ports.feed_source import FetchError
from tidewaiter.scan.advisories.xml_stream import XmlError, elements

_NAME = re.compile(r"[\w.+-]{1,200}")
_DIGEST = re.compile(r"\b([0-9a-fA-F]{64})\b")
_REPOMD = "repodata/repomd.xml"


def updateinfo_of(data: bytes, base: str) -> tuple[str, str]:
    """Return address and SHA-256 of the updateinfo that a repomd.xml names (createrepo_c); FetchError."""
    try:
        for part in elements(BytesIO(data), ("data",)):
            if part.attributes.get("type") != "updateinfo":
                continue
            digest = next(
                (one.text.strip() for one in part.all("checksum") if one.attributes.get("type") == "sha256"), ""
            )
            place = part.attribute_of("href", "location")
            if not place or urlsplit(place).scheme or place.startswith("/") or ".." in place.split("/"):
                raise FetchError(f"the index at {base} names no updateinfo within the repository")
            return urljoin(base, place), digest.lower()
    except XmlError as error:
        raise FetchError(f"the index at {base} is damaged: {error}") from error
    raise FetchError(f"the index at {base} names no updateinfo")


def base_of(url: str) -> str:
    """Return the address of the repository whose repomd.xml lies at an address."""
    return url.removesuffix(_REPOMD) if url.endswith(_REPOMD) else urljoin(url, "..")


def latest_of(data: bytes, url: str) -> str:
    """Return the address of the document beside a text that holds its name; FetchError."""
    name = data.decode("utf-8", "replace").strip()
    if _NAME.fullmatch(name) is None or name.startswith("."):
        raise FetchError(f"{url}: does not hold the name of a document")
    return urljoin(url, name)


def mirror_of(data: bytes, url: str) -> str:
    """Return the address of the repomd.xml on the first mirror of a list; FetchError."""
    for line in data.decode("utf-8", "replace").splitlines():
        parts = urlsplit(line.strip())
        if parts.scheme in {"http", "https"} and parts.netloc:
            return f"{line.strip().rstrip('/')}/{_REPOMD}"
    raise FetchError(f"{url}: names no mirror")


def checksum_of(data: bytes) -> str:
    """Return the first SHA-256 in a text; FetchError."""
    found = _DIGEST.search(data[:4096].decode("utf-8", "replace"))
    if found is None:
        raise FetchError("the stated checksum is no SHA-256")
    return found[1].lower()
