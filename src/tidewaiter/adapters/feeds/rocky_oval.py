"""Rocky Linux: OVAL patch definitions RLSA-* (dl.rockylinux.org/pub/oval), which name their CVEs in the text alone.

The generator joins the test for the system by OR with those of packages, so read to the letter everything would be
affected; the release is taken from the CPE of the advisory instead.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.distributions import source_name
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import Definition, OvalDocument, package_tests, read_oval
from tidewaiter.scan.advisories.oval_tests import arches, is_package, span
from tidewaiter.scan.advisories.rows import Fact, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.advisories.xml_stream import root_name

_CVE = re.compile(r"\((CVE-[0-9]{4}-[0-9]{4,19})\)")
_RELEASE = re.compile(r"rocky:([0-9]+)")


class RockyOval:
    """The oldest of Rocky's feeds, believed least."""

    id = "rocky-oval"
    tags = frozenset({"advisories", "Rocky Linux"})
    is_snapshot = False
    feed = Feed(
        id="rocky-oval",
        name="Rocky Linux OVAL",
        url="https://dl.rockylinux.org/pub/oval/",
        licence="not stated",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise definitions of Rocky Linux."""
        return b"org.rockylinux.rlsa" in head and root_name(head) == "oval_definitions"

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each definition; DocumentError when the document is cut off."""
        document = read_oval(stream, lambda text: tuple(dict.fromkeys(_CVE.findall(text))))
        notes.newest(time_of(document.timestamp))
        for definition in document.definitions:
            yield from self._definition(definition, document, notes)
        if document.damage:
            raise DocumentError(document.damage)

    def _definition(self, definition: Definition, document: OvalDocument, notes: Notes) -> Iterator[Record]:
        record = next((name for source, name in definition.references if source == "RLSA"), "")
        release = _RELEASE.search(definition.by)
        if not record or release is None or definition.criteria is None:
            notes.problem(definition.id or "definition", "no RLSA id, no release, or no criteria")
            return
        facts = list(_facts(definition, document, release[1]))
        if not facts:
            notes.problem(record, "no package whose test the document holds")
            return
        yield from notice(
            feed=self.id,
            record=record,
            cves=definition.ids,
            title=definition.title,
            published=time_of(definition.issued),
            modified=time_of(definition.updated) or time_of(definition.issued),
            statements=joined(facts, definition.severity),
        )


def _facts(definition: Definition, document: OvalDocument, release: str) -> Iterator[Fact]:
    def speaks(name: str) -> bool | None:
        test = document.test(name)
        return None if test is None else is_package(test)

    if definition.criteria is None:
        return
    for _, names in package_tests(definition.criteria, speaks):
        for name in names:
            test = document.test(name)
            told = span(test) if test is not None else None
            if test is None or told is None:
                continue
            listed = test.value("arch", "pattern match", "equals").split("|")
            package = source_name(test.name) if listed == ["src"] else test.name
            key = PackageKey(ecosystem="Rocky Linux", release=release, name=package)
            yield Fact(key=key, interval=told[0], status=told[1], arches=arches(test))
