"""OVAL definitions of packages (OVAL language 5.11: oval-definitions-schema, linux-definitions-schema).

A definition's criteria name tests; a test joins an object (which package, which file) with states (what must hold).
Tests stand behind the definitions, so a document is kept in a compact form until its end: equal groups of criteria are
one object in memory, and texts are not kept. Comments are never read: they say "is installed" of tests that are not.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import msgspec

from tidewaiter.scan.advisories.xml_stream import Element, XmlError, elements

_TESTS: Final = ("rpminfo_test", "textfilecontent54_test", "rpmverifyfile_test")
_OBJECTS: Final = ("rpminfo_object", "textfilecontent54_object", "rpmverifyfile_object")
_STATES: Final = ("rpminfo_state", "textfilecontent54_state", "rpmverifyfile_state")
_WANTED: Final = ("timestamp", "product_name", "definition", *_TESTS, *_OBJECTS, *_STATES)
_MOST: Final = 4_000_000
"""Definitions, tests, objects and states of one document."""

Criteria = tuple["str | Node", ...]
"""What stands below one operator: ids of tests, and further operators."""


class Node(msgspec.Struct, frozen=True):
    """One operator over criteria."""

    operator: str
    """`AND`, `OR`, or what else the language allows."""
    parts: Criteria
    negated: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One line of a state: `evr`, `less than`, `0:1.2-3`."""

    field: str
    operation: str
    value: str


class OvalTest(msgspec.Struct, frozen=True):
    """A test with what it refers to; `name` is the package or the file."""

    kind: str
    name: str
    conditions: tuple[Condition, ...] = ()

    def value(self, field: str, *operations: str) -> str:
        """Return the value that a field is compared with by one of the operations; empty when it is not asked for."""
        return next((c.value for c in self.conditions if c.field == field and c.operation in operations), "")


class CveNote(msgspec.Struct, frozen=True):
    """What an advisory says about one of its CVEs."""

    text: str
    vectors: tuple[str, ...] = ()
    """CVSS vectors without the scores before them."""
    by_vendor: bool = True
    """False where the address leads to NVD."""


class Definition(msgspec.Struct, frozen=True):
    """One definition without its texts."""

    id: str
    kind: str
    """`patch`, `vulnerability`, `inventory`."""
    title: str
    references: tuple[tuple[str, str], ...] = ()
    """(source, id) of each reference."""
    cves: tuple["CveNote", ...] = ()
    platforms: tuple[str, ...] = ()
    by: str = ""
    """`from` of the advisory: an address, or Rocky's CPE."""
    patchable: str = ""
    severity: str = ""
    issued: str = ""
    updated: str = ""
    """As written."""
    ids: tuple[str, ...] = ()
    """What `keep` found in the description."""
    criteria: Node | None = None


class OvalDocument:
    """All of one document, with tests resolved when they are asked for."""

    def __init__(self) -> None:
        """Start empty."""
        self.product = ""
        self.timestamp = ""
        self.definitions: list[Definition] = []
        self.damage = ""
        """Why the document could not be read to its end; what was read before it can be used."""
        self._tests: dict[str, tuple[str, str, tuple[str, ...]]] = {}
        self._objects: dict[str, str] = {}
        self._states: dict[str, tuple[Condition, ...]] = {}
        self._resolved: dict[str, OvalTest | None] = {}
        self._nodes: dict[Node, Node] = {}
        self._ids: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        """Comments of criteria by test; only for a feed whose documents travel without tests."""

    def test(self, name: str) -> OvalTest | None:
        """Return a test; None when the document lacks it, its object or one of its states."""
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def take(self, element: Element, keep: "Keep", *, comments: bool) -> None:
        """Keep one element."""
        name = element.attributes.get("id", "")
        if element.name == "definition":
            self.definitions.append(self._definition(element, keep, comments))
        elif element.name in _TESTS:
            object_ref = element.attribute_of("object_ref", "object")
            states = tuple(state.attributes.get("state_ref", "") for state in element.all("state"))
            self._tests[self._same(name)] = (element.name, self._same(object_ref), states)
        elif element.name in _OBJECTS:
            self._objects[name] = element.text_of("name") or element.text_of("filepath")
        elif element.name in _STATES:
            self._states[name] = tuple(
                Condition(part.name, part.attributes.get("operation", "equals"), part.text.strip())
                for part in element.children
            )
        elif element.name == "timestamp":
            self.timestamp = self.timestamp or element.text.strip()
        else:
            self.product = self.product or element.text.strip()

    def _definition(self, element: Element, keep: "Keep", comments: bool) -> Definition:
        metadata = element.first("metadata") or Element("metadata", {})
        criteria = element.first("criteria")
        advisory = metadata.first("advisory")
        references = tuple(
            (part.attributes.get("source", ""), part.attributes.get("ref_id", "")) for part in metadata.all("reference")
        )
        return Definition(
            id=element.attributes.get("id", ""),
            kind=element.attributes.get("class", ""),
            title=" ".join(metadata.text_of("title").split()),
            references=references,
            cves=tuple(map(_cve, advisory.all("cve"))) if advisory is not None else (),
            platforms=tuple(part.text.strip() for part in (metadata.first("affected") or metadata).all("platform")),
            by=advisory.attributes.get("from", "") if advisory is not None else "",
            patchable=metadata.text_of("patchable").lower(),
            severity=(metadata.text_of("severity") or metadata.text_of("advisory", "severity")).lower(),
            issued=metadata.text_of("advisory_date") or metadata.attribute_of("date", "advisory", "issued"),
            updated=metadata.attribute_of("date", "advisory", "updated"),
            ids=keep(metadata.text_of("description")),
            criteria=self._node(criteria, comments) if criteria is not None else None,
        )

    def _node(self, element: Element, comments: bool) -> Node:
        parts: list[str | Node] = []
        for child in element.children:
            if child.name == "criterion":
                reference = self._same(child.attributes.get("test_ref", ""))
                if comments:
                    self.comments[reference] = child.attributes.get("comment", "")
                negated = child.attributes.get("negate", "") == "true"
                parts.append(self._kept(Node("AND", (reference,), negated=True)) if negated else reference)
            elif child.name == "criteria":
                parts.append(self._node(child, comments))
        operator = element.attributes.get("operator", "AND").upper()
        return self._kept(Node(operator, tuple(parts), element.attributes.get("negate", "") == "true"))

    def _kept(self, node: Node) -> Node:
        return self._nodes.setdefault(node, node)

    def _same(self, text: str) -> str:
        return self._ids.setdefault(text, text)

    def _resolve(self, name: str) -> OvalTest | None:
        known = self._tests.get(name)
        if known is None or known[1] not in self._objects or any(state not in self._states for state in known[2]):
            return None
        conditions = tuple(condition for state in known[2] for condition in self._states[state])
        return OvalTest(known[0], self._objects[known[1]], conditions)


def _cve(element: Element) -> CveNote:
    said = (element.attributes.get(name, "") for name in ("cvss4", "cvss3", "cvss2"))
    vectors = (text.partition("/")[2] for text in said if "/" in text)
    return CveNote(element.text.strip(), tuple(vectors), "nvd.nist.gov" not in element.attributes.get("href", ""))


def nothing(text: str) -> tuple[str, ...]:  # noqa: ARG001 - the interface of `keep`
    """Keep nothing of a description."""
    return ()


Keep = Callable[[str], tuple[str, ...]]
"""Takes out of a description what is to stay."""


def read_oval(stream: BinaryIO, keep: Keep = nothing, *, comments: bool = False) -> OvalDocument:
    """Read a document; `keep` takes out of each description what is to stay. Damage is told in the result.

    Errors of the stream pass through.
    """
    document = OvalDocument()
    left = _MOST
    try:
        for element in elements(stream, _WANTED):
            left -= 1
            if left < 0:
                document.damage = f"more than {_MOST} definitions, tests, objects and states"
                break
            document.take(element, keep, comments=comments)
    except XmlError as error:
        document.damage = str(error)
    return document


def package_tests(
    node: Node, is_package: Callable[[str], bool | None], context: tuple["str | Node", ...] = ()
) -> Iterator[tuple[tuple["str | Node", ...], tuple[str, ...]]]:
    """Yield (conditions, tests of packages) of every way to fulfil the criteria.

    `is_package` tells of a test's id whether it speaks of a package's version (not of the system, a key, a module).
    Conditions are test ids and groups without any package. Several packages in one yield must hold together.
    """
    if node.operator == "OR":
        for part in node.parts:
            if isinstance(part, str):
                if is_package(part):
                    yield context, (part,)
            elif _speaks_of_packages(part, is_package):
                yield from package_tests(part, is_package, context)
        return
    packages = tuple(dict.fromkeys(part for part in node.parts if isinstance(part, str) and is_package(part)))
    groups = [part for part in node.parts if isinstance(part, Node) and _speaks_of_packages(part, is_package)]
    conditions = (*context, *(part for part in node.parts if part not in packages and part not in groups))
    if not groups:
        if packages:
            yield conditions, packages
        return
    if len(groups) == 1:
        for inner, tests in package_tests(groups[0], is_package, conditions):
            yield inner, (*packages, *tests)
        return
    # Several alternatives of which each must hold: no row can say that, so all are told as one.
    yield conditions, tuple(dict.fromkeys((*packages, *(one for one in flat(tuple(groups)) if is_package(one)))))


def _speaks_of_packages(node: Node, is_package: Callable[[str], bool | None]) -> bool:
    return any(
        is_package(part) is not False if isinstance(part, str) else _speaks_of_packages(part, is_package)
        for part in node.parts
    )


def flat(parts: Criteria) -> Iterator[str]:
    """Yield the ids of all tests below, whatever joins them."""
    for part in parts:
        if isinstance(part, str):
            yield part
        else:
            yield from flat(part.parts)
