"""Amazon Linux: the updateinfo.xml of each repository (core, extras, livepatch); its RSS names no versions."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.rows import Fact, fixed_in, joined, notice
from tidewaiter.scan.advisories.updateinfo import Update, UpdatePackage, is_updateinfo, updates
from tidewaiter.scan.advisories.xml_stream import XmlError

_RELEASE = re.compile(r"Amazon Linux (AMI|[0-9]+)")


class AmazonUpdateinfo:
    """Every package of every architecture with the version that mends it."""

    id = "amazon-updateinfo"
    tags = frozenset({"advisories", "Amazon Linux"})
    is_snapshot = False
    feed = Feed(
        id="amazon-updateinfo",
        name="Amazon Linux updates",
        url="https://alas.aws.amazon.com/",
        licence="not stated",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise an updateinfo whose first update is one of Amazon's."""
        return is_updateinfo(head) and re.search(rb"<id>\s*ALAS", head) is not None

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each update; DocumentError when it is not well-formed."""
        try:
            for update in updates(stream):
                yield from self._update(update, notes)
        except XmlError as error:
            raise DocumentError(str(error)) from error

    def _update(self, update: Update, notes: Notes) -> Iterator[Record]:
        facts = [fact for package in update.packages for fact in _facts(package)]
        if not update.id or not facts:
            notes.problem(update.id or "update", "no id, or no package with a version of a release we know")
            return
        notes.newest(update.updated)
        yield from notice(
            feed=self.id,
            record=update.id,
            cves=update.cves,
            title=update.title,
            published=update.issued,
            modified=update.updated or update.issued,
            statements=joined(facts, update.severity),
        )


def _facts(package: UpdatePackage) -> Iterator[Fact]:
    """Yield what one package says; the part of the collection behind the dash is the repository, the core has none."""
    found = _RELEASE.match(package.collection)
    if found is None or not package.name or not package.version:
        return
    release = "1" if found[1] == "AMI" else found[1]
    repository = package.collection[found.end() :].strip(" -").lower().replace(" ", "-")
    yield Fact(
        key=PackageKey(ecosystem="Amazon Linux", release=release, name=package.name),
        interval=fixed_in(package.version),
        arches=(package.arch,) if package.arch else (),
        repositories=(repository,) if repository else (),
    )
