"""Which CPEs stand for which content sets (security.access.redhat.com: data/metrics/repository-to-cpe.json)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, RepositoryCpes
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_CHUNK = 1 << 20
_LARGEST = 64 << 20


class _Repository(msgspec.Struct):
    cpes: list[str]


class RedhatRepositories:
    """Without it the repositories of every installation are taken: BaseOS and AppStream."""

    id = "redhat-repositories"
    tags = frozenset({"Red Hat"})
    is_snapshot = True
    feed = Feed(
        id="redhat-repositories",
        name="Red Hat repositories by CPE",
        url="https://security.access.redhat.com/data/metrics/repository-to-cpe.json",
        licence="CC-BY-4.0",
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise content sets with their CPEs."""
        return keys_at(head, 1)[:1] == ("data",) and "cpes" in keys_at(head, 3)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[RepositoryCpes]:
        """Yield the content sets; DocumentError when the document is cut off."""
        decoder = msgspec.json.Decoder(_Repository)
        for name, raw in _sets(stream):
            try:
                repository = decoder.decode(raw)
                content_set = msgspec.json.decode(name, type=str)
            except UNREADABLE as error:
                notes.problem(name.decode("utf-8", "replace")[:100].strip('"'), str(error))
                continue
            if content_set:
                yield RepositoryCpes(name=content_set, cpes=tuple(repository.cpes))


def _sets(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    try:
        for name, raw in members(iter(lambda: stream.read(_CHUNK), b""), limit=_LARGEST):
            if name == b'"data"':
                yield from members((raw.strip(),), limit=_LARGEST)
    except JsonStreamError as error:
        raise DocumentError(str(error)) from error
