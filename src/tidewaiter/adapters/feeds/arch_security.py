"""Arch Linux: the groups AVG-* of its security tracker as one JSON array (security.archlinux.org: all.json)."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_CHUNK = 1 << 20
_LARGEST = 1 << 20
_STATUSES = {
    "fixed": Status.AFFECTED,
    "vulnerable": Status.AFFECTED,
    "testing": Status.AFFECTED,
    "not affected": Status.NOT_AFFECTED,
}
"""What holds below the fix; every other word leaves it open."""


class _Group(msgspec.Struct):
    name: str
    packages: list[str]
    status: str
    severity: str = ""
    type: str = ""
    affected: str | None = None
    fixed: str | None = None
    issues: list[str] = []


class ArchSecurity:
    """The distribution's own word on every package group."""

    id = "arch-security"
    tags = frozenset({"advisories", "Arch Linux"})
    is_snapshot = True
    feed = Feed(
        id="arch-security", name="Arch Linux security tracker", url="https://security.archlinux.org/", licence="MIT"
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of the first group."""
        return head.lstrip().startswith(b"[") and {"name", "packages", "status", "affected", "issues"} <= {
            *keys_at(head, 2)
        }

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per issue of each group; DocumentError when the array is cut off."""
        decoder = msgspec.json.Decoder(_Group)
        try:
            chunks = iter(lambda: stream.read(_CHUNK), b"")
            for place, (_, raw) in enumerate(members(chunks, limit=_LARGEST)):
                try:
                    group = decoder.decode(raw)
                except UNREADABLE as error:
                    notes.problem(f"element {place}", str(error))
                    continue
                if not group.name or not group.packages or not group.issues:
                    notes.problem(group.name or f"element {place}", "no name, no package or no issue")
                    continue
                yield from _records(self.id, group)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error


def _records(feed: str, group: _Group) -> Iterator[Record]:
    """Yield the records of one group; the version before `affected` is not known to be good, so no lower end is made."""
    status = _STATUSES.get(group.status.lower(), Status.UNKNOWN)
    interval = Interval(hi=group.fixed, fixed=group.fixed) if group.fixed else Interval()
    if status is Status.NOT_AFFECTED:
        interval = Interval()
    severity = "" if group.severity.lower() == "unknown" else group.severity.lower()
    statements = tuple(
        Statement(
            key=PackageKey(ecosystem="Arch Linux", name=name), interval=interval, status=status, severity=severity
        )
        for name in dict.fromkeys(group.packages)
    )
    title = f"{group.type} in {', '.join(group.packages)}" if group.type not in {"", "unknown"} else ""
    for issue in dict.fromkeys(group.issues):
        yield Record(feed=feed, record=group.name, id=issue, title=title[:160], statements=statements)
