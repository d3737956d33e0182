"""Photon OS: older OVAL patch definitions PHSA-* (com.vmware.phsa); its JSON is newer and knows more."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import Definition, OvalDocument, package_tests, read_oval
from tidewaiter.scan.advisories.oval_tests import arches, is_package, span
from tidewaiter.scan.advisories.rows import Fact, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.advisories.xml_stream import root_name

_RELEASE = re.compile(r"Photon ([0-9]+)")


class PhotonOval:
    """Fixes by binary package."""

    id = "photon-oval"
    tags = frozenset({"advisories", "Photon OS"})
    is_snapshot = False
    feed = Feed(
        id="photon-oval",
        name="Photon OS OVAL",
        url="https://packages.broadcom.com/photon/photon_oval_definitions/",
        licence="not stated",
        precedence=2,
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise definitions of Photon OS."""
        return b"com.vmware.phsa" in head and root_name(head) == "oval_definitions"

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each definition; DocumentError when the document is cut off."""
        document = read_oval(stream)
        notes.newest(time_of(document.timestamp))
        for definition in document.definitions:
            yield from self._definition(definition, document, notes)
        if document.damage:
            raise DocumentError(document.damage)

    def _definition(self, definition: Definition, document: OvalDocument, notes: Notes) -> Iterator[Record]:
        release = next((found[1] for text in definition.platforms if (found := _RELEASE.match(text))), "")
        facts = list(_facts(definition, document, f"{release}.0")) if release else []
        if not facts:
            notes.problem(definition.id or "definition", "no release, or no package whose test the document holds")
            return
        yield from notice(
            feed=self.id,
            record=definition.title.partition(" ")[0] or definition.id,
            cves=[note.text for note in definition.cves if CVE.fullmatch(note.text)],
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
        test = document.test(names[0]) if len(names) == 1 else None
        told = span(test) if test is not None else None
        if test is not None and told is not None:
            key = PackageKey(ecosystem="Photon OS", release=release, name=test.name)
            yield Fact(key=key, interval=told[0], status=told[1], arches=arches(test))
