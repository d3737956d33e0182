"""Dates until which products are mended, as one JSON object (endoflife.date: api/v1/products/full)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Support
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, keys_at

_LARGEST = 64 << 20
_SYSTEMS = {
    "almalinux": "almalinux",
    "alpine-linux": "alpine",
    "amazon-linux": "amzn",
    "azure-linux": "azurelinux",
    "mariner": "mariner",
    "opensuse": "opensuse-leap",
    "oracle-linux": "ol",
    "rocky-linux": "rocky",
    "sle-micro": "sle-micro",
}
"""Where the site's name of a system is not the `ID` of its os-release."""


class _Release(msgspec.Struct):
    name: str
    codename: str | None = None
    ends: str | None = msgspec.field(name="eolFrom", default=None)
    extended: str | None = msgspec.field(name="eoesFrom", default=None)


class _Product(msgspec.Struct):
    name: str
    releases: list[msgspec.Raw] = []


class _Document(msgspec.Struct):
    result: list[msgspec.Raw]
    generated: str = msgspec.field(name="generated_at", default="")


class EndOfLife:
    """A community's list of dates; any of them may be missing."""

    id = "end-of-life"
    tags = frozenset({"support"})
    is_snapshot = True
    feed = Feed(id="end-of-life", name="endoflife.date", url="https://endoflife.date/", licence="MIT")

    def accepts(self, head: bytes) -> bool:
        """Recognise the list of products by its releases."""
        return "result" in keys_at(head, 1) and {"name", "isEol"} <= {*keys_at(head, 5)}

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Support]:
        """Yield one item per release of each product; DocumentError when it is not one JSON object."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"the list is larger than {_LARGEST} bytes")
        try:
            document = msgspec.json.decode(data, type=_Document)
        except UNREADABLE as error:
            raise DocumentError(f"not a list of products: {error}") from error
        notes.newest(document.generated[:19] + "Z" if document.generated else "")
        for place, raw in enumerate(document.result):
            try:
                product = msgspec.json.decode(raw, type=_Product)
                releases = [msgspec.json.decode(one, type=_Release) for one in product.releases]
            except UNREADABLE as error:
                notes.problem(f"element {place}", str(error))
                continue
            name = _SYSTEMS.get(product.name, product.name)
            for release in releases:
                yield Support(
                    product=name,
                    release=release.name,
                    codename=release.codename or "",
                    ends=release.ends or "",
                    extended=release.extended or "",
                )
