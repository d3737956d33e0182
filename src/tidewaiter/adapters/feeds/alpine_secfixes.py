"""Excerpts of Alpine's fixes, one package in one line: `{distroversion, repo, pkg, secfixes}`."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.secdb import SecdbReader, is_lines


class AlpineSecfixes:
    """The same facts as `alpine-secdb`, as far as somebody picked them; that one is believed before this."""

    id = "alpine-secfixes"
    tags = frozenset({"advisories", "Alpine"})
    is_snapshot = False
    feed = Feed(
        id="alpine-secfixes",
        name="Excerpts of the Alpine security database",
        url="https://secdb.alpinelinux.org/",
        licence="facts",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of the first line."""
        return is_lines(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per origin and id; DocumentError when a line has no end."""
        yield from SecdbReader(feed=self.id, ecosystem="Alpine", notes=notes, refuse=DocumentError).lines(stream)
