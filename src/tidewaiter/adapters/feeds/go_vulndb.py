"""Go: OSV records GO-* by module path (vuln.go.dev: index; go.dev/doc/security/vuln/database)."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_records import osv_records
from tidewaiter.scan.advisories.osv_text import first_id, is_osv
from tidewaiter.scan.json_stream import JsonStreamError


class GoVulndb:
    """Modules, `stdlib` and `toolchain`; versions are written without `v`."""

    id = "go-vulndb"
    tags = frozenset({"advisories", "Go"})
    is_snapshot = False
    feed = Feed(
        id="go-vulndb",
        name="Go vulnerability database",
        url="https://vuln.go.dev/",
        licence="CC-BY-4.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise OSV records of the Go database."""
        return first_id(head).startswith("GO-") and is_osv(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        try:
            yield from osv_records(stream, feed=self.id, listener=notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error
