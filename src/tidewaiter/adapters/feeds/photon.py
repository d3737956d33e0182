"""Photon OS: one JSON array per branch (packages.broadcom.com: photon_cve_metadata/cve_data_photon<branch>.json)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record, Statement
from tidewaiter.core.vuln.cvss import band
from tidewaiter.core.vuln.distributions import source_name
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.json_stream import UNREADABLE, JsonStreamError, keys_at, members

_CHUNK = 1 << 20
_LARGEST = 1 << 16
_MOST = 1_000_000
_NONE = frozenset({"", "NA"})
_ID = re.compile(r"(?:CVE-[0-9]{4}-[0-9]{4,19}|BDSA-[0-9]{4}-[0-9]+|GHSA(?:-[0-9a-z]{4}){3})")
_BUILD = re.compile(r"\.ph([0-9]+)(?:\W|$)")
_BRANCH = re.compile(r"photon[-_]?([0-9]+\.[0-9]+)")


class _Row(msgspec.Struct):
    cve_id: str
    pkg: str
    cve_score: float | None = None
    aff_ver: str = ""
    res_ver: str = ""
    status: str = ""


class Photon:
    """Fixed and not affected packages by branch; the branch stands in the versions, or in the document's name."""

    id = "photon"
    tags = frozenset({"advisories", "Photon OS"})
    is_snapshot = False
    feed = Feed(
        id="photon",
        name="Photon OS vulnerabilities",
        url="https://packages.broadcom.com/photon/photon_cve_metadata/",
        licence="not stated",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise the fields of the first row."""
        return head.lstrip().startswith(b"[") and {"cve_id", "pkg", "res_ver"} <= {*keys_at(head, 2)}

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per row; DocumentError when the array is cut off or names no branch."""
        rows: list[_Row] = []
        decoder = msgspec.json.Decoder(_Row)
        damage = ""
        try:
            for place, (_, raw) in enumerate(members(iter(lambda: stream.read(_CHUNK), b""), limit=_LARGEST)):
                if place >= _MOST:
                    damage = f"more than {_MOST} rows"
                    break
                try:
                    rows.append(decoder.decode(raw))
                except UNREADABLE as error:
                    notes.problem(f"element {place}", str(error))
        except JsonStreamError as error:
            damage = str(error)
        branch = _branch(rows, notes.document)
        if branch:
            for row in rows:
                yield from self._row(row, branch, notes)
        elif not damage:
            raise DocumentError("neither a version nor the name of the document tells the branch of Photon OS")
        if damage:
            raise DocumentError(damage)

    def _row(self, row: _Row, branch: str, notes: Notes) -> Iterator[Record]:
        if _ID.fullmatch(row.cve_id) is None:
            notes.skip("rows without the id of a vulnerability")
            return
        if not row.pkg:
            notes.problem(row.cve_id, "no package")
            return
        told = _told(row)
        severity = band(row.cve_score).value if row.cve_score else ""
        names = (row.pkg, source_name(row.pkg))
        statements = tuple(
            Statement(
                key=PackageKey(ecosystem="Photon OS", release=branch, name=name),
                interval=told[0],
                status=told[1],
                severity=severity,
            )
            for name in names
        )
        yield Record(
            feed=self.id,
            record=f"{row.cve_id} {row.pkg} {branch}",
            id=row.cve_id,
            modified=notes.dated,
            statements=statements,
        )


def _told(row: _Row) -> tuple[Interval, Status]:
    """Return what a row says: `Not Affected`, fixed in a version, or neither, which leaves it open."""
    if row.status.lower() == "not affected":
        return Interval(), Status.NOT_AFFECTED
    if row.res_ver not in _NONE:
        return Interval(hi=row.res_ver, fixed=row.res_ver), Status.AFFECTED
    if row.aff_ver.startswith("all versions before ") and row.aff_ver.endswith(" are vulnerable"):
        bound = row.aff_ver.removeprefix("all versions before ").removesuffix(" are vulnerable").strip()
        return (Interval(hi=bound), Status.AFFECTED) if bound not in _NONE else (Interval(), Status.UNKNOWN)
    return Interval(), Status.UNKNOWN


def _branch(rows: Sequence[_Row], document: str) -> str:
    named = _BRANCH.search(document)
    if named is not None:
        return named[1]
    builds = Counter(found[1] for row in rows if (found := _BUILD.search(row.res_ver)) is not None)
    return f"{builds.most_common(1)[0][0]}.0" if builds else ""
