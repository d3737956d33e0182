"""SUSE and openSUSE: OVAL by product (ftp.suse.com: pub/projects/security/oval), `-affected` and `-patch` alike.

A product test and a package test must hold together. Comments say "is installed" of tests that ask for less; only
operations count (decision 8.10). "Equals 0" says that a package is not affected, "greater than 0" that every version is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from tidewaiter.core.vuln import suse
from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import Definition, Node, OvalDocument, OvalTest, flat, package_tests, read_oval
from tidewaiter.scan.advisories.oval_tests import arches, is_package, is_product, span
from tidewaiter.scan.advisories.rows import Fact, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.advisories.xml_stream import root_name

_IDS = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_ENTERPRISE = re.compile(r"sl(e|es|ed)(_|-|$)")
_FIRST_LEAP = 15
_Place = tuple[str, str, str]


class SuseOval:
    """SUSE's word per product and binary package, fixed or not."""

    id = "suse-oval"
    tags = frozenset({"advisories", "SUSE", "openSUSE"})
    is_snapshot = False
    feed = Feed(
        id="suse-oval",
        name="SUSE OVAL",
        url="https://ftp.suse.com/pub/projects/security/oval/",
        licence="CC-BY-NC-4.0 where stated",
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise definitions of SUSE."""
        return b"org.opensuse.security" in head and root_name(head) == "oval_definitions"

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE and product of each definition; DocumentError when the document is cut off."""
        document = read_oval(stream)
        notes.newest(time_of(document.timestamp))
        for definition in document.definitions:
            yield from self._definition(definition, document, notes)
        if document.damage:
            raise DocumentError(document.damage)

    def _definition(self, definition: Definition, document: OvalDocument, notes: Notes) -> Iterator[Record]:
        cves = _cves(definition)
        if not cves or definition.criteria is None:
            notes.problem(definition.id or "definition", "no CVE, or no criteria")
            return
        missing = sum(document.test(name) is None for name in {*flat((definition.criteria,))})
        if missing:
            notes.problem(definition.id, f"{missing} criteria name tests that the document lacks")
        by_place: dict[tuple[str, str], list[Fact]] = {}
        for fact in _facts(definition.criteria, document, notes):
            by_place.setdefault((fact.key.ecosystem, fact.key.release), []).append(fact)
        for (ecosystem, release), facts in by_place.items():
            statements = joined(facts, definition.severity)
            for cve, vectors in cves.items():
                yield from notice(
                    feed=self.id,
                    record=f"{definition.id.rpartition(':')[2]} {definition.kind} {ecosystem}:{release}",
                    cves=(cve,),
                    title="" if definition.title == cve else definition.title,
                    published=time_of(definition.issued),
                    modified=time_of(definition.updated) or time_of(definition.issued),
                    statements=statements,
                    vectors=vectors,
                )


def _cves(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return the CVEs with their vectors, SUSE's own where it gives one and else NVD's."""
    found: dict[str, tuple[str, ...]] = {}
    for text in (definition.title, *(name for source, name in definition.references if "CVE" in source)):
        found.update(dict.fromkeys(_IDS.findall(text), ()))
    for by_vendor in (False, True):
        for note in definition.cves:
            name = note.text.split(" ", 1)[0]
            if CVE.fullmatch(name) and note.by_vendor is by_vendor:
                found[name] = note.vectors or found.get(name, ())
    return found


def _facts(criteria: Node, document: OvalDocument, notes: Notes) -> Iterator[Fact]:
    def speaks(name: str) -> bool | None:
        test = document.test(name)
        return None if test is None else is_package(test)

    for conditions, names in package_tests(criteria, speaks):
        packages = [test for name in names if (test := document.test(name)) is not None]
        told = span(packages[0]) if len(packages) == 1 else None
        if told is None:
            notes.skip("criteria that no row can say: several packages at once, or an unknown comparison")
            continue
        for ecosystem, release, needs in _places(conditions, document):
            yield Fact(
                key=PackageKey(ecosystem=ecosystem, release=release, name=packages[0].name),
                interval=told[0],
                status=told[1],
                arches=arches(packages[0]),
                needs=needs,
            )


def _places(conditions: Sequence[str | Node], document: OvalDocument) -> tuple[_Place, ...]:
    """Return (ecosystem, release, needs) of the products, those that need nothing before those that do."""
    tests = [test for name in flat(tuple(conditions)) if (test := document.test(name)) is not None]
    places = {place for test in tests if is_product(test) and (place := _place(test)) is not None}
    plain = {place[:2] for place in places if not place[2]}
    return tuple(sorted(place for place in places if not place[2] or place[:2] not in plain))


def _place(test: OvalTest) -> _Place | None:
    """Return the release that a product test asks for, None for products that are no system (Manager, Storage)."""
    name = test.name.lower().removesuffix("-release")
    version = test.value("version", "equals") or test.value("evr", "equals").partition("-")[0].rpartition(":")[2]
    if name == "opensuse" and not version:
        return "openSUSE", "tumbleweed", ""
    if not version or "live-patching" in name:
        return None
    micro = "micro" in name
    if name.startswith(("opensuse", "leap")):
        major = version.partition(".")[0]
        old = name == "opensuse" and major.isdigit() and int(major) < _FIRST_LEAP and "." in version
        return "openSUSE", suse.release_of(version, micro=micro or (old and int(major) < 10)), ""
    if not micro and _ENTERPRISE.match(name) is None:
        return None
    needs = next((f"{suse.NEEDS}{word}" for word in ("ltss", "espos", "teradata") if word in name), "")
    return "SUSE", suse.release_of(version, micro=micro), needs
