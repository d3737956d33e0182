"""Oracle Linux: OVAL patch definitions ELSA-* (linux.oracle.com/security/oval: com.oracle.elsa-all.xml.bz2)."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, PackageKey, Record
from tidewaiter.core.vuln.aliases import CVE
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.oval import (
    Condition,
    Definition,
    Node,
    OvalDocument,
    OvalTest,
    flat,
    package_tests,
    read_oval,
)
from tidewaiter.scan.advisories.oval_tests import is_package, is_product, span
from tidewaiter.scan.advisories.rows import Fact, joined, notice
from tidewaiter.scan.advisories.updateinfo import time_of
from tidewaiter.scan.advisories.xml_stream import root_name

_NUMBER = re.compile(r"\^?([0-9]+)")
_MODULE = re.compile(r"/modules\.d/([^/]+)\.module$")
_STREAM = re.compile(r"stream\\s\*=\\s\*(.+?)\\b")
# Excerpts of the feed travel without tests; Oracle generates these comments from the tests, word for word.
_EARLIER = re.compile(r"(\S+) is earlier than (\S+)")
_INSTALLED = re.compile(r"Oracle Linux ([0-9]+) is installed")
_ON_ARCH = re.compile(r"Oracle Linux arch is (\w+)")
_ENABLED = re.compile(r"Module ([^:\s]+):(\S+) is enabled")


class OracleOval:
    """Criteria are a tree per release, architecture and module; signatures are not asked for."""

    id = "oracle-oval"
    tags = frozenset({"advisories", "Oracle Linux"})
    is_snapshot = False
    feed = Feed(
        id="oracle-oval",
        name="Oracle Linux errata",
        url="https://linux.oracle.com/security/",
        licence="not stated",
        fixes_only=True,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise definitions of Oracle's errata."""
        return b"com.oracle.elsa" in head and root_name(head) == "oval_definitions"

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per CVE of each definition; DocumentError when the document is cut off."""
        document = read_oval(stream, comments=True)
        notes.newest(time_of(document.timestamp))
        for definition in document.definitions:
            yield from self._definition(definition, document, notes)
        if document.damage:
            raise DocumentError(document.damage)

    def _definition(self, definition: Definition, document: OvalDocument, notes: Notes) -> Iterator[Record]:
        record = next((name for source, name in definition.references if source.lower() == "elsa"), "")
        if not record or definition.criteria is None:
            notes.problem(definition.id or "definition", "no ELSA id, or no criteria")
            return
        tests = _Tests(document)
        facts = list(_facts(definition.criteria, tests))
        if tests.missing:
            notes.problem(record, f"{tests.missing} criteria name tests that the document lacks")
        if not facts:
            if not tests.missing:
                notes.skip("definitions without packages")
            return
        cves = [name for source, name in definition.references if source == "CVE" and CVE.fullmatch(name)]
        yield from notice(
            feed=self.id,
            record=record,
            cves=[*cves, *(note.text for note in definition.cves if CVE.fullmatch(note.text))],
            title=definition.title,
            published=time_of(definition.issued),
            modified=time_of(definition.updated) or time_of(definition.issued),
            statements=joined(facts, definition.severity),
        )


class _Tests:
    """The tests of one definition, by what Oracle writes about them where the document came without tests."""

    def __init__(self, document: OvalDocument) -> None:
        self._document = document
        self.missing = 0

    def get(self, name: str) -> OvalTest | None:
        return self._document.test(name) or _from_comment(self._document.comments.get(name, ""))

    def is_package(self, name: str) -> bool:
        test = self.get(name)
        if test is None:
            self.missing += 1
        return test is not None and is_package(test)


def _from_comment(text: str) -> OvalTest | None:
    earlier = _EARLIER.fullmatch(text)
    if earlier is not None:
        return OvalTest("rpminfo_test", earlier[1], (Condition("evr", "less than", earlier[2]),))
    for pattern, field in ((_INSTALLED, "version"), (_ON_ARCH, "arch")):
        found = pattern.fullmatch(text)
        if found is not None:
            return OvalTest("rpminfo_test", "oraclelinux-release", (Condition(field, "pattern match", found[1]),))
    enabled = _ENABLED.fullmatch(text)
    if enabled is not None:
        stream = Condition("text", "pattern match", rf"stream\s*=\s*{enabled[2]}\b")
        return OvalTest("textfilecontent54_test", f"/etc/dnf/modules.d/{enabled[1]}.module", (stream,))
    if text.endswith(" is ksplice-based") or " is signed with " in text:
        return OvalTest("rpminfo_test", text.partition(" ")[0])
    return None


def _facts(criteria: Node, tests: _Tests) -> Iterator[Fact]:
    for conditions, names in package_tests(criteria, tests.is_package):
        releases, arches, module = _circumstances(conditions, tests)
        packages = [test for name in names if (test := tests.get(name)) is not None]
        told = span(packages[0]) if len(packages) == 1 else None
        if told is None:
            continue
        for release in releases:
            yield Fact(
                key=PackageKey(ecosystem="Oracle Linux", release=release, name=packages[0].name),
                interval=told[0],
                status=told[1],
                arches=arches,
                module=module,
            )


def _circumstances(conditions: Sequence[str | Node], tests: _Tests) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return releases, architectures and `name:stream` of the conditions that surround a package's test."""
    releases: dict[str, None] = {}
    arches: dict[str, None] = {}
    module = ""
    for name in flat(tuple(conditions)):
        test = tests.get(name)
        if test is None:
            continue
        file = _MODULE.search(test.name)
        if file is not None:
            stream = _STREAM.search(test.value("text", "pattern match"))
            module = f"{file[1]}:{stream[1].replace(chr(92), '')}" if stream is not None else module
        elif is_product(test):
            number = _NUMBER.match(test.value("version", "pattern match", "equals"))
            if number is not None:
                releases[number[1]] = None
        elif test.name.endswith("-release") and (arch := test.value("arch", "pattern match", "equals")):
            arches[arch] = None
    return tuple(releases), tuple(arches), module
