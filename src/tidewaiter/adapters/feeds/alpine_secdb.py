"""Alpine's list of fixes by branch and repository (secdb.alpinelinux.org)."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.secdb import SecdbReader, is_secdb
from tidewaiter.scan.json_stream import keys_at


class AlpineSecdb:
    """One document is one repository of one branch; what is still open is not in it."""

    id = "alpine-secdb"
    tags = frozenset({"advisories", "Alpine"})
    is_snapshot = False
    covers_packages = True
    feed = Feed(
        id="alpine-secdb",
        name="Alpine security database",
        url="https://secdb.alpinelinux.org/",
        licence="facts",
        precedence=0,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a database that names a branch."""
        return is_secdb(head) and "distroversion" in keys_at(head, 1)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per origin and id; DocumentError when the document is cut off."""
        yield from SecdbReader(feed=self.id, ecosystem="Alpine", notes=notes, refuse=DocumentError).database(stream)
