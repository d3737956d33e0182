"""Elements of an XML document as they are closed (W3C XML 1.0), without document types, entities or deep nesting.

The tree is never held: only the elements that were asked for are built, each handed over and forgotten. Names lose
their namespace prefix, because the formats that are read here use one vocabulary under changing prefixes.
"""

import contextlib
from collections.abc import Collection, Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

_CHUNK: Final = 1 << 18
_DEEPEST: Final = 200
_ENCODING: Final = (LookupError, ValueError, TypeError)
"""What the lookup of an encoding that expat does not know by itself may raise; XmlError is a ValueError too."""
_LARGEST: Final = 2_000_000
"""Elements within one that was asked for."""
_LONGEST_TEXT: Final = 1 << 20
"""Characters of one element; longer texts are cut, no field that decides anything comes near."""


class XmlError(ValueError):
    """The document cannot be read on; the reason in one sentence without final stop."""


class Element:
    """One element with its attributes, children and own text."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        """Start an element without content."""
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def all(self, name: str) -> Iterator["Element"]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Element | None":
        """Return the first descendant on a path of names."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found is not None else None
        return found

    def text_of(self, *path: str) -> str:
        """Return the text of the first descendant on a path, without surrounding blanks; empty when there is none."""
        found = self.first(*path)
        return found.text.strip() if found is not None else ""

    def attribute_of(self, name: str, *path: str) -> str:
        """Return an attribute of the first descendant on a path; empty when there is none."""
        found = self.first(*path)
        return found.attributes.get(name, "") if found is not None else ""


class _Builder:
    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = frozenset(wanted)
        self._depth = 0
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._count = 0
        self.done: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise XmlError(f"elements are nested deeper than {_DEEPEST}")
        local = name.rpartition(":")[2]
        if not self._open and local not in self._wanted:
            return
        self._count = self._count + 1 if self._open else 1
        if self._count > _LARGEST:
            raise XmlError(f"one element holds more than {_LARGEST} others")
        element = Element(local, attributes)
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])
        self._lengths.append(0)

    def data(self, text: str) -> None:
        if self._open and self._lengths[-1] < _LONGEST_TEXT:
            self._texts[-1].append(text)
            self._lengths[-1] += len(text)

    def end(self, name: str) -> None:  # noqa: ARG002 - expat's interface
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        self._lengths.pop()
        if not self._open:
            self.done.append(element)


def elements(stream: BinaryIO, wanted: Collection[str]) -> Iterator[Element]:
    """Yield every outermost element that has one of the names, in document order; XmlError, errors of the stream.

    What came before the damage is yielded first.
    """
    builder = _Builder(wanted)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    problem: XmlError | None = None
    while problem is None:
        chunk = stream.read(_CHUNK)
        try:
            parser.Parse(chunk, not chunk)
        except XmlError as error:
            problem = error
        except (expat.ExpatError, *_ENCODING) as error:
            problem = XmlError(f"not well-formed: {error}")
        yield from builder.done
        builder.done.clear()
        if not chunk:
            break
    if problem is not None:
        raise problem


def root_name(head: bytes) -> str:
    """Return the local name of the outermost element of a text that may be cut off; empty when it is no XML."""
    names: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:  # noqa: ARG001 - expat's interface
        names.append(name)
        raise XmlError("seen enough")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with contextlib.suppress(expat.ExpatError, *_ENCODING):
        parser.Parse(head.lstrip(), False)
    return names[0].rpartition(":")[2] if names else ""


def _refuse_doctype(*_: object) -> None:
    raise XmlError("document types and entities are refused")
