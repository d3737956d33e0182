"""Rocky Linux: pages of its errata API (apollo.build.resf.org: api/v3/advisories), every built package with its module."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.json_stream import UNREADABLE, keys_at

_LARGEST = 256 << 20
_NEVRA = re.compile(r"(?P<name>.+)-(?P<epoch>[0-9]+):(?P<version>[^-]+)-(?P<release>[^-]+)\.(?P<arch>[a-z0-9_]+)\.rpm")
_RELEASE = re.compile(r"Rocky Linux ([0-9]+)")


class _Cve(msgspec.Struct):
    cve: str
    cvss3_scoring_vector: str | None = None


class _Package(msgspec.Struct):
    nevra: str
    module_name: str | None = None
    module_stream: str | None = None
    product_name: str | None = None


class _Advisory(msgspec.Struct):
    name: str
    kind: str = ""
    severity: str | None = None
    synopsis: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    cves: list[_Cve] = []
    packages: list[_Package] = []


class _Page(msgspec.Struct):
    advisories: list[msgspec.Raw]


class RockyErrata:
    """The fullest of Rocky's feeds: architectures, modules, vectors."""

    id = "rocky-errata"
    tags = frozenset({"advisories", "Rocky Linux"})
    is_snapshot = False
    feed = Feed(
        id="rocky-errata",
        name="Rocky Linux errata",
        url="https://errata.rockylinux.org/",
        licence="not stated",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise a page by the fields of its first advisory."""
        return "advisories" in keys_at(head, 1) and {"name", "synopsis", "kind"} <= {*keys_at(head, 3)}

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each security advisory; DocumentError when the page is no JSON object."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"the page is larger than {_LARGEST} bytes")
        try:
            page = msgspec.json.decode(data, type=_Page)
        except UNREADABLE as error:
            raise DocumentError(f"not a page of errata: {error}") from error
        decoder = msgspec.json.Decoder(_Advisory)
        for place, raw in enumerate(page.advisories):
            try:
                advisory = decoder.decode(raw)
            except UNREADABLE as error:
                notes.problem(f"element {place}", str(error))
                continue
            yield from self._advisory(advisory, notes)

    def _advisory(self, advisory: _Advisory, notes: Notes) -> Iterator[Record]:
        modified = time_of(advisory.updated_at or "") or time_of(advisory.published_at or "")
        notes.newest(modified)
        if advisory.kind.lower() != "security":
            notes.skip(f"advisories that are not about security ({advisory.kind or 'without kind'})")
            return
        facts = [fact for package in advisory.packages if (fact := _fact(package)) is not None]
        if not advisory.name or not facts:
            notes.problem(advisory.name or "advisory", "no name, or no built package")
            return
        for cve in advisory.cves or [_Cve(advisory.name)]:
            yield from notice(
                feed=self.id,
                record=advisory.name,
                cves=(cve.cve,) if CVE.fullmatch(cve.cve) else (),
                title=advisory.synopsis or "",
                published=time_of(advisory.published_at or ""),
                modified=modified,
                statements=joined(facts, (advisory.severity or "").lower()),
                vectors=(cve.cvss3_scoring_vector,) if cve.cvss3_scoring_vector else (),
            )


def _fact(package: _Package) -> Fact | None:
    found = _NEVRA.fullmatch(package.nevra)
    release = _RELEASE.match(package.product_name or "")
    if found is None or release is None or found["arch"] == "src":
        return None
    epoch = "" if found["epoch"] == "0" else f"{found['epoch']}:"
    module = f"{package.module_name}:{package.module_stream}" if package.module_name and package.module_stream else ""
    return Fact(
        key=PackageKey(ecosystem="Rocky Linux", release=release[1], name=found["name"]),
        interval=fixed_in(f"{epoch}{found['version']}-{found['release']}"),
        arches=(found["arch"],),
        module=module,
    )
