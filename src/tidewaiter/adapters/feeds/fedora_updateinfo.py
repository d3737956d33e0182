"""Fedora and EPEL: the updateinfo.xml that Bodhi writes; only security updates, CVEs by the titles of their bugs."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.updateinfo import Update, is_updateinfo, updates
from tidewaiter.scan.advisories.xml_stream import XmlError

_RELEASE = re.compile(r"Fedora (EPEL )?(?:Next )?([0-9]+)")


class FedoraUpdateinfo:
    """Fixes; what is still open nobody lists."""

    id = "fedora-updateinfo"
    tags = frozenset({"advisories", "Fedora"})
    is_snapshot = False
    feed = Feed(
        id="fedora-updateinfo",
        name="Fedora updates",
        url="https://bodhi.fedoraproject.org/",
        licence="Fedora documentation licence (CC-BY-SA)",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an updateinfo whose first update is one of Fedora's."""
        return is_updateinfo(head) and re.search(rb"<id>\s*FEDORA-", head) is not None

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
        if found is None or not update.id:
            notes.problem(update.id or "update", f"no id, or no release in {update.release[:60]!r}")
            return
        release = f"epel-{found[2]}" if found[1] else found[2]
        facts = [
            Fact(
                key=PackageKey(ecosystem="Fedora", release=release, name=package.name),
                interval=fixed_in(package.version),
                arches=(package.arch,),
                module=package.module,
            )
            for package in update.packages
            if package.name and package.version and package.arch != "src"
        ]
        if not facts:
            notes.skip("updates without packages")
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
