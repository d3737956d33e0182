"""Chainguard's list of fixes (packages.cgr.dev: chainguard/security.json)."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.secdb import SecdbReader, is_secdb

_ADDRESS = b"cgr.dev"


class ChainguardSecdb:
    """The whole list in one document; versions named `0` say that the defect never was in the package."""

    id = "chainguard-secdb"
    tags = frozenset({"advisories", "Chainguard"})
    is_snapshot = False
    covers_packages = True
    feed = Feed(
        id="chainguard-secdb",
        name="Chainguard security database",
        url="https://packages.cgr.dev/chainguard/security.json",
        licence="facts",
        precedence=0,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a database by the address of its packages."""
        return is_secdb(head) and _ADDRESS in head.partition(b'"packages"')[0]

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per origin and id; DocumentError when the document is cut off."""
        yield from SecdbReader(feed=self.id, ecosystem="Chainguard", notes=notes, refuse=DocumentError).database(stream)
