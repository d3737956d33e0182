"""Node.js itself: JSON, one file per advisory, the index of all, or lines (nodejs/security-wg: vuln/core)."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.ranges import RangeError
from tidewaiter.core.vuln.ranges.algebra import common, complement, with_fixes
from tidewaiter.core.vuln.ranges.node import Node
from tidewaiter.core.vuln.versions import Keys
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.curated import curated, day, short
from tidewaiter.scan.json_stream import JsonStreamError, keys_at

_NODE = Node()
_KEY = PackageKey(ecosystem="Node.js", name="node")
_FIELDS = frozenset({"cve", "vulnerable", "patched"})
_OWN = "_path"
_FOREIGN = frozenset({"win32", "darwin", "aix"})


class _Advisory(msgspec.Struct):
    vulnerable: str
    patched: str | None = None
    cve: list[str] | None = None
    severity: str | None = None
    description: str | None = None
    overview: str | None = None
    publish_date: str | None = None
    environments: list[str] | None = msgspec.field(name="affectedEnvironments", default=None)
    path: str = msgspec.field(name="_path", default="")


class NodejsCore:
    """The runtime by its own version; whole lines are listed as vulnerable, of which the patched versions are free."""

    id = "nodejs-core"
    tags = frozenset({"advisories", "Node.js"})
    is_snapshot = False
    feed = Feed(
        id="nodejs-core",
        name="Node.js advisories of the security working group",
        url="https://github.com/nodejs/security-wg",
        licence="MIT",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of an advisory, or of the first one of an index."""
        return any({*keys_at(head, depth)} >= _FIELDS for depth in (1, 2))

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each advisory; DocumentError when the stream itself is damaged."""
        decoder = msgspec.json.Decoder(dict[str, Any])
        try:
            for place, value in curated(stream, decoder, problem=notes.problem):
                each = {"": value} if "vulnerable" in value else value
                for number, fields in each.items():
                    if number == _OWN:
                        continue
                    yield from _told(number, fields, f"{place} {number}".strip(), notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _told(number: str, fields: Any, place: str, notes: Notes) -> Iterator[Record]:
    try:
        advisory = msgspec.convert(fields, _Advisory)
        intervals = _intervals(advisory)
    except (msgspec.ValidationError, RangeError) as error:
        notes.problem(place, str(error))
        return
    if advisory.environments and _FOREIGN.issuperset(advisory.environments):
        notes.skip("only on systems without containers of their own")
        return
    notes.newest(day(advisory.publish_date))
    cves = [name for name in advisory.cve or () if CVE.fullmatch(name)]
    own = number or advisory.path.rpartition("/")[2].removesuffix(".json")
    if not cves and not own:
        notes.problem(place, "neither a CVE nor a number of its own")
        return
    for identity in dict.fromkeys(cves or [f"NSWG-CORE-{own}"]):
        yield Record(
            feed=NodejsCore.id,
            record=identity,
            id=identity,
            severity=(advisory.severity or "").lower().replace("unknown", ""),
            title=short(advisory.description or advisory.overview),
            published=day(advisory.publish_date),
            modified=day(advisory.publish_date),
            statements=tuple(Statement(key=_KEY, interval=interval) for interval in intervals),
        )


def _intervals(advisory: _Advisory) -> tuple[Interval, ...]:
    keys = Keys(_NODE.scheme)
    patched = _NODE.intervals(advisory.patched) if advisory.patched else ()
    affected = common(_NODE.intervals(advisory.vulnerable), complement(patched, keys), keys)
    return with_fixes(affected, patched, keys)
