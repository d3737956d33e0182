"""Rocky Linux: the updateinfo.xml of its repositories, binary packages with architecture and module."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.updateinfo import Update, is_updateinfo, updates
from tidewaiter.scan.advisories.xml_stream import XmlError

_RELEASE = re.compile(r"Rocky Linux ([0-9]+)")


class RockyUpdateinfo:
    """Fixes; what is still open nobody lists."""

    id = "rocky-updateinfo"
    tags = frozenset({"advisories", "Rocky Linux"})
    is_snapshot = False
    feed = Feed(
        id="rocky-updateinfo",
        name="Rocky Linux updates",
        url="https://errata.rockylinux.org/",
        licence="not stated",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an updateinfo whose first update is one of Rocky's."""
        return is_updateinfo(head) and re.search(rb"<id>\s*R[LX][SBE]A-", head) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each security update; DocumentError when it is not well-formed."""
        try:
            for update in updates(stream):
                yield from self._update(update, notes)
        except XmlError as error:
            raise DocumentError(str(error)) from error

    def _update(self, update: Update, notes: Notes) -> Iterator[Record]:
        notes.newest(update.updated or update.issued)
        if update.kind != "security":
            notes.skip(f"updates that are no security updates ({update.kind or 'without type'})")
            return
        found = _RELEASE.search(update.release)
        facts = [
            Fact(
                key=PackageKey(ecosystem="Rocky Linux", release=found[1], name=package.name),
                interval=fixed_in(package.version),
                arches=(package.arch,),
                module=package.module,
            )
            for package in update.packages
            if found is not None and package.name and package.version and package.arch != "src"
        ]
        if not update.id or not facts:
            notes.problem(update.id or "update", "no id, no release, or no package with a version")
            return
        yield from notice(
            feed=self.id,
            record=update.id,
            cves=update.cves,
            title=update.title,
            published=update.issued,
            modified=update.updated or update.issued,
            statements=joined(facts, update.severity),
        )
