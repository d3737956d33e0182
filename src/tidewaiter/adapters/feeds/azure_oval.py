"""Azure Linux and CBL-Mariner: OVAL of one release per document (microsoft/AzureLinuxVulnerabilityData)."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from tidewaiter.core.model.vulnerability import Status
from tidewaiter.core.vuln.advisory import Feed, Interval, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.core.vuln.distributions import source_name
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import Definition, OvalDocument, flat, read_oval
from tidewaiter.scan.advisories.oval_tests import is_package, span
from tidewaiter.scan.advisories.rows import Fact, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.advisories.xml_stream import root_name

_MARKS = (b"com.microsoft.azurelinux", b"com.microsoft.cbl-mariner")
_BUILD = re.compile(r"\.(azl|cm)([0-9]+)$")
_NAMES = {"azl": "Azure Linux", "cm": "CBL-Mariner"}


class AzureOval:
    """Microsoft's word per source package; the release stands in the versions."""

    id = "azure-oval"
    tags = frozenset({"advisories", "Azure Linux", "CBL-Mariner"})
    is_snapshot = False
    feed = Feed(
        id="azure-oval",
        name="Azure Linux vulnerability data",
        url="https://github.com/microsoft/AzureLinuxVulnerabilityData",
        licence="MIT",
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise definitions of either distribution."""
        return any(mark in head for mark in _MARKS) and root_name(head) == "oval_definitions"

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per definition; DocumentError when the document is cut off or names no release."""
        document = read_oval(stream)
        notes.newest(time_of(document.timestamp))
        place = _place(document)
        if place is None and not document.damage:
            raise DocumentError("no version tells the release of the distribution")
        for definition in document.definitions if place is not None else ():
            yield from self._definition(definition, document, place or ("", ""), notes)
        if document.damage:
            raise DocumentError(document.damage)

    def _definition(
        self, definition: Definition, document: OvalDocument, place: tuple[str, str], notes: Notes
    ) -> Iterator[Record]:
        name = definition.id.rpartition(":")[2]
        cves = [text for _, text in definition.references if CVE.fullmatch(text)]
        facts: list[Fact] = []
        for reference in flat((definition.criteria,)) if definition.criteria is not None else ():
            test = document.test(reference)
            told = span(test) if test is not None and is_package(test) else None
            if test is None or told is None:
                notes.problem(name or "definition", "a criterion without test, or with an unknown comparison")
                continue
            if definition.patchable == "not applicable":
                told = _not_applicable(told[0])
            key = PackageKey(ecosystem=place[0], release=place[1], name=source_name(test.name))
            facts.append(Fact(key=key, interval=told[0], status=told[1]))
        if not cves or not facts:
            notes.problem(name or "definition", "no CVE, or no package")
            return
        yield from notice(
            feed=self.id,
            record=f"{place[0]} {place[1]} {name}",
            cves=cves,
            published=time_of(definition.issued),
            modified=time_of(definition.issued) or time_of(document.timestamp),
            statements=joined(facts, definition.severity),
        )


def _not_applicable(interval: Interval) -> tuple[Interval, Status]:
    """Return what "either no longer is or was never applicable" means for the versions that a test names.

    Up to and including a version: not affected. Below a version that may be the fix: nobody knows which of the two.
    """
    return (Interval(), Status.NOT_AFFECTED) if interval.fixed is None else (interval, Status.UNKNOWN)


def _place(document: OvalDocument) -> tuple[str, str] | None:
    """Return ecosystem and release by the mark that most versions end in: `.azl3`, `.cm2`."""
    builds: Counter[tuple[str, str]] = Counter()
    for definition in document.definitions:
        for reference in flat((definition.criteria,)) if definition.criteria is not None else ():
            test = document.test(reference)
            for condition in test.conditions if test is not None else ():
                found = _BUILD.search(condition.value)
                if found is not None:
                    builds[found[1], found[2]] += 1
    if not builds:
        return None
    mark, number = builds.most_common(1)[0][0]
    return _NAMES[mark], f"{number}.0"
