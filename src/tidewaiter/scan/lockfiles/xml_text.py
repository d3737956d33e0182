"""XML of manifests: a light tree with lines, no document type, no entities of its own, bounded in depth and count."""

from typing import Final
from xml.parsers import expat

import msgspec

from tidewaiter.scan.lockfiles.reader import DamageError

_SIZE: Final = 8 << 20
_DEPTH: Final = 200
_NODES: Final = 500_000


class Element(msgspec.Struct):
    """One element; `tag` without namespace, `text` what stands directly in it, blanks at its ends cut."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Element"] = msgspec.field(default_factory=list)

    def child(self, tag: str) -> "Element | None":
        """Return the first child with this tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def value(self, tag: str) -> str:
        """Return the text of the first child with this tag, empty without one."""
        found = self.child(tag)
        return found.text if found is not None else ""

    def at(self, *path: str) -> list["Element"]:
        """Return all elements below this one whose tags follow `path`; `*` is any tag."""
        found = [self]
        for tag in path:
            found = [child for element in found for child in element.children if tag in {child.tag, "*"}]
        return found


class _Builder:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.pieces: list[list[str]] = []
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        line = self.parser.CurrentLineNumber
        if self.count > _NODES:
            raise DamageError(f"the XML has more than {_NODES} elements", line)
        if len(self.stack) >= _DEPTH:
            raise DamageError(f"the XML is nested deeper than {_DEPTH}", line)
        element = Element(tag.rpartition(":")[2], line, attributes)
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)
        self.pieces.append([])

    def end(self, tag: str) -> None:
        del tag
        self.stack.pop().text = "".join(self.pieces.pop()).strip()

    def characters(self, text: str) -> None:
        if self.pieces:
            self.pieces[-1].append(text)

    def doctype(self, *_: object) -> None:
        raise DamageError("the XML declares a document type, which is not read", self.parser.CurrentLineNumber)


def xml_root(data: bytes) -> Element:
    """Return the root element (XML 1.0); raises `DamageError`."""
    if len(data) > _SIZE:
        raise DamageError(f"it has {len(data)} bytes, more than the {_SIZE} that are read")
    parser = expat.ParserCreate()
    builder = _Builder(parser)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DamageError(f"the XML is malformed ({expat.ErrorString(error.code)})", error.lineno) from error
    except (UnicodeError, LookupError, ValueError) as error:
        raise DamageError("the XML is written in an encoding that is not known") from error
    if builder.root is None:
        raise DamageError("the XML has no element", 1)
    return builder.root
