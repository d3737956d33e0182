"""The project's own list of CVEs as a JSON feed (kubernetes.io: official CVE feed): texts and scores, no versions."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import day, short
from tidewaiter.scan.json_stream import UNREADABLE, keys_at

_LARGEST = 64 << 20
_VECTOR = re.compile(r"CVSS:[34]\.[0-9]/[A-Z]{1,3}:[A-Z](?:/[A-Z]{1,3}:[A-Z])+")


class _Item(msgspec.Struct):
    id: str
    summary: str = ""
    text: str = msgspec.field(name="content_text", default="")
    published: str = msgspec.field(name="date_published", default="")


class _Extension(msgspec.Struct):
    updated: str = msgspec.field(name="updated_at", default="")


class _List(msgspec.Struct):
    items: list[msgspec.Raw]
    extension: _Extension = msgspec.field(name="_kubernetes_io", default_factory=_Extension)


class KubernetesCveFeed:
    """Which versions are affected stands in prose, so it only answers how severe a CVE is."""

    id = "kubernetes-cve-feed"
    tags = frozenset({"severity", "Kubernetes"})
    is_snapshot = True
    feed = Feed(
        id="kubernetes-cve-feed",
        name="Official CVE feed of Kubernetes",
        url="https://kubernetes.io/docs/reference/issues-security/official-cve-feed/",
        licence="CC-BY-4.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the list by the project's extension."""
        keys = {*keys_at(head, 1)}
        return "items" in keys and ("_kubernetes_io" in keys or "_kubernetes_io" in keys_at(head, 3))

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE whose text holds a score; DocumentError when it is not one JSON object."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        try:
            document = msgspec.json.decode(data, type=_List)
        except UNREADABLE as error:
            raise DocumentError(f"not a list of CVEs: {error}") from error
        notes.newest(day(document.extension.updated))
        decoder = msgspec.json.Decoder(_Item)
        for place, raw in enumerate(document.items):
            try:
                item = decoder.decode(raw)
            except UNREADABLE as error:
                notes.problem(f"item {place}", str(error))
                continue
            vectors = tuple(dict.fromkeys(_VECTOR.findall(item.text)))
            if CVE.fullmatch(item.id) is None:
                notes.problem(f"item {place}", f"`{item.id[:40]}` is not a CVE id")
            elif not vectors:
                notes.skip("no CVSS vector")
            else:
                time = day(item.published)
                yield Record(
                    feed=self.id,
                    record=item.id,
                    id=item.id,
                    vectors=vectors,
                    title=short(item.summary),
                    published=time,
                    modified=time,
                )
