"""Bottlerocket: an updateinfo.xml whose versions are those of the whole system, not of the packages it names."""

from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.updateinfo import is_updateinfo, updates
from tidewaiter.scan.advisories.xml_stream import XmlError


class Bottlerocket:
    """Advisories of the project, whose ids are GHSA ids."""

    id = "bottlerocket"
    tags = frozenset({"advisories", "Bottlerocket"})
    is_snapshot = True
    feed = Feed(
        id="bottlerocket",
        name="Bottlerocket advisories",
        url="https://advisories.bottlerocket.aws/",
        licence="Apache-2.0 or MIT",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an updateinfo that speaks of Bottlerocket."""
        return is_updateinfo(head) and b"bottlerocket" in head.lower()

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each update; DocumentError when it is not well-formed."""
        try:
            for update in updates(stream):
                facts = [
                    Fact(
                        key=PackageKey(ecosystem="Bottlerocket", name=package.name),
                        interval=fixed_in(_release(package.version)),
                        arches=(package.arch,) if package.arch else (),
                    )
                    for package in update.packages
                    if package.name and package.version
                ]
                if not update.id or not facts:
                    notes.problem(update.id or "update", "no id, or no package with a version")
                    continue
                notes.newest(update.updated)
                aliases = (update.id, *(name for name in update.aliases if name != update.id))
                yield from notice(
                    feed=self.id,
                    record=update.id,
                    cves=update.cves,
                    aliases=aliases if len(update.cves) == 1 else (),
                    title=update.title,
                    published=update.issued,
                    modified=update.updated or update.issued,
                    statements=joined(facts, update.severity),
                )
        except XmlError as error:
            raise DocumentError(str(error)) from error


def _release(version: str) -> str:
    """Return the release of the system: the build's hash behind the dash is no part of the order."""
    return version.rpartition(":")[2].partition("-")[0]
